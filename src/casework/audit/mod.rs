//! The audit log as types: what an entry says, how entries are chained, what a checkpoint signs. DPA 2018 s62 asks for
//! the six operations; the chain and the checkpoints show whether anything was changed afterwards.

mod succession;
mod verify;

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

pub use self::{
    succession::AuditSuccession,
    verify::{AuditFault, AuditFaultKind, AuditSeals, ChainCheck},
};
use crate::{
    hexadecimal::{hex, unhex},
    vocabulary,
};

/// After how many entries a checkpoint is signed by itself.
pub const CHECKPOINT_EVERY: i64 = 256;
/// The most entries that are added to a log at once.
pub const MOST_AT_ONCE: i64 = 256;
/// The most cases that one entry names beside its own: as many as the largest page shows.
pub const MOST_CASES_SHOWN: usize = 200;
/// What begins every hash: another format is another chain.
const CHAIN: &str = "candour-audit-1";
/// What begins every signature.
const CHECKPOINT: &str = "candour-checkpoint-1";

vocabulary! {
    /// What was done: the operations of DPA 2018 s62(1).
    pub enum AuditOperation {
        Collection = "collection",
        Alteration = "alteration",
        Consultation = "consultation",
        Disclosure = "disclosure",
        Combination = "combination",
        Erasure = "erasure",
    }
}

vocabulary! {
    /// What the log may be used for: the purposes of DPA 2018 s62(4).
    pub enum AuditPurpose {
        /// Verifying the lawfulness of processing.
        Lawfulness = "lawfulness",
        /// Self-monitoring, internal disciplinary proceedings included.
        SelfMonitoring = "self_monitoring",
        /// Ensuring the integrity and security of personal data.
        IntegrityAndSecurity = "integrity_and_security",
        /// Criminal proceedings.
        CriminalProceedings = "criminal_proceedings",
    }
}

/// What an entry says: who did what, when, with which credential. It holds no value of any case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditContent {
    /// The authority whose data it was about.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// Its place in the authority's chain, from 1.
    #[schema(minimum = 1)]
    pub seq: i64,
    /// When, UTC.
    #[schema(format = "date-time")]
    pub recorded_at: String,
    /// What was done, in the words of the statute.
    pub operation: AuditOperation,
    /// What was called: the `operationId` of this document.
    pub action: String,
    /// The address called, without its query.
    pub address: String,
    /// The request for information it was about, where it was about one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "uuid")]
    pub case_id: Option<String>,
    /// The requests for information that the answer showed beside that one, of a list or a table: the authority's own, in
    /// order. A table that showed more has further entries with the same `call_id`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 200)]
    pub case_ids: Vec<String>,
    /// The human who did it, as the authority knows them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actor: Option<String>,
    /// The credential it was done with.
    pub credential: String,
    /// `X-Request-Id` of the call.
    pub call_id: String,
    /// For a disclosure: to whom. `requester`, `regulator` or `tribunal`; of a transfer, the name of the authority.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub recipients: Vec<String>,
    /// For a disclosure: whether it was a transfer (s62(1)(d)).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_transfer: bool,
    /// Whether the call was refused with 409, 412 or 422: it changed nothing, and its answer may have told something of the
    /// case.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_refused: bool,
    /// Why, where the caller said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub justification: Option<String>,
    /// For a reading of the log itself: its lawful purpose (s62(4)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub purpose: Option<AuditPurpose>,
}

/// An entry in its chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditEntry {
    /// What it says.
    pub content: AuditContent,
    /// The hash of the entry before it; of the first, the beginning of the authority's chain.
    pub previous_hash: String,
    /// SHA-256 over the hash before and the content.
    pub hash: String,
}

/// An entry whose content is not in the one form that is written: somebody changed it, and it is given as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlteredAuditEntry {
    /// Where it stands in the authority's chain.
    pub seq: i64,
    /// The text that stands in the place of the content.
    pub content: String,
    /// The hash of the entry before it, as it stands.
    pub previous_hash: String,
    /// The hash of the entry, as it stands.
    pub hash: String,
}

/// A signed statement: the chain of this authority had this hash at this place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditCheckpoint {
    /// The authority.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// The last entry it covers.
    pub seq: i64,
    /// The hash of that entry.
    pub hash: String,
    /// When it was signed, UTC.
    #[schema(format = "date-time")]
    pub signed_at: String,
    /// The public key, in hexadecimal digits.
    pub public_key: String,
    /// The Ed25519 signature, in hexadecimal digits.
    pub signature: String,
}

/// What stands in the place of a checkpoint and is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlteredAuditCheckpoint {
    /// Where it stands.
    pub seq: i64,
    /// The text that stands there.
    pub content: String,
}

/// What stands in the place of a succession and is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AlteredAuditSuccession {
    /// Where it stands.
    pub seq: i64,
    /// The text that stands there.
    pub content: String,
}

/// The hash before the first entry of an authority's chain.
#[must_use]
pub fn beginning(authority_id: &str) -> String {
    hex(Sha256::digest(format!("{CHAIN}\n{authority_id}")))
}

/// The hash of an entry with this content, as it is written.
#[must_use]
pub fn chained(previous_hash: &str, content: &str) -> String {
    hex(Sha256::digest(format!("{CHAIN}\n{previous_hash}\n{content}")))
}

impl AuditEntry {
    /// The content in the one form that is hashed: its members in the order of the schema, without white space.
    ///
    /// # Errors
    ///
    /// When it cannot be written as JSON, which would be a fault of this service.
    pub fn written(content: &AuditContent) -> serde_json::Result<String> {
        serde_json::to_string(content)
    }
}

impl AuditContent {
    /// What a stored text says; `None` unless it is in the one form that is hashed.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let content = serde_json::from_str(text).ok()?;
        AuditEntry::written(&content).is_ok_and(|written| written == text).then_some(content)
    }
}

/// The key that signs checkpoints.
#[derive(Clone)]
pub struct AuditSeal(SigningKey);

impl std::fmt::Debug for AuditSeal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AuditSeal")
    }
}

impl AuditSeal {
    /// A key of 64 hexadecimal digits; `None` for anything else.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        let seed: [u8; 32] = unhex(text.trim())?.try_into().ok()?;
        Some(Self(SigningKey::from_bytes(&seed)))
    }

    /// The public key, in hexadecimal digits: whoever checks the log keeps it.
    #[must_use]
    pub fn public_key(&self) -> String {
        hex(self.0.verifying_key().as_bytes())
    }

    /// Signs how far a chain goes.
    #[must_use]
    pub fn sign(&self, authority_id: &str, seq: i64, hash: &str, signed_at: &str) -> AuditCheckpoint {
        let mut checkpoint = AuditCheckpoint {
            authority_id: authority_id.to_owned(),
            seq,
            hash: hash.to_owned(),
            signed_at: signed_at.to_owned(),
            public_key: self.public_key(),
            signature: String::new(),
        };
        checkpoint.signature = hex(self.0.sign(checkpoint.signed().as_bytes()).to_bytes());
        checkpoint
    }
}

impl AuditCheckpoint {
    fn signed(&self) -> String {
        format!("{CHECKPOINT}\n{}\n{}\n{}\n{}", self.authority_id, self.seq, self.hash, self.signed_at)
    }

    /// Whether it was signed with the key that it names.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        is_signature(&self.public_key, &self.signed(), &self.signature)
    }
}

/// Whether this is the signature of `text` by this public key.
fn is_signature(public_key: &str, text: &str, signature: &str) -> bool {
    let check = || {
        let key: [u8; 32] = unhex(public_key)?.try_into().ok()?;
        let signature: [u8; 64] = unhex(signature)?.try_into().ok()?;
        let key = VerifyingKey::from_bytes(&key).ok()?;
        key.verify(text.as_bytes(), &Signature::from_bytes(&signature)).ok()
    };
    check().is_some()
}

/// One line of an exported log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum AuditLine {
    /// The first line: whose log it is, and the public key of its checkpoints.
    #[schema(title = "AuditHeaderLine")]
    Header(AuditHeader),
    /// An entry, in the order of the chain.
    #[schema(title = "AuditEntryLine")]
    Entry(AuditEntry),
    /// A checkpoint, after the entries.
    #[schema(title = "AuditCheckpointLine")]
    Checkpoint(AuditCheckpoint),
    /// That a key took the place of another, after the entries.
    #[schema(title = "AuditSuccessionLine")]
    Succession(AuditSuccession),
    /// In the place of an entry, where it does not read as one: the check of the export names it.
    #[schema(title = "AlteredAuditEntryLine")]
    AlteredEntry(AlteredAuditEntry),
    /// In the place of a checkpoint, where it does not read as one: the check of the export names it.
    #[schema(title = "AlteredAuditCheckpointLine")]
    AlteredCheckpoint(AlteredAuditCheckpoint),
    /// In the place of a succession, where it does not read as one: the check of the export names it.
    #[schema(title = "AlteredAuditSuccessionLine")]
    AlteredSuccession(AlteredAuditSuccession),
}

/// Whose log it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditHeader {
    /// The authority.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// The public key of the installation, in hexadecimal digits: the newest, where it was changed.
    pub public_key: String,
}
