//! The outcome of a whole request from the answers to its valid parts.

use crate::casework::{request::RequestOutcome, response::DeterminationOutcome};

/// Derives the outcome of a request that is answered in full; `None` without an answer.
///
/// Anything disclosed with anything withheld or NCND is partly withheld; disclosed with not held is granted in full.
/// With nothing disclosed: any withheld is withheld in full, else any NCND is NCND, else a procedural refusal is that
/// refusal, else not held. Information accessible elsewhere is withheld under section 21. Advice and a transfer decide
/// only where nothing else was answered.
#[must_use]
pub fn request_outcome(parts: &[DeterminationOutcome]) -> Option<RequestOutcome> {
    use DeterminationOutcome as Part;
    use RequestOutcome as Whole;
    let any = |wanted: &[Part]| parts.iter().any(|outcome| wanted.contains(outcome));
    let refused = any(&[Part::Withheld, Part::NeitherConfirmedNorDenied, Part::AccessibleElsewhere])
        || any(&[Part::RefusedCost, Part::RefusedVexatious, Part::RefusedRepeated]);
    let outcome = if any(&[Part::PartlyDisclosed]) || (any(&[Part::Disclosed]) && refused) {
        Whole::PartlyWithheld
    } else if any(&[Part::Disclosed]) {
        Whole::GrantedInFull
    } else if any(&[Part::Withheld, Part::AccessibleElsewhere]) {
        Whole::WithheldInFull
    } else if any(&[Part::NeitherConfirmedNorDenied]) {
        Whole::NeitherConfirmedNorDenied
    } else if any(&[Part::RefusedVexatious]) {
        Whole::RefusedVexatious
    } else if any(&[Part::RefusedRepeated]) {
        Whole::RefusedRepeated
    } else if any(&[Part::RefusedCost]) {
        Whole::RefusedCost
    } else if any(&[Part::NotHeld]) {
        Whole::NotHeld
    } else if any(&[Part::AdviceGiven]) {
        Whole::AdviceGiven
    } else if any(&[Part::Transferred]) {
        Whole::Transferred
    } else {
        return None;
    };
    Some(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_decide_the_whole() {
        use DeterminationOutcome as Part;
        use RequestOutcome as Whole;
        let cases: &[(&[Part], Option<Whole>)] = &[
            (&[], None),
            (&[Part::Disclosed, Part::Disclosed], Some(Whole::GrantedInFull)),
            (&[Part::Disclosed, Part::NotHeld], Some(Whole::GrantedInFull)),
            (&[Part::Disclosed, Part::NeitherConfirmedNorDenied], Some(Whole::PartlyWithheld)),
            (&[Part::PartlyDisclosed], Some(Whole::PartlyWithheld)),
            (&[Part::Withheld, Part::NeitherConfirmedNorDenied], Some(Whole::WithheldInFull)),
            (&[Part::NeitherConfirmedNorDenied, Part::NotHeld], Some(Whole::NeitherConfirmedNorDenied)),
            (&[Part::RefusedCost, Part::NotHeld], Some(Whole::RefusedCost)),
            (&[Part::NotHeld], Some(Whole::NotHeld)),
            (&[Part::AdviceGiven], Some(Whole::AdviceGiven)),
            (&[Part::Transferred, Part::NotHeld], Some(Whole::NotHeld)),
        ];
        for (parts, expected) in cases {
            assert_eq!(request_outcome(parts), *expected, "{parts:?}");
        }
    }
}
