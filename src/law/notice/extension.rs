//! A notice that more time is taken. Under FOIA s10(3) it is itself a notice under s17(2): due when the answer was due,
//! naming a qualified ground, with an estimate and the particulars. Under EIR and EI(S)Rs reg 7 it is given for
//! complexity and volume alone.

use crate::{
    casework::{
        response::{Particular, Particulars},
        text::{Label, Prose, Word},
    },
    law::{
        Date, Finding, Regime, Severity,
        catalogue::Applicability,
        clock::ExtensionKind,
        notice::{
            CHECKS as ALL_CHECKS,
            check::{
                Applies::{self, Guidance, Never, Under},
                Check, Collected, Hit, Test,
            },
            resolution::{CitationStatus, Resolution},
        },
    },
};

/// A part whose time is extended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtendedPart {
    /// The part's label.
    pub label: Label,
    /// The regime under which it is handled.
    pub regime: Regime,
    /// The last day for the notice: that of the answer without this extension. Absent where no day passes, because the
    /// duty waits or has ended.
    pub due_on: Option<Date>,
    /// Working days from that day to the notice; absent when the notice is in time or nobody counted.
    pub working_days_late: Option<i64>,
    /// Day 40 of the clock that runs, days that a fee suspends left out.
    pub day_forty: Option<Date>,
}

/// A notice that more time is taken, with all that its checks look at.
#[derive(Debug, Clone, Copy)]
pub struct ExtensionFacts<'a> {
    /// Why more time is taken.
    pub kind: ExtensionKind,
    /// The day the notice was given.
    pub notified_on: Date,
    /// The estimate of the day of the decision.
    pub estimated_on: Option<Date>,
    /// The grounds named, as they were cited.
    pub grounds: &'a [Word],
    /// The reasons given.
    pub reasons: Option<&'a Prose>,
    /// What the notice said of further rights.
    pub particulars: &'a Particulars,
    /// The parts whose time is extended, in the order of the request.
    pub parts: &'a [ExtendedPart],
}

/// The findings of an extension, by their place in it, each once for all parts alike.
#[must_use]
pub fn extension_findings(extension: &ExtensionFacts<'_>) -> Vec<Finding> {
    let mut collected = Collected::default();
    for part in extension.parts {
        for check in ALL_CHECKS.iter().copied().flatten() {
            collected.run_on_extension(check, extension, part);
        }
    }
    collected.sorted()
}

const FOIA_17_2: [Applies; 4] = [Under("section 17(2)"), Never, Never, Never];

/// The checks of extensions.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "extension-not-in-regime",
        severity: Severity::Error,
        rests_on: [Under("section 10(3)"), Under("regulation 7(1)"), Under("section 10(1)"), Under("regulation 7(1)")],
        message: "The regime of part {part} gives no more time for this reason ({kind}).",
        next_step: "Answer by the statutory date; an extension that does not exist moves nothing.",
        test: Test::Extension(|extension, part| {
            if exists(extension, part) {
                return Vec::new();
            }
            vec![Hit::at("/kind").fact("part", &part.label).fact("kind", extension.kind)]
        }),
    },
    Check {
        id: "extension-notified-late",
        severity: Severity::Breach,
        rests_on: [Under("section 17(2)"), Under("regulation 7(3)"), Never, Under("regulation 7")],
        message: "The notice was due on {due_on} and was given on {notified_on}.",
        next_step: "Answer as soon as possible: a notice given late gives no more time.",
        test: Test::Extension(notified_late),
    },
    Check {
        id: "extension-without-ground",
        severity: Severity::Error,
        rests_on: [Under("section 17(1)(b)"), Never, Never, Never],
        message: "The notice names no ground for which the public interest is weighed.",
        next_step: "Name the qualified ground; where the answer may neither confirm nor deny, the provision that excludes the duty.",
        test: Test::Extension(|extension, _| {
            Hit::when(weighs_interest(extension) && extension.grounds.is_empty(), "/grounds")
        }),
    },
    Check {
        id: "extension-ground-unknown",
        severity: Severity::Error,
        rests_on: [Under("section 17(1)(b)"), Never, Never, Never],
        message: "The notice names {cited}, which is no ground of refusal in force on {on}.",
        next_step: "Correct the citation.",
        test: Test::Extension(|extension, part| {
            grounds(extension, part, |resolution| resolution.status != CitationStatus::InForce)
        }),
    },
    Check {
        id: "extension-ground-not-qualified",
        severity: Severity::Error,
        rests_on: [Under("section 10(3)"), Never, Never, Never],
        message: "{cited} asks for no public-interest test, so there is nothing to take more time for.",
        next_step: "Answer for this ground by the statutory date.",
        test: Test::Extension(|extension, part| {
            grounds(extension, part, |resolution| {
                let absolute = resolution.row.is_some_and(|row| row.requires_public_interest_test == Applicability::No);
                resolution.status == CitationStatus::InForce && absolute
            })
        }),
    },
    Check {
        id: "extension-without-reasons",
        severity: Severity::Error,
        rests_on: [Under("section 17(1)(c)"), Never, Never, Under("regulation 7")],
        message: "The notice does not say why: why the ground applies, or why the information is complex and voluminous.",
        next_step: "Give the reasons.",
        test: Test::Extension(|extension, part| {
            Hit::when(exists(extension, part) && extension.reasons.is_none(), "/reasons")
        }),
    },
    Check {
        id: "extension-without-estimate",
        severity: Severity::Error,
        rests_on: FOIA_17_2,
        message: "The notice gives no estimate of the day by which the decision will be reached.",
        next_step: "Give a realistic estimate, and a new one before it passes.",
        test: Test::Extension(|extension, _| {
            Hit::when(weighs_interest(extension) && extension.estimated_on.is_none(), "/estimated_on")
        }),
    },
    Check {
        id: "extension-estimate-in-the-past",
        severity: Severity::Error,
        rests_on: [Under("section 17(2)"), Guidance, Never, Guidance],
        message: "The day estimated, {estimated_on}, had passed when the notice was given on {notified_on}.",
        next_step: "Give a new notice with a day still to come; an estimate in the past gives no time.",
        test: Test::Extension(estimated_in_the_past),
    },
    Check {
        id: "extension-gives-no-time",
        severity: Severity::Advice,
        rests_on: [Under("section 17(2)"), Never, Never, Never],
        message: "The day estimated, {estimated_on}, gives no more time: the answer is due on {due_on} anyway.",
        next_step: "Answer by {due_on}; if the public interest takes longer to weigh, give a new notice before that day.",
        test: Test::Extension(no_more_time),
    },
    Check {
        id: "extension-beyond-day-forty",
        severity: Severity::Warning,
        rests_on: [Guidance, Under("regulation 7(1)"), Never, Under("regulation 7(1)")],
        message: "The day estimated, {estimated_on}, lies after day 40 ({day_forty}).",
        next_step: "Answer by day 40; under the Act of 2000 later only in an exceptional case, with the reasons recorded.",
        test: Test::Extension(beyond_day_forty),
    },
    Check {
        id: "extension-without-internal-review",
        severity: Severity::Error,
        rests_on: [Under("section 17(7)(a)"), Never, Never, Under("regulation 7")],
        message: "The notice is not recorded as giving particulars of the internal review.",
        next_step: "Give them.",
        test: Test::Extension(|extension, part| {
            // FOIA s17(7)(a) lets the notice say that there is no such procedure; the review of the Regulations is law.
            let said = match extension.particulars.internal_review {
                Some(Particular::Stated) => true,
                Some(Particular::NoneExists) => part.regime == Regime::Foia,
                Some(Particular::Omitted) | None => false,
            };
            Hit::when(exists(extension, part) && !said, "/particulars/internal_review")
        }),
    },
    Check {
        id: "extension-without-regulator",
        severity: Severity::Error,
        rests_on: [Under("section 17(7)(b)"), Never, Never, Never],
        message: "The notice is not recorded as giving particulars of the right to apply to the regulator.",
        next_step: "Give them.",
        test: Test::Extension(|extension, _| {
            let said = extension.particulars.regulator == Some(Particular::Stated);
            Hit::when(weighs_interest(extension) && !said, "/particulars/regulator")
        }),
    },
];

/// Whether one of the grounds named is weighed against the public interest: only then is the notice one under FOIA
/// s17(2), and more time permitted under s10(3).
#[must_use]
pub fn names_qualified_ground(notified_on: Date, grounds: &[Word]) -> bool {
    grounds.iter().any(|cited| {
        let resolution = Resolution::of(Regime::Foia, notified_on, cited);
        let weighed = resolution.row.is_some_and(|row| row.requires_public_interest_test != Applicability::No);
        resolution.status == CitationStatus::InForce && weighed
    })
}

const fn weighs_interest(extension: &ExtensionFacts<'_>) -> bool {
    matches!(extension.kind, ExtensionKind::PublicInterest)
}

/// Whether the regime knows this extension: FOIA the public interest, the Regulations complexity and volume, FOISA none.
const fn exists(extension: &ExtensionFacts<'_>, part: &ExtendedPart) -> bool {
    matches!(
        (extension.kind, part.regime),
        (ExtensionKind::PublicInterest, Regime::Foia)
            | (ExtensionKind::ComplexityAndVolume, Regime::Eir | Regime::Eisr)
    )
}

fn notified_late(extension: &ExtensionFacts<'_>, part: &ExtendedPart) -> Vec<Hit> {
    let Some(due_on) = part.due_on.filter(|due_on| exists(extension, part) && extension.notified_on > *due_on) else {
        return Vec::new();
    };
    let hit = Hit::at("/notified_on").fact("due_on", due_on).fact("notified_on", extension.notified_on);
    vec![hit.fact_if("working_days_late", part.working_days_late)]
}

fn grounds(extension: &ExtensionFacts<'_>, part: &ExtendedPart, wrong: fn(&Resolution) -> bool) -> Vec<Hit> {
    let named = extension.grounds.iter().enumerate().filter(|_| weighs_interest(extension));
    let resolved = named.map(|(at, cited)| (at, Resolution::of(part.regime, extension.notified_on, cited)));
    resolved
        .filter(|(_, resolution)| wrong(resolution))
        .map(|(at, resolution)| {
            Hit::at(format!("/grounds/{at}")).fact("cited", resolution.cited).fact("on", extension.notified_on)
        })
        .collect()
}

fn estimated_in_the_past(extension: &ExtensionFacts<'_>, part: &ExtendedPart) -> Vec<Hit> {
    let passed = extension.estimated_on.filter(|estimated_on| *estimated_on < extension.notified_on);
    let hit = |estimated_on: Date| {
        Hit::at("/estimated_on").fact("estimated_on", estimated_on).fact("notified_on", extension.notified_on)
    };
    passed.filter(|_| exists(extension, part)).map(hit).into_iter().collect()
}

fn no_more_time(extension: &ExtensionFacts<'_>, part: &ExtendedPart) -> Vec<Hit> {
    let within = extension.estimated_on.zip(part.due_on).filter(|(estimated_on, due_on)| estimated_on <= due_on);
    let hit = |(estimated_on, due_on): (Date, Date)| {
        Hit::at("/estimated_on").fact("estimated_on", estimated_on).fact("due_on", due_on)
    };
    let still_to_come = |(estimated_on, _): &(Date, Date)| *estimated_on >= extension.notified_on;
    within.filter(still_to_come).filter(|_| weighs_interest(extension)).map(hit).into_iter().collect()
}

fn beyond_day_forty(extension: &ExtensionFacts<'_>, part: &ExtendedPart) -> Vec<Hit> {
    let beyond = extension.estimated_on.zip(part.day_forty).filter(|(estimated, day_forty)| estimated > day_forty);
    let hit = |(estimated, day_forty): (Date, Date)| {
        Hit::at("/estimated_on").fact("estimated_on", estimated).fact("day_forty", day_forty)
    };
    beyond.filter(|_| exists(extension, part)).map(hit).into_iter().collect()
}
