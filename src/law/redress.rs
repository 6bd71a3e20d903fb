//! What the statutes and codes say of reviews, complaints and appeals: findings from facts that are recorded whatever they
//! are. Knows no storage and no time of its own.

use std::{borrow::Cow, collections::BTreeMap};

use crate::{
    casework::text::Label,
    law::{
        Date, Finding, Regime, Severity,
        calendar::Calendars,
        catalogue::Lookup,
        citations::find_single,
        clock::DueDate,
        compliance::{ComplianceFacts, ComplianceReview, compliance_findings, same_decider},
        deadline::{StepsPeriod, appeal_due, application_due, review_limit},
    },
};

/// A review, as far as findings rest on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewFacts<'a> {
    /// The regimes of the parts reviewed, each once.
    pub regimes: &'a [Regime],
    /// The day the review was asked for.
    pub requested_on: Date,
    /// The last day for asking for it, where one had begun to run.
    pub may_be_asked_until: Option<Date>,
    /// The day it was decided; absent while it is not.
    pub decided_on: Option<Date>,
    /// The parts under review that the decision says nothing of, each with its regime.
    pub undecided: &'a [(Regime, Label)],
    /// Whether it was decided by someone who had decided the answer reviewed.
    pub same_decider: bool,
    /// Today in London: a review that is not decided is late once its time has passed.
    pub today: Date,
}

/// A complaint to the regulator, as far as findings rest on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ComplaintFacts<'a> {
    /// The regimes of the parts complained of, each once.
    pub regimes: &'a [Regime],
    /// The day it was made.
    pub made_on: Date,
    /// The reviews asked for before it: the day asked and, where decided, the day of the decision.
    pub reviews: &'a [(Date, Option<Date>)],
}

/// An appeal, as far as findings rest on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppealFacts<'a> {
    /// The regimes of the parts that the notice is about, each once.
    pub regimes: &'a [Regime],
    /// The day the notice appealed against was sent.
    pub notice_sent_on: Date,
    /// The day the appeal was made.
    pub made_on: Date,
    /// Whether it is the first appeal against the notice, not one upon a tribunal's decision.
    pub is_first: bool,
    /// Whether the point of law is named.
    pub names_point_of_law: bool,
}

fn finding(id: &'static str, severity: Severity, provision: Option<&str>, message: String, next_step: &str) -> Finding {
    Finding {
        id: Cow::Borrowed(id),
        severity,
        provision: provision.map(str::to_owned),
        pointer: None,
        message,
        facts: BTreeMap::new(),
        next_step: next_step.to_owned(),
    }
}

fn with_facts<const N: usize>(mut finding: Finding, facts: [(&str, String); N]) -> Finding {
    finding.facts.extend(facts.map(|(name, value)| (name.to_owned(), value)));
    finding
}

/// What is to be said of a citation in a decision of the regulator or of a tribunal, or in a position that the authority
/// took: nothing where the catalogue knows it under one of these regimes. What was said is kept as it was said.
#[must_use]
pub fn citation_finding(regimes: &[Regime], on: Date, pointer: &str, cited: &str) -> Option<Finding> {
    let mut suggested = Vec::new();
    for regime in regimes {
        match find_single(*regime, cited, on) {
            Lookup::Unknown { suggestions } => suggested.extend(suggestions),
            Lookup::InForce(_) | Lookup::NotInForce { .. } | Lookup::NotAGround(_) => return None,
        }
    }
    let suggestions = if suggested.is_empty() { "none".to_owned() } else { suggested.join(", ") };
    let message = format!("There is no provision {cited} under the regime of the parts.");
    let next =
        "Compare it with the document, and record it anew where it was mistyped; else it is told of as it was written.";
    let found = finding("unknown-provision-named", Severity::Warning, None, message, next);
    let facts = [("cited", cited.to_owned()), ("suggestions", suggestions)];
    Some(Finding { pointer: Some(pointer.to_owned()), ..with_facts(found, facts) })
}

/// What is to be said of a review.
#[must_use]
pub fn review_findings(calendars: &Calendars, review: &ReviewFacts<'_>) -> Vec<Finding> {
    let mut findings: Vec<Finding> =
        review.regimes.iter().flat_map(|regime| of_compliance(calendars, *regime, review)).collect();
    if let Some(until) = asked_late(review) {
        let regime = review.regimes.first().copied().unwrap_or(Regime::Foia);
        let provision = match regime {
            Regime::Foia => None,
            Regime::Eir => Some("regulation 11(2)"),
            Regime::Foisa => Some("section 20(5)"),
            Regime::Eisr => Some("regulation 16(2)"),
        };
        let message =
            format!("The review was asked for on {}; the time for asking ended on {until}.", review.requested_on);
        let next = "It need not be taken on so late. Taking it on all the same is good practice; say which is done.";
        let found = finding("review-asked-late", Severity::Advice, provision, message, next);
        let facts = [("requested_on", review.requested_on.to_string()), ("until", until.to_string())];
        findings.push(with_facts(found, facts));
    }
    if review.same_decider {
        findings.push(same_decider());
    }
    findings
}

/// The last day for asking, where the review was asked for after it.
fn asked_late(review: &ReviewFacts<'_>) -> Option<Date> {
    review.may_be_asked_until.filter(|until| review.requested_on > *until)
}

/// Whether the review took too long, or left parts out: the same as the compliance of its request says.
fn of_compliance(calendars: &Calendars, regime: Regime, review: &ReviewFacts<'_>) -> Vec<Finding> {
    let reviews = [ComplianceReview {
        review_id: String::new(),
        regime,
        requested_on: review.requested_on,
        asked_late: asked_late(review).is_some(),
        decided_on: review.decided_on,
        undecided: review.undecided.iter().filter(|(of, _)| *of == regime).map(|(_, part)| part.clone()).collect(),
        // Told of once, for all regimes.
        same_decider: false,
    }];
    let facts = ComplianceFacts {
        today: review.today,
        calendars,
        parts: &[],
        events: &[],
        extensions: &[],
        letters: &[],
        reviews: &reviews,
        steps: &[],
    };
    // It stands with the review: no address is needed.
    compliance_findings(&facts).into_iter().map(|finding| Finding { pointer: None, ..finding }).collect()
}

/// What is to be said of a complaint. In Scotland a review comes first: an application lies against the outcome of a
/// review, or against its failing to come in time (FOISA s47(1), which applies to the EI(S)Rs by reg 17).
#[must_use]
pub fn complaint_findings(calendars: &Calendars, complaint: &ComplaintFacts<'_>) -> Option<Finding> {
    let regime = complaint.regimes.iter().find(|regime| matches!(regime, Regime::Foisa | Regime::Eisr)).copied()?;
    let made_on = complaint.made_on;
    let opens = |(requested_on, decided_on): &(Date, Option<Date>)| {
        let decided_on = decided_on.filter(|decided_on| *decided_on <= made_on);
        let has_run_out = || review_limit(calendars, regime, *requested_on).is_some_and(|limit| limit.due_on < made_on);
        let is_open = decided_on.is_some() || has_run_out();
        application_due(calendars, regime, *requested_on, decided_on).filter(|_| is_open)
    };
    if let Some(last) = complaint.reviews.iter().filter_map(opens).max_by_key(|due| due.due_on) {
        return Some(last).filter(|last| last.due_on < made_on).map(|last| late_application(made_on, last));
    }
    let provision = if regime == Regime::Foisa { "section 47(1)" } else { "regulation 17" };
    let message = "No review was decided before the application, nor had the time for one run out.".to_owned();
    let next = "Treat the application as a call for a review; the Scottish Information Commissioner decides after one.";
    let found = finding("complaint-before-review", Severity::Warning, Some(provision), message, next);
    Some(with_facts(found, [("made_on", complaint.made_on.to_string())]))
}

/// Applied for too late (FOISA s47(4)).
fn late_application(made_on: Date, last: DueDate) -> Finding {
    let message = format!("The application was made on {made_on}; the six months for it ended on {}.", last.due_on);
    let next = "Tell the Scottish Information Commissioner of the days; whether it is let in is for the Commissioner.";
    let found = finding("complaint-after-six-months", Severity::Warning, Some(last.provision), message, next);
    with_facts(found, [("made_on", made_on.to_string()), ("until", last.due_on.to_string())])
}

/// What is to be said of the time that a decision notice gives for its steps: it may not end before the time for an appeal
/// has (FOIA s50(6), which applies to the EIR by reg 18). For the Court of Session no such time is reckoned.
#[must_use]
pub fn steps_findings(calendars: &Calendars, regime: Regime, sent_on: Date, period: StepsPeriod) -> Option<Finding> {
    let (due_on, appeal_by) = (period.due_on(calendars, regime), appeal_due(calendars, regime, sent_on)?);
    if due_on >= appeal_by.due_on {
        return None;
    }
    let provision = if regime == Regime::Eir { "section 50(6) of FOIA, by regulation 18" } else { "section 50(6)" };
    let message = format!("The steps are due on {due_on}, before the time for an appeal ends on {}.", appeal_by.due_on);
    let next = "Ask the regulator to correct the notice; an appeal made in time holds the steps up all the same.";
    let found = finding("steps-due-before-appeal", Severity::Warning, Some(provision), message, next);
    let facts = [
        ("sent_on", sent_on.to_string()),
        ("steps_due_on", due_on.to_string()),
        ("appeal_by", appeal_by.due_on.to_string()),
    ];
    Some(with_facts(found, facts))
}

/// What is to be said of an appeal.
#[must_use]
pub fn appeal_findings(calendars: &Calendars, appeal: &AppealFacts<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let regime = appeal.regimes.first().copied().unwrap_or(Regime::Foia);
    let due = appeal_due(calendars, regime, appeal.notice_sent_on).filter(|_| appeal.is_first);
    if let Some(due) = due.filter(|due| appeal.made_on > due.due_on) {
        let message = format!("The appeal was made on {}; the last day was {}.", appeal.made_on, due.due_on);
        let next = "Expect the tribunal to ask for reasons before it lets the appeal in out of time.";
        let found = finding("appeal-late", Severity::Warning, Some(due.provision), message, next);
        let late = appeal.made_on.days_since(due.due_on);
        let facts = [
            ("notice_sent_on", appeal.notice_sent_on.to_string()),
            ("due_on", due.due_on.to_string()),
            ("made_on", appeal.made_on.to_string()),
            ("days_late", late.to_string()),
        ];
        findings.push(with_facts(found, facts));
    }
    if is_scottish(appeal.regimes) && !appeal.names_point_of_law {
        let message = "An appeal to the Court of Session lies on a point of law only, and none is named.".to_owned();
        let next = "Record the point of law that the appeal turns on.";
        findings.push(finding("appeal-without-point-of-law", Severity::Warning, Some("section 56"), message, next));
    }
    findings
}

/// Whether the Scottish Commissioner, and after that the Court of Session, decide.
#[must_use]
pub fn is_scottish(regimes: &[Regime]) -> bool {
    regimes.iter().any(|regime| matches!(regime, Regime::Foisa | Regime::Eisr))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::law::deadline::PeriodUnit;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn review(regime: &[Regime], requested_on: &str, decided_on: Option<&str>) -> Vec<Finding> {
        review_findings(
            Calendars::embedded(),
            &ReviewFacts {
                regimes: regime,
                requested_on: day(requested_on),
                may_be_asked_until: Some(day("2023-08-21")),
                decided_on: decided_on.map(day),
                undecided: &[],
                same_decider: false,
                today: day("2023-09-18"),
            },
        )
    }

    fn ids(findings: &[Finding]) -> Vec<&str> {
        findings.iter().map(|finding| finding.id.as_ref()).collect()
    }

    #[test]
    fn a_review_one_day_over_forty_is_late_by_guidance_and_by_the_eir() {
        // Decision notice of 8 February 2024: 20 July to 19 September 2023 is 41 working days.
        let late = review(&[Regime::Foia], "2023-07-20", Some("2023-09-19"));
        assert_eq!(ids(&late), ["review-beyond-forty-days"]);
        assert_eq!((late[0].severity, late[0].provision.as_deref()), (Severity::Warning, None));
        assert_eq!(late[0].facts["working_days_taken"], "41");
        assert_eq!(late[0].facts["working_days_late"], "1");
        assert_eq!(ids(&review(&[Regime::Foia], "2023-07-20", Some("2023-09-18"))), ["review-beyond-twenty-days"]);
        assert!(review(&[Regime::Foia], "2023-07-20", Some("2023-08-18")).is_empty());
        let late = review(&[Regime::Eir], "2023-07-20", Some("2023-09-19"));
        assert_eq!((late[0].severity, late[0].provision.as_deref()), (Severity::Breach, Some("regulation 11(4)")));
    }

    #[test]
    fn a_review_without_outcome_is_late_from_the_day_after_its_last() {
        assert!(review(&[Regime::Eir], "2023-07-20", None).is_empty());
        let late = review(&[Regime::Foisa], "2023-07-20", None);
        assert_eq!((late[0].severity, late[0].provision.as_deref()), (Severity::Breach, Some("section 21(1)")));
    }

    #[test]
    fn a_review_asked_for_late_is_taken_with_advice() {
        assert!(review(&[Regime::Foia], "2023-08-21", Some("2023-08-29")).is_empty());
        let late = review(&[Regime::Foia], "2023-08-22", Some("2023-08-29"));
        assert_eq!(ids(&late), ["review-asked-late"]);
        assert_eq!(late[0].severity, Severity::Advice);
    }

    #[test]
    fn a_review_asked_for_late_is_owed_to_nobody_until_it_is_taken_on() {
        for regime in Regime::ALL {
            let of = |requested_on: &str, decided_on: Option<&str>| {
                let facts = ReviewFacts {
                    regimes: &[*regime],
                    requested_on: day(requested_on),
                    may_be_asked_until: Some(day("2023-07-20")),
                    decided_on: decided_on.map(day),
                    undecided: &[],
                    same_decider: false,
                    today: day("2023-12-29"),
                };
                review_findings(Calendars::embedded(), &facts).len()
            };
            assert_eq!(of("2023-07-20", None), 1, "{regime}: it is late");
            assert_eq!(of("2023-07-21", None), 1, "{regime}: it was asked for late");
            assert_eq!(of("2023-07-21", Some("2023-12-01")), 2, "{regime}: it was taken on, and late");
        }
    }

    #[test]
    fn a_decision_without_all_parts_is_a_breach_once_its_time_has_ended() {
        let found = |regime: Regime, until: &str, today: &str| {
            let facts = ReviewFacts {
                regimes: &[regime],
                requested_on: day("2023-07-20"),
                may_be_asked_until: Some(day(until)),
                decided_on: Some(day("2023-08-01")),
                undecided: &[(regime, "2".parse().unwrap())],
                same_decider: false,
                today: day(today),
            };
            let findings = review_findings(Calendars::embedded(), &facts);
            let left_out = findings.iter().find(|finding| finding.id == "review-part-undecided").unwrap();
            assert_eq!(left_out.facts["parts"], "2");
            (left_out.facts["due_on"].clone(), left_out.severity, left_out.provision.clone())
        };
        for (regime, due_on, provision) in [
            (Regime::Foia, "2023-08-18", None),
            (Regime::Eir, "2023-09-18", Some("regulation 11(4)")),
            (Regime::Foisa, "2023-08-18", Some("section 21(1)")),
            (Regime::Eisr, "2023-08-18", Some("regulation 16(4)")),
        ] {
            let provision = provision.map(str::to_owned);
            let weighs = if regime == Regime::Foia { Severity::Warning } else { Severity::Breach };
            let told = |severity| (due_on.to_owned(), severity, provision.clone());
            assert_eq!(found(regime, "2023-08-21", due_on), told(Severity::Warning), "{regime}");
            assert_eq!(found(regime, "2023-08-21", "2023-12-29"), told(weighs), "{regime}");
            assert_eq!(found(regime, "2023-07-19", "2023-12-29"), told(Severity::Warning), "{regime}: asked for late");
        }
    }

    #[test]
    fn in_scotland_a_review_comes_before_the_commissioner() {
        let complaint = |regime: Regime, reviews: &[(Date, Option<Date>)]| {
            let facts = ComplaintFacts { regimes: &[regime], made_on: day("2023-08-21"), reviews };
            complaint_findings(Calendars::embedded(), &facts).is_some()
        };
        assert!(complaint(Regime::Foisa, &[]));
        assert!(complaint(Regime::Eisr, &[]));
        assert!(!complaint(Regime::Foia, &[]));
        assert!(!complaint(Regime::Foisa, &[(day("2023-08-01"), Some(day("2023-08-21")))]));
        assert!(complaint(Regime::Foisa, &[(day("2023-08-01"), Some(day("2023-08-22")))]));
        // Asked for on 20 July its time ran out on 18 August, a Friday.
        assert!(!complaint(Regime::Foisa, &[(day("2023-07-20"), None)]));
        assert!(complaint(Regime::Foisa, &[(day("2023-07-21"), None)]));
    }

    #[test]
    fn in_scotland_six_months_are_given_to_apply() {
        let late = |regime, made_on: &str, decided_on: Option<&str>| {
            let reviews = [(day("2023-07-20"), decided_on.map(day))];
            let facts = ComplaintFacts { regimes: &[regime], made_on: day(made_on), reviews: &reviews };
            let found = complaint_findings(Calendars::embedded(), &facts);
            found.map(|found| (found.id.to_string(), found.provision.unwrap(), found.facts["until"].clone()))
        };
        let id = || "complaint-after-six-months".to_owned();
        assert_eq!(late(Regime::Foisa, "2024-02-10", Some("2023-08-10")), None);
        assert_eq!(
            late(Regime::Foisa, "2024-02-11", Some("2023-08-10")),
            Some((id(), "section 47(4)".to_owned(), "2024-02-10".to_owned()))
        );
        // Without an outcome from 18 August, when the time for it ran out.
        assert_eq!(late(Regime::Eisr, "2024-02-18", None), None);
        let by_17 = "section 47(4) of FOISA, by regulation 17".to_owned();
        assert_eq!(late(Regime::Eisr, "2024-02-19", None), Some((id(), by_17, "2024-02-18".to_owned())));
        assert_eq!(late(Regime::Foia, "2024-02-19", None), None);
    }

    #[test]
    fn steps_may_not_be_due_before_the_time_for_an_appeal_ends() {
        let given = |regime, days| {
            let sent_on = day("2020-06-23");
            let period = StepsPeriod { days, unit: PeriodUnit::CalendarDays, runs_from_on: sent_on };
            steps_findings(Calendars::embedded(), regime, sent_on, period)
        };
        let early = given(Regime::Foia, 27).unwrap();
        assert_eq!((early.severity, early.provision.as_deref()), (Severity::Warning, Some("section 50(6)")));
        assert_eq!(
            (early.facts["steps_due_on"].as_str(), early.facts["appeal_by"].as_str()),
            ("2020-07-20", "2020-07-21")
        );
        assert_eq!(given(Regime::Foia, 28), None, "the same day is no day before");
        assert!(given(Regime::Eir, 27).is_some());
        assert_eq!(given(Regime::Foisa, 27), None, "the rules of court are not in the sources");
    }

    #[test]
    fn an_appeal_after_its_last_day_is_told_of() {
        let appeal = |made_on: &str, is_first| {
            let facts = AppealFacts {
                regimes: &[Regime::Foia],
                notice_sent_on: day("2020-06-23"),
                made_on: day(made_on),
                is_first,
                names_point_of_law: false,
            };
            appeal_findings(Calendars::embedded(), &facts)
        };
        assert!(appeal("2020-07-21", true).is_empty());
        let late = appeal("2020-07-22", true);
        assert_eq!(ids(&late), ["appeal-late"]);
        assert_eq!(late[0].facts["days_late"], "1");
        assert!(appeal("2020-07-22", false).is_empty());
    }
}
