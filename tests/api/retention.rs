//! For how long the people of closed requests are kept: the rules of each authority, applied on a given day.

use std::sync::Arc;

use candour::{
    casework::audit::AuditSeal,
    services::{Principal, ServiceError, retention},
};
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Process, Server,
        casework::{disclosed, path, record, sent, withheld},
        server::id,
        world,
    },
};

const SEAL: &str = "0101010101010101010101010101010101010101010101010101010101010101";

fn set_rules(server: &Server, authority: &str, rules: &Value) {
    server.patch(&format!("/v1/authorities/{authority}"), "*", &json!({"retention_rules": rules})).expect(200);
}

/// Applies the rules on the day that the server's clock shows; gives what was erased and what was passed over.
fn apply(server: &Server, only_tell: bool) -> (Vec<(String, String)>, usize) {
    let state = Arc::clone(&server.state);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let context = state.context(&Principal::unlimited("command:retention"));
        let scope = context.scope.clone();
        let rules = state.store.read(move |connection| retention::rules(connection, &scope, None)).await.unwrap();
        let (mut due, mut on_hold) = (Vec::new(), 0);
        for rules in rules {
            let mut after = None;
            loop {
                let (context, rules) = (context.clone(), rules.clone());
                let seal = (!only_tell).then(|| AuditSeal::from_hex(SEAL).unwrap());
                let job =
                    move |connection: &mut _| retention::apply(connection, &context, &rules, after, seal.as_ref());
                let batch = state.store.write(job).await.map_err(|error: ServiceError| error.to_string()).unwrap();
                due.extend(batch.due.into_iter().map(|due| (due.id, format!("{} {}", due.outcome, due.ended_on))));
                on_hold += batch.on_hold;
                after = batch.after;
                if after.is_none() {
                    break;
                }
            }
        }
        (due, on_hold)
    })
}

/// A request that was closed on a day with an outcome.
fn closed(server: &Server, closed_on: &str, determination: Value) -> String {
    let request = server.request("2024-01-02", &["1"]);
    record(server, &request, "responses", sent(closed_on, &[determination]));
    request
}

on_both! {
    fn each_outcome_is_kept_for_its_time(server) {
        let authority = world::only_authority(server);
        let granted = closed(server, "2024-01-31", disclosed("1"));
        let refused = closed(server, "2024-01-31", withheld("1"));
        let withdrawn = server.request("2024-01-02", &["1"]);
        record(server, &withdrawn, "withdrawal", json!({"withdrawn_on": "2024-01-31"}));
        let open = server.request("2024-01-02", &["1"]);
        assert_eq!(apply(server, false), (vec![], 0));
        set_rules(server, &authority, &json!([{"outcome": "granted_in_full", "months": 25}, {"outcome": "withdrawn", "months": 6}]));
        server.set_now("2024-07-30T22:59:59Z");
        assert_eq!(apply(server, false), (vec![], 0));
        // 31 January and six months: 31 July, which begins in London at 23:00 UTC.
        server.set_now("2024-07-30T23:00:00Z");
        assert_eq!(apply(server, true), (vec![(withdrawn.clone(), "withdrawn 2024-01-31".to_owned())], 0));
        assert_eq!(server.get("/v1/requests").expect(200)["items"].as_array().unwrap().len(), 4);
        assert_eq!(apply(server, false).0.len(), 1);
        assert_eq!(apply(server, false), (vec![], 0));
        // 25 months after 31 January 2024 is the last day of February 2026.
        server.set_now("2026-02-27T12:00:00Z");
        assert_eq!(apply(server, false), (vec![], 0));
        server.set_now("2026-02-28T12:00:00Z");
        assert_eq!(apply(server, false).0, [(granted.clone(), "granted_in_full 2024-01-31".to_owned())]);
        server.get(&path(&granted)).problem(404, "not-found");
        server.get(&path(&refused)).expect(200);
        server.get(&path(&open)).expect(200);
        let erased: Vec<Value> = server.get("/v1/deletions").expect(200)["items"].as_array().unwrap().clone();
        assert_eq!(erased.iter().map(id).collect::<Vec<_>>(), [withdrawn, granted.clone()]);
        let entries = server.place.words(&format!("SELECT content AS words FROM audit_entries WHERE case_id = '{granted}' AND operation = 'erasure'"));
        let entry: Value = serde_json::from_str(&entries[0]).unwrap();
        assert_eq!((entries.len(), &entry["action"], &entry["credential"]), (1, &json!("apply_retention"), &json!("command:retention")));
        assert_eq!(entry["justification"], "retention rule: granted_in_full for 25 months");
    }

    fn the_time_runs_from_the_end_of_what_came_after(server) {
        let authority = world::only_authority(server);
        set_rules(server, &authority, &json!([{"outcome": "withheld_in_full", "months": 1}]));
        let request = closed(server, "2026-01-15", withheld("1"));
        let review = id(&record(server, &request, "reviews", json!({"requested_on": "2026-02-02"})));
        server.set_now("2026-03-20T12:00:00Z");
        assert_eq!(apply(server, false), (vec![], 1));
        record(server, &request, &format!("reviews/{review}/decision"), json!({"decided_on": "2026-03-10", "results": [{"part": "1", "result": "position_maintained"}]}));
        assert_eq!(apply(server, false), (vec![], 0));
        server.set_now("2026-04-10T12:00:00Z");
        server.put(&format!("{}/legal-hold", path(&request)), "*", &json!({"reason": "A claim"})).expect(200);
        assert_eq!(apply(server, false), (vec![], 1));
        server.delete(&format!("{}/legal-hold", path(&request)), "*").expect(204);
        assert_eq!(apply(server, false), (vec![(request, "withheld_in_full 2026-03-10".to_owned())], 0));
    }

    fn rules_are_checked_and_kept(server) {
        let authority = world::only_authority(server);
        let address = format!("/v1/authorities/{authority}");
        assert_eq!(server.get(&address).expect(200)["retention_rules"], json!([]));
        let wrong = json!({"retention_rules": [{"outcome": "not_held", "months": 0}, {"outcome": "not_held", "months": 1201}, {"outcome": "lost", "months": 3}]});
        let answer = server.patch(&address, "*", &wrong);
        answer.problem(422, "validation-failed");
        let pointers: Vec<String> = answer.faults().into_iter().map(|(pointer, _)| pointer).collect();
        for pointer in ["#/retention_rules/0/months", "#/retention_rules/1/months", "#/retention_rules/1/outcome", "#/retention_rules/2/outcome"] {
            assert!(pointers.iter().any(|found| found == pointer), "{pointer} in {pointers:?}");
        }
        let rules = json!([{"outcome": "lapsed", "months": 12}]);
        set_rules(server, &authority, &rules);
        assert_eq!(server.get(&address).expect(200)["retention_rules"], rules);
        server.patch(&address, "*", &json!({"retention_rules": null})).expect(200);
        assert_eq!(server.get(&address).expect(200)["retention_rules"], json!([]));
        let second = json!({"name": "Second", "nation": "wales", "retention_rules": rules});
        assert_eq!(server.post("/v1/authorities", &second).expect(201)["retention_rules"], rules);
    }

    fn the_command_says_what_it_does(server) {
        let authority = world::only_authority(server);
        set_rules(server, &authority, &json!([{"outcome": "granted_in_full", "months": 1}]));
        let request = closed(server, "2024-01-31", disclosed("1"));
        let run = |more: &[&str]| {
            let arguments: Vec<&str> = ["retention", "apply"].iter().chain(more).copied().collect();
            let environment = [("CANDOUR_DATABASE_URL", server.place.text.as_str())];
            Process::run(server.place.folder(), &arguments, &environment)
        };
        let line = format!("{authority}  {request}  granted_in_full  2024-01-31\n");
        assert_eq!(run(&["--dry-run"]).output, format!("{line}would be erased: 1; under legal hold: 0\n"));
        server.get(&path(&request)).expect(200);
        let unknown = run(&["--authority", "6b1c2d34-0000-4000-8000-000000000000"]);
        assert_eq!((unknown.code, unknown.errors.as_str()), (Some(1), "candour: there is no authority with this id\n"));
        assert_eq!(run(&["--authority", &authority]).output, format!("{line}erased: 1; under legal hold: 0\n"));
        server.get(&path(&request)).problem(404, "not-found");
        assert_eq!(run(&[]).output, "erased: 0; under legal hold: 0\n");
        assert_eq!(server.get("/v1/audit-entries/verification?purpose=lawfulness").expect(200)["is_intact"], true);
    }
}
