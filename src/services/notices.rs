//! From a response and its request to the facts that the checks of a notice look at, and to the rows that figures are
//! counted from.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::{
    casework::{
        authority::{AuthorityKind, CostLimit, NoticeParticulars},
        response::{Determination, DeterminationOutcome, ResponseKind, ResponseStatus},
        text::Label,
    },
    law::{
        Date, Finding, Regime,
        catalogue::{Catalogue, Provision},
        clock::{Event, ExtensionKind, Happening, PartClock, PartHistory, PartState, Scope, fold},
        cost::limit_of_authority,
        notice::{self, NoticeFacts, PartStanding, PartWords, ParticularsInSettings, ReviewOfLetter},
    },
    services::{
        Context, ServiceResult,
        clocks::{History, PartFacts, is_first_answer, word},
        ncnd_positions, proceedings,
        responses::Content,
    },
    store::{
        Connection, authorities,
        events::{self, EventRow},
        requests::{PartRow, RequestRow},
        responses::{self, AnswerRow, CitationRow, ResponseRow},
    },
};

/// What the checks take from the authority's settings and from what is recorded beside the clock.
pub(super) struct Settings {
    cost_limit: Option<Decimal>,
    authority_kind: Option<AuthorityKind>,
    /// What the request is about, in the authority's words.
    subject: String,
    events: Vec<EventRow>,
    /// The regimes under which a standing position covers a topic of the request.
    positions: Vec<Regime>,
    /// The parts that an initial letter gave a public-interest test for.
    weighed: Vec<Label>,
    /// What they have for the particulars of a notice.
    particulars: ParticularsInSettings,
    /// The review that the letter names: the parts under it, and whether it is decided.
    review: Option<(Vec<Label>, bool)>,
}

impl Settings {
    /// Reads them for a letter with this content.
    pub(super) fn of(
        connection: &mut Connection,
        request: &RequestRow,
        history: &History,
        content: &Content,
    ) -> ServiceResult<Self> {
        #[derive(Default, serde::Deserialize)]
        struct Stored {
            #[serde(default)]
            cost_limit: Option<CostLimit>,
            #[serde(default)]
            review_particulars: Option<NoticeParticulars>,
            #[serde(default)]
            regulator_particulars: Option<NoticeParticulars>,
        }
        let authority = authorities::find(
            connection,
            &super::AuthorityScope::Only(vec![request.authority_key]),
            &request.authority_id,
        )?;
        let stored = authority.as_ref().map(|row| serde_json::from_str::<Stored>(&row.settings)).transpose()?;
        let stored = stored.unwrap_or_default();
        let authority_kind = authority.map(|row| word::<AuthorityKind>(&row.kind)).transpose()?;
        let cost_limit = authority_kind.map(|kind| limit_of_authority(kind, stored.cost_limit));
        let events = events::of_request(connection, request.request_key)?;
        let subject = request.subject.clone();
        Ok(Self {
            cost_limit,
            authority_kind,
            subject,
            events,
            positions: ncnd_positions::covering(connection, request)?,
            weighed: weighed(connection, request)?,
            particulars: ParticularsInSettings {
                internal_review: stored.review_particulars.is_some(),
                regulator: stored.regulator_particulars.is_some(),
            },
            review: proceedings::reviewed_by(connection, request, history, content.review_id.as_ref())?,
        })
    }
}

/// The parts that an initial letter gave a public-interest test for.
fn weighed(connection: &mut Connection, request: &RequestRow) -> ServiceResult<Vec<Label>> {
    let mut weighed = Vec::new();
    let issued = responses::issued_of_request(connection, request.request_key)?;
    for row in issued.iter().filter(|row| row.kind == ResponseKind::Initial.as_str()) {
        let content: Content = serde_json::from_str(&row.content)?;
        let answers = content.determinations.into_iter().filter(|answer| !answer.public_interest_tests.is_empty());
        weighed.extend(answers.map(|answer| answer.part));
    }
    Ok(weighed)
}

/// The findings of a response: of a draft, also as it is about to be issued, or of a letter recorded as sent.
pub(super) fn findings(
    context: &Context,
    history: &History,
    (kind, status): (ResponseKind, ResponseStatus),
    issued_on: Option<Date>,
    content: &Content,
    settings: &Settings,
) -> ServiceResult<Vec<Finding>> {
    let history = without_answers(history, kind, None);
    let mut parts = all_part_facts(context, &history, issued_on.unwrap_or(context.today), &settings.events)?;
    for part in &mut parts {
        part.standing_position = settings.positions.contains(&part.regime);
        part.weighed_before = settings.weighed.contains(&part.label);
        part.words.push(PartWords { place: "subject", text: settings.subject.clone() });
        let titles = content.sent_documents.iter().filter_map(|document| document.title.as_ref());
        part.words.extend(titles.map(|title| PartWords { place: "sent documents", text: title.to_string() }));
    }
    Ok(notice::findings(&NoticeFacts {
        kind,
        issued_on,
        today: context.today,
        parts: &parts,
        particulars: &content.particulars,
        determinations: &content.determinations,
        left_open: &content.left_open,
        review: settings.review.as_ref().map(|(parts, is_decided)| ReviewOfLetter { parts, is_decided: *is_decided }),
        particulars_in_settings: Some(settings.particulars).filter(|_| status == ResponseStatus::Draft),
        cost_limit: settings.cost_limit,
        authority_kind: settings.authority_kind,
        calendars: &context.calendars,
    }))
}

/// The findings as they are kept with a draft: of words only that there are some.
pub(super) fn kept_with_draft(findings: Vec<Finding>) -> Vec<Finding> {
    notice::without_excerpts(findings)
}

/// The findings as they are kept with a letter: besides, nothing of standing positions.
pub(super) fn kept_with_letter(findings: Vec<Finding>) -> Vec<Finding> {
    let of_letter = findings.into_iter().filter(|finding| !notice::is_of_position(finding)).collect();
    notice::without_excerpts(of_letter)
}

/// The findings of an issued response that answers in the first place, `before` made anew as far as they say that it is
/// late: the same as when it was issued, had the events been recorded by then. `stored` are the rows of the events.
pub(super) fn with_lateness(
    context: &Context,
    (history, stored): (&History, &[EventRow]),
    row: &ResponseRow,
    issued_on: Date,
    before: &[Finding],
) -> ServiceResult<Vec<Finding>> {
    let kind: ResponseKind = word(&row.kind)?;
    let content: Content = serde_json::from_str(&row.content)?;
    let history = without_answers(history, kind, Some(&row.id));
    let parts = all_part_facts(context, &history, issued_on, stored)?;
    let facts = NoticeFacts {
        kind,
        issued_on: Some(issued_on),
        today: context.today,
        parts: &parts,
        particulars: &content.particulars,
        determinations: &content.determinations,
        left_open: &content.left_open,
        review: None,
        particulars_in_settings: None,
        cost_limit: None,
        authority_kind: None,
        calendars: &context.calendars,
    };
    Ok(notice::with_lateness_of(&facts, before))
}

fn all_part_facts(
    context: &Context,
    history: &History,
    on: Date,
    stored: &[EventRow],
) -> ServiceResult<Vec<notice::PartFacts>> {
    let answered = answered_on(history, on);
    history.parts.iter().map(|part| part_facts(context, history, &answered, part, on, stored)).collect()
}

/// What happened besides the letter itself. An answer of another kind does not decide whether a first answer is late.
fn without_answers(history: &History, kind: ResponseKind, response_id: Option<&str>) -> History {
    let decides = |id: &str| {
        let of_kind = |answer: &AnswerRow| answer.response_id == id && is_first_answer(&answer.response_kind);
        history.answers.iter().any(of_kind) || !is_first_answer(kind.as_str())
    };
    let mut without = history.clone();
    without.events.retain(|event| {
        event.happening != Happening::Response || (response_id != Some(event.id.as_str()) && decides(&event.id))
    });
    without
}

/// What happened, and an answer to everything on this day.
fn answered_on(history: &History, on: Date) -> Vec<Event> {
    let happening = Happening::Response;
    let answer = Event { id: String::new(), effective_on: on, scope: Scope::WholeRequest, happening };
    history.events.iter().cloned().chain([answer]).collect()
}

fn part_facts(
    context: &Context,
    history: &History,
    answered: &[Event],
    part: &PartFacts,
    on: Date,
    stored: &[EventRow],
) -> ServiceResult<notice::PartFacts> {
    let of_part = || history.events.iter().filter(|event| event.scope.covers(&part.label) && event.effective_on <= on);
    let extended = |kind| {
        of_part().any(|event| matches!(event.happening, Happening::Extension { extension, .. } if extension == kind))
    };
    let clock = part.row.valid_request.then(|| history.clock(context, part, on));
    // The clock alone knows what is late: an answer that is sent while the duty waits, or when none is left, is not.
    let once_answered = fold(&context.calendars, &PartHistory { events: answered, ..history.of_part(part) }, on);
    let counts = once_answered.in_deadline == Some(false);
    let limited = clock.filter(|clock| counts && (on <= clock.limit_on() || once_answered.in_time == Some(false)));
    let calendar = context.calendars.get(part.regime.calendar());
    let late = limited.map(|clock| calendar.working_days_between(clock.limit_on(), on)).filter(|late| *late > 0);
    let (named, words) = named_and_said(part, on, stored)?;
    Ok(notice::PartFacts {
        label: part.label.clone(),
        regime: part.regime,
        standing: standing(history, part, clock.as_ref()),
        received_on: clock.as_ref().map(|clock| clock.received_on),
        due_on: limited.map(|clock| clock.due_on),
        extended_to: limited.and_then(|clock| clock.extended_to),
        announced_for: clock.and_then(|clock| announced_for(of_part(), &clock)),
        answered_on: clock.as_ref().and_then(|clock| clock.responded_on),
        weighed_before: false,
        working_days_late: late,
        fee_notice_given: of_part().any(|event| event.happening == Happening::FeeNoticeGiven),
        complexity_extension: extended(ExtensionKind::ComplexityAndVolume),
        transferred_or_advised: clock.as_ref().is_some_and(|clock| clock.state == PartState::Transferred)
            || part.row.outcome.as_deref() == Some(DeterminationOutcome::AdviceGiven.as_str()),
        public_interest_extension: extended(ExtensionKind::PublicInterest),
        public_interest_extension_named: named,
        standing_position: false,
        words,
    })
}

/// The grounds that notices extending the time of a part for the public interest named by a day, and the authority's own
/// words about the part.
fn named_and_said(part: &PartFacts, on: Date, stored: &[EventRow]) -> ServiceResult<(Vec<String>, Vec<PartWords>)> {
    let mut named = Vec::new();
    let mut words = words_of(&part.row)?;
    for row in stored.iter().filter(|row| row.voided_at.is_none()) {
        let event = super::clocks::event(row)?;
        if !event.scope.covers(&part.label) || event.effective_on > on {
            continue;
        }
        words.extend(words_with(&event, row)?);
        if matches!(event.happening, Happening::Extension { extension: ExtensionKind::PublicInterest, .. }) {
            let details: crate::casework::event::EventDetails = serde_json::from_str(&row.details)?;
            named.extend(details.grounds.iter().map(ToString::to_string));
        }
    }
    Ok((named, words))
}

/// The day announced last for the decision on the public interest, by notices given for the clock that runs, or that to which a
/// fee moved it. A day that had passed when it was announced is none.
fn announced_for<'a>(events: impl Iterator<Item = &'a Event>, clock: &PartClock) -> Option<Date> {
    let announced = events.filter(|event| event.effective_on >= clock.started_on).filter_map(|event| {
        let Happening::Extension { extension: ExtensionKind::PublicInterest, estimated_on, .. } = event.happening
        else {
            return None;
        };
        Some((event.effective_on, estimated_on.filter(|estimated_on| *estimated_on >= event.effective_on)?))
    });
    announced.max().map(|(_, estimated_on)| clock.extended_to.map_or(estimated_on, |until| until.max(estimated_on)))
}

/// The authority's own words about a part.
fn words_of(part: &PartRow) -> ServiceResult<Vec<PartWords>> {
    #[derive(serde::Deserialize)]
    struct Said {
        #[serde(default)]
        scope_note: Option<String>,
        #[serde(default)]
        interpretation: Option<String>,
    }
    let said: Said = serde_json::from_str(&part.details)?;
    let words = [("scope_note", said.scope_note), ("interpretation", said.interpretation)];
    Ok(words.into_iter().filter_map(|(place, text)| Some(PartWords { place, text: text? })).collect())
}

/// The authority's own words in an event: a question to the requester, the reasons for taking more time.
fn words_with(event: &Event, row: &EventRow) -> ServiceResult<Option<PartWords>> {
    let place = match event.happening {
        Happening::ClarificationAsked => "clarification",
        Happening::Extension { .. } => "extension",
        _ => return Ok(None),
    };
    let details: crate::casework::event::EventDetails = serde_json::from_str(&row.details)?;
    Ok(details.text.map(|text| PartWords { place, text: text.to_string() }))
}

/// Whether the letter owes the part an answer: it is checked before its own answer is among the history.
fn standing(history: &History, part: &PartFacts, clock: Option<&PartClock>) -> PartStanding {
    let Some(clock) = clock else { return PartStanding::NotValid };
    let answered = history.answers.iter().any(|answer| answer.part_label == part.row.label);
    if answered || clock.state.is_closed() { PartStanding::Settled } else { PartStanding::AwaitsAnswer }
}

/// The rows that figures are counted from: the answer to each part, and each ground once; the members of an alternative
/// group are one class, named in one order whatever the letter's.
pub(super) fn counted(
    history: &History,
    response: &ResponseRow,
    content: &Content,
) -> (Vec<AnswerRow>, Vec<CitationRow>) {
    let Some(issued_on) = response.issued_on else { return (Vec::new(), Vec::new()) };
    let mut answers = Vec::new();
    let mut cited = Vec::new();
    for determination in &content.determinations {
        let Some(part) = history.parts.iter().find(|part| part.label == determination.part) else { continue };
        answers.push(AnswerRow {
            response_key: response.response_key,
            response_id: response.id.clone(),
            request_key: response.request_key,
            authority_key: response.authority_key,
            part_label: determination.part.to_string(),
            response_kind: response.kind.clone(),
            issued_on,
            outcome: determination.outcome.as_str().to_owned(),
        });
        for (class, ncnd) in classes(part, determination, Date(issued_on)) {
            cited.push(CitationRow {
                response_key: response.response_key,
                request_key: response.request_key,
                authority_key: response.authority_key,
                part_label: determination.part.to_string(),
                response_kind: response.kind.clone(),
                issued_on,
                regime: part.regime.as_str().to_owned(),
                citation_class: class,
                ncnd,
            });
        }
    }
    (answers, cited)
}

/// Each class cited for a part, and whether it is one of neither confirming nor denying.
pub(super) fn classes(part: &PartFacts, determination: &Determination, on: Date) -> BTreeMap<String, bool> {
    let mut groups: BTreeMap<&str, Vec<(String, bool)>> = BTreeMap::new();
    let mut classes = BTreeMap::new();
    for ground in &determination.grounds {
        let resolved = notice::resolve(part.regime, on, ground);
        let row = resolved.provision_id.and_then(|id| Catalogue::embedded().get(&id));
        let ncnd = row.is_some_and(Provision::is_ncnd);
        match (&ground.alternative_group, resolved.provision) {
            // A member that the catalogue does not know must not make the others stand alone.
            (Some(group), provision) => {
                let name = provision.unwrap_or_else(|| "unresolved".to_owned());
                groups.entry(group.as_str()).or_default().push((name, ncnd));
            }
            (None, Some(provision)) => drop(classes.insert(provision, ncnd)),
            (None, None) => {}
        }
    }
    for mut members in groups.into_values() {
        members.sort();
        members.dedup();
        let ncnd = members.iter().any(|(_, ncnd)| *ncnd);
        let names: Vec<String> = members.into_iter().map(|(provision, _)| provision).collect();
        classes.insert(names.join(" or "), ncnd);
    }
    classes
}
