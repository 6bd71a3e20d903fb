//! What holds of reviews, of complaints and of what became of answers, likely or not: a day is seen as it was.

use proptest::prelude::*;
use serde_json::json;

use super::{
    properties::{asked, cut, later, story},
    *,
};
use crate::casework::{
    appeal::{AppealOutcome, NewAppeal},
    decision_notice::{NewDecisionNotice, RegulatorFinding},
    review::ReviewOutcome,
};

/// Some days after a day, where something followed.
fn follows(most: i64) -> impl Strategy<Value = Option<i64>> {
    proptest::option::of(0..most)
}

fn regimes() -> impl Strategy<Value = Vec<Regime>> {
    proptest::sample::subsequence(Regime::ALL.to_vec(), 1..3)
}

prop_compose! {
    fn review()(
        requested in 0..250_i64,
        decided in follows(120),
        regimes in regimes(),
        results in proptest::collection::vec(proptest::sample::select(ReviewOutcome::ALL), 2),
    ) -> ReviewCase {
        ReviewCase {
            requested_on: later(requested),
            decided_on: decided.map(|days| later(requested + days)),
            results: regimes.iter().copied().zip(results).filter(|_| decided.is_some()).collect(),
            regimes,
        }
    }
}

prop_compose! {
    /// An appeal against a notice sent on this day.
    fn appeal(sent: i64)(
        made in 0..60_i64,
        decided in follows(90),
        outcome in proptest::sample::select(AppealOutcome::ALL),
        is_replaced in any::<bool>(),
    ) -> NewAppeal {
        let made = sent + made;
        let mut appeal = json!({"tribunal": "first_tier", "made_on": later(made), "made_by": "authority"});
        if let Some(days) = decided {
            appeal["decision"] = json!({"decided_on": later(made + days), "outcome": outcome});
            if is_replaced {
                appeal["decision"]["substituted_notice"] = steps(made + days);
            }
        }
        serde_json::from_value(appeal).unwrap()
    }
}

fn steps(from: i64) -> serde_json::Value {
    json!({"steps": [{"text": "Answer."}],
        "steps_period": {"days": 35, "unit": "calendar_days", "runs_from_on": later(from)}})
}

fn notice() -> impl Strategy<Value = NoticeCase> {
    (0..250_i64).prop_flat_map(|sent| {
        let findings = proptest::collection::vec(
            (proptest::sample::select(&["10(1)", "31(3)"][..]), proptest::sample::select(RegulatorFinding::ALL)),
            0..3,
        );
        let appeals = proptest::collection::vec(appeal(sent), 0..3);
        (findings, any::<bool>(), follows(120), appeals).prop_map(move |(findings, orders, complied, appeals)| {
            let mut notice = if orders { steps(sent) } else { json!({}) };
            notice["sent_on"] = json!(later(sent));
            let finding =
                |(provision, finding): &(&str, RegulatorFinding)| json!({"provision": provision, "finding": finding});
            notice["findings"] = findings.iter().map(finding).collect();
            if let Some(days) = complied.filter(|_| orders) {
                notice["compliance"] = json!({"complied_on": later(sent + days)});
            }
            let notice: NewDecisionNotice = serde_json::from_value(notice).unwrap();
            let found = |(provision, finding): (&str, RegulatorFinding)| FoundOn {
                parts: None,
                sent_on: notice.sent_on,
                regime: Regime::Foia,
                provision: Some(provision.to_owned()),
                finding,
            };
            let findings = findings.into_iter().map(found).collect();
            NoticeCase { notice, findings, regime: Regime::Foia, appeals }
        })
    })
}

prop_compose! {
    fn complaint()(
        made in 0..250_i64,
        regimes in regimes(),
        ended in follows(90),
        notices in proptest::collection::vec(notice(), 0..3),
    ) -> ComplaintCase {
        ComplaintCase { made_on: later(made), regimes, ended_on: ended.map(|days| later(made + days)), notices }
    }
}

prop_compose! {
    fn redress()(
        reviewed in proptest::collection::vec((1..4_u8, 0..300_i64, proptest::sample::select(ReviewOutcome::ALL)), 0..4),
        found in proptest::collection::vec((
            proptest::option::of(1..4_u8),
            0..300_i64,
            proptest::option::of(proptest::sample::select(&["31", "31(3)", "12(1)"][..])),
            proptest::sample::select(RegulatorFinding::ALL),
        ), 0..4),
    ) -> Redress {
        let part = |number: u8| label(&number.to_string());
        Redress {
            reviewed: reviewed
                .into_iter()
                .map(|(number, days, result)| ReviewedPart { part: part(number), decided_on: later(days), result })
                .collect(),
            found: found
                .into_iter()
                .map(|(number, days, provision, finding)| FoundOn {
                    parts: number.map(|number| vec![part(number)]),
                    sent_on: later(days),
                    regime: Regime::Foia,
                    provision: provision.map(str::to_owned),
                    finding,
                })
                .collect(),
        }
    }
}

/// What figures about redress are counted from.
#[derive(Debug, Clone)]
struct Casework {
    stories: Vec<(Story, Redress)>,
    reviews: Vec<ReviewCase>,
    complaints: Vec<ComplaintCase>,
}

prop_compose! {
    fn casework()(
        mut stories in proptest::collection::vec((story(), redress()), 0..6),
        reviews in proptest::collection::vec(review(), 0..6),
        complaints in proptest::collection::vec(complaint(), 0..4),
    ) -> Casework {
        for citation in stories.iter_mut().flat_map(|(story, _)| &mut story.citations) {
            citation.ncnd = citation.class == "31(3)";
        }
        Casework { stories, reviews, complaints }
    }
}

impl Casework {
    /// What was recorded of the days up to `day`.
    fn cut(&self, day: Date) -> Self {
        let of_stories = |(story, redress): &(Story, Redress)| {
            let mut redress = redress.clone();
            redress.reviewed.retain(|one| one.decided_on <= day);
            redress.found.retain(|one| one.sent_on <= day);
            (cut(story, day), redress)
        };
        let mut reviews = self.reviews.clone();
        reviews.retain(|review| review.requested_on <= day);
        for review in reviews.iter_mut().filter(|review| review.decided_on.is_some_and(|decided_on| decided_on > day)) {
            (review.decided_on, review.results) = (None, Vec::new());
        }
        let mut complaints = self.complaints.clone();
        complaints.retain(|complaint| complaint.made_on <= day);
        for complaint in &mut complaints {
            complaint.ended_on = complaint.ended_on.filter(|ended_on| *ended_on <= day);
            complaint.notices.retain(|notice| notice.notice.sent_on <= day);
            for notice in &mut complaint.notices {
                cut_notice(notice, day);
            }
        }
        Self { stories: self.stories.iter().map(of_stories).collect(), reviews, complaints }
    }

    /// Everything about redress that can be asked of it.
    fn figures(&self, asked: &Selection) -> (Vec<ReviewsRow>, Vec<RegulatorRow>, Vec<ProvisionRow>, Vec<NcndRow>) {
        let calendars = Calendars::embedded();
        let each: Vec<(Case, Redress)> =
            self.stories.iter().map(|(story, redress)| (story.case(), redress.clone())).collect();
        let cases: Vec<Case> = each.iter().map(|(case, _)| case.clone()).collect();
        let mut of_ncnd = ncnd(calendars, &cases, asked);
        add_ncnd_redress(&mut of_ncnd, calendars, &each, asked);
        (
            reviews(calendars, &self.reviews, asked),
            regulator(calendars, &self.complaints, asked),
            provisions(calendars, each.iter().map(|(case, redress)| (case, redress)), asked),
            of_ncnd,
        )
    }

    fn returns(&self, as_at: Date) -> Vec<returns::ReturnDocument> {
        let calendars = Calendars::embedded();
        let cases: Vec<Case> = self.stories.iter().map(|(story, _)| story.case()).collect();
        let subject = returns::ReturnSubject { authority_id: "", name: "A body", kind: "other", nation: "uk" };
        let documents = returns::ReturnKind::ALL.iter().flat_map(|kind| {
            ["2023-Q4", "2024-Q1", "2024-Q2", "2024", "2023-24"].map(|period| {
                let period = period.parse().unwrap();
                let (reviews, complaints) = (&self.reviews, &self.complaints);
                let today = Date::LAST;
                let question = returns::ReturnQuestion { subject, period, as_at, today, reviews, complaints };
                returns::prepare(*kind, calendars, &cases, &question)
            })
        });
        documents.collect()
    }
}

fn cut_notice(notice: &mut NoticeCase, day: Date) {
    if notice.notice.compliance.as_ref().is_some_and(|compliance| compliance.complied_on > day) {
        notice.notice.compliance = None;
    }
    notice.appeals.retain(|appeal| appeal.made_on <= day);
    for appeal in &mut notice.appeals {
        if appeal.decision.as_ref().is_some_and(|decision| decision.decided_on > day) {
            appeal.decision = None;
        }
    }
}

proptest! {
    #[test]
    fn redress_as_at_a_day_is_that_of_the_history_cut_to_it(casework in casework(), asked in asked()) {
        prop_assert_eq!(casework.figures(&asked), casework.cut(asked.as_at).figures(&asked));
    }

    #[test]
    fn returns_as_at_a_day_have_the_redress_of_the_history_cut_to_it(casework in casework(), days in 0..400_i64) {
        let as_at = later(days);
        prop_assert_eq!(casework.returns(as_at), casework.cut(as_at).returns(as_at));
    }
}
