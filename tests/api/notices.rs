//! The notice of a response: its forms, how one is chosen, and what it may not show.

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Answer, Server, server::id},
};

const MARKUP: &str = "<script>alert('x')</script> & **bold**";

/// A request of three parts whose authority has particulars, and its id.
fn request(server: &Server) -> String {
    server
        .post(
            "/v1/authorities",
            &json!({"name": "Example Constabulary", "nation": "england", "kind": "police_force",
                "review_particulars": {"name": "The Disclosure Office", "contact": MARKUP, "time_limit": "40 working days"},
                "regulator_particulars": {"name": "Office of the Regulator"}}),
        )
        .expect(201);
    server.request("2026-06-01", &["1", "2", "3"])
}

/// A letter that discloses the first part, withholds from the second and neither confirms nor denies the third.
fn letter() -> Value {
    json!({"kind": "initial", "particulars": {"internal_review": "stated", "regulator": "stated"}, "determinations": [
        {"part": "1", "outcome": "disclosed", "explanation": MARKUP},
        {"part": "2", "outcome": "partly_disclosed", "grounds": [{"provision": "40(2)",
            "relies_on": [{"provision": "40(3A)(a)"}], "reasons": "The staff do not expect it.",
            "legitimate_interests": {"interest": "openness", "necessary": false}}]},
        {"part": "3", "outcome": "neither_confirmed_nor_denied", "grounds": [{"provision": "31(3)",
            "relies_on": [{"provision": "31(1)(a)", "threshold": "would"}],
            "prejudice": {"interest": "Crime", "harm": "Both answers tell.", "causal_link": "By comparison."},
            "consistency_reasons": "Like requests."}],
         "public_interest_tests": [{"provisions": ["31(3)"], "factors_for": [{"text": "Openness"}],
            "factors_against": [{"text": "Policing"}], "balance": "maintain"}]}]})
}

/// A draft of that letter, and where its notice is.
fn draft(server: &Server) -> (String, String) {
    let request = request(server);
    let response = format!(
        "/v1/requests/{request}/responses/{}",
        id(&server.post(&format!("/v1/requests/{request}/responses"), &letter()).expect(201))
    );
    let notice = format!("{response}/notice");
    (response, notice)
}

fn accepting(server: &Server, path: &str, accept: &str) -> Answer {
    server.send("GET", path, &[("Accept", accept)], None)
}

on_both! {
    fn each_form_comes_by_parameter_and_by_accept(server) {
        let (_, notice) = draft(server);
        let forms = [
            ("json", "application/json", "application/json"),
            ("html", "text/html", "text/html; charset=utf-8"),
            ("markdown", "text/markdown", "text/markdown; charset=utf-8"),
            ("text", "text/plain", "text/plain; charset=utf-8"),
        ];
        for (format, media, content_type) in forms {
            let by_parameter = server.get(&format!("{notice}?format={format}"));
            let by_accept = accepting(server, &notice, media);
            assert_eq!((by_parameter.status, by_accept.status), (200, 200), "{}", by_accept.text);
            assert_eq!(by_parameter.text, by_accept.text);
            assert_eq!(by_parameter.header("content-type"), content_type);
            assert_eq!(by_parameter.header("cache-control"), "no-store");
            assert_eq!(by_parameter.header("etag"), by_accept.header("etag"));
            assert!(by_parameter.text.contains("section 31(3)"), "{}", by_parameter.text);
            assert_eq!(server.get(&format!("{notice}?format={format}")).text, by_parameter.text);
        }
        assert_eq!(server.get(&notice).text, server.get(&format!("{notice}?format=json")).text, "JSON unless asked otherwise");
        let page = server.get(&format!("{notice}?format=html"));
        // Nothing from anywhere; the style is the page's own, and shows what is a draft and what is missing.
        assert!(page.header("content-security-policy").starts_with("default-src 'none'; style-src 'unsafe-inline';"), "{:?}", page.headers);
        for (accept, content_type) in [
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
            ("application/json;q=0.2, text/markdown;q=0.7, text/*;q=0.1", "text/markdown; charset=utf-8"),
            ("*/*, application/json;q=0, text/html;q=0", "text/markdown; charset=utf-8"),
            ("*/*", "application/json"),
        ] {
            assert_eq!(accepting(server, &notice, accept).header("content-type"), content_type, "{accept}");
        }
    }

    fn a_form_that_is_not_there_is_refused(server) {
        let (_, notice) = draft(server);
        for accept in ["application/pdf", "text/csv", "application/json;q=0", "*/*;q=0"] {
            accepting(server, &notice, accept).problem(406, "not-acceptable");
        }
        let answer = server.get(&format!("{notice}?format=pdf"));
        answer.problem(400, "invalid-parameter");
        assert_eq!(answer.faults()[0].0, "format");
        server.get(&format!("{notice}?style=letter")).problem(400, "invalid-parameter");
    }

    fn the_structure_has_a_section_for_each_part_and_right(server) {
        let (_, notice) = draft(server);
        let document = server.get(&notice).expect(200);
        assert_eq!(document["status"], "draft");
        assert_eq!(document["draft_note"], "Draft: this notice has not been sent.");
        assert_eq!(document["authority"], "Example Constabulary");
        assert_eq!(document["has_gaps"], false);
        assert_eq!(document["date"], Value::Null);
        let sections: Vec<_> = document["sections"].as_array().unwrap().iter()
            .map(|section| (section["kind"].as_str().unwrap(), section["outcome"].as_str(), section["relies_on"].clone()))
            .collect();
        assert_eq!(sections, [
            ("part", Some("disclosed"), Value::Null),
            ("part", Some("partly_disclosed"), json!(["section 40(2)"])),
            ("part", Some("neither_confirmed_nor_denied"), json!(["section 31(3)"])),
            ("internal_review", None, Value::Null),
            ("regulator", None, Value::Null),
        ]);
        let said = document["sections"][2].to_string();
        assert!(said.contains("should be taken as showing that information of this description is or is not held"), "{said}");
    }

    fn markup_is_escaped_in_the_page_and_untouched_in_the_text(server) {
        let (_, notice) = draft(server);
        let page = server.get(&format!("{notice}?format=html")).text;
        assert!(!page.contains("<script"), "{page}");
        assert_eq!(page.matches("&lt;script&gt;alert(&#x27;x&#x27;)&lt;&#x2f;script&gt; &amp; **bold**").count(), 2, "{page}");
        let text = server.get(&format!("{notice}?format=text")).text;
        assert_eq!(text.matches(MARKUP).count(), 2, "{text}");
        let markdown = server.get(&format!("{notice}?format=markdown")).text;
        assert_eq!(markdown.matches("\\<script\\>alert('x')\\</script\\> \\& \\*\\*bold\\*\\*").count(), 2, "{markdown}");
    }

    fn the_tag_changes_with_all_that_the_words_depend_on(server) {
        let (response, notice) = draft(server);
        let unchanged = |tag: &str| server.send("GET", &notice, &[("If-None-Match", tag)], None);
        let mut tags = vec![server.get(&notice).header("etag").to_owned()];
        let known = unchanged(&tags[0]);
        assert_eq!((known.status, known.text.as_str(), known.header("etag")), (304, "", tags[0].as_str()));
        assert_eq!(server.get(&format!("{notice}?format=text")).status, 200);
        assert_ne!(server.get(&format!("{notice}?format=text")).header("etag"), tags[0], "another form has another tag");
        let changed = |tags: &mut Vec<String>, because: &str| {
            let answer = unchanged(tags.last().unwrap());
            assert_eq!(answer.status, 200, "{because}");
            assert!(!tags.contains(&answer.header("etag").to_owned()), "{because}");
            tags.push(answer.header("etag").to_owned());
        };
        server.put(&format!("{response}/determinations/1"), "*", &json!({"outcome": "not_held"})).expect(200);
        changed(&mut tags, "the draft changed");
        let request = response.split("/responses/").next().unwrap();
        server.patch(request, "*", &json!({"subject": "Another subject"})).expect(200);
        changed(&mut tags, "the request changed");
        let authority = server.get(request).expect(200)["authority_id"].as_str().unwrap().to_owned();
        server.patch(&format!("/v1/authorities/{authority}"), "*", &json!({"review_particulars": null})).expect(200);
        changed(&mut tags, "the settings changed");
        assert_eq!(server.get(&notice).expect(200)["has_gaps"], true);
        server.set_now("2026-07-01T12:00:00Z");
        changed(&mut tags, "the day of a draft changed");
        server.post(&format!("{response}/issue"), &json!({"issued_on": "2026-07-01", "override": {"reason": "A test."}})).expect(200);
        changed(&mut tags, "it was issued");
        server.set_now("2026-07-02T12:00:00Z");
        assert_eq!(unchanged(tags.last().unwrap()).status, 304, "an issued notice keeps its words");
    }

    fn an_issued_letter_has_its_date_and_no_mark(server) {
        let (response, notice) = draft(server);
        let marked = server.get(&format!("{notice}?format=text")).text;
        assert!(marked.starts_with("*** Draft: this notice has not been sent. ***"), "{marked}");
        server.post(&format!("{response}/issue"), &json!({"issued_on": "2026-06-29"})).expect(200);
        let sent = server.get(&format!("{notice}?format=text")).text;
        assert!(!sent.contains("Draft") && sent.contains("Date: 29 June 2026"), "{sent}");
        assert!(sent.contains("The Disclosure Office") && sent.contains("Office of the Regulator"), "{sent}");
        let document = server.get(&notice).expect(200);
        assert_eq!((&document["status"], &document["issued_on"]), (&json!("issued"), &json!("2026-06-29")));
    }

    fn a_part_left_open_has_the_estimate_that_was_announced(server) {
        let request = request(server);
        let path = format!("/v1/requests/{request}");
        for (estimated_on, is_void) in [("2026-07-10", false), ("2026-07-20", true)] {
            let extension = server.post(&format!("{path}/extensions"), &json!({"kind": "public_interest", "parts": ["2"],
                "notified_on": "2026-06-20", "estimated_on": estimated_on, "grounds": ["31(1)(a)"], "reasons": "Weighing."})).expect(201);
            if is_void {
                server.post(&format!("{path}/extensions/{}/void", id(&extension)), &json!({"reason": "A mistake."})).expect(201);
            }
        }
        let response = server.post(&format!("{path}/responses"), &json!({"kind": "initial",
            "determinations": [{"part": "1", "outcome": "disclosed"}],
            "left_open": [{"part": "2", "reason": "Not yet weighed."}, {"part": "3", "reason": "Not yet found."}]})).expect(201);
        let document = server.get(&format!("{path}/responses/{}/notice", id(&response))).expect(200);
        let open = &document["sections"][1];
        assert_eq!(open["kind"], "left_open");
        let said = |part: usize| open["subsections"][part]["passages"].as_array().unwrap().iter()
            .map(|passage| format!("{}: {}", passage["kind"].as_str().unwrap(), passage["text"].as_str().unwrap())).collect::<Vec<_>>();
        assert_eq!(said(0), [
            "paragraph: We cannot answer this part yet: Not yet weighed.",
            "paragraph: We need more time to weigh the public interest for section 31(1)(a). This is a notice under section 17(2) of the Act.",
            "paragraph: We estimate that we will decide by 10 July 2026.",
        ]);
        assert_eq!(said(1), [
            "paragraph: We cannot answer this part yet: Not yet found.",
            "gap: Not recorded: the day by which we expect to decide.",
        ]);
    }

    fn there_is_no_notice_of_what_is_not_there(server) {
        let (response, notice) = draft(server);
        let nobody = uuid::Uuid::nil();
        let (request, own) = response.split_once("/responses/").unwrap();
        server.get(&format!("{request}/responses/{nobody}/notice")).problem(404, "not-found");
        server.get(&format!("/v1/requests/{nobody}/responses/{own}/notice")).problem(404, "not-found");
        let other = server.request("2026-06-02", &["1"]);
        server.get(&format!("/v1/requests/{other}/responses/{own}/notice")).problem(404, "not-found");
        server.anonymous().get(&notice).problem(401, "unauthenticated");
        server.delete(&response, "*").expect(204);
        server.get(&notice).problem(404, "not-found");
        let answer = server.send("POST", &notice, &[], None);
        answer.problem(405, "method-not-allowed");
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    }

    fn an_issued_letter_goes_on_saying_what_it_said(server) {
        let request = request(server);
        let address = format!("/v1/requests/{request}");
        let authority = server.get(&address).expect(200)["authority_id"].as_str().unwrap().to_owned();
        let extension = server.post(&format!("{address}/extensions"), &json!({"kind": "public_interest", "notified_on": "2026-06-20",
            "estimated_on": "2026-07-20", "grounds": ["31(1)(a)"], "reasons": "Weighing.", "parts": ["3"]})).expect(201);
        let partial = |part: &str| json!({"kind": "initial", "particulars": {"internal_review": "stated", "regulator": "stated"},
            "determinations": [{"part": part, "outcome": "disclosed"}], "left_open": [{"part": "3", "reason": "Not yet weighed."}]});
        let post = |body: &Value| format!("{address}/responses/{}", id(&server.post(&format!("{address}/responses"), body).expect(201)));
        let drafted = post(&partial("1"));
        let mut fact = partial("2");
        (fact["record_as"], fact["issued_on"]) = (json!("sent"), json!("2026-06-29"));
        fact["left_open"].as_array_mut().unwrap().push(json!({"part": "1", "reason": "Later."}));
        let sent = post(&fact);
        server.post(&format!("{drafted}/issue"), &json!({"issued_on": "2026-06-30", "override": {"reason": "Part 2 is answered."}})).expect(200);
        let draft = post(&json!({"kind": "initial", "determinations": [{"part": "3", "outcome": "disclosed"}]}));
        let forms = |response: &str| ["json", "html", "markdown", "text"].map(|format| server.get(&format!("{response}/notice?format={format}")).text);
        let before = [forms(&drafted), forms(&sent)];
        for said in ["Example Constabulary", "The Disclosure Office", "A subject", "1 June 2026", "20 July 2026", "Question 3"] {
            assert!(before[0][3].contains(said), "{said} in {}", before[0][3]);
        }
        server.patch(&format!("/v1/authorities/{authority}"), "*", &json!({"name": "Another Name", "review_particulars": {"name": "Another Office"}, "regulator_particulars": null})).expect(200);
        server.patch(&address, "*", &json!({"subject": "Another subject"})).expect(200);
        server.post(&format!("{address}/receipt-corrections"), &json!({"received_on": "2026-05-29", "reason": "The stamp was misread."})).expect(201);
        server.put(&format!("{address}/parts/3"), "*", &json!({"text": "Another question"})).expect(200);
        server.post(&format!("{address}/extensions/{}/void", id(&extension)), &json!({"reason": "Never sent."})).expect(201);
        server.post(&format!("{address}/parts"), &json!({"label": "4", "text": "A fourth question"})).expect(201);
        assert_eq!([forms(&drafted), forms(&sent)], before);
        let today = &forms(&draft)[3];
        for said in ["Another Name", "Another Office", "Another subject", "29 May 2026", "Another question"] {
            assert!(today.contains(said), "{said} in {today}");
        }
        // Neither the response nor a list of them shows what is kept beside it.
        for path in [sent, format!("{address}/responses")] {
            let shown = server.get(&path).text;
            assert!(!shown.contains("Disclosure Office") && !shown.contains("A subject"), "{shown}");
        }
    }

    fn the_presumption_is_told_of_where_it_is_recorded(server) {
        server.authority("Agency");
        for (regime, provision, article) in [("eir", "12(5)(b)", "regulation 12(2)"), ("eisr", "10(5)(b)", "regulation 10(2)(b)")] {
            for (recorded, told) in [(json!({}), 0), (json!({"presumption_applied": false}), 0), (json!({"presumption_applied": true}), 1)] {
                let body = json!({"regime": regime, "received_on": "2026-06-01", "subject": "The river"});
                let request = id(&server.post("/v1/requests", &body).expect(201));
                let mut test = json!({"provisions": [provision], "factors_for": [{"text": "Openness"}], "factors_against": [{"text": "Justice"}], "balance": "maintain"});
                for (name, value) in recorded.as_object().unwrap() {
                    test[name] = value.clone();
                }
                let letter = json!({"kind": "initial", "record_as": "sent", "issued_on": "2026-06-29", "determinations": [{"part": "1", "outcome": "withheld",
                    "grounds": [{"provision": provision, "reasons": "A trial is near."}], "public_interest_tests": [test]}]});
                let response = server.post(&format!("/v1/requests/{request}/responses"), &letter).expect(201);
                let notice = server.get(&format!("/v1/requests/{request}/responses/{}/notice?format=text", id(&response))).text;
                let presumption = notice.lines().filter(|line| line.contains("presumption in favour of disclosure") && line.contains(article));
                assert_eq!(presumption.count(), told, "{notice}");
            }
        }
    }
}
