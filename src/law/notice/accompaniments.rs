//! What must or should go with a ground: a purpose, a condition, a companion provision, a place, an opinion, an
//! enactment, a date. The catalogue says which ground needs what. Costs stand apart.

use crate::{
    casework::{ground::QualifiedPerson, response::DeterminationOutcome},
    law::{
        Severity,
        catalogue::{Need, Provision, ProvisionKind, Requirement, Role},
        citations::within,
        notice::{
            check::{
                Applies::{self, Guidance, Never, Under},
                Check, Hit, Test,
            },
            letter::{CitedGround, DeterminedPart},
            resolution::Resolution,
        },
    },
};

const SPECIFIED: [Applies; 4] =
    [Under("section 17(1)(b)"), Under("regulation 14(3)(a)"), Under("section 16(1)(c)"), Under("regulation 13(b)")];

/// The first weeks after the request within which publication must be planned under FOISA s27(1).
const SCOTTISH_PUBLICATION_DAYS: i64 = 12 * 7;

/// The checks of what goes with a ground.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "missing-purpose",
        severity: Severity::Error,
        rests_on: SPECIFIED,
        message: "{provision} protects functions by their purpose, and no purpose is named.",
        next_step: "Name at least one of {any_of} among what the ground relies on.",
        test: Test::Ground(|part, ground| unmet(part, ground, Role::Purpose)),
    },
    Check {
        id: "missing-condition",
        severity: Severity::Error,
        rests_on: SPECIFIED,
        message: "{provision} applies only where a condition is met, and none is named.",
        next_step: "Name at least one of {any_of} among what the ground relies on.",
        test: Test::Ground(|part, ground| unmet(part, ground, Role::Condition)),
    },
    Check {
        id: "missing-companion-provision",
        severity: Severity::Error,
        rests_on: SPECIFIED,
        message: "{provision} works only together with another provision, and that is not named.",
        next_step: "Name at least one of {any_of} with it.",
        test: Test::Ground(|part, ground| unmet(part, ground, Role::Ground)),
    },
    Check {
        id: "missing-place",
        severity: Severity::Warning,
        rests_on: [Under("section 21(1)"), Never, Under("section 25(1)"), Never],
        message: "The letter relies on {provision} and does not say where the information can be had.",
        next_step: "Say where, and how, the requester can get the information.",
        test: Test::Ground(|_, ground| {
            Hit::when(needs(ground, Need::PlaceAvailable) && ground.ground.available_at.is_empty(), "/available_at")
        }),
    },
    Check {
        id: "missing-qualified-person",
        severity: Severity::Error,
        rests_on: [Under("section 36(2)"), Never, Never, Never],
        message: "{provision} rests on the reasonable opinion of a qualified person, and none is recorded.",
        next_step: "Record the qualified person's office and opinion; for statistical information record that it is such.",
        test: Test::Ground(missing_qualified_person),
    },
    Check {
        id: "qualified-person-opinion-incomplete",
        severity: Severity::Warning,
        rests_on: [Under("section 36(2)"), Never, Never, Never],
        message: "The qualified person for {provision} is named, without the day or without the substance of the opinion.",
        next_step: "Record the day of the opinion and what it says.",
        test: Test::Ground(incomplete_opinion),
    },
    Check {
        id: "missing-enactment",
        severity: Severity::Warning,
        rests_on: [Under("section 44(1)(a)"), Never, Under("section 26(a)"), Never],
        message: "{provision} is relied on without naming the enactment that prohibits disclosure.",
        next_step: "Name the enactment, with its section.",
        test: Test::Ground(|_, ground| {
            Hit::when(needs(ground, Need::Enactment) && ground.ground.enactment.is_none(), "/enactment")
        }),
    },
    Check {
        id: "missing-publication-date",
        severity: Severity::Advice,
        rests_on: [Under("section 22(1)"), Never, Under("section 27(1)"), Never],
        message: "{provision} is relied on without saying when publication is planned.",
        next_step: "Give the planned date, or the best estimate of it.",
        test: Test::Ground(|_, ground| {
            let missing = needs(ground, Need::PublicationDate) && ground.ground.publication_planned_on.is_none();
            Hit::when(missing, "/publication_planned_on")
        }),
    },
    Check {
        id: "publication-beyond-twelve-weeks",
        severity: Severity::Warning,
        rests_on: [Never, Never, Under("section 27(1)(a)"), Never],
        message: "Publication on {planned_on} is later than twelve weeks after the request ({latest_on}).",
        next_step: "Rely on another ground, or publish by {latest_on}.",
        test: Test::Ground(publication_too_late),
    },
    Check {
        id: "missing-completion-date",
        severity: Severity::Advice,
        rests_on: [Never, Under("regulation 14(4)"), Never, Under("regulation 13(d)")],
        message: "{provision} is relied on without saying when the material will be complete.",
        next_step: "Give the date by which it is expected to be complete, and the other authority preparing it, as far as known.",
        test: Test::Ground(|_, ground| {
            let missing = needs(ground, Need::CompletionDate) && ground.ground.publication_planned_on.is_none();
            Hit::when(missing, "/publication_planned_on")
        }),
    },
    Check {
        id: "missing-legitimate-interests",
        severity: Severity::Advice,
        rests_on: [Under("section 40(8)"), Guidance, Guidance, Guidance],
        message: "{provision} is relied on under the first condition, without the balance of legitimate interests.",
        next_step: "Record the legitimate interest, whether disclosure is necessary for it, and the balance.",
        test: Test::Ground(missing_legitimate_interests),
    },
    Check {
        id: "environmental-answer-due",
        severity: Severity::Advice,
        rests_on: [Under("section 39(1)"), Never, Under("section 39(2)"), Never],
        message: "{provision} says that the information is environmental: it is to be answered under the Regulations.",
        next_step: "Handle the part under the environmental information regulations and answer it there.",
        test: Test::Ground(|_, ground| Hit::when(needs(ground, Need::EnvironmentalAnswer), "/provision")),
    },
];

fn needs(ground: &CitedGround<'_>, need: Need) -> bool {
    ground.row().is_some_and(|row| row.needs.contains(&need))
}

/// The role that stands for a requirement: of the provisions that meet it, a purpose or condition, else any ground. The
/// half of FOIA s30(2) that names confidential sources is a companion, not a condition among which one chooses.
fn role_asked_for(part: &DeterminedPart<'_>, requirement: &Requirement) -> Role {
    let mut rows = requirement.any_of.iter().filter_map(|path| Resolution::of(part.regime, part.on, path).row);
    let role = rows.find_map(|row| row.role);
    match role {
        Some(Role::Purpose) => Role::Purpose,
        Some(Role::Condition) if requirement.any_of.len() > 1 => Role::Condition,
        _ => Role::Ground,
    }
}

/// Whether a provision meets the requirement: by itself, by a part of it, or as the imprecise parent of one that would.
fn meets(companion: &Provision, requirement: &Requirement) -> bool {
    let path = &companion.provision;
    let parent = companion.is_parent();
    requirement.any_of.iter().any(|wanted| within(path, wanted) || (parent && within(wanted, path)))
}

fn unmet(part: &DeterminedPart<'_>, ground: &CitedGround<'_>, role: Role) -> Vec<Hit> {
    let Some(row) = ground.standing_row() else {
        return Vec::new();
    };
    let companions = part.companions_of(ground);
    let unmet =
        row.requires.iter().filter(|requirement| !companions.iter().any(|companion| meets(companion, requirement)));
    unmet
        .filter(|requirement| role_asked_for(part, requirement) == role)
        .map(|requirement| Hit::at("/relies_on").fact("any_of", requirement.any_of.join(", ")))
        .collect()
}

fn missing_qualified_person(_: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    // FOIA s36(4): statistical information needs neither the opinion nor who gave it.
    let suffices = |person: &QualifiedPerson| person.office.is_some() || person.statistical_information == Some(true);
    let missing = !ground.ground.qualified_person.as_ref().is_some_and(suffices);
    Hit::when(needs(ground, Need::QualifiedPersonOpinion) && missing, "/qualified_person")
}

fn incomplete_opinion(_: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let incomplete = ground.ground.qualified_person.as_ref().is_some_and(|person| {
        person.statistical_information != Some(true)
            && person.office.is_some()
            && (person.opinion_on.is_none() || person.opinion.is_none())
    });
    Hit::when(needs(ground, Need::QualifiedPersonOpinion) && incomplete, "/qualified_person")
}

fn publication_too_late(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let (Some(planned), Some(received)) = (ground.ground.publication_planned_on, part.facts.received_on) else {
        return Vec::new();
    };
    let latest = received.plus_days(SCOTTISH_PUBLICATION_DAYS);
    if !needs(ground, Need::PublicationDate) || planned <= latest {
        return Vec::new();
    }
    vec![Hit::at("/publication_planned_on").fact("planned_on", planned).fact("latest_on", latest)]
}

/// The conditions that rest on the data protection principles, where lawfulness is a balance of legitimate interests.
const FIRST_CONDITIONS: [&str; 4] = ["40(3A)", "13(2A)", "38(2A)", "11(3A)"];

fn missing_legitimate_interests(part: &DeterminedPart<'_>, ground: &CitedGround<'_>) -> Vec<Hit> {
    let first = |path: &str| FIRST_CONDITIONS.iter().any(|condition| within(path, condition));
    let relies = ground.relied_rows().any(|row| first(&row.provision));
    let missing = relies
        && ground.is_of(ProvisionKind::Exemption)
        && ground.ground.legitimate_interests.is_none()
        && part.outcome() != DeterminationOutcome::NeitherConfirmedNorDenied;
    Hit::when(missing, "/legitimate_interests")
}
