//! Which words tell of an answer that neither confirms nor denies: every free text of a case with such an answer carries a
//! mark, and who may not read its grounds finds no mark at any address.

use candour::casework::scope::Scope;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Client, Server,
        casework::{disclosed, draft, ncnd, path, record, sent, with, without},
        contract,
        keys::client,
        server::id,
        world,
    },
};

/// Stands in every free text that could tell.
const MARK: &str = "Xanthippe";
/// Provisions that the answer rests on.
const CITED: [&str; 4] = ["31(3)", "31(1)(a)", "23(5)", "24(2)"];

fn marked(place: &str) -> String {
    format!("{MARK} in {place}")
}

/// An answer to part 2 with every member that it may have.
fn answer() -> Value {
    let group = |provision: &str| json!({"provision": provision, "alternative_group": marked("group"), "reasons": marked("reasons")});
    let mut answer = ncnd("2");
    answer["explanation"] = json!(marked("explanation"));
    answer["grounds"][0]["as_cited"] = json!(marked("citation"));
    answer["grounds"][0]["reasons"] = json!(marked("reasons"));
    answer["grounds"][0]["applies_to"] = json!(marked("application"));
    answer["public_interest_tests"][0]["factors_for"][0]["text"] = json!(marked("factor"));
    for provision in ["23(5)", "24(2)"] {
        answer["grounds"].as_array_mut().unwrap().push(group(provision));
    }
    answer
}

fn voiding() -> Value {
    json!({"reason": marked("void reason")})
}

/// A case with part 2 neither confirmed nor denied, and what its addresses are made of.
struct Case {
    request: String,
    event: String,
    letter: String,
    review: String,
    complaint: String,
    change: String,
    submission: String,
    notice: String,
    appeal: String,
}

fn extension() -> Value {
    json!({"kind": "public_interest", "notified_on": "2019-11-29", "estimated_on": "2019-12-20", "grounds": ["31(1)(a)"],
        "reasons": marked("extension")})
}

fn case(server: &Server) -> Case {
    let request = server.request("2019-11-07", &["1", "2"]);
    let mistaken = id(&record(server, &request, "extensions", extension()));
    record(server, &request, &format!("extensions/{mistaken}/void"), voiding());
    let event = id(&record(server, &request, "extensions", extension()));
    let open = json!({"left_open": [{"part": "2", "reason": marked("left open")}]});
    record(server, &request, "responses", with(sent("2019-12-02", &[disclosed("1")]), &open));
    let late =
        json!({"kind": "public_interest_outcome", "sent_documents": [{"uri": "store:2", "title": marked("title")}]});
    let letter = id(&record(server, &request, "responses", with(draft(&[answer()]), &late)));
    let issue = json!({"issued_on": "2019-12-20", "override": {"reason": marked("override")}});
    server.post(&format!("{}/responses/{letter}/issue", path(&request)), &issue).expect(200);
    let review = json!({"requested_on": "2020-02-10", "grounds": marked("grounds"), "not_contested": marked("accepted"),
        "decision": {"decided_on": "2020-02-19", "results": [{"part": "2", "result": "position_maintained", "reasons": marked("result")}]}});
    let mistaken = id(&record(server, &request, "reviews", review.clone()));
    record(server, &request, &format!("reviews/{mistaken}/void"), voiding());
    let review = id(&record(server, &request, "reviews", review));
    let words = json!({"made_on": "2020-03-02", "issues": [{"topic": "neither_confirm_nor_deny", "text": marked("issue")}], "not_contested": marked("accepted")});
    let ended = json!({"outcome": {"ended_on": "2020-03-03", "outcome": "withdrawn", "explanation": marked("end")}});
    record(server, &request, "complaints", with(words.clone(), &ended));
    let complaint = id(&record(server, &request, "complaints", words));
    let below = |resource: &str| format!("complaints/{complaint}/{resource}");
    let change = id(&record(
        server,
        &request,
        &below("position-changes"),
        json!({"stated_on": "2020-04-01", "communicated_to": ["regulator"],
        "parts": ["2"], "grounds_added": [{"provision": "31(1)(g)", "reasons": marked("added")}], "reasons": marked("change")}),
    ));
    let submission = id(&record(
        server,
        &request,
        &below("submissions"),
        json!({"submitted_on": "2020-04-02", "submitted_by": "authority",
        "summary": marked("summary"), "documents": [{"uri": "store:3", "title": marked("document")}]}),
    ));
    let decided = json!({"findings": [
            {"alternative_group": marked("group"), "parts": ["2"], "finding": "correctly_applied", "reasons": marked("finding")},
            {"provision": "31(3)", "finding": "not_engaged", "reasons": marked("finding")},
            {"provision": "31(1)(a)", "finding": "partly", "reasons": marked("finding")},
            {"provision": "10(1)", "finding": "breach", "reasons": marked("finding")}],
        "steps": [{"text": marked("step"), "parts": ["2"]}],
        "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2020-06-23"}});
    let notice =
        json!({"sent_on": "2020-06-23", "other_matters": [{"topic": marked("topic"), "text": marked("matter")}]});
    let notice = id(&record(server, &request, &below("decision-notices"), with(notice, &decided)));
    let decided =
        with(decided, &json!({"steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": "2021-01-04"}}));
    let appeal = id(&record(
        server,
        &request,
        &below("appeals"),
        json!({"tribunal": "first_tier", "made_on": "2020-07-20", "made_by": "authority",
        "grounds": marked("appeal"), "point_of_law": marked("law"),
        "decision": {"decided_on": "2021-01-04", "outcome": "allowed", "reasons": marked("decision"), "substituted_notice": decided}}),
    ));
    Case { request, event, letter, review, complaint, change, submission, notice, appeal }
}

impl Case {
    /// The address that a template names in this case; `None` for what it does not have.
    fn address(&self, authority: &str, template: &str) -> Option<String> {
        let mut address = template.to_owned();
        for (name, value) in [
            ("{request_id}", &self.request),
            ("{event_id}", &self.event),
            ("{response_id}", &self.letter),
            ("{review_id}", &self.review),
            ("{complaint_id}", &self.complaint),
            ("{position_change_id}", &self.change),
            ("{submission_id}", &self.submission),
            ("{decision_notice_id}", &self.notice),
            ("{appeal_id}", &self.appeal),
        ] {
            address = address.replace(name, value);
        }
        (!address.contains('{')).then(|| address.replace("{authority_id}", authority))
    }

    fn below(&self, place: &str) -> String {
        format!("{}/{place}", path(&self.request))
    }

    fn entry(&self, resource: &str, entry: &str) -> String {
        self.below(&format!("complaints/{}/{resource}/{entry}", self.complaint))
    }
}

/// Everything but the grounds of answers that neither confirm nor deny, the drafts and who asked.
fn uncleared(server: &Server) -> Client {
    let kept = |scope: &&Scope| !matches!(scope, Scope::NcndRead | Scope::Operator);
    client(server, &Scope::ALL.iter().filter(kept).map(|scope| scope.as_str()).collect::<Vec<_>>())
}

/// Which of these members the document has.
fn members<'a>(document: &Value, names: &[&'a str]) -> Vec<&'a str> {
    names.iter().copied().filter(|name| document.get(name).is_some()).collect()
}

on_both! {
    fn no_address_tells_what_an_ncnd_answer_rests_on(server) {
        let authority = world::only_authority(server);
        let case = case(server);
        let other = uncleared(server);
        let (mut read, mut of_case) = (0, 0);
        for operation in contract::operations().into_iter().filter(|operation| operation.method == "GET") {
            let Some(address) = case.address(&authority, &operation.path) else { continue };
            let answer = other.get(&format!("{address}{}", world::query(&operation)));
            assert!(!answer.text.contains(MARK), "{address} {}", answer.text);
            read += 1;
            if address.contains(&case.request) {
                let cited = CITED.iter().find(|cited| answer.text.contains(*cited));
                assert_eq!(cited, None, "{address} {}", answer.text);
                of_case += usize::from(answer.status == 200);
            }
        }
        assert!(read > 40 && of_case >= 22, "{read} {of_case}");
        for letter in other.get(&case.below("responses")).expect(200)["items"].as_array().unwrap() {
            let answer = other.get(&case.below(&format!("responses/{}/notice", id(letter))));
            answer.problem(403, "insufficient-scope");
        }
        let csv = other.get("/v1/requests?format=csv");
        assert!(csv.status == 200 && !csv.text.contains(MARK), "{}", csv.text);
        // Each mark was set: whoever may read the grounds finds it.
        let told = |place: String| server.get(&place).text.matches(MARK).count();
        assert_eq!(told(case.below(&format!("responses/{}", case.letter))), 13);
        assert_eq!(told(case.below(&format!("events/{}", case.event))), 1);
        assert_eq!(told(case.below(&format!("reviews/{}", case.review))), 3);
        assert_eq!(told(case.below(&format!("complaints/{}", case.complaint))), 2);
        assert_eq!(told(case.entry("position-changes", &case.change)), 2);
        assert_eq!(told(case.entry("submissions", &case.submission)), 2);
        assert_eq!(told(case.entry("decision-notices", &case.notice)), 8);
        assert_eq!(told(case.entry("appeals", &case.appeal)), 9);
    }

    fn what_the_requester_was_openly_told_stays(server) {
        world::only_authority(server);
        let case = case(server);
        let other = uncleared(server);
        let event = other.get(&case.below(&format!("events/{}", case.event))).expect(200);
        assert_eq!((&event["effective_on"], &event["estimated_on"], &event["extension_kind"]), (&json!("2019-11-29"), &json!("2019-12-20"), &json!("public_interest")));
        let letter = other.get(&case.below(&format!("responses/{}", case.letter))).expect(200);
        assert_eq!(letter["determinations"], json!([{"part": "2", "outcome": "neither_confirmed_nor_denied"}]));
        assert_eq!((&letter["issued_on"], &letter["sent_documents"]), (&json!("2019-12-20"), &json!([{"uri": "store:2"}])));
        let review = other.get(&case.below(&format!("reviews/{}", case.review))).expect(200);
        assert_eq!(review["decision"], json!({"decided_on": "2020-02-19", "results": [{"part": "2", "result": "position_maintained"}]}));
        assert_eq!((&review["requested_on"], &review["parts"]), (&json!("2020-02-10"), &json!(["1", "2"])));
        let complaint = other.get(&case.below(&format!("complaints/{}", case.complaint))).expect(200);
        assert_eq!(complaint["issues"], json!([{"topic": "neither_confirm_nor_deny"}]));
        assert_eq!(complaint["positions"][1], json!({"part": "2", "outcome": "neither_confirmed_nor_denied", "provisions": []}));
        let notice = other.get(&case.entry("decision-notices", &case.notice)).expect(200);
        assert_eq!(notice["findings"], json!([{"provision": "10(1)", "finding": "breach"}]));
        assert_eq!((&notice["sent_on"], &notice["steps"], &notice["other_matters"]), (&json!("2020-06-23"), &json!([]), &json!([])));
        let appeal = other.get(&case.entry("appeals", &case.appeal)).expect(200);
        assert_eq!((&appeal["decision"]["outcome"], &appeal["decision"]["decided_on"]), (&json!("allowed"), &json!("2021-01-04")));
        assert_eq!(members(&appeal, &["grounds", "point_of_law"]), Vec::<&str>::new());
        let submission = other.get(&case.entry("submissions", &case.submission)).expect(200);
        assert_eq!((&submission["submitted_on"], &submission["documents"]), (&json!("2020-04-02"), &json!([{"uri": "store:3"}])));
    }

    fn answers_to_writes_tell_no_more_than_reading_does(server) {
        world::only_authority(server);
        let case = case(server);
        let other = uncleared(server);
        let mistake = json!({"reason": "Recorded twice."});
        let silent = |address: &str, body: &Value| {
            for _ in 0..2 {
                let answer = other.post_keyed(address, address, body);
                answer.expect(201);
                assert!(!answer.text.contains(MARK), "{address} {}", answer.text);
                let cited = CITED.iter().find(|cited| answer.text.contains(*cited));
                assert_eq!(cited, None, "{address} {}", answer.text);
            }
        };
        let asked = id(&record(server, &case.request, "reviews", json!({"requested_on": "2020-02-12", "grounds": marked("grounds")})));
        silent(&case.below(&format!("reviews/{asked}/decision")), &json!({"decided_on": "2020-02-19",
            "results": [{"part": "2", "result": "position_maintained", "reasons": "Section 31(3) maintained: limb 31(1)(a)"}]}));
        silent(&case.below(&format!("complaints/{}/submissions", case.complaint)),
            &json!({"submitted_on": "2020-04-02", "submitted_by": "authority", "summary": "We rely on 31(3)"}));
        for (resource, entry) in [("appeals", &case.appeal), ("decision-notices", &case.notice), ("position-changes", &case.change), ("submissions", &case.submission)] {
            silent(&format!("{}/void", case.entry(resource, entry)), &mistake);
        }
        silent(&case.below(&format!("reviews/{}/void", case.review)), &mistake);
        silent(&case.below(&format!("extensions/{}/void", case.event)), &mistake);
        let again = with(extension(), &json!({"notified_on": "2019-11-28", "parts": ["2"]}));
        silent(&case.below("extensions"), &again);
    }

    fn what_concerns_no_ncnd_part_is_shown_whole(server) {
        world::only_authority(server);
        let case = case(server);
        let other = uncleared(server);
        let review = json!({"requested_on": "2020-02-11", "parts": ["1"], "grounds": marked("grounds"),
            "decision": {"decided_on": "2020-02-19", "results": [{"part": "1", "result": "overturned", "reasons": marked("result")}]}});
        let review = record(server, &case.request, "reviews", review);
        assert_eq!(other.get(&case.below(&format!("reviews/{}", id(&review)))).expect(200), review);
        let complaint = record(server, &case.request, "complaints", json!({"made_on": "2020-03-02", "parts": ["1"], "not_contested": marked("accepted")}));
        let below = format!("complaints/{}", id(&complaint));
        let submission = record(server, &case.request, &format!("{below}/submissions"), json!({"submitted_on": "2020-04-02", "submitted_by": "authority", "summary": marked("summary")}));
        assert_eq!(other.get(&case.below(&format!("{below}/submissions/{}", id(&submission)))).expect(200), submission);
        assert_eq!(without(other.get(&case.below(&below)).expect(200), &["version", "updated_at"]), without(complaint, &["version", "updated_at"]));
    }

    fn findings_do_not_tell_a_ground_however_it_was_cited(server) {
        world::only_authority(server);
        let request = server.request("2019-11-07", &["1", "2", "3"]);
        let bare = |part: &str, cited: &str| json!({"part": part, "outcome": "neither_confirmed_nor_denied", "grounds": [{"provision": cited}]});
        record(server, &request, "responses", sent("2020-01-28", &[bare("1", "Section 31 (3)"), bare("2", "s.24(2)"), disclosed("3")]));
        let compliance = format!("{}/compliance", path(&request));
        let whole = server.get(&compliance).text;
        assert!(whole.contains("31(3)") && whole.contains("24(2)"), "{whole}");
        let other = client(server, &["requests:read"]);
        let masked = other.get(&compliance).text;
        assert!(!masked.contains("31(3)") && !masked.contains("24(2)") && masked.contains("late-response"), "{masked}");
        let listed = other.get(&format!("{}/responses", path(&request))).text;
        assert!(!listed.contains("31(3)") && !listed.contains("24(2)"), "{listed}");
    }

    fn an_extension_tells_its_ground_until_the_part_is_answered_so(server) {
        world::only_authority(server);
        let request = server.request("2019-11-07", &["1", "2"]);
        let of_two = record(server, &request, "extensions", with(extension(), &json!({"parts": ["2"]})));
        let of_one = record(server, &request, "extensions", with(extension(), &json!({"parts": ["1"]})));
        let other = client(server, &["requests:read"]);
        let address = |event: &Value| format!("{}/events/{}", path(&request), id(event));
        let before = other.get(&address(&of_two));
        assert_eq!(before.expect(200), of_two);
        record(server, &request, "responses", draft(&[ncnd("2")]));
        assert_eq!(other.get(&address(&of_two)).text, before.text, "a draft guards nothing");
        record(server, &request, "responses", sent("2019-12-20", &[ncnd("2")]));
        let after = other.get(&address(&of_two));
        assert_eq!(members(&after.expect(200), &["grounds", "text"]), Vec::<&str>::new());
        assert_ne!(after.header("etag"), before.header("etag"));
        assert_eq!(other.get(&address(&of_one)).expect(200)["grounds"], json!(["31(1)(a)"]));
    }
}
