//! Compares a ledger with the service: every acknowledged write is there with its values, nothing else is, nothing twice,
//! and the audit log is whole and has every acknowledged call.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    Result,
    client::{Answer, Client},
    figures::{Faults, Figures},
    ledger::{Entry, Kind, Outcome},
    load::{self, Desk, Sent},
};

const LOOKERS: usize = 8;

/// Settles what is unknown by sending it again, then looks at everything that the senders of a round can have done.
pub fn round(figures: &mut Figures, operator: &Client, desk: &Desk, sent: &Sent) -> Result<()> {
    let mut entries = crate::ledger::read(&sent.ledgers)?;
    let before = figures.acknowledged;
    figures.count(&entries);
    if figures.acknowledged == before {
        figures.faults.others.push("a round in which no write was acknowledged".to_owned());
    }
    figures.faults.others.extend(sent.stale.iter().map(|stale| format!("a stale read: {stale}")));
    let client = operator.with_key(&desk.key);
    settle(figures, &client, &mut entries)?;
    let requests = requests(&mut figures.faults, &client, &entries)?;
    figures.had_effect += entries.iter().filter(|entry| has_changed(entry, &requests)).count();
    effects(&mut figures.faults, &client, &requests, &entries)?;
    figures.cut_in_flight += audit(&mut figures.faults, operator, desk, &entries)?;
    for path in &sent.ledgers {
        std::fs::remove_file(path)?;
    }
    figures.rounds += 1;
    Ok(())
}

/// Sends the unknown again with their keys, and some of the acknowledged: one effect each, whichever of the two it was.
fn settle(figures: &mut Figures, client: &Client, entries: &mut [Entry]) -> Result<()> {
    let keyed = |entry: &&mut Entry| entry.intent.key.is_some();
    for entry in entries.iter_mut().filter(keyed).filter(|entry| entry.is_unknown()) {
        let answer = again(client, entry)?;
        if answer.status != 201 {
            figures.faults.others.push(format!("an unknown call sent again: {} {}", answer.status, answer.body));
            continue;
        }
        figures.had_effect += usize::from(answer.is_replayed);
        let id = answer.id()?;
        let third = again(client, entry)?;
        if !third.is_replayed || third.id()? != id {
            figures.faults.duplicates.push(format!("{} sent thrice: {}", entry.intent.path, third.body));
        }
        entry.outcome = Outcome::Done { id };
        entry.was_settled = true;
    }
    for entry in entries.iter_mut().filter(keyed).filter(|entry| entry.id().is_some()).step_by(17) {
        let answer = again(client, entry)?;
        if !answer.is_replayed || Some(answer.id()?.as_str()) != entry.id() {
            figures.faults.duplicates.push(format!("{} acknowledged, sent again: {}", entry.intent.path, answer.body));
        }
    }
    Ok(())
}

/// Whether a change that nothing was told of, and that has no key to be sent again with, has happened.
fn has_changed(entry: &Entry, shown: &HashMap<String, Value>) -> bool {
    let is_change = entry.intent.kind == Kind::Subject && entry.is_unknown();
    is_change && shown.get(&entry.intent.request).is_some_and(|item| item["subject"] == entry.intent.token.as_str())
}

/// Sends a call again, and once more while the first is still running.
fn again(client: &Client, entry: &Entry) -> Result<Answer> {
    let begun = Instant::now();
    let mut intent = entry.intent.clone();
    loop {
        // A call of its own in the log.
        intent.call_id = uuid::Uuid::new_v4().to_string();
        let answer = load::send(client, &intent, "POST", &[])?;
        let is_running = answer.code() == "idempotency-key-in-use" || answer.status == 503;
        if !is_running || begun.elapsed() > Duration::from_secs(30) {
            return Ok(answer);
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// The authority's requests, compared with those that were sent; gives what the service shows of each.
fn requests(faults: &mut Faults, client: &Client, entries: &[Entry]) -> Result<HashMap<String, Value>> {
    let items = client.all("/v1/requests?limit=200")?;
    let mut shown = HashMap::new();
    for item in items {
        let id = item["id"].as_str().unwrap_or_default().to_owned();
        if shown.insert(id.clone(), item).is_some() {
            faults.duplicates.push(format!("{id} stands twice in the list"));
        }
    }
    let mut expected: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.intent.kind == Kind::Request) {
        if let Some(id) = entry.id() {
            expected.entry(id).or_default().insert(&entry.intent.token);
        }
    }
    for entry in entries.iter().filter(|entry| entry.intent.kind == Kind::Subject) {
        let Some(subjects) = expected.get_mut(entry.intent.request.as_str()) else { continue };
        match entry.outcome {
            Outcome::Done { .. } => *subjects = BTreeSet::from([entry.intent.token.as_str()]),
            // It has happened or it has not.
            Outcome::Unknown | Outcome::Unclear { .. } => drop(subjects.insert(&entry.intent.token)),
            Outcome::Refused { .. } => {}
        }
    }
    for (id, subjects) in &expected {
        match shown.get(*id) {
            None => faults.lost.push(format!("request {id}")),
            Some(item) if !subjects.contains(item["subject"].as_str().unwrap_or_default()) => {
                faults.lost.push(format!("subject of {id}: {} instead of {subjects:?}", item["subject"]));
            }
            Some(_) => {}
        }
    }
    let sent: BTreeSet<&str> = entries.iter().map(|entry| entry.intent.token.as_str()).collect();
    for (id, item) in shown.iter().filter(|(id, _)| !expected.contains_key(id.as_str())) {
        let is_known = sent.contains(item["subject"].as_str().unwrap_or_default());
        if is_known { &mut faults.duplicates } else { &mut faults.phantoms }.push(format!("request {id}: {item}"));
    }
    references(faults, shown.values());
    Ok(shown)
}

/// Numbered without a gap and without a repeat.
fn references<'a>(faults: &mut Faults, items: impl Iterator<Item = &'a Value>) {
    let mut numbers: Vec<usize> =
        items.filter_map(|item| item["reference"].as_str()?.rsplit('-').next()?.parse().ok()).collect();
    numbers.sort_unstable();
    if numbers.iter().enumerate().any(|(place, number)| place + 1 != *number) {
        faults.others.push(format!("references are not 1 to {}: {numbers:?}", numbers.len()));
    }
}

/// Questions, answers and letters of each request: those that were sent, once each, with their texts.
fn effects(faults: &mut Faults, client: &Client, shown: &HashMap<String, Value>, entries: &[Entry]) -> Result<()> {
    let mut of_request: BTreeMap<&str, Vec<&Entry>> = BTreeMap::new();
    for entry in
        entries.iter().filter(|entry| matches!(entry.intent.kind, Kind::Question | Kind::QuestionAnswer | Kind::Letter))
    {
        if entry.id().is_some() {
            of_request.entry(&entry.intent.request).or_default().push(entry);
        }
    }
    let found = Mutex::new(std::mem::take(faults));
    let work = Mutex::new(shown.keys());
    thread::scope(|scope| {
        let lookers: Vec<_> = (0..LOOKERS)
            .map(|_| {
                scope.spawn(|| -> std::result::Result<(), String> {
                    loop {
                        let next = work.lock().map_err(|_| "poisoned")?.next();
                        let Some(id) = next else { return Ok(()) };
                        let sent = of_request.get(id.as_str()).map_or(&[][..], Vec::as_slice);
                        effects_of(&found, client, id, sent).map_err(|fault| fault.to_string())?;
                    }
                })
            })
            .collect();
        lookers.into_iter().try_for_each(|looker| looker.join().map_err(|_| "a looker panicked".to_owned())?)
    })?;
    *faults = found.into_inner().map_err(|_| "poisoned")?;
    Ok(())
}

fn effects_of(found: &Mutex<Faults>, client: &Client, id: &str, sent: &[&Entry]) -> Result<()> {
    let mut shown: Vec<(Kind, String)> = Vec::new();
    let timeline = client.all(&format!("/v1/requests/{id}/timeline?limit=200"))?;
    for entry in timeline.iter().filter(|entry| entry["kind"] == "event_recorded") {
        shown.push((Kind::Question, entry["subject_id"].as_str().unwrap_or_default().to_owned()));
    }
    for letter in client.all(&format!("/v1/requests/{id}/responses?limit=200"))? {
        shown.push((Kind::Letter, letter["id"].as_str().unwrap_or_default().to_owned()));
    }
    for (kind, effect) in &shown {
        let path = match kind {
            Kind::Letter => format!("/v1/requests/{id}/responses/{effect}"),
            _ => format!("/v1/requests/{id}/events/{effect}"),
        };
        let document = client.get(&path)?.expect(200)?;
        let text = match kind {
            Kind::Letter => &document["determinations"][0]["explanation"],
            _ => &document["text"],
        };
        let by_id = sent.iter().find(|entry| entry.id() == Some(effect));
        let by_text = sent.iter().any(|entry| *text == entry.intent.token.as_str());
        let mut found = found.lock().map_err(|_| "poisoned")?;
        match by_id {
            Some(entry) if *text != entry.intent.token.as_str() => found.lost.push(format!("text of {path}: {text}")),
            Some(_) => {}
            None if by_text => found.duplicates.push(path),
            None => found.phantoms.push(path),
        }
    }
    let there: BTreeSet<&str> = shown.iter().map(|(_, effect)| effect.as_str()).collect();
    let mut found = found.lock().map_err(|_| "poisoned")?;
    if there.len() != shown.len() {
        found.duplicates.push(format!("{id} shows an event or a letter twice"));
    }
    for entry in sent.iter().filter(|entry| entry.id().is_some_and(|effect| !there.contains(effect))) {
        found.lost.push(format!("{:?} {:?} of {id}", entry.intent.kind, entry.id()));
    }
    Ok(())
}

/// The chain is intact, and has one entry for each call of the ledger that was answered well, reads included. Gives how
/// many it has of calls that no answer came to.
fn audit(faults: &mut Faults, operator: &Client, desk: &Desk, entries: &[Entry]) -> Result<usize> {
    let asked = format!("purpose=integrity_and_security&authority_id={}", desk.authority);
    let log = operator.all(&format!("/v1/audit-entries?{asked}&limit=200"))?;
    let mut calls: HashMap<&str, usize> = HashMap::new();
    for entry in &log {
        *calls.entry(entry["content"]["call_id"].as_str().unwrap_or_default()).or_default() += 1;
    }
    for entry in entries.iter().filter(|entry| entry.id().is_some()) {
        // A call that was settled by a repeat may have come to nothing the first time.
        let times = calls.get(entry.intent.call_id.as_str()).copied().unwrap_or_default();
        if times == 0 && !entry.was_settled {
            faults.audit.push(format!("no entry of {:?} {}", entry.intent.kind, entry.intent.path));
        }
        if times > 1 {
            faults.audit.push(format!("{times} entries of {:?} {}", entry.intent.kind, entry.intent.path));
        }
    }
    is_intact(faults, operator, &desk.authority)?;
    let is_entered = |entry: &&Entry| calls.contains_key(entry.intent.call_id.as_str());
    Ok(entries.iter().filter(|entry| entry.was_settled || entry.is_unknown()).filter(is_entered).count())
}

/// What the service finds wrong with a chain.
pub fn is_intact(faults: &mut Faults, operator: &Client, authority: &str) -> Result<()> {
    let path = format!("/v1/audit-entries/verification?purpose=integrity_and_security&authority_id={authority}");
    let verification = operator.get(&path)?.expect(200)?;
    if verification["is_intact"] != true {
        faults.audit.push(format!("{}", verification["faults"]));
    }
    Ok(())
}

/// Figures count each request once, and each letter in time: whichever release wrote it.
pub fn figures_count_all(faults: &mut Faults, operator: &Client, desk: &Desk) -> Result<()> {
    let client = operator.with_key(&desk.key);
    let (all, answered) =
        (client.all("/v1/requests?limit=200")?.len(), client.all("/v1/requests?status=responded&limit=200")?.len());
    let question = format!("authority_id={}&basis=received&start_on=2024-03-15&end_on=2024-03-15", desk.authority);
    let report = operator.get(&format!("/v1/metrics/timeliness?{question}"))?.expect(200)?;
    let row = &report["rows"][0];
    let counted = (row["requests"].as_u64(), row["in_time"]["numerator"].as_u64());
    if counted != (Some(all as u64), Some(answered as u64)) || answered == 0 {
        faults.others.push(format!("{all} requests, {answered} answered in time; the figures say {row}"));
    }
    Ok(())
}
