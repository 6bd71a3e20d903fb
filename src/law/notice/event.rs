//! Events that the statute has something to say about: a question to the requester, a fees notice, a request closed without
//! its answer, a transfer. They are facts, so no finding stops anything. More time taken is looked at in `extension`.

use rust_decimal::Decimal;

use crate::{
    casework::{
        amount::Amount,
        response::{Particular, Particulars},
        text::Label,
    },
    law::{
        Date, Finding, Regime, Severity,
        clock::EventName,
        notice::{
            CHECKS as ALL_CHECKS,
            check::{
                Applies::{Guidance, Never, Under},
                Check, Collected, Hit, Test,
            },
        },
    },
};

/// The highest fee under FOISA s9, in pounds: a tenth of the 500 by which a cost of 600 exceeds 100 (SSI 2004/467 reg 4).
const HIGHEST_FEE: Decimal = Decimal::from_parts(50, 0, 0, false, 0);

/// A part that an event concerns, as it stood when the event came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventPart {
    /// The part's label.
    pub label: Label,
    /// The regime under which it is handled.
    pub regime: Regime,
    /// Whether it had been answered, withdrawn, closed or transferred before.
    pub is_closed: bool,
    /// The day its answer was due by statute. Absent where no day passed, because the duty waited or had ended.
    pub due_on: Option<Date>,
    /// The last day for an answer in time: `due_on`, or the end of a permitted extension. Absent with it.
    pub limit_on: Option<Date>,
    /// The day from which a question that stays without an answer may close it; absent where none was open.
    pub may_lapse_on: Option<Date>,
    /// The last day for the fees notice that the event is, where it came after it.
    pub fee_notice_due_on: Option<Date>,
}

/// An event, with all that its checks look at.
#[derive(Debug, Clone, Copy)]
pub struct EventFacts<'a> {
    /// What kind of event it is.
    pub kind: EventName,
    /// The day it took effect.
    pub effective_on: Date,
    /// The parts it concerns, in the order of the request.
    pub parts: &'a [EventPart],
    /// The fee that a fees notice asks for.
    pub amount: Option<Amount>,
    /// What a fees notice said of further rights.
    pub particulars: &'a Particulars,
}

/// The findings of an event, by their place in it, each once for all parts alike.
#[must_use]
pub fn event_findings(event: &EventFacts<'_>) -> Vec<Finding> {
    let mut collected = Collected::default();
    for part in event.parts {
        for check in ALL_CHECKS.iter().copied().flatten() {
            collected.run_on_event(check, event, part);
        }
    }
    collected.sorted()
}

/// The checks of events.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "clarification-asked-late",
        severity: Severity::Breach,
        rests_on: [Under("section 10(1)"), Under("regulation 9(2)"), Under("section 10(1)"), Under("regulation 9(2)")],
        message: "The time ran out on {limit_on}; the question was put on {asked_on}.",
        next_step: "Answer as soon as possible once it is clear what is asked for: a question put late cures nothing.",
        test: Test::Event(EventName::ClarificationAsked, asked_late),
    },
    Check {
        id: "clarification-is-refusal",
        severity: Severity::Warning,
        rests_on: [Never, Under("regulation 12(4)(c)"), Never, Under("regulation 10(4)(c)")],
        message: "To ask what a request in too general terms means is to refuse it as it stands, so the letter that asks \
                  is a notice under {notice_under}.",
        next_step: "Let the letter name the exception, say how the public interest was weighed, help the requester to ask \
                    more precisely, and give the particulars of reconsideration and of the regulator.",
        test: Test::Event(EventName::ClarificationAsked, |_, part| {
            let notice_under = if part.regime == Regime::Eir { "regulation 14" } else { "regulation 13" };
            let refused = Some(Hit::at("/text").fact("notice_under", notice_under)).filter(|_| !part.is_closed);
            refused.into_iter().collect()
        }),
    },
    Check {
        id: "fee-notice-late",
        severity: Severity::Breach,
        rests_on: [Under("section 9(1)"), Under("regulation 8(4)"), Under("section 9(1)"), Under("regulation 8")],
        message: "The time for a fees notice ran out on {limit_on}; this one was given on {given_on}.",
        next_step: "Answer as soon as possible: a fees notice given late cures nothing, and the fee not paid ends no duty.",
        test: Test::Event(EventName::FeeNoticeGiven, fee_asked_late),
    },
    Check {
        id: "fee-notice-without-internal-review",
        severity: Severity::Error,
        rests_on: [Never, Never, Under("section 19(a)"), Never],
        message: "The fees notice is not recorded as giving particulars of the review and of the procedure for complaints.",
        next_step: "Give them with a notice under section 9(1), and record it with `particulars`.",
        test: Test::Event(EventName::FeeNoticeGiven, |event, part| {
            let stated = event.particulars.internal_review == Some(Particular::Stated);
            Hit::when(!part.is_closed && !stated, "/particulars/internal_review")
        }),
    },
    Check {
        id: "fee-notice-without-regulator",
        severity: Severity::Error,
        rests_on: [Never, Never, Under("section 19(b)"), Never],
        message: "The fees notice is not recorded as giving particulars of the application to the Commissioner.",
        next_step: "Give them with a notice under section 9(1), and record it with `particulars`.",
        test: Test::Event(EventName::FeeNoticeGiven, |event, part| {
            let stated = event.particulars.regulator == Some(Particular::Stated);
            Hit::when(!part.is_closed && !stated, "/particulars/regulator")
        }),
    },
    Check {
        id: "fee-above-maximum",
        severity: Severity::Warning,
        rests_on: [Never, Never, Under("SSI 2004/467 reg 4"), Never],
        message: "The fee, {amount} pounds, is above {maximum}: a tenth of what the cost exceeds 100 pounds by, up to 600.",
        next_step: "Reckon the fee again; only one under section 13, for a request beyond the limit of cost, may be higher.",
        test: Test::Event(EventName::FeeNoticeGiven, fee_above_maximum),
    },
    Check {
        id: "lapse-without-question",
        severity: Severity::Warning,
        rests_on: [Under("section 1(3)"), Under("regulation 5(1)"), Under("section 1(3)"), Under("regulation 5(1)")],
        message: "Part {part} was closed for want of clarification, and no question to the requester was open.",
        next_step: "Void the entry and answer; or record the question where one was put.",
        test: Test::Event(EventName::Lapse, |_, part| {
            let unasked = !part.is_closed && part.may_lapse_on.is_none();
            Some(Hit::at("/parts").fact("part", &part.label)).filter(|_| unasked).into_iter().collect()
        }),
    },
    Check {
        id: "lapse-early",
        severity: Severity::Warning,
        rests_on: [Guidance, Guidance, Guidance, Guidance],
        message: "Closed on {lapsed_on}; good practice leaves the requester until {may_lapse_on} to answer the question.",
        next_step: "Accept an answer that still comes, as a reopening.",
        test: Test::Event(EventName::Lapse, lapsed_early),
    },
    Check {
        id: "transfer-discharges-no-duty",
        severity: Severity::Advice,
        rests_on: [Under("section 1(1)(a)"), Never, Under("section 1(1)"), Never],
        message: "The Act knows no transfer that ends the duty to answer: it stays with the authority asked first.",
        next_step: "Transfer with the requester's consent only, and still answer, also where the answer is only that the \
                    authority has nothing of the kind, unless that itself is excluded.",
        test: Test::Event(EventName::Transfer, |_, part| Hit::when(!part.is_closed, "/transferred_to")),
    },
    Check {
        id: "transfer-needs-refusal",
        severity: Severity::Advice,
        rests_on: [Never, Under("regulation 10(1)"), Never, Never],
        message: "A transfer does not stand alone: the requester is told of it with the refusal under regulation 14(1).",
        next_step: "Send the refusal within the time for an answer, with the particulars of reconsideration and of the \
                    regulator.",
        test: Test::Event(EventName::Transfer, |_, part| Hit::when(!part.is_closed, "/transferred_to")),
    },
];

/// The Acts let the duty wait while time is left, an extension included. The Regulations give a time for asking of its
/// own, which more time for the answer does not lengthen.
fn asked_late(event: &EventFacts<'_>, part: &EventPart) -> Vec<Hit> {
    let limit_on = match part.regime {
        Regime::Foia | Regime::Foisa => part.limit_on,
        Regime::Eir | Regime::Eisr => part.due_on,
    };
    let late = limit_on.filter(|limit_on| event.effective_on > *limit_on);
    let hit = |limit_on| Hit::at("/asked_on").fact("limit_on", limit_on).fact("asked_on", event.effective_on);
    late.map(hit).into_iter().collect()
}

fn fee_asked_late(event: &EventFacts<'_>, part: &EventPart) -> Vec<Hit> {
    let hit = |limit_on| Hit::at("/given_on").fact("limit_on", limit_on).fact("given_on", event.effective_on);
    part.fee_notice_due_on.map(hit).into_iter().collect()
}

fn fee_above_maximum(event: &EventFacts<'_>, part: &EventPart) -> Vec<Hit> {
    let above = event.amount.filter(|amount| !part.is_closed && **amount > HIGHEST_FEE);
    let hit = |amount| Hit::at("/amount").fact("amount", amount).fact("maximum", HIGHEST_FEE);
    above.map(hit).into_iter().collect()
}

fn lapsed_early(event: &EventFacts<'_>, part: &EventPart) -> Vec<Hit> {
    let early = part.may_lapse_on.filter(|may_lapse_on| !part.is_closed && event.effective_on < *may_lapse_on);
    let hit =
        |may_lapse_on| Hit::at("/lapsed_on").fact("may_lapse_on", may_lapse_on).fact("lapsed_on", event.effective_on);
    early.map(hit).into_iter().collect()
}
