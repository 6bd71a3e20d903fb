//! Words that presume, around an answer that neither confirms nor denies: pointed out to those who work on the draft, and
//! kept nowhere.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Database, Process, Server,
        casework::{address_of, draft, finding_ids, ncnd, path, record, record_response, sent, withheld},
        server::id,
    },
};

const PRESUMING: &str = "The requested information is a canary in 14 files";

fn presuming(part: &str) -> Value {
    let mut determination = ncnd(part);
    determination["grounds"][0]["reasons"] = json!(format!("Crime matters. {PRESUMING}! To say so would tell."));
    determination
}

fn found_in_checks(server: &Server, response: &Value) -> Vec<(String, String)> {
    let checks = server.get(&format!("{}/checks", address_of(response))).expect(200);
    let found = checks["findings"].as_array().unwrap().iter().filter(|finding| finding["id"] == "ncnd-wording");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    found.map(|finding| (text(&finding["pointer"]), text(&finding["facts"]["excerpt"]))).collect()
}

on_both! {
    fn the_checks_of_a_draft_quote_the_words_and_nothing_else_does(server) {
        let request = server.request("2026-06-01", &["1", "2"]);
        let response = record_response(server, &request, &draft(&[presuming("1"), withheld("2")]));
        assert_eq!(found_in_checks(server, &response), [("/determinations/0/grounds/0/reasons".to_owned(), PRESUMING.to_owned())]);
        let bare = |document: &Value| {
            let of_words: Vec<&Value> = document["findings"].as_array().unwrap().iter().filter(|finding| finding["id"] == "ncnd-wording").collect();
            assert_eq!(of_words.len(), 1);
            assert!(of_words[0].get("pointer").is_none() && of_words[0].get("facts").is_none(), "{}", of_words[0]);
            assert_eq!(of_words[0]["severity"], "warning");
        };
        bare(&response);
        bare(&server.get(&address_of(&response)).expect(200));
        let letter = server.post(&format!("{}/issue", address_of(&response)), &json!({"issued_on": "2026-06-30"})).expect(200);
        bare(&letter);
        bare(&server.get(&format!("{}/checks", address_of(&response))).expect(200));
        let other = server.request("2026-06-01", &["1"]);
        bare(&record_response(server, &other, &sent("2026-06-29", &[presuming("1")])));
    }

    fn every_free_word_of_a_ground_counts(server) {
        let request = server.request("2026-06-01", &["1"]);
        for (member, said) in [
            ("legitimate_interests/interest", json!({"legitimate_interests": {"interest": PRESUMING}})),
            ("legitimate_interests/balance", json!({"legitimate_interests": {"balance": PRESUMING}})),
            ("qualified_person/opinion", json!({"qualified_person": {"office": "The chief constable", "opinion": PRESUMING}})),
            ("enactment", json!({"enactment": PRESUMING})),
            ("certificate", json!({"certificate": PRESUMING})),
            ("available_at/0", json!({"available_at": [PRESUMING]})),
            ("cost_estimate/activities/0/basis", json!({"cost_estimate": {"hours": "30", "amount": "750",
                "activities": [{"activity": "locate", "hours": "30", "basis": PRESUMING}]}})),
        ] {
            let mut determination = ncnd("1");
            for (name, value) in said.as_object().unwrap() {
                determination["grounds"][0][name] = value.clone();
            }
            let drafted = record_response(server, &request, &draft(&[determination]));
            assert_eq!(found_in_checks(server, &drafted), [(format!("/determinations/0/grounds/0/{member}"), PRESUMING.to_owned())]);
        }
        let mut with_document = draft(&[ncnd("1")]);
        with_document["sent_documents"] = json!([{"uri": "https://archive.example/1", "title": PRESUMING}]);
        let drafted = record_response(server, &request, &with_document);
        assert_eq!(found_in_checks(server, &drafted), [("/determinations/0/outcome".to_owned(), PRESUMING.to_owned())]);
    }

    fn plain_admissions_and_the_subject_count(server) {
        let request = server.request("2026-06-01", &["1"]);
        let reasoned = |reasons: &str| {
            let mut determination = ncnd("1");
            determination["grounds"][0]["reasons"] = json!(reasons);
            record_response(server, &request, &draft(&[determination]))
        };
        for said in ["The information held by us", "We found 3 records", "Our search located records", "The documents are on pages 3 to 9",
            "The file titles would tell", "The report dated 3 May"] {
            assert_eq!(found_in_checks(server, &reasoned(said)), [("/determinations/0/grounds/0/reasons".to_owned(), said.to_owned())]);
        }
        for said in ["We found that the balance lies with silence", "Your letter dated 3 May asks for operations", "Any such information, if held, would be exempt"] {
            assert_eq!(found_in_checks(server, &reasoned(said)), [], "{said}");
        }
        let open = reasoned("Either answer would tell.");
        server.patch(&path(&request), "*", &json!({"subject": "The three files on the harbour were found"})).expect(200);
        assert_eq!(found_in_checks(server, &open), []);
        server.patch(&path(&request), "*", &json!({"subject": "Harbour: the files are in the archive"})).expect(200);
        assert_eq!(found_in_checks(server, &open), [("/determinations/0/outcome".to_owned(), "Harbour: the files are in the archive".to_owned())]);
    }

    fn words_around_the_part_count_as_well_and_words_that_leave_it_open_do_not(server) {
        let request = server.request("2026-06-01", &["1", "2"]);
        record(server, &request, "clarifications", json!({"asked_on": "2026-06-03", "text": "We hold several files. Which do you mean?", "parts": ["2"]}));
        server.put(&format!("{}/parts/1", path(&request)), "*", &json!({"text": "Documents that you hold", "interpretation": "Our searches found two reports", "scope_note": "Whether held in 2019 or later"})).expect(200);
        let response = record_response(server, &request, &draft(&[ncnd("1"), ncnd("2")]));
        assert_eq!(found_in_checks(server, &response), [
            ("/determinations/0/outcome".to_owned(), "Our searches found two reports".to_owned()),
            ("/determinations/1/outcome".to_owned(), "We hold several files".to_owned()),
        ]);
        let open = record_response(server, &request, &draft(&[withheld("1"), withheld("2")]));
        assert_eq!(found_in_checks(server, &open), []);
        assert!(!finding_ids(&open["findings"]).contains(&"ncnd-wording"));
    }
}

#[test]
fn no_excerpt_is_stored_beside_the_draft_or_logged() {
    let mut process_server = Server::start(Database::Sqlite);
    let request = process_server.request("2026-06-01", &["1"]);
    let response = process_server
        .post_keyed(&format!("{}/responses", path(&request)), "key", &draft(&[presuming("1")]))
        .expect(201);
    assert_eq!(found_in_checks(&process_server, &response).len(), 1);
    process_server.delete(&address_of(&response), "*").expect(204);
    process_server.stop();
    let bytes = process_server.bytes_on_disk();
    assert!(
        !bytes.windows(PRESUMING.len()).any(|window| window == PRESUMING.as_bytes()),
        "the draft has gone, and its words"
    );
    let place = crate::support::Place::with_schema(Database::Sqlite);
    let mut process = Process::serve(&place, &[("CANDOUR_LOG", "trace")]);
    let client = process.client();
    client.post("/v1/authorities", &json!({"name": "Force", "nation": "england"})).expect(201);
    let request = id(&client
        .post("/v1/requests", &json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject"}))
        .expect(201));
    let response = client.post(&format!("{}/responses", path(&request)), &draft(&[presuming("1")])).expect(201);
    let checks = client.get(&format!("{}/checks", address_of(&response)));
    assert!(checks.text.contains(PRESUMING), "{}", checks.text);
    let ended = process.stop();
    assert!(!ended.errors.contains("canary") && !ended.output.contains("canary"));
}
