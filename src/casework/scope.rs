//! Scopes: what a credential opens, as the closed list of the contract. Which of them an operation needs stands in
//! `api/scopes.rs`.

use std::sync::Arc;

use crate::vocabulary;

vocabulary! {
    /// What a credential opens.
    pub enum Scope {
        /// Reading requests, parts, clocks and issued answers.
        RequestsRead = "requests:read",
        /// Recording and changing requests, parts and events.
        RequestsWrite = "requests:write",
        /// Drafts, letters already sent, and issuing.
        ResponsesWrite = "responses:write",
        /// Issuing past a failed check, with a reason.
        ResponsesOverride = "responses:override",
        /// Reading located records and redactions.
        RecordsRead = "records:read",
        /// Recording located records and redactions.
        RecordsWrite = "records:write",
        /// Grounds of answers that neither confirm nor deny, standing positions, precedents and breakdowns.
        NcndRead = "ncnd:read",
        /// Identity and original letter.
        RequestersRead = "requesters:read",
        /// Which requests came from the same person: references and dates only.
        RequestersMatch = "requesters:match",
        /// Recording internal reviews.
        ReviewsWrite = "reviews:write",
        /// Reading complaints, their notices and appeals, and regulatory action.
        ComplaintsRead = "complaints:read",
        /// Recording complaints, their notices and appeals, and regulatory action.
        ComplaintsWrite = "complaints:write",
        /// Figures of the own authority.
        MetricsRead = "metrics:read",
        /// Figures of all authorities.
        MetricsAll = "metrics:all",
        /// The audit log; its reader must be cleared for answers that neither confirm nor deny.
        AuditRead = "audit:read",
        /// Keys and settings of one authority.
        AuthorityAdmin = "authority:admin",
        /// Authorities and calendars; no casework.
        Operator = "operator",
    }
}

/// The scopes of one credential. A clone shares them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScopeSet(Arc<[Scope]>);

impl ScopeSet {
    /// These scopes, each once, in the order of the contract.
    pub fn of(scopes: impl IntoIterator<Item = Scope>) -> Self {
        let mut scopes: Vec<Scope> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes.into())
    }

    /// Every scope there is: the bootstrap key, and what the service does by itself.
    #[must_use]
    pub fn every() -> Self {
        Self::of(Scope::ALL.iter().copied())
    }

    /// Whether `scope` is one of them.
    #[must_use]
    pub fn holds(&self, scope: Scope) -> bool {
        self.0.contains(&scope)
    }

    /// Whether they cover one of the alternatives; each alternative needs all of its scopes.
    #[must_use]
    pub fn satisfy(&self, needs: Needs) -> bool {
        needs.iter().any(|all| all.iter().all(|scope| self.holds(*scope)))
    }

    /// The scopes, in the order of the contract.
    pub fn iter(&self) -> impl Iterator<Item = Scope> {
        self.0.iter().copied()
    }
}

/// What something needs: one of these alternatives, and of it every scope. An empty alternative is any credential.
pub type Needs = &'static [&'static [Scope]];

#[cfg(test)]
mod tests {
    use super::{Scope::*, *};

    #[test]
    fn one_alternative_is_enough_and_needs_all_of_its_scopes() {
        let needs: Needs = &[&[RequestsRead, NcndRead], &[Operator]];
        assert!(ScopeSet::of([NcndRead, RequestsRead]).satisfy(needs));
        assert!(ScopeSet::of([Operator]).satisfy(needs));
        assert!(!ScopeSet::of([RequestsRead]).satisfy(needs));
        assert!(!ScopeSet::of([]).satisfy(needs));
        assert!(ScopeSet::of([]).satisfy(&[&[]]));
        assert!(!ScopeSet::every().satisfy(&[]));
    }

    #[test]
    fn a_set_has_each_scope_once_in_the_order_of_the_contract() {
        let set = ScopeSet::of([Operator, RequestsRead, Operator]);
        assert_eq!(set.iter().collect::<Vec<_>>(), [RequestsRead, Operator]);
        assert_eq!(ScopeSet::every().iter().count(), 17);
    }
}
