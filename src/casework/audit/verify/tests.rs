//! Every way to change a log after it was written, and what is found of it.

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
        case_ids: Vec::new(),
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

fn by(checkpoints: Vec<AuditCheckpoint>) -> AuditSeals {
    AuditSeals { checkpoints, successions: Vec::new() }
}

fn seal() -> AuditSeal {
    AuditSeal::from_hex(&"07".repeat(32)).unwrap()
}

fn at(entry: &AuditEntry) -> AuditCheckpoint {
    seal().sign(AUTHORITY, entry.content.seq, &entry.hash, "2026-06-30T12:00:00.000000Z")
}

fn faults(entries: &[AuditEntry], checkpoints: Vec<AuditCheckpoint>) -> Vec<(AuditFaultKind, i64)> {
    let mut check = ChainCheck::new(AUTHORITY, &seal().public_key(), by(checkpoints));
    for entry in entries {
        check.exported(entry);
    }
    let found = check.finish(None).1.into_iter().map(|fault| (fault.kind, fault.seq));
    // Most of these chains have no checkpoint, or not yet.
    found.filter(|(kind, _)| *kind != AuditFaultKind::Unsealed).collect()
}

fn unsealed(entries: &[AuditEntry], checkpoints: Vec<AuditCheckpoint>, is_exported: bool) -> Option<i64> {
    let mut check = ChainCheck::new(AUTHORITY, &seal().public_key(), by(checkpoints));
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
    let change: [fn(&mut AuditContent); 10] = [
        |content| content.recorded_at.replace_range(3..4, "5"),
        |content| content.operation = AuditOperation::Collection,
        |content| content.action.push('s'),
        |content| content.address.push('0'),
        |content| content.case_id = Some(AUTHORITY.to_owned()),
        |content| content.case_ids.push(AUTHORITY.to_owned()),
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
        let mut check = ChainCheck::new(AUTHORITY, &seal().public_key(), by(vec![at(&entries[4])]));
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
    let mut check = ChainCheck::new("another", &seal().public_key(), by(Vec::new()));
    check.exported(&chain(1)[0]);
    assert!(check.finish(None).1.contains(&AuditFault { kind: AuditFaultKind::Foreign, seq: 1 }));
}

mod successions {
    use super::*;

    const SIGNED_AT: &str = "2026-06-30T12:00:00.000000Z";

    fn key(digit: u8) -> AuditSeal {
        AuditSeal::from_hex(&format!("{digit:02}").repeat(32)).unwrap()
    }

    fn sealed(by: u8, entries: &[AuditEntry], place: usize) -> AuditCheckpoint {
        key(by).sign(AUTHORITY, entries[place - 1].content.seq, &entries[place - 1].hash, SIGNED_AT)
    }

    fn succession(from: u8, to: u8, entries: &[AuditEntry], place: usize) -> AuditSuccession {
        let entry = &entries[place - 1];
        key(from).hand_over(&key(to), AUTHORITY, (entry.content.seq, &entry.hash), SIGNED_AT)
    }

    fn found_by(trusted: u8, entries: &[AuditEntry], seals: AuditSeals) -> Vec<(AuditFaultKind, i64)> {
        let mut check = ChainCheck::new(AUTHORITY, &key(trusted).public_key(), seals);
        for entry in entries {
            check.exported(entry);
        }
        check.finish(None).1.into_iter().map(|fault| (fault.kind, fault.seq)).collect()
    }

    #[test]
    fn a_chain_of_keys_holds_and_without_a_succession_what_it_vouched_for_is_forged() {
        let entries = chain(12);
        let checkpoints =
            vec![sealed(1, &entries, 3), sealed(2, &entries, 6), sealed(3, &entries, 9), sealed(3, &entries, 12)];
        let successions = vec![succession(2, 3, &entries, 8), succession(1, 2, &entries, 4)];
        let with = |successions: Vec<AuditSuccession>| AuditSeals { checkpoints: checkpoints.clone(), successions };
        assert_eq!(found_by(3, &entries, with(successions.clone())), []);
        assert_eq!(
            found_by(3, &entries, with(Vec::new())),
            [(AuditFaultKind::ForgedCheckpoint, 3), (AuditFaultKind::ForgedCheckpoint, 6)]
        );
        assert_eq!(found_by(3, &entries, with(successions[..1].to_vec())), [(AuditFaultKind::ForgedCheckpoint, 3)]);
        assert_eq!(
            found_by(3, &entries, with(successions[1..].to_vec())),
            [
                (AuditFaultKind::ForgedCheckpoint, 3),
                (AuditFaultKind::ForgedSuccession, 4),
                (AuditFaultKind::ForgedCheckpoint, 6)
            ]
        );
        let newest = |first: u8| AuditSuccession::newest_after(&key(first).public_key(), AUTHORITY, &successions);
        assert_eq!([1, 2, 3].map(newest), [3, 3, 3].map(|last: u8| key(last).public_key()));
        assert_eq!(AuditSuccession::newest_after("", AUTHORITY, &successions), "");
    }

    #[test]
    fn the_word_of_an_old_key_ends_at_its_succession() {
        let entries = chain(8);
        let seals = |place: usize| AuditSeals {
            checkpoints: vec![sealed(1, &entries, place), sealed(2, &entries, 8)],
            successions: vec![succession(1, 2, &entries, 5)],
        };
        assert_eq!(found_by(2, &entries, seals(5)), []);
        assert_eq!(found_by(2, &entries, seals(6)), [(AuditFaultKind::ForgedCheckpoint, 6)]);
        // Handed over again later, as after a server that went on with the old key.
        let mut again = seals(6);
        again.successions.push(succession(1, 2, &entries, 7));
        assert_eq!(found_by(2, &entries, again), []);
        // The old key alone cannot name another place, nor another successor that counts.
        let mut stolen = seals(6);
        stolen.successions.push(succession(1, 9, &entries, 7));
        let expected = [(AuditFaultKind::ForgedCheckpoint, 6), (AuditFaultKind::ForgedSuccession, 7)];
        assert_eq!(found_by(2, &entries, stolen), expected);
        // A key before the old one counts no further than the old one vouched when it was in use.
        let mut late = seals(5);
        late.successions.push(succession(3, 1, &entries, 6));
        assert_eq!(found_by(2, &entries, late), [(AuditFaultKind::ForgedSuccession, 6)]);
    }

    #[test]
    fn what_was_before_a_succession_cannot_be_written_anew_or_cut_off() {
        let entries = chain(8);
        let seals = || AuditSeals { checkpoints: Vec::new(), successions: vec![succession(1, 2, &entries, 8)] };
        assert_eq!(found_by(2, &entries, seals()), []);
        let mut anew = entries.clone();
        anew[3].content.actor = None;
        assert_eq!(found_by(2, &rehashed(anew, 3), seals()), [(AuditFaultKind::Rewritten, 8)]);
        let cut = [(AuditFaultKind::Unsealed, 1), (AuditFaultKind::Truncated, 8)];
        assert_eq!(found_by(2, &entries[..6], seals()), cut);
    }

    #[test]
    fn a_forged_succession_is_named_and_vouches_for_nothing() {
        let entries = chain(8);
        let genuine = succession(1, 2, &entries, 4);
        let forgeries: [fn(&mut AuditSuccession); 8] = [
            |one| one.predecessor_signature.clear(),
            |one| one.successor_signature.clear(),
            |one| one.predecessor_signature.clone_from(&one.successor_signature),
            |one| one.successor_signature.clone_from(&one.predecessor_signature),
            |one| one.hash.replace_range(..1, if one.hash.starts_with('0') { "1" } else { "0" }),
            |one| one.signed_at.replace_range(3..4, "5"),
            |one| std::mem::swap(&mut one.predecessor, &mut one.successor),
            |one| one.authority_id = "another".to_owned(),
        ];
        let found = |forged: AuditSuccession| {
            let checkpoints = vec![sealed(1, &entries, 3), sealed(2, &entries, 8)];
            found_by(2, &entries, AuditSeals { checkpoints, successions: vec![forged] })
        };
        assert_eq!(found(genuine.clone()), []);
        for forge in forgeries {
            let mut forged = genuine.clone();
            forge(&mut forged);
            let expected = [(AuditFaultKind::ForgedCheckpoint, 3), (AuditFaultKind::ForgedSuccession, 4)];
            assert_eq!(found(forged), expected);
        }
        let further = AuditSuccession { seq: 5, ..genuine };
        assert_eq!(found(further), [(AuditFaultKind::ForgedCheckpoint, 3), (AuditFaultKind::ForgedSuccession, 5)]);
    }
}
