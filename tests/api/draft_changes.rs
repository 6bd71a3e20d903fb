//! Changes to a draft over HTTP: what it says beside its answers, and answers taken out again.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        casework::{
            address_of, disclosed, draft, finding_ids, ncnd, path, read, record_response, responses, sent, with,
            withheld,
        },
        keys::client,
        server::id,
    },
};

on_both! {
    fn a_draft_is_mended_as_its_findings_say(server) {
        let request = server.request("2026-06-08", &["1", "2"]);
        let bare = json!({"kind": "initial", "determinations": [withheld("1")]});
        let created = server.post_keyed(&responses(&request), "key", &bare);
        let response = created.expect(201);
        let address = address_of(&response);
        let mut ids = finding_ids(&response["findings"]);
        ids.sort_unstable();
        assert_eq!(ids, ["missing-internal-review", "missing-regulator", "part-not-answered"]);
        let record = json!({"label": "A", "title": "Located", "parts": ["1"], "disposition": "withheld",
            "redactions": []});
        server.post(&format!("{}/records", path(&request)), &record).expect(201);
        let before = read(server, &request);

        let first = server.patch(&address, created.header("etag"), &json!({
            "particulars": {"internal_review": "stated"}, "decided_by": {"staff_ref": "S-1", "role": "Officer"},
            "sent_documents": [{"uri": "dms:1", "title": "Schedule"}], "left_open": [{"part": "2", "reason": "To follow."}]}));
        let changed = first.expect(200);
        let moved = json!({"version": 2, "updated_at": changed["updated_at"], "findings": changed["findings"],
            "particulars": {"internal_review": "stated"}, "decided_by": {"staff_ref": "S-1", "role": "Officer"},
            "sent_documents": [{"uri": "dms:1", "title": "Schedule"}], "left_open": [{"part": "2", "reason": "To follow."}]});
        assert_eq!(changed, with(response, &moved), "nothing else changes");
        assert_eq!(finding_ids(&changed["findings"]), ["missing-regulator"]);
        let read_back = server.get(&address);
        assert_eq!((read_back.expect(200), read_back.header("etag")), (changed.clone(), first.header("etag")));
        let again = server.post_keyed(&responses(&request), "key", &bare);
        assert_eq!(again.expect(201), changed, "a retry finds the draft as it stands");

        let second = server.patch(&address, first.header("etag"), &json!({
            "particulars": {"regulator": "stated"}, "decided_by": {"role": null}, "sent_documents": null}));
        let mended = second.expect(200);
        assert_eq!(
            (&mended["particulars"], &mended["decided_by"], &mended["sent_documents"], &mended["left_open"]),
            (
                &json!({"internal_review": "stated", "regulator": "stated"}),
                &json!({"staff_ref": "S-1"}),
                &json!([]),
                &changed["left_open"]
            ),
            "members that are not named stay"
        );
        let cleared = server.patch(&address, "*", &json!({"particulars": null, "decided_by": null, "left_open": null}));
        let cleared = cleared.expect(200);
        assert_eq!(
            (&cleared["particulars"], cleared.get("decided_by"), &cleared["left_open"]),
            (&json!({}), None, &json!([]))
        );
        assert_eq!(server.get(&format!("{}/records", path(&request))).expect(200)["items"][0]["label"], "A");
        assert_eq!(read(server, &request), before, "work on a draft is not seen from outside");
    }

    fn a_change_of_a_draft_has_the_faults_of_its_making(server) {
        let request = server.request("2026-06-08", &["1", "2"]);
        let response = record_response(server, &request, &draft(&[disclosed("1")]));
        let address = address_of(&response);
        let left = |part: &str| json!({"part": part, "reason": "Later."});
        let many = vec![json!({"uri": "dms:1"}); 201];
        let refused = server.patch(&address, "*", &json!({"left_open": [left("9"), left("1"), left("2"), left("2")],
            "decided_by": {"role": "Officer"}, "sent_documents": many}));
        refused.problem(422, "validation-failed");
        let mut faults = refused.faults();
        faults.sort();
        assert_eq!(
            faults,
            [
                ("/decided_by/staff_ref", "invalid-value"),
                ("/left_open/0/part", "unknown-part"),
                ("/left_open/1/part", "inconsistent-members"),
                ("/left_open/3/part", "duplicate-value"),
                ("/sent_documents", "invalid-value"),
            ]
            .map(|(at, code)| (format!("#{at}"), code.to_owned()))
        );
        for (body, status, code, at) in [
            (json!({"kind": "review"}), 400, "unknown-member", "#/kind"),
            (json!({"determinations": []}), 400, "unknown-member", "#/determinations"),
            (json!({"particulars": {"regulator": "perhaps"}}), 422, "validation-failed", "#/particulars/regulator"),
        ] {
            let refused = server.patch(&address, "*", &body);
            refused.problem(status, code);
            assert_eq!(refused.faults()[0].0, at);
        }
        assert_eq!(server.get(&address).expect(200), response, "nothing was written");
    }

    fn a_draft_is_mended_by_who_knows_its_version_until_it_is_issued(server) {
        let request = server.request("2026-06-08", &["1"]);
        let created = server.post(&responses(&request), &draft(&[disclosed("1")]));
        let address = address_of(&created.expect(201));
        let body = json!({"decided_by": {"staff_ref": "S-1"}});
        let answer = format!("{address}/determinations/1");
        let json_body = [("Content-Type", "application/merge-patch+json")];
        server.send("PATCH", &address, &json_body, Some(body.to_string().as_bytes())).problem(428, "precondition-required");
        server.send("DELETE", &answer, &[], None).problem(428, "precondition-required");
        let changed = server.patch(&address, created.header("etag"), &body);
        changed.expect(200);
        server.patch(&address, created.header("etag"), &body).problem(412, "precondition-failed");
        server.delete(&answer, created.header("etag")).problem(412, "precondition-failed");
        let issued = server.post(&format!("{address}/issue"), &json!({"issued_on": "2026-06-30"})).expect(200);
        server.patch(&address, "*", &body).problem(409, "not-possible-in-this-state");
        server.delete(&answer, "*").problem(409, "not-possible-in-this-state");
        assert_eq!(server.get(&address).expect(200), issued);
        let elsewhere = format!("{}/{}", responses(&server.request("2026-06-08", &["1"])), id(&issued));
        server.patch(&elsewhere, "*", &body).problem(404, "not-found");
        server.delete(&format!("{elsewhere}/determinations/1"), "*").problem(404, "not-found");
        let reader = client(server, &["requests:read"]);
        reader.patch(&address, "*", &body).problem(403, "insufficient-scope");
        reader.delete(&answer, "*").problem(403, "insufficient-scope");
    }

    fn an_answer_is_taken_out_of_a_draft_with_the_records_that_rest_on_it_alone(server) {
        let request = server.request("2026-06-08", &["1", "2"]);
        let body = draft(&[disclosed("1"), disclosed("2")]);
        let created = server.post_keyed(&responses(&request), "key", &body);
        let address = address_of(&created.expect(201));
        let records = format!("{}/records", path(&request));
        for part in ["1", "2"] {
            let record = json!({"label": part, "title": "Located", "parts": [part], "disposition": "disclosed"});
            server.post(&records, &record).expect(201);
        }
        let taken = server.delete(&format!("{address}/determinations/1"), created.header("etag"));
        let draft = taken.expect(200);
        assert_eq!((&draft["determinations"], &draft["version"]), (&json!([disclosed("2")]), &json!(2)));
        assert_eq!(finding_ids(&draft["findings"]), ["part-not-answered"]);
        let read_back = server.get(&address);
        assert_eq!((read_back.expect(200), read_back.header("etag")), (draft.clone(), taken.header("etag")));
        assert_eq!(server.post_keyed(&responses(&request), "key", &body).expect(201), draft);
        let kept = server.get(&records).expect(200);
        let labels: Vec<&Value> = kept["items"].as_array().unwrap().iter().map(|item| &item["label"]).collect();
        assert_eq!(labels, ["2"]);
        server.delete(&format!("{address}/determinations/1"), "*").problem(404, "not-found");
        server.delete(&format!("{address}/determinations/9"), "*").problem(404, "not-found");
        assert_eq!(server.get(&address).expect(200), draft);
    }

    fn a_draft_is_rid_of_a_part_that_was_split(server) {
        let request = server.request("2026-06-08", &["1"]);
        let response = record_response(server, &request, &draft(&[disclosed("1")]));
        let address = address_of(&response);
        server.post(&format!("{}/parts/1/split", path(&request)), &json!({"labels": ["1a", "1b"]})).expect(200);
        server.delete(&format!("{address}/determinations/1"), "*").expect(200);
        for part in ["1a", "1b"] {
            server.put(&format!("{address}/determinations/{part}"), "*", &json!({"outcome": "not_held"})).expect(200);
        }
        server.post(&format!("{address}/issue"), &json!({"issued_on": "2026-06-30"})).expect(200);
        assert_eq!(read(server, &request)["status"], "responded");
    }

    fn what_is_hidden_of_a_draft_outlives_a_change_by_who_may_not_read_it(server) {
        let request = server.request("2026-06-08", &["1", "2"]);
        record_response(server, &request, &sent("2026-06-29", &[ncnd("1")]));
        let open = [json!({"part": "1", "reason": "As before."}), json!({"part": "2", "reason": "Later."})];
        let body = json!({"kind": "review", "left_open": open});
        let address = address_of(&record_response(server, &request, &body));
        let drafter = client(server, &["requests:read", "responses:write"]);
        let shown = drafter.get(&address).expect(200);
        assert_eq!(shown["left_open"], json!([open[1]]));
        let changed = drafter.patch(&address, "*", &json!({"left_open": [{"part": "2", "reason": "Soon."}]})).expect(200);
        assert_eq!(changed["left_open"], json!([{"part": "2", "reason": "Soon."}]));
        let whole = server.get(&address).expect(200);
        assert_eq!(whole["left_open"], json!([{"part": "2", "reason": "Soon."}, open[0]]));
        assert_eq!(drafter.patch(&address, "*", &json!({"left_open": null})).expect(200)["left_open"], json!([]));
        assert_eq!(server.get(&address).expect(200)["left_open"], json!([open[0]]));
        server.patch(&address, "*", &json!({"left_open": null})).expect(200);
        assert_eq!(server.get(&address).expect(200)["left_open"], json!([]));
    }
}
