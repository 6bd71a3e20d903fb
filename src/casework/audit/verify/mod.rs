//! Whether a log is as it was written: entry by entry, then against its checkpoints. Every deviation is named with its
//! place. What is not found: a tail that was cut off, or written anew, after the last checkpoint that somebody else keeps.

use std::{
    cmp::Ordering,
    collections::{HashMap, HashSet},
};

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    AlteredAuditEntry, AuditCheckpoint, AuditContent, AuditEntry, AuditSuccession, CHECKPOINT_EVERY, MOST_AT_ONCE,
    beginning, chained, succession::TrustedKeys,
};
use crate::vocabulary;

/// How far an entry may have been moved by renumbering and still be told from one that was changed.
const FURTHEST_MOVE: i64 = 64;
/// The most entries after which a log has a checkpoint: it is signed at the end of what is added at once.
const LONGEST_UNSEALED: i64 = CHECKPOINT_EVERY + MOST_AT_ONCE;
/// The most faults that are named, and the most of one kind that are kept until then.
const MOST_NAMED: usize = 200;
/// The last place that a chain can reach: what JSON carries without loss.
const LAST_PLACE: i64 = (1 << 53) - 1;

vocabulary! {
    /// In which way a log is not as it was written: first what was done to entries, then to what signs them.
    pub enum AuditFaultKind {
        /// The entry does not say what it said.
        Changed = "changed",
        /// Entries that were before this one are gone.
        Removed = "removed",
        /// The entry was not there when the next one was written.
        Inserted = "inserted",
        /// The entry stands in another place than it was written in.
        Reordered = "reordered",
        /// The log ends before a checkpoint that it had reached.
        Truncated = "truncated",
        /// The log has another hash than the checkpoint at this place: it was written anew.
        Rewritten = "rewritten",
        /// The entry is another authority's.
        Foreign = "foreign",
        /// From here on no checkpoint says what stood here, where one should: it may have been written anew, or cut off.
        Unsealed = "unsealed",
        /// The checkpoint was not signed with the key of the installation, or with one before it up to its succession.
        ForgedCheckpoint = "forged_checkpoint",
        /// The succession was not signed by both its keys, or leads to none that counts at its place.
        ForgedSuccession = "forged_succession",
    }
}

/// One deviation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuditFault {
    /// In which way.
    pub kind: AuditFaultKind,
    /// At which place of the chain.
    pub seq: i64,
}

/// What signs a log.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditSeals {
    /// How far it went.
    pub checkpoints: Vec<AuditCheckpoint>,
    /// Which key took the place of which.
    pub successions: Vec<AuditSuccession>,
}

/// The check of one authority's chain, entry by entry: bounded memory but for a hash of each checkpoint.
#[derive(Debug)]
pub struct ChainCheck {
    authority_id: String,
    /// The hashes that genuine checkpoints and successions say the chain had, by place.
    sealed: HashMap<i64, HashSet<String>>,
    faults: Vec<AuditFault>,
    entries: i64,
    /// The latest place that an entry so far was written in.
    furthest: i64,
    /// Places that nothing was found for yet, from and to.
    missing: Vec<(i64, i64)>,
    last: Last,
}

/// The entry before: its place, the place it was written in, the hash it must have by its content, and what it follows.
#[derive(Debug, Clone)]
struct Last {
    seq: i64,
    origin: Option<i64>,
    hash: String,
    previous_hash: String,
}

impl ChainCheck {
    /// A check against these seals: by `public_key`, and by the keys before it, each up to the place of its succession.
    #[must_use]
    pub fn new(authority_id: &str, public_key: &str, seals: AuditSeals) -> Self {
        let mut check = Self {
            authority_id: authority_id.to_owned(),
            sealed: HashMap::new(),
            faults: Vec::new(),
            entries: 0,
            furthest: 0,
            missing: Vec::new(),
            last: Last { seq: 0, origin: Some(0), hash: beginning(authority_id), previous_hash: String::new() },
        };
        let (genuine, forged): (Vec<_>, Vec<_>) =
            seals.successions.into_iter().partition(|succession| succession.is_genuine(authority_id));
        let keys = TrustedKeys::before(public_key, &genuine);
        for succession in forged {
            check.note(AuditFaultKind::ForgedSuccession, succession.seq);
        }
        for AuditSuccession { seq, hash, successor, .. } in genuine {
            check.seal(keys.vouches_at(&successor, seq), AuditFaultKind::ForgedSuccession, seq, hash);
        }
        for checkpoint in seals.checkpoints {
            let is_own = checkpoint.authority_id == authority_id;
            let counts = is_own && keys.vouches_at(&checkpoint.public_key, checkpoint.seq) && checkpoint.is_signed();
            check.seal(counts, AuditFaultKind::ForgedCheckpoint, checkpoint.seq, checkpoint.hash);
        }
        check
    }

    /// Takes what signs the chain at a place, or names it where it does not count.
    fn seal(&mut self, counts: bool, otherwise: AuditFaultKind, seq: i64, hash: String) {
        if counts {
            self.sealed.entry(seq).or_default().insert(hash);
        } else {
            self.note(otherwise, seq);
        }
    }

    /// Notes that something beside the entry at `seq` contradicts it.
    pub fn changed(&mut self, seq: i64) {
        self.note(AuditFaultKind::Changed, seq);
    }

    /// Notes that what stands in the place of a checkpoint is none.
    pub fn forged_checkpoint(&mut self, seq: i64) {
        self.note(AuditFaultKind::ForgedCheckpoint, seq);
    }

    /// Notes that what stands in the place of a succession is none.
    pub fn forged_succession(&mut self, seq: i64) {
        self.note(AuditFaultKind::ForgedSuccession, seq);
    }

    /// Looks at the entry that stands at `seq`, in the order of places.
    pub fn entry(&mut self, seq: i64, content: &str, previous_hash: &str, hash: &str) {
        self.entries += 1;
        let origin = self.origin(content, previous_hash, hash);
        // What follows the same entry as the one before it does: that one came between later.
        let is_beside = previous_hash == self.last.previous_hash;
        match origin {
            None => self.note(AuditFaultKind::Changed, seq),
            Some(own) if own <= self.furthest && self.found(own) => self.note(AuditFaultKind::Reordered, seq),
            Some(own) if own <= self.furthest && self.last.origin.is_none() => self.came_between(),
            Some(own) if own <= self.furthest && is_beside => self.note(AuditFaultKind::Inserted, self.last.seq),
            Some(own) if own <= self.furthest => self.note(AuditFaultKind::Inserted, seq),
            Some(own) => self.goes_on(own, previous_hash, is_beside),
        }
        self.furthest = self.furthest.max(origin.unwrap_or(self.furthest + 1));
        let rewritten = self.sealed.get(&seq).is_some_and(|sealed| sealed.iter().any(|sealed| sealed != hash));
        if rewritten && origin == Some(seq) {
            self.note(AuditFaultKind::Rewritten, seq);
        }
        self.last = Last { seq, origin, hash: hash.to_owned(), previous_hash: previous_hash.to_owned() };
    }

    /// An entry that was written after everything seen so far.
    fn goes_on(&mut self, own: i64, previous_hash: &str, is_beside: bool) {
        if own > self.furthest + 1 {
            self.missing.push((self.furthest + 1, own - 1));
        } else if self.last.origin == Some(own - 1) && previous_hash != self.last.hash {
            self.note(AuditFaultKind::Changed, own - 1);
        } else if self.last.origin.is_none() && is_beside {
            self.came_between();
        }
    }

    /// The entry before, which seemed changed, is one too many: it was not changed but put there.
    fn came_between(&mut self) {
        let seq = self.last.seq;
        self.faults.retain(|fault| (fault.kind, fault.seq) != (AuditFaultKind::Changed, seq));
        self.note(AuditFaultKind::Inserted, seq);
    }

    /// Whether the entry was missing until now; then it is no more.
    fn found(&mut self, own: i64) -> bool {
        let Some(at) = self.missing.iter().position(|(from, to)| (*from..=*to).contains(&own)) else { return false };
        let (from, to) = self.missing.swap_remove(at);
        self.missing.extend([(from, own - 1), (own + 1, to)].into_iter().filter(|(from, to)| from <= to));
        true
    }

    /// The place in which the entry was written; `None` when it does not say what it said.
    fn origin(&mut self, content: &str, previous_hash: &str, hash: &str) -> Option<i64> {
        let read = serde_json::from_str::<AuditContent>(content).ok()?;
        if !(1..=LAST_PLACE).contains(&read.seq) {
            return None;
        }
        if read.authority_id != self.authority_id {
            self.note(AuditFaultKind::Foreign, read.seq);
        }
        (chained(previous_hash, content) == hash).then_some(read.seq)
    }

    /// The same for an entry of an exported log, which may have been renumbered.
    pub fn exported(&mut self, entry: &AuditEntry) {
        let seq = entry.content.seq;
        let moves = (0..=FURTHEST_MOVE).flat_map(|by| [by, -by]);
        let written_as = moves.into_iter().find_map(|by| {
            let content = AuditContent { seq: seq.saturating_add(by), ..entry.content.clone() };
            let text = AuditEntry::written(&content).ok()?;
            (chained(&entry.previous_hash, &text) == entry.hash).then_some(text)
        });
        let text = written_as.or_else(|| AuditEntry::written(&entry.content).ok()).unwrap_or_default();
        self.entry(seq, &text, &entry.previous_hash, &entry.hash);
    }

    /// The same for an entry of an exported log that does not read as it was written, whatever its hash says.
    pub fn altered(&mut self, entry: &AlteredAuditEntry) {
        self.changed(entry.seq);
        self.entry(entry.seq, &entry.content, &entry.previous_hash, &entry.hash);
    }

    /// Ends the check: how many entries there were, and everything found. `end` is what is kept of the chain's end; without
    /// it the log is an exported one, whose last line is a checkpoint of its last entry.
    #[must_use]
    pub fn finish(mut self, end: Option<(i64, &str)>) -> (i64, Vec<AuditFault>) {
        for (from, _) in std::mem::take(&mut self.missing) {
            self.note(AuditFaultKind::Removed, from);
        }
        let cut: Vec<i64> = self.sealed.keys().copied().filter(|seq| *seq > self.last.seq).collect();
        if let Some(reached) = cut.iter().max() {
            self.note(AuditFaultKind::Truncated, *reached);
        }
        if let Some((seq, hash)) = end
            && (seq != self.last.seq || hash != self.last.hash)
            && cut.is_empty()
        {
            match seq.cmp(&self.last.seq) {
                Ordering::Greater => self.note(AuditFaultKind::Truncated, seq),
                Ordering::Equal => self.note(AuditFaultKind::Changed, seq),
                Ordering::Less => self.note(AuditFaultKind::Inserted, seq + 1),
            }
        }
        if let Some(from) = self.unsealed_from(end.is_none()) {
            self.note(AuditFaultKind::Unsealed, from);
        }
        (self.entries, named(self.faults))
    }

    /// The first entry after which a checkpoint is lacking.
    fn unsealed_from(&self, must_end_sealed: bool) -> Option<i64> {
        let last = self.last.seq;
        let mut sealed: Vec<i64> = self.sealed.keys().copied().filter(|seq| *seq <= last).collect();
        sealed.sort_unstable();
        let mut before = 0;
        for seq in sealed {
            if seq - before > LONGEST_UNSEALED {
                return Some(before + 1);
            }
            before = seq;
        }
        let longest = if must_end_sealed { 0 } else { LONGEST_UNSEALED };
        (last - before > longest).then_some(before + 1)
    }

    /// Each kind has room of its own: what fills up one hides none of another.
    fn note(&mut self, kind: AuditFaultKind, seq: i64) {
        let fault = AuditFault { kind, seq };
        let of_kind = self.faults.iter().filter(|known| known.kind == kind).count();
        if of_kind < MOST_NAMED && !self.faults.contains(&fault) {
            self.faults.push(fault);
        }
    }
}

/// The faults that are named, by place. Where there are too many every kind has its share: the first of each kind go before
/// the second of any, and of these what was done to entries before what was done to checkpoints.
fn named(mut faults: Vec<AuditFault>) -> Vec<AuditFault> {
    faults.sort_by_key(|fault| fault.seq);
    let mut seen: HashMap<AuditFaultKind, usize> = HashMap::new();
    let rank = |fault: AuditFault| {
        let number = seen.entry(fault.kind).or_default();
        *number += 1;
        (*number, fault)
    };
    let mut ranked: Vec<(usize, AuditFault)> = faults.into_iter().map(rank).collect();
    ranked.sort_by_key(|(rank, fault)| (*rank, fault.kind));
    let mut named: Vec<AuditFault> = ranked.into_iter().map(|(_, fault)| fault).take(MOST_NAMED).collect();
    named.sort_by_key(|fault| fault.seq);
    named
}

#[cfg(test)]
mod tests;
