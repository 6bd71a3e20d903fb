//! What signs the log of an authority: its checkpoints, and that one key took the place of another.

use super::{NewEntry, every_authority, record};
use crate::{
    casework::audit::{AlteredAuditCheckpoint, AlteredAuditSuccession, AuditLine, AuditSeal, AuditSeals},
    services::{AuthorityScope, Context, ServiceResult},
    store::{AuthorityKey, Connection, audit as rows},
};

/// The seals that are stored, and what stands in the place of some.
#[derive(Default)]
pub(super) struct StoredSeals {
    pub(super) seals: AuditSeals,
    pub(super) altered_checkpoints: Vec<AlteredAuditCheckpoint>,
    pub(super) altered_successions: Vec<AlteredAuditSuccession>,
}

impl StoredSeals {
    pub(super) fn read(connection: &mut Connection, authority_key: AuthorityKey) -> ServiceResult<Self> {
        let mut read = Self::default();
        for (seq, content) in rows::checkpoints(connection, authority_key)? {
            match serde_json::from_str(&content) {
                Ok(checkpoint) => read.seals.checkpoints.push(checkpoint),
                Err(_) => read.altered_checkpoints.push(AlteredAuditCheckpoint { seq, content }),
            }
        }
        for (seq, content) in rows::successions(connection, authority_key)? {
            match serde_json::from_str(&content) {
                Ok(succession) => read.seals.successions.push(succession),
                Err(_) => read.altered_successions.push(AlteredAuditSuccession { seq, content }),
            }
        }
        Ok(read)
    }

    /// As they are exported: the checkpoints last, the latest of them at the end.
    pub(super) fn lines(self) -> Vec<AuditLine> {
        let altered = self.altered_checkpoints.into_iter().map(AuditLine::AlteredCheckpoint);
        let altered = altered.chain(self.altered_successions.into_iter().map(AuditLine::AlteredSuccession));
        let successions = self.seals.successions.into_iter().map(AuditLine::Succession);
        altered.chain(successions).chain(self.seals.checkpoints.into_iter().map(AuditLine::Checkpoint)).collect()
    }
}

/// Makes one key the successor of another in the log of every authority: an entry says that it was done, and both keys sign
/// it. How many logs there are.
///
/// # Errors
///
/// As the store.
pub fn hand_over(
    connection: &mut Connection,
    context: &Context,
    old: &AuditSeal,
    new: &AuditSeal,
) -> ServiceResult<usize> {
    record(connection, NewEntry::of(context), old)?;
    let authorities = every_authority(connection, &AuthorityScope::Every)?;
    let mut logs = 0;
    for (authority_key, authority_id) in authorities {
        // The entry has locked the chain.
        if let Some((seq, hash)) = rows::head(connection, authority_key)? {
            let succession = old.hand_over(new, &authority_id, (seq, &hash), &context.now.to_rfc3339());
            rows::insert_succession(connection, authority_key, seq, &serde_json::to_string(&succession)?)?;
            logs += 1;
        }
    }
    Ok(logs)
}
