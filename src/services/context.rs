//! Who asks, when, and what they may see.

use std::sync::Arc;

use chrono::{DateTime, SecondsFormat};

use crate::{
    casework::{
        api_key::CredentialKind,
        scope::{Scope, ScopeSet},
    },
    law::{Date, calendar::Calendars},
    services::{
        audit::{Call, Recipient},
        keyring::Keyring,
    },
    store::AuthorityScope,
};

/// An instant: microseconds since 1970-01-01 UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(pub i64);

impl Instant {
    /// The instant as it stands in JSON: UTC, microseconds, ending in `Z`.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        DateTime::from_timestamp_micros(self.0).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Micros, true)
    }
}

/// What a use case knows of the call it serves.
#[derive(Debug, Clone)]
pub struct Context {
    /// Now.
    pub now: Instant,
    /// The date in London now.
    pub today: Date,
    /// The calendars in use.
    pub calendars: Arc<Calendars>,
    /// Which authorities the credential may act for.
    pub scope: AuthorityScope,
    /// What the credential opens.
    pub scopes: ScopeSet,
    /// The human behind the call, as the authority knows them; absent where the service acts by itself.
    pub actor: Option<String>,
    /// The credential, as idempotency keys and cursors are bound to it.
    pub credential: String,
    /// Opens and seals who asked; without keys where nothing is to be opened.
    pub keyring: Arc<Keyring>,
    /// The call as the audit log tells of it; absent where the service acts by itself.
    pub call: Option<Arc<Call>>,
}

impl Context {
    /// A call by this principal at this instant.
    #[must_use]
    pub fn of(principal: &Principal, now: Instant, today: Date, calendars: Arc<Calendars>) -> Self {
        Self {
            now,
            today,
            calendars,
            scope: principal.scope.clone(),
            scopes: principal.scopes.clone(),
            actor: principal.actor.clone(),
            credential: principal.credential.clone(),
            keyring: Arc::default(),
            call: None,
        }
    }

    /// The same call at another instant, with the calendars that are in use then.
    #[must_use]
    pub fn at(self, now: Instant, today: Date, calendars: Arc<Calendars>) -> Self {
        Self { now, today, calendars, ..self }
    }

    /// Notes that the log of the authority that the query names, or of every one of the credential, has to tell of the call.
    pub fn log_for_asked(&self) {
        if let Some(call) = &self.call {
            call.log_for_asked();
        }
    }

    /// Notes that the log of this authority has to tell of the call.
    pub fn log_for(&self, authority_id: &str) {
        if let Some(call) = &self.call {
            call.log_for(authority_id);
        }
    }

    /// Notes that the log of an authority which the credential may not act for has to tell of the call.
    pub fn log_beyond(&self, authority_id: &str) {
        if let Some(call) = &self.call {
            call.log_beyond(authority_id);
        }
    }

    /// Notes that the answer shows these cases, each with its authority, beside the one in the address, if there is one: a
    /// list or a table. The entries in the logs of the authorities name them.
    pub fn shown<'a>(&self, cases: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let Some(call) = &self.call else { return };
        for (authority_id, case_id) in cases {
            call.shown(authority_id, case_id);
        }
    }

    /// Notes that this case of the authority, which the call named, was looked at: its refusal may tell of it.
    pub fn looked_at(&self, authority_id: &str, case_id: &str) {
        if let Some(call) = &self.call {
            call.looked_at(authority_id, case_id);
        }
    }

    /// Notes that the call gave something of a case to somebody: its entry in the audit log is a disclosure to them.
    pub fn disclosed_to(&self, recipient: Recipient) {
        if let Some(call) = &self.call {
            call.disclosed_to(recipient);
        }
    }

    /// Whose figures the caller may read: those of all authorities with `metrics:all`.
    #[must_use]
    pub fn scope_of_figures(&self) -> AuthorityScope {
        if self.scopes.holds(Scope::MetricsAll) { AuthorityScope::Every } else { self.scope.clone() }
    }
}

/// Who a valid credential is of, and what it opens.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The credential's own name: idempotency keys and cursors are bound to it.
    pub credential: String,
    /// Which authorities it may act for.
    pub scope: AuthorityScope,
    /// What it opens.
    pub scopes: ScopeSet,
    /// Who stands behind it.
    pub kind: CredentialKind,
    /// The human behind the call: the person whose credential it is, or whom the call names.
    pub actor: Option<String>,
    /// Whether casework calls must name a human.
    pub must_name_actor: bool,
    /// The last day on which it is valid, where it has one.
    pub expires_on: Option<Date>,
}

impl Principal {
    /// One that may do everything for any authority: the bootstrap key, and what the service does by itself.
    #[must_use]
    pub fn unlimited(credential: &str) -> Self {
        Self {
            credential: credential.to_owned(),
            scope: AuthorityScope::Every,
            scopes: ScopeSet::every(),
            kind: CredentialKind::System,
            actor: None,
            must_name_actor: false,
            expires_on: None,
        }
    }
}
