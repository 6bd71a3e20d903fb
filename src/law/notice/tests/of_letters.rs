//! Particulars, coverage, time, and notices that more time is taken.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    [particulars(), answering()].concat()
}

fn stating(internal_review: &str, regulator: &str) -> Particulars {
    serde_json::from_value(json!({"internal_review": internal_review, "regulator": regulator})).unwrap()
}

fn refused(regime: Regime, internal_review: &str, regulator: &str) -> Draft {
    let draft = one("withheld", json!([crime()])).under(regime);
    draft.with(|draft| draft.particulars = stating(internal_review, regulator))
}

fn particulars() -> Vec<Case> {
    let silent = |outcome: &str| one(outcome, json!([])).with(|draft| draft.particulars = Particulars::default());
    let at_review = |regime: Regime, regulator: &str| {
        refused(regime, "omitted", regulator).with(|draft| draft.kind = ResponseKind::Review)
    };
    let reviewed =
        |outcome: &str, regime: Regime| silent(outcome).under(regime).with(|draft| draft.kind = ResponseKind::Review);
    vec![
        case("missing-internal-review", silent("withheld"), silent("not_held")),
        case(
            "missing-internal-review",
            refused(Regime::Foia, "omitted", "stated"),
            refused(Regime::Foia, "none_exists", "stated"),
        ),
        case(
            "missing-internal-review",
            refused(Regime::Eir, "none_exists", "stated"),
            at_review(Regime::Eir, "stated"),
        ),
        case(
            "missing-regulator",
            refused(Regime::Foia, "stated", "omitted"),
            refused(Regime::Foia, "stated", "stated"),
        ),
        case("missing-regulator", silent("not_held").under(Regime::Foisa), silent("disclosed").under(Regime::Foisa)),
        case(
            "review-outcome-without-further-rights",
            at_review(Regime::Foisa, "omitted"),
            at_review(Regime::Foisa, "stated"),
        ),
        case(
            "review-outcome-without-further-rights",
            reviewed("disclosed", Regime::Foisa),
            reviewed("disclosed", Regime::Foia),
        ),
        case(
            "review-outcome-without-regulator",
            at_review(Regime::Foia, "omitted"),
            refused(Regime::Foia, "stated", "omitted"),
        ),
    ]
    .into_iter()
    .chain(beside_refusals())
    .collect()
}

/// Particulars of what is no refusal, of the outcomes of reviews, and those that the settings lack.
fn beside_refusals() -> Vec<Case> {
    let elsewhere = |regime: Regime, internal_review: &str, regulator: &str| {
        let draft = one("accessible_elsewhere", json!([])).under(regime);
        draft.with(|draft| draft.particulars = stating(internal_review, regulator))
    };
    let with_settings = |draft: Draft, internal_review: bool, regulator: bool| {
        let settings = Some(ParticularsInSettings { internal_review, regulator });
        draft.with(|draft| draft.particulars_in_settings = settings)
    };
    let complete = || refused(Regime::Eir, "stated", "stated");
    let empty = |regime: Regime, is_decided: bool| {
        let review = (vec![Label::only()], is_decided);
        one("disclosed", json!([])).under(regime).with(|draft| {
            (draft.kind, draft.review) = (ResponseKind::Review, Some(review.clone()));
            draft.determinations.clear();
            draft.particulars = Particulars::default();
        })
    };
    let of_all = |regime| empty(regime, false).with(|draft| draft.review = None);
    vec![
        case(
            "accessible-without-internal-review",
            elsewhere(Regime::Eir, "none_exists", "stated"),
            elsewhere(Regime::Eir, "stated", "omitted"),
        ),
        case(
            "accessible-without-regulator",
            elsewhere(Regime::Eir, "stated", "omitted"),
            elsewhere(Regime::Foia, "stated", "omitted"),
        ),
        case(
            "missing-regulator",
            elsewhere(Regime::Foia, "stated", "omitted"),
            elsewhere(Regime::Eir, "omitted", "omitted"),
        ),
        case(
            "internal-review-not-in-settings",
            with_settings(complete(), false, true),
            with_settings(complete(), true, false),
        ),
        case("internal-review-not-in-settings", with_settings(complete(), false, false), complete()),
        case(
            "internal-review-not-in-settings",
            with_settings(refused(Regime::Foia, "stated", "stated"), false, false),
            with_settings(refused(Regime::Foia, "none_exists", "stated"), false, false),
        ),
        case(
            "regulator-not-in-settings",
            with_settings(complete(), true, false),
            with_settings(complete(), false, true),
        ),
        case(
            "regulator-not-in-settings",
            with_settings(complete(), true, false),
            with_settings(one("disclosed", json!([])), false, false),
        ),
        case("review-letter-decides-nothing", empty(Regime::Foia, false), empty(Regime::Foia, true)),
        case("review-letter-decides-nothing", of_all(Regime::Eir), one("disclosed", json!([]))),
        case("review-outcome-without-further-rights", empty(Regime::Foisa, true), empty(Regime::Eisr, true)),
        case("review-outcome-without-further-rights", of_all(Regime::Foisa), of_all(Regime::Foia)),
    ]
}

fn answering() -> Vec<Case> {
    let disclosed = || one("disclosed", json!([]));
    let two_parts = |draft: &mut Draft| draft.parts.push(part("2", Regime::Foia));
    let left_open = |label: &'static str| {
        move |draft: &mut Draft| {
            draft.left_open = serde_json::from_value(json!([{"part": label, "reason": "still searching"}])).unwrap();
        }
    };
    let advised = |regime| one("advice_given", json!([])).under(regime);
    let no_request = |part: &mut PartFacts| part.standing = PartStanding::NotValid;
    let extended = |draft: Draft| draft.knowing(|part| part.extended_to = Some(day("2021-04-29")));
    vec![
        case("late-response", disclosed().on("2021-03-30"), disclosed().on("2021-03-29")),
        case("late-response", disclosed().on("2021-03-30"), extended(disclosed().on("2021-04-29"))),
        case(
            "late-response",
            extended(disclosed().on("2021-04-30")),
            disclosed().on("2021-04-30").with(|draft| draft.kind = ResponseKind::Fresh),
        ),
        case("part-not-answered", disclosed().with(two_parts), disclosed().with(two_parts).with(left_open("2"))),
        case(
            "part-not-answered",
            disclosed().with(two_parts),
            disclosed().with(two_parts).with(|draft| draft.parts[1].standing = PartStanding::Settled),
        ),
        case("part-answered-and-left-open", disclosed().with(left_open("1")), disclosed()),
        case("invalid-part-answered", disclosed().knowing(|part| part.standing = PartStanding::NotValid), disclosed()),
        case("invalid-part-answered", disclosed().knowing(no_request), advised(Regime::Foia).knowing(no_request)),
        case("advice-without-answer", advised(Regime::Foisa), advised(Regime::Foia).knowing(no_request)),
        case("advice-without-answer", advised(Regime::Foia), advised(Regime::Eir)),
    ]
}

/// An extension of part 1, complete but for what a case changes.
#[derive(Clone)]
struct MoreTime {
    kind: ExtensionKind,
    notified_on: Date,
    estimated_on: Option<Date>,
    grounds: Vec<crate::casework::text::Word>,
    reasons: Option<crate::casework::text::Prose>,
    particulars: Particulars,
    regime: Regime,
}

impl MoreTime {
    fn findings(&self) -> Vec<Finding> {
        let part = ExtendedPart {
            label: Label::only(),
            regime: self.regime,
            due_on: Some(day("2021-03-29")),
            working_days_late: Some(3),
            day_forty: Some(day("2021-04-28")),
        };
        extension_findings(&ExtensionFacts {
            kind: self.kind,
            notified_on: self.notified_on,
            estimated_on: self.estimated_on,
            grounds: &self.grounds,
            reasons: self.reasons.as_ref(),
            particulars: &self.particulars,
            parts: &[part],
        })
    }
}

fn public_interest(change: impl Fn(&mut MoreTime)) -> Vec<Finding> {
    let mut extension = MoreTime {
        kind: ExtensionKind::PublicInterest,
        notified_on: day("2021-03-29"),
        estimated_on: Some(day("2021-04-28")),
        grounds: vec!["42(1)".parse().unwrap()],
        reasons: Some("legal advice".parse().unwrap()),
        particulars: stating("stated", "stated"),
        regime: Regime::Foia,
    };
    change(&mut extension);
    extension.findings()
}

fn complexity(regime: Regime) -> Vec<Finding> {
    public_interest(|extension| {
        extension.kind = ExtensionKind::ComplexityAndVolume;
        extension.grounds.clear();
        extension.regime = regime;
    })
}

pub(super) fn extension_cases() -> Vec<Case> {
    let sound = || public_interest(|_| {});
    let naming = |provision: &'static str| {
        public_interest(move |extension| extension.grounds = vec![provision.parse().unwrap()])
    };
    vec![
        ("extension-not-in-regime", complexity(Regime::Foia), complexity(Regime::Eir)),
        ("extension-not-in-regime", public_interest(|extension| extension.regime = Regime::Foisa), sound()),
        ("extension-notified-late", public_interest(|extension| extension.notified_on = day("2021-03-30")), sound()),
        ("extension-without-ground", public_interest(|extension| extension.grounds.clear()), complexity(Regime::Eisr)),
        ("extension-ground-unknown", naming("3(3)"), naming("43(3)")),
        ("extension-ground-not-qualified", naming("23(5)"), naming("24(2)")),
        ("extension-ground-not-qualified", naming("12(1)"), naming("36(2)(c)")),
        ("extension-without-reasons", public_interest(|extension| extension.reasons = None), sound()),
        ("extension-without-estimate", public_interest(|extension| extension.estimated_on = None), sound()),
        (
            "extension-estimate-in-the-past",
            public_interest(|extension| extension.estimated_on = Some(day("2021-01-04"))),
            sound(),
        ),
        (
            "extension-gives-no-time",
            public_interest(|extension| extension.estimated_on = Some(day("2021-03-29"))),
            sound(),
        ),
        (
            "extension-beyond-day-forty",
            public_interest(|extension| extension.estimated_on = Some(day("2021-04-29"))),
            sound(),
        ),
        (
            "extension-without-internal-review",
            public_interest(|extension| extension.particulars = stating("omitted", "stated")),
            public_interest(|extension| extension.particulars = stating("none_exists", "stated")),
        ),
        (
            "extension-without-internal-review",
            public_interest(|extension| extension.particulars = Particulars::default()),
            sound(),
        ),
        (
            "extension-without-regulator",
            public_interest(|extension| extension.particulars = stating("stated", "omitted")),
            sound(),
        ),
    ]
}

#[test]
fn a_sound_extension_has_no_finding() {
    assert_eq!(public_interest(|_| {}), []);
    assert_eq!(complexity(Regime::Eir), []);
}

#[test]
fn parts_late_alike_are_one_breach() {
    let answers = json!([
        {"part": "1", "outcome": "disclosed"}, {"part": "2", "outcome": "disclosed"}, {"part": "3", "outcome": "disclosed"}
    ]);
    let draft = letter(answers).on("2021-04-01").with(|draft| draft.parts[1].due_on = Some(day("2021-04-12")));
    let findings = draft.knowing(|part| part.working_days_late = Some(3)).findings();
    assert_eq!(ids(&findings), ["late-response"]);
    assert_eq!(findings[0].facts["parts"], "1, 3");
    assert_eq!(findings[0].facts["working_days_late"], "3");
    assert_eq!(findings[0].pointer.as_deref(), Some("/issued_on"));
}

#[test]
fn each_regime_asks_for_particulars_under_its_own_provision() {
    let provision = |regime: Regime| {
        let findings = refused(regime, "omitted", "stated").findings();
        findings
            .into_iter()
            .find(|finding| finding.id == "missing-internal-review")
            .and_then(|finding| finding.provision)
            .unwrap()
    };
    assert_eq!(
        Regime::ALL.iter().map(|regime| provision(*regime)).collect::<Vec<_>>(),
        ["section 17(7)(a)", "regulation 14(5)(a)", "section 19(a)", "regulation 13(e)"]
    );
}
