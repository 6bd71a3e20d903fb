//! Whether a log is as it was written: entry by entry, then against its checkpoints. Every deviation is named with its
//! place. What is not found: a tail that was cut off, or written anew, after the last checkpoint that somebody else keeps.

use std::{cmp::Ordering, collections::HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    AlteredAuditEntry, AuditCheckpoint, AuditContent, AuditEntry, CHECKPOINT_EVERY, MOST_AT_ONCE, beginning, chained,
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
        /// The checkpoint was not signed with the key of the installation.
        ForgedCheckpoint = "forged_checkpoint",
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

/// The check of one authority's chain, entry by entry: bounded memory but for a hash of each checkpoint.
#[derive(Debug)]
pub struct ChainCheck {
    authority_id: String,
    checkpoints: HashMap<i64, AuditCheckpoint>,
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
    /// A check against these checkpoints, which must be signed with `public_key`.
    #[must_use]
    pub fn new(authority_id: &str, public_key: &str, checkpoints: Vec<AuditCheckpoint>) -> Self {
        let mut check = Self {
            authority_id: authority_id.to_owned(),
            checkpoints: HashMap::new(),
            faults: Vec::new(),
            entries: 0,
            furthest: 0,
            missing: Vec::new(),
            last: Last { seq: 0, origin: Some(0), hash: beginning(authority_id), previous_hash: String::new() },
        };
        for checkpoint in checkpoints {
            if checkpoint.is_signed_by(public_key) && checkpoint.authority_id == authority_id {
                check.checkpoints.insert(checkpoint.seq, checkpoint);
            } else {
                check.note(AuditFaultKind::ForgedCheckpoint, checkpoint.seq);
            }
        }
        check
    }

    /// Notes that something beside the entry at `seq` contradicts it.
    pub fn changed(&mut self, seq: i64) {
        self.note(AuditFaultKind::Changed, seq);
    }

    /// Notes that what stands in the place of a checkpoint is none.
    pub fn forged_checkpoint(&mut self, seq: i64) {
        self.note(AuditFaultKind::ForgedCheckpoint, seq);
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
        let rewritten = self.checkpoints.get(&seq).is_some_and(|checkpoint| checkpoint.hash != hash);
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
        let cut: Vec<i64> = self.checkpoints.keys().copied().filter(|seq| *seq > self.last.seq).collect();
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
        let mut sealed: Vec<i64> = self.checkpoints.keys().copied().filter(|seq| *seq <= last).collect();
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
mod tests {
    use super::{
        super::{AuditOperation, AuditSeal},
        *,
    };

    const AUTHORITY: &str = "0e9b2c0c-64b1-4b0e-9f1c-2f3a4a6a2b10";

    fn chain(length: i64) -> Vec<AuditEntry> {
        let mut previous_hash = beginning(AUTHORITY);
        let entry = |seq: i64| {
            let content = content(seq);
            let hash = chained(&previous_hash, &AuditEntry::written(&content).unwrap());
            let entry = AuditEntry { content, previous_hash: previous_hash.clone(), hash: hash.clone() };
            previous_hash = hash;
            entry
        };
        (1..=length).map(entry).collect()
    }

    fn content(seq: i64) -> AuditContent {
        AuditContent {
            authority_id: AUTHORITY.to_owned(),
            seq,
            recorded_at: "2026-06-30T12:00:00.000000Z".to_owned(),
            operation: AuditOperation::Consultation,
            action: "get_request".to_owned(),
            address: format!("/v1/requests/{seq}"),
            case_id: None,
            actor: Some("staff-7".to_owned()),
            credential: "bootstrap".to_owned(),
            call_id: "call".to_owned(),
            recipients: Vec::new(),
            is_transfer: false,
            is_refused: false,
            justification: None,
            purpose: None,
        }
    }

    fn seal() -> AuditSeal {
        AuditSeal::from_hex(&"07".repeat(32)).unwrap()
    }

    fn at(entry: &AuditEntry) -> AuditCheckpoint {
        seal().sign(AUTHORITY, entry.content.seq, &entry.hash, "2026-06-30T12:00:00.000000Z")
    }

    fn faults(entries: &[AuditEntry], checkpoints: Vec<AuditCheckpoint>) -> Vec<(AuditFaultKind, i64)> {
        let mut check = ChainCheck::new(AUTHORITY, &seal().public_key(), checkpoints);
        for entry in entries {
            check.exported(entry);
        }
        let found = check.finish(None).1.into_iter().map(|fault| (fault.kind, fault.seq));
        // Most of these chains have no checkpoint, or not yet.
        found.filter(|(kind, _)| *kind != AuditFaultKind::Unsealed).collect()
    }

    fn unsealed(entries: &[AuditEntry], checkpoints: Vec<AuditCheckpoint>, is_exported: bool) -> Option<i64> {
        let mut check = ChainCheck::new(AUTHORITY, &seal().public_key(), checkpoints);
        for entry in entries {
            check.exported(entry);
        }
        let end = entries.last().map(|last| (last.content.seq, last.hash.as_str())).filter(|_| !is_exported);
        let found = check.finish(end).1.into_iter().find(|fault| fault.kind == AuditFaultKind::Unsealed);
        found.map(|fault| fault.seq)
    }

    #[test]
    fn a_checkpoint_that_is_lacking_is_found() {
        let entries = chain(1100);
        let sealed = |places: &[usize]| places.iter().map(|place| at(&entries[place - 1])).collect::<Vec<_>>();
        for is_exported in [true, false] {
            assert_eq!(unsealed(&entries, sealed(&[256, 767, 1100]), is_exported), None);
            assert_eq!(unsealed(&entries, sealed(&[256, 769, 1100]), is_exported), Some(257));
            assert_eq!(unsealed(&entries, vec![], is_exported), Some(1));
            assert_eq!(
                unsealed(&entries[..10], sealed(&[10, 256]), is_exported),
                None,
                "truncated, which is found as such"
            );
        }
        // An export ends with a checkpoint of its last entry; a log that goes on need not.
        assert_eq!(unsealed(&entries, sealed(&[256, 600, 1000]), true), Some(1001));
        assert_eq!(unsealed(&entries, sealed(&[256, 600, 1000]), false), None);
        assert_eq!(unsealed(&entries[..200], vec![], true), Some(1));
        assert_eq!(unsealed(&entries[..200], vec![], false), None);
        assert_eq!(unsealed(&[], vec![], true), None);
    }

    fn rehashed(mut entries: Vec<AuditEntry>, from: usize) -> Vec<AuditEntry> {
        for index in from..entries.len() {
            if index > 0 {
                entries[index].previous_hash = entries[index - 1].hash.clone();
            }
            let text = AuditEntry::written(&entries[index].content).unwrap();
            entries[index].hash = chained(&entries[index].previous_hash, &text);
        }
        entries
    }

    #[test]
    fn an_untouched_chain_has_no_fault() {
        let entries = chain(9);
        assert_eq!(faults(&entries, vec![at(&entries[4]), at(&entries[8])]), []);
        assert_eq!(faults(&[], Vec::new()), []);
    }

    #[test]
    fn every_member_of_an_entry_counts() {
        let change: [fn(&mut AuditContent); 9] = [
            |content| content.recorded_at.replace_range(3..4, "5"),
            |content| content.operation = AuditOperation::Collection,
            |content| content.action.push('s'),
            |content| content.address.push('0'),
            |content| content.case_id = Some(AUTHORITY.to_owned()),
            |content| content.actor = None,
            |content| content.credential.push('x'),
            |content| content.call_id.push('x'),
            |content| content.justification = Some("later".to_owned()),
        ];
        for change in change {
            let mut entries = chain(5);
            change(&mut entries[2].content);
            assert_eq!(faults(&entries, Vec::new()), [(AuditFaultKind::Changed, 3)]);
            let mut own_hash = entries;
            let text = AuditEntry::written(&own_hash[2].content).unwrap();
            own_hash[2].hash = chained(&own_hash[2].previous_hash, &text);
            assert_eq!(faults(&own_hash, Vec::new()), [(AuditFaultKind::Changed, 3)]);
        }
    }

    #[test]
    fn removed_entries_are_named_renumbered_or_not() {
        let mut entries = chain(7);
        entries.drain(2..4);
        assert_eq!(faults(&entries, Vec::new()), [(AuditFaultKind::Removed, 3)]);
        for (entry, seq) in entries.iter_mut().zip(1..) {
            entry.content.seq = seq;
        }
        assert_eq!(faults(&entries, Vec::new()), [(AuditFaultKind::Removed, 3)]);
        assert_eq!(faults(&chain(7)[1..], Vec::new()), [(AuditFaultKind::Removed, 1)]);
    }

    #[test]
    fn an_inserted_entry_is_named() {
        for has_good_hash in [true, false] {
            let mut entries = chain(5);
            let mut forged = content(3);
            forged.actor = Some("nobody".to_owned());
            let text = AuditEntry::written(&forged).unwrap();
            let previous_hash = entries[1].hash.clone();
            let hash = if has_good_hash { chained(&previous_hash, &text) } else { "0".repeat(64) };
            entries.insert(2, AuditEntry { content: forged, previous_hash, hash });
            for (entry, seq) in entries.iter_mut().zip(1..) {
                entry.content.seq = seq;
            }
            assert_eq!(faults(&entries, Vec::new()), [(AuditFaultKind::Inserted, 3)], "{has_good_hash}");
        }
    }

    #[test]
    fn exchanged_entries_are_named() {
        let mut entries = chain(6);
        entries.swap(2, 3);
        assert_eq!(faults(&entries, Vec::new()), [(AuditFaultKind::Reordered, 3)]);
        for (entry, seq) in entries.iter_mut().zip(1..) {
            entry.content.seq = seq;
        }
        assert_eq!(faults(&entries, Vec::new()), [(AuditFaultKind::Reordered, 4)]);
    }

    #[test]
    fn what_a_checkpoint_covered_cannot_be_cut_off_or_written_anew() {
        let entries = chain(6);
        let checkpoint = at(&entries[5]);
        assert_eq!(faults(&entries[..4], vec![checkpoint.clone()]), [(AuditFaultKind::Truncated, 6)]);
        let mut anew = entries.clone();
        anew[3].content.actor = None;
        let anew = rehashed(anew, 3);
        assert_eq!(faults(&anew, Vec::new()), []);
        assert_eq!(faults(&anew, vec![checkpoint.clone()]), [(AuditFaultKind::Rewritten, 6)]);
        let forged = AuditCheckpoint { hash: anew[5].hash.clone(), ..checkpoint };
        assert_eq!(faults(&anew, vec![forged]), [(AuditFaultKind::ForgedCheckpoint, 6)]);
        let other = AuditSeal::from_hex(&"08".repeat(32)).unwrap();
        let other = other.sign(AUTHORITY, 6, &anew[5].hash, "2026-06-30T12:00:00.000000Z");
        assert_eq!(faults(&anew, vec![other]), [(AuditFaultKind::ForgedCheckpoint, 6)]);
    }

    #[test]
    fn faults_without_number_of_one_kind_hide_none_of_another() {
        let mut entries = chain(900);
        let sealed = |places: &[usize]| places.iter().map(|place| at(&entries[place - 1])).collect::<Vec<_>>();
        let (whole, cut) = (sealed(&[256, 512, 768, 900]), sealed(&[256, 512, 600, 900]));
        let junk = |seq: i64| AuditCheckpoint { seq, signature: String::new(), ..whole[0].clone() };
        let (many, one) = ((-400..0).map(junk).collect::<Vec<_>>(), vec![junk(-1)]);
        entries[899].content.actor = None;
        let found = faults(&entries, [many, whole].concat());
        assert_eq!((found.len(), found.last()), (200, Some(&(AuditFaultKind::Changed, 900))));
        for entry in &mut entries[..400] {
            entry.content.actor = None;
        }
        entries.truncate(600);
        let found = faults(&entries, [one, cut].concat());
        assert_eq!(found.len(), 200);
        assert_eq!((found[0], found[1]), ((AuditFaultKind::ForgedCheckpoint, -1), (AuditFaultKind::Changed, 1)));
        assert_eq!(found[199], (AuditFaultKind::Truncated, 900));
    }

    #[test]
    fn an_entry_that_names_an_impossible_place_is_changed() {
        for seq in [i64::MIN, -1, 0, LAST_PLACE + 1, i64::MAX] {
            let entries = chain(5);
            let mut check = ChainCheck::new(AUTHORITY, &seal().public_key(), vec![at(&entries[4])]);
            for entry in &entries {
                let place = if entry.content.seq == 3 { seq } else { entry.content.seq };
                let content = AuditContent { seq: place, ..entry.content.clone() };
                let text = AuditEntry::written(&content).unwrap();
                let hash = if place == seq { chained(&entry.previous_hash, &text) } else { entry.hash.clone() };
                check.entry(entry.content.seq, &text, &entry.previous_hash, &hash);
            }
            assert_eq!(check.finish(None).1, [AuditFault { kind: AuditFaultKind::Changed, seq: 3 }], "{seq}");
        }
    }

    #[test]
    fn another_authoritys_entry_is_named() {
        let mut check = ChainCheck::new("another", &seal().public_key(), Vec::new());
        check.exported(&chain(1)[0]);
        assert!(check.finish(None).1.contains(&AuditFault { kind: AuditFaultKind::Foreign, seq: 1 }));
    }
}
