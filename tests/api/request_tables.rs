//! Lists of requests as tables (CSV), and when an answer is one.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Server, server::id},
};

fn record(server: &Server, members: Value) -> Value {
    let mut body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject"});
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    server.post("/v1/requests", &body).expect(201)
}

on_both! {
    fn a_list_can_be_a_table(server) {
        let authority = server.authority("Force");
        let request = record(server, json!({"reference": "F/1", "received_on": "2026-06-01", "subject": "Comma, \"quote\"\nand line", "topics": ["t"],
            "parts": [{"label": "1", "text": "x"}, {"label": "2", "text": "y"}]}));
        server.post(&format!("/v1/requests/{}/responses", id(&request)), &json!({"kind": "initial", "record_as": "sent", "issued_on": "2026-06-29",
            "determinations": [{"part": "1", "outcome": "disclosed"}, {"part": "2", "outcome": "disclosed"}]})).expect(201);
        let open = record(server, json!({"reference": "F/2", "received_on": "2026-06-02", "subject": "Open"}));
        let answer = server.get("/v1/requests?format=csv&sort=received_on");
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
        assert_eq!(answer.header("cache-control"), "no-store");
        let headings = "id,authority_id,reference,regime,status,received_on,due_on,extended_to,overdue,responded_on,closed_on,working_days_taken,\
            on_time,outcome,subject,parts,updated_at";
        let expected = format!("{headings}\r\n\
            {},{authority},F/1,foia,responded,2026-06-01,2026-06-30,,false,2026-06-29,2026-06-29,19,true,granted_in_full,\
            \"Comma, \"\"quote\"\"\nand line\",2,2026-06-30T12:00:00.000000Z\r\n\
            {},{authority},F/2,foia,open,2026-06-02,2026-07-01,,false,,,,,,Open,1,2026-06-30T12:00:00.000000Z\r\n", id(&request), id(&open));
        assert_eq!(answer.text, expected);
        assert_eq!(server.get("/v1/requests?format=csv&status=lapsed").text, format!("{headings}\r\n"));
        // Pages of a table are linked, since a table has no room for a cursor.
        let first = server.get("/v1/requests?format=csv&sort=received_on&limit=1");
        let second = server.get(first.header("link").trim_start_matches('<').trim_end_matches(">; rel=\"next\""));
        assert_eq!(second.text, format!("{headings}\r\n{}", expected.split_once("and line\",2,2026-06-30T12:00:00.000000Z\r\n").unwrap().1));
        assert_eq!(second.header("link"), "");
    }

    fn a_table_without_a_limit_is_the_whole_list(server) {
        let authority = server.authority("Force");
        let mut made = Vec::new();
        for number in 0..450 {
            let received_on = format!("2026-06-{:02}", 1 + number % 28);
            made.push(id(&record(server, json!({"reference": format!("F/{number}"), "received_on": received_on}))));
        }
        made.sort();
        for query in ["format=csv", "format=csv&sort=-received_on", "format=csv&updated_at_from=2026-06-01T00:00:00Z"] {
            let answer = server.get(&format!("/v1/requests?{query}"));
            assert_eq!((answer.status, answer.header("transfer-encoding"), answer.header("link")), (200, "chunked", ""), "{query}");
            assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
            assert_eq!(answer.text.matches("authority_id").count(), 1, "headings come once");
            let mut reader = csv::Reader::from_reader(answer.text.as_bytes());
            let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            let mut ids: Vec<&str> = rows.iter().map(|row| &row[0]).collect();
            if query.ends_with("-received_on") {
                assert!(rows.windows(2).all(|pair| pair[0][5] >= pair[1][5]), "one order from first to last");
            }
            ids.sort_unstable();
            assert_eq!(ids, made, "{query}");
        }
        // With a limit it is one page, and what is wrong is told before the table begins.
        let page = server.get("/v1/requests?format=csv&limit=200");
        assert_eq!((page.text.lines().count(), page.header("link").is_empty()), (201, false));
        let rest = server.get(&page.header("link").trim_start_matches('<').trim_end_matches(">; rel=\"next\"").replace("limit=200&", ""));
        assert_eq!((rest.status, rest.text.lines().count()), (200, 251), "{}", rest.text);
        assert_eq!(server.get("/v1/requests?format=json").expect(200)["items"].as_array().unwrap().len(), 50);
        let elsewhere = format!("/v1/requests?format=csv&authority_id={}", uuid::Uuid::new_v4());
        server.get(&elsewhere).problem(404, "not-found");
        let head = server.send("HEAD", &format!("/v1/requests?format=csv&authority_id={authority}"), &[], None);
        assert_eq!((head.status, head.text.as_str()), (200, ""));
    }

    fn the_form_is_as_asked_for(server) {
        server.authority("Force");
        record(server, json!({}));
        let form = |query: &str, accept: &str| {
            let answer = server.send("GET", &format!("/v1/requests{query}"), &[("Accept", accept)], None);
            assert_eq!(answer.status, 200, "{query} {accept}: {}", answer.text);
            answer.header("content-type").split(';').next().unwrap().to_owned()
        };
        for (query, accept, expected) in [
            ("", "text/csv", "text/csv"), ("", "text/*", "text/csv"), ("", "text/csv, */*;q=0.1", "text/csv"), ("", "TEXT/CSV", "text/csv"),
            ("", "application/json;q=0, text/csv", "text/csv"), ("", "application/json", "application/json"), ("", "*/*", "application/json"),
            ("", "application/*", "application/json"), ("", "application/json, text/csv", "application/json"),
            ("", "text/csv;q=0.5, application/json", "application/json"), ("", "text/csv;q=0, */*", "application/json"),
            ("?format=json", "text/csv", "application/json"), ("?format=csv", "application/json", "text/csv"), ("?format=csv", "*/*", "text/csv"),
        ] {
            assert_eq!(form(query, accept), expected, "{query} {accept}");
        }
        for accept in ["text/html", "image/*", "text/csv;q=0", "application/xml, text/plain"] {
            server.send("GET", "/v1/requests", &[("Accept", accept)], None).problem(406, "not-acceptable");
        }
        server.send("GET", "/v1/authorities", &[("Accept", "text/csv")], None).problem(406, "not-acceptable");
    }

    fn a_table_holds_no_formula(server) {
        server.authority("Force");
        for (at, first) in ['=', '+', '-', '@', '\t', '\r'].into_iter().enumerate() {
            let subject = format!("{first}HYPERLINK(A1)");
            let reference = if first.is_control() { format!("'{at}") } else { format!("{first}{at}") };
            record(server, json!({"reference": reference, "subject": subject, "received_on": format!("2026-06-0{}", at + 1)}));
        }
        record(server, json!({"reference": "plain", "subject": "Plain = as - it + is @", "received_on": "2026-06-08"}));
        let text = server.get("/v1/requests?format=csv&sort=received_on").text;
        let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        assert_eq!(rows.len(), 7);
        for (row, first) in rows.iter().zip(["'=", "'+", "'-", "'@", "'\t", "'\r"]) {
            assert!(row[14].starts_with(first) && row[14].ends_with("HYPERLINK(A1)"), "{row:?}");
            assert!(row[2].starts_with(first.trim()), "{row:?}");
        }
        assert_eq!((&rows[6][2], &rows[6][14]), ("plain", "Plain = as - it + is @"));
        // JSON has them as they are.
        assert_eq!(server.get("/v1/requests?sort=received_on").expect(200)["items"][0]["subject"], "=HYPERLINK(A1)");
    }
}
