//! More work than the store takes on: refused at once, and taken again as soon as there is room.

use std::{
    sync::{Arc, mpsc},
    task::{Context, Waker},
    thread,
    time::{Duration, Instant},
};

use candour::{
    api::audit_lane::AuditLane,
    services::{Principal, audit::NewEntry},
    store::{StoreError, StoreSettings},
};
use serde_json::json;

use crate::{
    on_both,
    support::{Database, Server, until},
};

/// How soon a caller is told that there is no room.
const AT_ONCE: Duration = Duration::from_millis(50);
/// How many reads the store works on and keeps waiting, by its defaults.
const READERS: usize = 4;
const WAITING: usize = 1024;

/// What a caller is told for whom there is no room, within how long.
#[track_caller]
fn refused_at_once(call: impl FnOnce() -> crate::support::Answer) {
    let asked = Instant::now();
    let refused = call();
    let taken = asked.elapsed();
    refused.problem(503, "overloaded");
    assert_eq!((refused.header("retry-after"), refused.header("content-type")), ("1", "application/problem+json"));
    assert!(taken < Duration::from_secs(1), "{taken:?}");
}

/// A write that stands at a gate: asked once, it stands in the queue; nobody looks for its answer.
fn held_write(server: &Server) -> (mpsc::Sender<()>, impl Future + use<>) {
    let (open, gate) = mpsc::channel::<()>();
    let store = server.state.store.clone();
    let mut write = Box::pin(async move {
        let hold = move |_: &mut candour::store::Connection| {
            let _opened = gate.recv();
            Ok::<_, StoreError>(())
        };
        store.write(hold).await
    });
    let _refused_or_waiting = write.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    (open, write)
}

on_both! {
    fn a_call_for_which_there_is_no_room_is_refused_at_once(server) {
        let request = format!("/v1/requests/{}", server.request("2026-06-01", &["1"]));
        let mut gates = Vec::new();
        let mut held = Vec::new();
        let mut occupy = || {
            let (open, gate) = mpsc::channel::<()>();
            let store = server.state.store.clone();
            gates.push(open);
            // Asked once, it stands in the queue; nobody looks for its answer.
            let mut read = Box::pin(async move {
                store
                    .read(move |_| {
                        let _opened = gate.recv();
                        Ok::<_, StoreError>(())
                    })
                    .await
            });
            let _refused_or_waiting = read.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            held.push(read);
        };
        // Each reader stands at a gate; then the queue is filled. What the service reads by itself waits there as well.
        (0..READERS).for_each(|_| occupy());
        until("the readers are busy", || server.state.store.waiting_reads() == 0);
        until("the queue is full", || {
            occupy();
            server.state.store.waiting_reads() == WAITING
        });
        let mut taken = Vec::new();
        for _ in 0..20 {
            let asked = Instant::now();
            let refused = server.get(&request);
            taken.push(asked.elapsed());
            refused.problem(503, "overloaded");
            assert_eq!(refused.header("retry-after"), "1");
        }
        taken.sort_unstable();
        // The median: half of them are quicker.
        assert!(taken[10] < AT_ONCE, "{taken:?}");
        // Nothing that needs no reader is in the way: the process is alive, and says so.
        server.anonymous().get("/livez").expect(200);
        drop((gates, held));
        until("there is room again", || server.get(&request).status == 200);
    }
    fn while_the_writers_stand_still_casework_is_refused_and_says_so(server) {
        let request = format!("/v1/requests/{}", server.request("2026-06-01", &["1"]));
        let writers = if server.database == Database::Sqlite { 1 } else { StoreSettings::default().writers };
        let mut held = Vec::new();
        for _ in 0..writers {
            held.push(held_write(server));
            until("a writer stands still", || server.state.store.waiting_writes() == 0);
        }
        thread::scope(|scope| {
            // It was carried out; its entry is what it waits for.
            let reading = scope.spawn(|| server.get(&request));
            let lane = &server.state.audit_lane;
            until("the entry of a reading is being written", || lane.is_writing() && lane.waiting() == 0);
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let _entered = runtime.enter();
            let entry = || NewEntry::of(&server.state.context(&Principal::unlimited("nobody")));
            let mut waiting = Vec::new();
            for _ in 0..WAITING {
                let state = Arc::clone(&server.state);
                let entry = entry();
                let mut written = Box::pin(async move { AuditLane::written(&state, entry).await });
                assert!(written.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
                waiting.push(written);
            }
            refused_at_once(|| server.get(&request));
            until("the queue of the writers is full", || {
                held.push(held_write(server));
                server.state.store.waiting_writes() == WAITING
            });
            let body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject"});
            refused_at_once(|| server.post("/v1/requests", &body));
            let refused = reading.join().unwrap();
            refused.problem(503, "database-unavailable");
            assert_eq!(refused.header("content-type"), "application/problem+json");
            assert!(refused.header("retry-after").parse::<u32>().unwrap() > 0);
            drop(waiting);
        });
        drop(held);
        until("there is room again", || server.get(&request).status == 200);
    }
}
