//! Letters to make notices of, small enough to change in one place.

use serde_json::{Value, json};

use crate::{
    casework::{
        authority::{Authority, AuthorityKind, AuthorityNation, CostLimit},
        notice_document::{
            AnnouncedExtension, LetterFacts, NoticeDocument, NoticeSource, compose, html, markdown, text,
        },
        part::Part,
        request::Request,
        response::{Response, ResponseKind, ResponseStatus},
    },
    law::{
        Date, Regime,
        clock::{ExtensionKind, RequestStatus, Scope},
    },
};

pub(super) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A request with all that its notice is made from.
pub(super) struct Case {
    pub authority: Authority,
    pub request: Request,
    pub response: Response,
    pub extensions: Vec<AnnouncedExtension>,
}

pub(super) fn part(label: &str, regime: Regime, text: &str) -> Part {
    Part {
        label: label.parse().unwrap(),
        text: text.parse().unwrap(),
        regime,
        valid_request: true,
        invalid_reason: None,
        scope_note: None,
        interpretation: None,
        residual: false,
        prior_publication: None,
        status: None,
        due_on: None,
        extended_to: None,
        outcome: None,
    }
}

/// An issued first answer of 15 March 2021 to one part for each of these questions.
pub(super) fn case(regime: Regime, questions: &[&str], determinations: Value) -> Case {
    let parts = questions.iter().zip(1..).map(|(text, number)| part(&number.to_string(), regime, text)).collect();
    Case {
        authority: authority(),
        request: request(regime, parts),
        response: response(determinations),
        extensions: Vec::new(),
    }
}

fn authority() -> Authority {
    let particulars = |name: &str, time_limit: &str| {
        serde_json::from_value(json!({"name": name, "contact": "By e-mail: review@example.org\nBy post: 1 The Street",
            "time_limit": time_limit}))
        .ok()
    };
    Authority {
        retention_rules: Vec::new(),
        id: "a".to_owned(),
        name: "Example Constabulary".parse().unwrap(),
        kind: AuthorityKind::PoliceForce,
        nation: AuthorityNation::England,
        identifiers: Vec::new(),
        reference_pattern: None,
        cost_limit: Some(CostLimit::Pounds450),
        review_particulars: particulars("The Disclosure Office", "40 working days from this notice"),
        regulator_particulars: particulars("Office of the Regulator", "Within six weeks of the review"),
        version: 1,
        created_at: String::new(),
        updated_at: String::new(),
    }
}

fn request(regime: Regime, parts: Vec<Part>) -> Request {
    Request {
        id: "q".to_owned(),
        authority_id: "a".to_owned(),
        reference: "FOI-2021-00042".to_owned(),
        regime,
        status: RequestStatus::Open,
        received_on: day("2021-03-01"),
        due_on: None,
        extended_to: None,
        overdue: false,
        working_days_taken: None,
        responded_on: None,
        closed_on: None,
        on_time: None,
        outcome: None,
        acknowledged_on: None,
        channel: None,
        subject: "Partnership with a supplier".parse().unwrap(),
        topics: Vec::new(),
        parts,
        external_ids: Vec::new(),
        case_file_uri: Some("file:the-authority's-own".parse().unwrap()),
        version: 1,
        created_at: String::new(),
        updated_at: String::new(),
    }
}

fn response(determinations: Value) -> Response {
    Response {
        id: "r".to_owned(),
        request_id: "q".to_owned(),
        status: ResponseStatus::Issued,
        kind: ResponseKind::Initial,
        issued_on: Some(day("2021-03-15")),
        decided_by: serde_json::from_value(json!({"staff_ref": "staff-7", "role": "Disclosure manager"})).ok(),
        particulars: serde_json::from_value(json!({"internal_review": "stated", "regulator": "stated"})).unwrap(),
        sent_documents: Vec::new(),
        determinations: serde_json::from_value(determinations).unwrap(),
        left_open: Vec::new(),
        review_id: None,
        complaint_id: None,
        decision_notice_id: None,
        supersedes: None,
        override_with: None,
        findings: Vec::new(),
        version: 1,
        created_at: String::new(),
        updated_at: String::new(),
        voided_at: None,
        void_reason: None,
    }
}

impl Case {
    pub(super) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    pub(super) fn document(&self) -> NoticeDocument {
        let Self { authority, request, response, extensions } = self;
        let (determinations, left_open) = (&response.determinations, &response.left_open);
        let facts = LetterFacts::of(authority.clone(), request.clone(), extensions.clone(), determinations, left_open);
        compose(&NoticeSource { facts: &facts, response, today: day("2021-03-20") }).unwrap()
    }

    pub(super) fn text(&self) -> String {
        text(&self.document()).unwrap()
    }

    pub(super) fn html(&self) -> String {
        html(&self.document()).unwrap()
    }

    pub(super) fn markdown(&self) -> String {
        markdown(&self.document()).unwrap()
    }

    pub(super) fn json(&self) -> String {
        serde_json::to_string(&self.document()).unwrap()
    }

    /// Every form of it, as a caller gets it.
    pub(super) fn forms(&self) -> [String; 4] {
        [self.json(), self.html(), self.markdown(), self.text()]
    }
}

pub(super) fn mixed() -> Case {
    let determinations = json!([
        {"part": "2", "outcome": "partly_disclosed", "explanation": "The agreement is attached.", "grounds": [{
            "provision": "40(2)", "relies_on": [{"provision": "40(3A)(a)"}], "applies_to": "names of junior staff",
            "reasons": "The persons concerned do not expect to be named.",
            "legitimate_interests": {"interest": "knowing who negotiated", "necessary": false, "balance": "privacy prevails"}}]},
        {"part": "1", "outcome": "disclosed", "explanation": "Twelve meetings were held."},
        {"part": "3", "outcome": "neither_confirmed_nor_denied", "grounds": [{
            "provision": "31(3)", "relies_on": [{"provision": "31(1)(a)", "threshold": "would", "rank": "primary"},
                {"provision": "31(1)(b)", "threshold": "would_be_likely", "rank": "secondary"}],
            "prejudice": {"interest": "The prevention and detection of crime",
                "harm": "Either answer would show where policing looks and where it does not.",
                "causal_link": "Answers to many such requests can be laid side by side."},
            "consistency_reasons": "We answer all requests about methods alike."}],
         "public_interest_tests": [{"provisions": ["31(3)"], "balance": "maintain", "decided_on": "2021-03-12",
            "factors_for": [{"text": "Openness about partners", "argued_by": "requester"}, {"text": "Trust in policing"}],
            "factors_against": [{"text": "Effective policing", "argued_by": "authority"}]}]}
    ]);
    let questions =
        ["How many meetings were held?", "A copy of the agreement.", "Any other information\nabout the software."];
    case(Regime::Foia, &questions, determinations).with(|case| {
        case.response.sent_documents =
            serde_json::from_value(json!([{"uri": "store:77", "title": "Agreement (redacted)"}, {"uri": "store:78"}]))
                .unwrap();
    })
}

/// The two members of the group in either order of the record.
pub(super) fn alternatives(first: usize) -> Case {
    let mut members = vec![
        json!({"provision": "23(1)", "alternative_group": "security",
            "statement_omitted": {"under": "17(4)", "covers": ["17(1)(c)"], "decided_by": {"staff_ref": "staff-9"}}}),
        json!({"provision": "24(1)", "alternative_group": "security", "reasons": "REASONS THAT STAY INSIDE",
            "certificate": "CERTIFICATE THAT WOULD TELL"}),
    ];
    members.rotate_left(first);
    let tests = json!([
        {"provisions": ["24(1)"], "factors_for": [{"text": "Accountability"}], "factors_against": [{"text": "Safety"}],
         "balance": "maintain"},
        {"provisions": ["security"], "factors_against": [{"text": "Trust between partners"}], "balance": "maintain"}
    ]);
    let determinations =
        json!([{"part": "1", "outcome": "withheld", "grounds": members, "public_interest_tests": tests}]);
    case(Regime::Foia, &["The correspondence with other bodies."], determinations)
}

pub(super) fn cost() -> Case {
    let determinations = json!([{"part": "1", "outcome": "refused_cost", "grounds": [{
        "provision": "12(1)", "cost_estimate": {"hours": "30", "amount": "750.00",
            "basis": "A search of one of forty boxes took 45 minutes."}}]}]);
    case(Regime::Foia, &["Every letter since 1990."], determinations)
}

pub(super) fn scottish_ncnd() -> Case {
    let determinations = json!([{"part": "1", "outcome": "neither_confirmed_nor_denied", "grounds": [{
        "provision": "18(1)", "relies_on": [{"provision": "35(1)(a)", "threshold": "would_be_likely"}],
        "prejudice": {"interest": "The prevention of crime", "harm": "Offenders would learn what is looked for.",
            "causal_link": "The one answer and the other both show it."},
        "reasons": "The subject is one of current operations."}],
      "public_interest_tests": [{"provisions": ["18(1)"], "balance": "maintain",
        "factors_for": [{"text": "Openness"}], "factors_against": [{"text": "Safety of operations"}]}]}]);
    case(Regime::Foisa, &["Operations at the harbour."], determinations)
}

pub(super) fn unreasonable() -> Case {
    let determinations = json!([{"part": "1", "outcome": "withheld", "grounds": [{
        "provision": "12(4)(b)", "reasons": "The request would take one officer a quarter of a year."}],
      "public_interest_tests": [{"provisions": ["12(4)(b)"], "balance": "maintain",
        "factors_for": [{"text": "Interest in the river"}], "factors_against": [{"text": "Other work would stop"}]}]}]);
    case(Regime::Eir, &["All readings of the river."], determinations).with(|case| {
        case.authority.regulator_particulars = None;
        case.request.parts.push(part("2", Regime::Eir, "The plans for the weir."));
        case.response.left_open =
            serde_json::from_value(json!([{"part": "2", "reason": "The plans fill a room."}])).unwrap();
        case.extensions = vec![AnnouncedExtension {
            scope: Scope::WholeRequest,
            kind: ExtensionKind::ComplexityAndVolume,
            notified_on: day("2021-03-10"),
            estimated_on: Some(day("2021-04-26")),
            grounds: Vec::new(),
        }];
    })
}
