//! The audit log: one entry for every call that reads or writes case or personal data, in the chain of the authority whose
//! data it is. What a case says never stands in it.

mod call;
mod recipients;
mod seals;
mod verification;

use std::{
    collections::{BTreeMap, HashMap},
    mem,
    sync::PoisonError,
};

use self::seals::StoredSeals;
pub use self::{
    call::{Call, NewEntry},
    recipients::Recipient,
    seals::hand_over,
    verification::verify,
};
use crate::{
    casework::audit::{
        AlteredAuditEntry, AuditContent, AuditEntry, AuditHeader, AuditLine, AuditSeal, CHECKPOINT_EVERY, beginning,
        chained,
    },
    fault::{Fault, INCONSISTENT_MEMBERS},
    services::{AuthorityScope, Context, ServiceError, ServiceResult, context::Instant, pages::first_page},
    store::{
        AuthorityKey, Connection,
        audit::{self as rows, AuditFilter, AuditRow, CaseChain},
        audit_cases::{self, ShownRow},
        authorities, requests,
    },
};

/// How many entries, or authorities, are read at once.
const AT_ONCE: i64 = 500;

/// Begins the chain of a new authority.
///
/// # Errors
///
/// As the store.
pub fn begin(connection: &mut Connection, authority_key: AuthorityKey, authority_id: &str) -> ServiceResult<()> {
    rows::lock_head(connection, authority_key, &beginning(authority_id))?;
    Ok(())
}

/// Begins the chains of authorities that were recorded before their chains began with them.
///
/// # Errors
///
/// As the store.
pub fn begin_all(connection: &mut Connection) -> ServiceResult<()> {
    for (authority_key, authority_id) in rows::authorities_without_chain(connection)? {
        begin(connection, authority_key, &authority_id)?;
    }
    Ok(())
}

/// Writes the entry of a call in the transaction of its effect, once.
///
/// # Errors
///
/// As the store.
pub fn record(connection: &mut Connection, entry: NewEntry, seal: &AuditSeal) -> ServiceResult<()> {
    append(connection, &[entry], seal)
}

/// Writes the entries of several calls, each in the chains of the authorities it was about. Chains are locked in the order
/// of their keys, so that two writers never wait for each other.
///
/// # Errors
///
/// As the store.
pub fn append(connection: &mut Connection, entries: &[NewEntry], seal: &AuditSeal) -> ServiceResult<()> {
    let entries: Vec<&NewEntry> = entries.iter().filter(|entry| entry.is_owed()).collect();
    // What was refused may be about a case of another authority: nothing is locked before that is known.
    let were_answered = entries.iter().all(|entry| !entry.is_refused);
    let of_cases = if were_answered { chains_of_cases(connection, &entries)? } else { None };
    let mut chains = match of_cases {
        Some(chains) => chains,
        None => chains_of_any(connection, &entries)?,
    };
    let mut added = Added::default();
    for chain in chains.values_mut() {
        chain.extend(&mut added)?;
    }
    rows::append(connection, &added.rows)?;
    audit_cases::link(connection, &added.shown)?;
    for chain in chains.values() {
        for (seq, hash, now) in &chain.due {
            sign(connection, chain.authority_key, &chain.authority_id, (*seq, hash), *now, seal)?;
        }
    }
    for call in entries.iter().filter_map(|entry| entry.context.call.as_ref()) {
        call.is_told();
    }
    Ok(())
}

/// What is added to the log at once: entries, and the cases that they name beside their own.
#[derive(Default)]
struct Added {
    rows: Vec<AuditRow>,
    shown: Vec<ShownRow>,
}

/// The end of an authority's chain, locked, and what is added to it.
struct Chain<'a> {
    authority_key: AuthorityKey,
    authority_id: String,
    seq: i64,
    hash: String,
    entries: Vec<&'a NewEntry>,
    /// Places that a checkpoint is due at, with their hashes: however many entries come at once, it is never far.
    due: Vec<(i64, String, Instant)>,
}

type Chains<'a> = BTreeMap<AuthorityKey, Chain<'a>>;

impl Chain<'_> {
    fn new(authority_key: AuthorityKey, authority_id: String, (seq, hash): (i64, String)) -> Self {
        Self { authority_key, authority_id, seq, hash, entries: Vec::new(), due: Vec::new() }
    }

    /// Moves the end past the entries, whose rows are put to `added`.
    fn extend(&mut self, added: &mut Added) -> ServiceResult<()> {
        for entry in mem::take(&mut self.entries) {
            for case_ids in entry.cases_shown(&self.authority_id) {
                if let Some(content) = content(entry, &self.authority_id, self.seq + 1, case_ids) {
                    self.add(content, entry.context.now, added)?;
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, content: AuditContent, now: Instant, added: &mut Added) -> ServiceResult<()> {
        let text = AuditEntry::written(&content)?;
        let hash = chained(&self.hash, &text);
        self.seq += 1;
        let (authority_key, seq) = (self.authority_key, self.seq);
        added.shown.extend(content.case_ids.into_iter().map(|case_id| ShownRow { authority_key, case_id, seq }));
        added.rows.push(AuditRow {
            authority_key,
            seq,
            recorded_at: now.0,
            operation: content.operation.as_str().to_owned(),
            actor: content.actor,
            case_id: content.case_id,
            content: text,
            previous_hash: mem::replace(&mut self.hash, hash.clone()),
            hash,
        });
        if seq % CHECKPOINT_EVERY == 0 {
            self.due.push((seq, self.hash.clone(), now));
        }
        Ok(())
    }
}

/// The locked chains where every entry is about one case whose chain has begun, as nearly all are: found and locked at once.
fn chains_of_cases<'a>(connection: &mut Connection, entries: &[&'a NewEntry]) -> ServiceResult<Option<Chains<'a>>> {
    let case_ids: Option<Vec<&str>> = entries.iter().map(|entry| entry.case_id()).collect();
    let Some(mut case_ids) = case_ids else { return Ok(None) };
    case_ids.sort_unstable();
    case_ids.dedup();
    let found = rows::lock_chains_of_cases(connection, &case_ids)?;
    let by_case: HashMap<&str, &CaseChain> = found.iter().map(|chain| (chain.case_id.as_str(), chain)).collect();
    let mut chains = Chains::new();
    for entry in entries {
        let Some(case) = entry.case_id().and_then(|id| by_case.get(id)) else { return Ok(None) };
        if !entry.context.scope.admits(case.authority_key) {
            return Ok(None);
        }
        let begun = || Chain::new(case.authority_key, case.authority_id.clone(), (case.seq, case.hash.clone()));
        chains.entry(case.authority_key).or_insert_with(begun).entries.push(entry);
    }
    Ok(Some(chains))
}

/// The locked chains of any entries; those that have not begun begin.
fn chains_of_any<'a>(connection: &mut Connection, entries: &[&'a NewEntry]) -> ServiceResult<Chains<'a>> {
    let mut about: BTreeMap<AuthorityKey, (String, Vec<&NewEntry>)> = BTreeMap::new();
    for entry in entries {
        for (authority_key, authority_id) in authorities_of(connection, entry)? {
            about.entry(authority_key).or_insert_with(|| (authority_id, Vec::new())).1.push(entry);
        }
    }
    let mut chains = Chains::new();
    for (authority_key, (authority_id, entries)) in about {
        let head = rows::lock_head(connection, authority_key, &beginning(&authority_id))?;
        chains.insert(authority_key, Chain { entries, ..Chain::new(authority_key, authority_id, head) });
    }
    Ok(chains)
}

/// The authorities whose data the call was about: the case's, those it turned out to be about, the one named, or all that
/// the credential has. A call that names one which is not found has no chain that could tell of it, and so no answer.
fn authorities_of(connection: &mut Connection, entry: &NewEntry) -> ServiceResult<Vec<(AuthorityKey, String)>> {
    let Some(call) = &entry.context.call else { return Ok(Vec::new()) };
    let scope = &entry.context.scope;
    if let Some(case_id) = entry.case_id() {
        let found = requests::authority_of(connection, scope, case_id)?;
        // A refusal may have come before the case was looked for.
        return if found.is_some() || entry.is_refused {
            Ok(found.into_iter().collect())
        } else {
            Err(without_chain())
        };
    }
    let about = if entry.goes_on {
        entry.authorities_shown()
    } else {
        call.about.lock().unwrap_or_else(PoisonError::into_inner).clone()
    };
    if !about.is_empty() {
        let mut found = Vec::with_capacity(about.len());
        for id in &about {
            found.extend(
                authorities::find(connection, scope, id)?.map(|authority| (authority.authority_key, authority.id)),
            );
        }
        for id in call.beyond.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            let authority = authorities::find(connection, &AuthorityScope::Every, id)?;
            found.extend(authority.map(|authority| (authority.authority_key, authority.id)));
        }
        return if found.is_empty() { Err(without_chain()) } else { Ok(found) };
    }
    if let Some(id) = &call.authority_id {
        let authority = authorities::find(connection, scope, id)?.ok_or_else(without_chain)?;
        return Ok(vec![(authority.authority_key, authority.id)]);
    }
    every_authority(connection, scope)
}

fn without_chain() -> ServiceError {
    ServiceError::Corrupt("an answered call about something that has no audit log".to_owned())
}

fn every_authority(connection: &mut Connection, scope: &AuthorityScope) -> ServiceResult<Vec<(AuthorityKey, String)>> {
    let mut all: Vec<(AuthorityKey, String)> = Vec::new();
    loop {
        let after = all.last().map(|(_, id)| id.clone());
        let page = authorities::list(connection, scope, after.as_deref(), AT_ONCE)?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page.into_iter().map(|authority| (authority.authority_key, authority.id)));
    }
}

fn content(entry: &NewEntry, authority_id: &str, seq: i64, case_ids: Vec<String>) -> Option<AuditContent> {
    let call = entry.context.call.as_ref()?;
    Some(AuditContent {
        authority_id: authority_id.to_owned(),
        seq,
        recorded_at: entry.context.now.to_rfc3339(),
        operation: entry.operation.unwrap_or(call.operation),
        action: call.action.clone(),
        address: call.address.clone(),
        case_id: entry.case_id().map(str::to_owned),
        case_ids,
        actor: entry.context.actor.clone(),
        credential: entry.context.credential.clone(),
        call_id: call.call_id.clone(),
        recipients: entry.recipients.clone(),
        is_transfer: entry.is_transfer,
        is_refused: entry.is_refused,
        justification: call.justification.clone(),
        purpose: call.purpose,
    })
}

fn sign(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    authority_id: &str,
    end: (i64, &str),
    now: Instant,
    seal: &AuditSeal,
) -> ServiceResult<()> {
    let checkpoint = seal.sign(authority_id, end.0, end.1, &now.to_rfc3339());
    Ok(rows::insert_checkpoint(connection, authority_key, end.0, &serde_json::to_string(&checkpoint)?)?)
}

/// Signs how far the chain of each authority goes today.
///
/// # Errors
///
/// As the store.
pub fn checkpoint_all(connection: &mut Connection, now: Instant, seal: &AuditSeal) -> ServiceResult<()> {
    for (authority_key, authority_id) in every_authority(connection, &AuthorityScope::Every)? {
        if let Some((seq, hash)) = rows::head(connection, authority_key)?.filter(|(seq, _)| *seq > 0) {
            sign(connection, authority_key, &authority_id, (seq, &hash), now, seal)?;
        }
    }
    Ok(())
}

/// The authority whose log is asked for: the one named, or the only one the credential has.
///
/// # Errors
///
/// [`ServiceError::NotFound`] for one that the caller may not see; [`ServiceError::Invalid`] when none is named and there
/// is not exactly one.
pub fn authority(
    connection: &mut Connection,
    scope: &AuthorityScope,
    authority_id: Option<&str>,
) -> ServiceResult<(AuthorityKey, String)> {
    let found = match authority_id {
        Some(id) => authorities::find(connection, scope, id)?.ok_or(ServiceError::NotFound)?,
        None => authorities::only_one(connection, scope)?.ok_or_else(|| {
            let detail = "Name the authority: the credential does not have exactly one.";
            ServiceError::fault(Fault::new("/authority_id", INCONSISTENT_MEMBERS, detail))
        })?,
    };
    Ok((found.authority_key, found.id))
}

/// A page of an authority's log.
#[derive(Debug)]
pub struct LogPage {
    /// The entries in the order of the chain; one that does not read as it was written stands as it is.
    pub lines: Vec<AuditLine>,
    /// The place of the last of them.
    pub end: Option<i64>,
    /// Whether more follow.
    pub has_more: bool,
}

/// A page of an authority's log after the place `after`.
///
/// # Errors
///
/// As [`authority`].
pub fn list(
    connection: &mut Connection,
    scope: &AuthorityScope,
    authority_id: Option<&str>,
    filter: &AuditFilter,
    after: i64,
    limit: i64,
) -> ServiceResult<LogPage> {
    let (authority_key, _) = authority(connection, scope, authority_id)?;
    let found = rows::entries(connection, scope, authority_key, filter, after, limit + 1)?;
    let (found, has_more) = first_page(found, limit);
    let end = found.last().map(|row| row.seq);
    Ok(LogPage { lines: found.into_iter().map(line).collect(), end, has_more })
}

/// An entry as it is given: what was changed by hand is not hidden, and hides no other.
fn line(row: AuditRow) -> AuditLine {
    let AuditRow { seq, content, previous_hash, hash, .. } = row;
    match AuditContent::read(&content) {
        Some(content) => AuditLine::Entry(AuditEntry { content, previous_hash, hash }),
        None => AuditLine::AlteredEntry(AlteredAuditEntry { seq, content, previous_hash, hash }),
    }
}

/// What an export begins and ends with.
#[derive(Debug)]
pub struct Export {
    /// Whose log it is.
    pub header: AuditHeader,
    /// The last place that it goes to.
    pub last: i64,
    /// The successions of keys, then the checkpoints, the last of them signed now; what is neither stands as it is.
    pub seals: Vec<AuditLine>,
}

/// An authority's log as it is exported: a checkpoint is signed first, and ends it.
///
/// # Errors
///
/// As [`authority`].
pub fn begin_export(
    connection: &mut Connection,
    context: &Context,
    authority_id: Option<&str>,
    seal: &AuditSeal,
) -> ServiceResult<Export> {
    let (authority_key, id) = authority(connection, &context.scope, authority_id)?;
    let head = rows::head(connection, authority_key)?.filter(|(seq, _)| *seq > 0);
    if let Some((seq, hash)) = &head {
        sign(connection, authority_key, &id, (*seq, hash), context.now, seal)?;
    }
    let seals = StoredSeals::read(connection, authority_key)?.lines();
    let header = AuditHeader { authority_id: id, public_key: seal.public_key() };
    Ok(Export { header, last: head.map_or(0, |(seq, _)| seq), seals })
}
