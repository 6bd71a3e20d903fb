//! API keys as callers see them. The key itself is shown once, when it is made.

use chrono::Days;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    casework::{
        request::{duplicates, too_many},
        scope::Scope,
        text::{Line, Word},
    },
    fault::{Fault, IMPOSSIBLE_ORDER, INCONSISTENT_MEMBERS, INVALID_VALUE},
    law::Date,
    vocabulary,
};

/// How many authorities one key may act for.
const MOST_AUTHORITIES: usize = 100;
/// How many days a key may live from the day it is made.
const LONGEST_LIFE: u64 = 366;

vocabulary! {
    /// Who stands behind a credential.
    pub enum CredentialKind {
        /// One person: the credential says who acts.
        Person = "person",
        /// A program: it names the human behind each casework call in `Candour-Actor`.
        System = "system",
    }
}

/// A key to be made.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApiKey {
    /// The authority it belongs to; may be left out by who has only one. A key for `operator` has none.
    #[serde(default)]
    #[schema(nullable = false)]
    pub authority_id: Option<Word>,
    /// Further authorities that it may act for.
    #[serde(default)]
    #[schema(max_items = 100)]
    pub further_authority_ids: Vec<Word>,
    /// What it is for, or whose it is.
    pub name: Line,
    /// Who stands behind it.
    pub kind: CredentialKind,
    /// What it opens: nothing that the credential which makes it does not open.
    #[schema(min_items = 1, max_items = 17)]
    pub scopes: Vec<Scope>,
    /// The last day on which it is valid, in London; at most 366 days from today.
    pub expires_on: Date,
}

impl NewApiKey {
    /// Everything wrong across members, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults: Vec<Fault> = expiry_fault("/expires_on", self.expires_on, today).into_iter().collect();
        if self.scopes.is_empty() {
            faults.push(Fault::new("/scopes", INVALID_VALUE, "A key opens something: name at least one scope."));
        }
        faults.extend(duplicates("/scopes", self.scopes.iter().map(|scope| (String::new(), scope))));
        let operates = self.scopes.contains(&Scope::Operator);
        if operates && self.scopes.iter().any(|scope| *scope != Scope::Operator) {
            let detail = "A key for `operator` opens nothing else: who runs the service does no casework.";
            faults.push(Fault::new("/scopes", INCONSISTENT_MEMBERS, detail));
        }
        if operates && (self.authority_id.is_some() || !self.further_authority_ids.is_empty()) {
            let detail = "A key for `operator` belongs to no authority.";
            faults.push(Fault::new("/authority_id", INCONSISTENT_MEMBERS, detail));
        }
        let further = self.further_authority_ids.iter().map(|id| (String::new(), id));
        faults.extend(duplicates("/further_authority_ids", further));
        faults.extend(too_many("/further_authority_ids", self.further_authority_ids.len(), MOST_AUTHORITIES));
        faults
    }
}

/// A key to take the place of another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApiKeyRotation {
    /// The last day of the new key; at most 366 days from today.
    pub expires_on: Date,
    /// The last day on which the old key is valid beside it; its own last day, where that is earlier, stands.
    pub overlap_ends_on: Date,
}

impl ApiKeyRotation {
    /// Everything wrong across members, given the date in London.
    #[must_use]
    pub fn faults(&self, today: Date) -> Vec<Fault> {
        let mut faults: Vec<Fault> = expiry_fault("/expires_on", self.expires_on, today).into_iter().collect();
        if self.overlap_ends_on < today {
            let detail = "The overlap ends today at the earliest; revoke the old key to end it at once.";
            faults.push(Fault::new("/overlap_ends_on", INVALID_VALUE, detail));
        }
        if self.overlap_ends_on > self.expires_on {
            let detail = "The old key does not outlive the new one.";
            faults.push(Fault::new("/overlap_ends_on", IMPOSSIBLE_ORDER, detail));
        }
        faults
    }
}

fn expiry_fault(at: &str, expires_on: Date, today: Date) -> Option<Fault> {
    let latest = today.0.checked_add_days(Days::new(LONGEST_LIFE)).unwrap_or(today.0);
    let is_within = expires_on >= today && expires_on.0 <= latest;
    let detail = || format!("A key expires on {latest} at the latest, and today at the earliest.");
    (!is_within).then(|| Fault::new(at, INVALID_VALUE, detail()))
}

/// An API key: everything but the key itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApiKey {
    /// Random identifier.
    #[schema(format = "uuid")]
    pub id: String,
    /// How the key begins: enough to recognise it in a list or a log, not to use it.
    pub prefix: String,
    /// The key itself: in the first answer to the call that made it, and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub key: Option<String>,
    /// What it is for, or whose it is.
    pub name: Line,
    /// Who stands behind it.
    pub kind: CredentialKind,
    /// The authorities it may act for, the one it belongs to first; none for `operator`.
    #[schema(max_items = 101)]
    pub authority_ids: Vec<String>,
    /// What it opens.
    #[schema(max_items = 17)]
    pub scopes: Vec<Scope>,
    /// The last day on which it is valid, in London.
    pub expires_on: Date,
    /// The credential that made it.
    pub created_by: String,
    /// When it was made, UTC.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// The day on which it was last used; noted within seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last_used_on: Option<Date>,
    /// When it was revoked, UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = "date-time")]
    pub revoked_at: Option<String>,
    /// Grows with every change.
    pub version: i64,
}

/// Who is calling, and what they may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Identity {
    /// The credential's own name.
    pub credential: String,
    /// Who stands behind it.
    pub kind: CredentialKind,
    /// The human behind this call, where one is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub actor: Option<String>,
    /// Whether casework calls must name a human in `Candour-Actor`.
    pub must_name_actor: bool,
    /// Whether it may act for any authority.
    pub all_authorities: bool,
    /// Authorities it may act for, the first 200 of them.
    #[schema(max_items = 200)]
    pub authorities: Vec<NamedAuthority>,
    /// What it opens.
    #[schema(max_items = 17)]
    pub scopes: Vec<Scope>,
    /// The last day on which it is valid, in London, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub expires_on: Option<Date>,
}

/// An authority by id and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NamedAuthority {
    /// Its id.
    #[schema(format = "uuid")]
    pub id: String,
    /// Its name.
    pub name: String,
}
