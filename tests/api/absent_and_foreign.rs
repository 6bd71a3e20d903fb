//! What is another authority's and what is not there: the same answer (`credentials`), and the same work to find it out.
//! Statements are counted, not seconds: the same statements take the same time but for chance.

use std::sync::{Arc, Barrier, Mutex};

use candour::{
    casework::scope::Scope,
    store::{Connection, StoreError},
};
use diesel::{Connection as _, connection::InstrumentationEvent};
use serde_json::json;

use crate::{
    credentials::{absent, every_scope_but, named, send},
    on_both,
    support::{
        Database, Server,
        casework::with,
        keys::{LAST_DAY, made, wanted},
        world,
    },
};

type Heard = Arc<Mutex<Vec<String>>>;

/// Lets every connection of the store report its statements: each thread is made to take one of as many jobs as there are
/// threads, none of which ends before all have begun.
fn listen(server: &Server) -> Heard {
    let heard = Heard::default();
    let store = &server.state.store;
    let readers = 4;
    let writers = match server.database {
        Database::Sqlite => 1,
        Database::Postgres => 2 * std::thread::available_parallelism().unwrap().get(),
    };
    let job = |barrier: &Arc<Barrier>| {
        let (barrier, heard) = (Arc::clone(barrier), Arc::clone(&heard));
        move |connection: &mut Connection| {
            barrier.wait();
            connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
                if let InstrumentationEvent::StartQuery { query, .. } = event {
                    let text = query.to_string();
                    heard.lock().unwrap().push(text.split(" -- binds:").next().unwrap().to_owned());
                }
            });
            Ok::<_, StoreError>(())
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let barrier = Arc::new(Barrier::new(readers));
        let reads = futures_util::future::join_all((0..readers).map(|_| store.read(job(&barrier))));
        let barrier = Arc::new(Barrier::new(writers));
        let writes = futures_util::future::join_all((0..writers).map(|_| store.write(job(&barrier))));
        for done in reads.await.into_iter().chain(writes.await) {
            done.unwrap();
        }
    });
    heard
}

/// What was asked since the last time, without what the service asks by itself, whoever calls.
fn asked(heard: &Heard) -> Vec<String> {
    let own = ["calendar_files", "installation", "api_key", "idempotency_keys"];
    let mut asked = std::mem::take(&mut *heard.lock().unwrap());
    // Transactions begin and end alike; nobody waits for the end of a read, so that it may come after the answer.
    let is_work =
        |statement: &str| ["SELECT", "INSERT", "UPDATE", "DELETE"].iter().any(|verb| statement.starts_with(verb));
    asked.retain(|statement| is_work(statement) && !own.iter().any(|table| statement.contains(table)));
    asked
}

on_both! {
    fn what_is_foreign_is_looked_for_like_what_is_absent(server) {
        world::only_authority(server);
        let targets = named(server);
        assert!(targets.len() > 60, "{}", targets.len());
        let other = server.authority("Another authority");
        let scopes = every_scope_but(&[Scope::Operator.as_str(), Scope::MetricsAll.as_str()]);
        let body = with(wanted("person", &scopes, LAST_DAY), &json!({"authority_id": other}));
        let foreign = server.with_key(made(server, &body)["key"].as_str().unwrap());
        let heard = listen(server);
        let mut looked = 0;
        for (operation, target) in targets {
            asked(&heard);
            let of_another = send(&foreign, &operation, &target);
            let for_foreign = asked(&heard);
            let of_nobody = send(&foreign, &operation, &absent(&target));
            let for_absent = asked(&heard);
            assert_eq!((of_another.status, of_nobody.status), (404, 404), "{}", operation.id());
            assert_eq!(for_foreign, for_absent, "{}", operation.id());
            looked += usize::from(for_absent.iter().any(|statement| statement.contains("SELECT")));
        }
        // The test hears what it compares.
        assert!(looked > 60, "{looked}");
    }
}
