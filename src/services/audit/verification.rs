//! The check of an authority's whole log in the database: its chain, its checkpoints, and what is kept beside the entries
//! for searches.

use std::collections::{BTreeMap, BTreeSet};

use super::{authority, seals::StoredSeals};
use crate::{
    casework::audit::{AuditContent, AuditFault, AuditSeal, ChainCheck},
    services::{AuthorityScope, ServiceResult, context::Instant},
    store::{
        AuthorityKey, Connection,
        audit::{self as rows, AuditFilter, AuditRow},
        audit_cases,
    },
};

/// How many entries are read at once.
const AT_ONCE: i64 = 500;
/// How many more cases than the entries name are read beside them: an intact log has none.
const MOST_STRAY: usize = 200;

/// Checks an authority's whole log in the database: how many entries it has, and everything that is not as it was written.
///
/// # Errors
///
/// As [`authority`].
pub fn verify(
    connection: &mut Connection,
    scope: &AuthorityScope,
    authority_id: Option<&str>,
    seal: &AuditSeal,
) -> ServiceResult<(String, i64, Vec<AuditFault>)> {
    let (authority_key, id) = authority(connection, scope, authority_id)?;
    let stored = StoredSeals::read(connection, authority_key)?;
    let mut check = ChainCheck::new(&id, &seal.public_key(), stored.seals);
    for altered in &stored.altered_checkpoints {
        check.forged_checkpoint(altered.seq);
    }
    for altered in &stored.altered_successions {
        check.forged_succession(altered.seq);
    }
    let mut after = 0;
    loop {
        let found = rows::entries(connection, scope, authority_key, &AuditFilter::default(), after, AT_ONCE)?;
        let Some(last) = found.last() else { break };
        let mut named = Named::default();
        for row in &found {
            match told_beside(row) {
                Some(content) => drop(named.insert(row.seq, content.case_ids.into_iter().collect())),
                None => check.changed(row.seq),
            }
            check.entry(row.seq, &row.content, &row.previous_hash, &row.hash);
        }
        for seq in unlike(connection, authority_key, (after + 1, last.seq), &named)? {
            check.changed(seq);
        }
        after = last.seq;
    }
    // Where no entry is, nothing is named.
    for places in [(i64::MIN, 0), (after + 1, i64::MAX)] {
        for seq in unlike(connection, authority_key, places, &Named::default())? {
            check.changed(seq);
        }
    }
    let head = rows::head(connection, authority_key)?;
    let (entries, faults) = check.finish(head.as_ref().map(|(seq, hash)| (*seq, hash.as_str())));
    Ok((id, entries, faults))
}

/// The cases that entries name beside their own, by place.
type Named = BTreeMap<i64, BTreeSet<String>>;

/// The places among these whose entries name other cases than are kept beside them for searches. All is read at once; of
/// so much too much that it is not all read, the places that were are compared.
fn unlike(
    connection: &mut Connection,
    authority_key: AuthorityKey,
    places: (i64, i64),
    named: &Named,
) -> ServiceResult<BTreeSet<i64>> {
    let most = named.values().map(BTreeSet::len).sum::<usize>() + MOST_STRAY;
    let rows = audit_cases::between(connection, authority_key, places, i64::try_from(most).unwrap_or(i64::MAX))?;
    let cut_at = rows.last().filter(|_| rows.len() == most).map(|(seq, _)| *seq);
    let mut kept = Named::new();
    for (seq, case_id) in rows {
        kept.entry(seq).or_default().insert(case_id);
    }
    Ok(differing(named, &kept, cut_at))
}

/// The places at which the two differ, up to the one at which `kept` is cut off, which has too much.
fn differing(named: &Named, kept: &Named, cut_at: Option<i64>) -> BTreeSet<i64> {
    let nothing = BTreeSet::new();
    let is_read = |seq: &i64| cut_at.is_none_or(|cut_at| *seq < cut_at);
    let differs = |seq: &i64| named.get(seq).unwrap_or(&nothing) != kept.get(seq).unwrap_or(&nothing);
    let all = named.keys().chain(kept.keys()).copied();
    all.filter(|seq| is_read(seq) && differs(seq)).chain(cut_at).collect()
}

/// What the entry says, where the columns that queries look at say the same.
fn told_beside(row: &AuditRow) -> Option<AuditContent> {
    serde_json::from_str::<AuditContent>(&row.content).ok().filter(|content| {
        content.operation.as_str() == row.operation
            && content.actor == row.actor
            && content.case_id == row.case_id
            && content.recorded_at == Instant(row.recorded_at).to_rfc3339()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(of: &[(i64, &[&str])]) -> Named {
        of.iter().map(|(seq, ids)| (*seq, ids.iter().map(|id| (*id).to_owned()).collect())).collect()
    }

    #[test]
    fn what_is_too_much_or_lacking_is_found_at_its_place() {
        let told = named(&[(1, &[]), (2, &["a", "b"]), (3, &["c"])]);
        let found =
            |kept: &[(i64, &[&str])], cut_at| differing(&told, &named(kept), cut_at).into_iter().collect::<Vec<_>>();
        assert_eq!(found(&[(2, &["a", "b"]), (3, &["c"])], None), Vec::<i64>::new());
        assert_eq!(found(&[(2, &["a"]), (3, &["c"])], None), [2]);
        assert_eq!(found(&[(2, &["a", "b"])], None), [3]);
        assert_eq!(found(&[(1, &["z"]), (2, &["a", "d"]), (3, &["c"]), (9, &["c"])], None), [1, 2, 9]);
        assert_eq!(found(&[(1, &["z"]), (2, &["a"])], Some(2)), [1, 2]);
    }
}
