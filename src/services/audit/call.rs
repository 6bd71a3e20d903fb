//! Calls as the audit log tells of them, and the entries that a call has: what it did, and to whom it gave something.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use super::recipients::{Disclosure, Recipient, disclosures};
use crate::{
    casework::audit::{AuditOperation, AuditPurpose, MOST_CASES_SHOWN},
    services::Context,
};

/// A call as the log tells of it.
#[derive(Debug)]
pub struct Call {
    /// What was done, in the words of the statute.
    pub operation: AuditOperation,
    /// The `operationId`.
    pub action: String,
    /// The address without its query.
    pub address: String,
    /// The request for information in the address.
    pub case_id: Option<String>,
    /// The authority that the query names.
    pub authority_id: Option<String>,
    /// `X-Request-Id`.
    pub call_id: String,
    /// Why, where the caller said so.
    pub justification: Option<String>,
    /// For a reading of the log itself: its purpose.
    pub purpose: Option<AuditPurpose>,
    /// The authorities whose data it turned out to be about, where the address names no case.
    pub about: Mutex<BTreeSet<String>>,
    /// The authorities that it changed something for though the credential may not act for them.
    pub beyond: Mutex<BTreeSet<String>>,
    /// The cases that the answer shows beside the one in the address, by authority.
    pub shown: Mutex<BTreeMap<String, BTreeSet<String>>>,
    /// The cases that it named and that were looked at, by authority: its refusal may tell of them.
    pub looked_at: Mutex<BTreeMap<String, BTreeSet<String>>>,
    /// To whom it gave something of a case.
    pub recipients: Mutex<BTreeSet<Recipient>>,
    /// Whether its entry is still to be written.
    pub is_owed: AtomicBool,
}

impl Call {
    /// A command on the machine of the database, told of as the call over HTTP that does the same.
    #[must_use]
    pub fn of_command(operation: AuditOperation, action: &str, address: String) -> Self {
        Self {
            operation,
            action: action.to_owned(),
            address,
            case_id: None,
            authority_id: None,
            call_id: uuid::Uuid::new_v4().to_string(),
            justification: None,
            purpose: None,
            about: Mutex::default(),
            beyond: Mutex::default(),
            looked_at: Mutex::default(),
            shown: Mutex::default(),
            recipients: Mutex::default(),
            is_owed: AtomicBool::new(true),
        }
    }

    /// Notes that the log of this authority has to tell of the call.
    pub fn log_for(&self, authority_id: &str) {
        self.about.lock().unwrap_or_else(PoisonError::into_inner).insert(authority_id.to_owned());
        self.is_owed.store(true, Ordering::SeqCst);
    }

    /// Notes that the log of an authority which the credential may not act for has to tell of the call: a key that the
    /// caller changed opens it too.
    pub fn log_beyond(&self, authority_id: &str) {
        self.beyond.lock().unwrap_or_else(PoisonError::into_inner).insert(authority_id.to_owned());
        self.is_owed.store(true, Ordering::SeqCst);
    }

    /// Notes that the log of the authority that the query names, or of every one of the credential, has to tell of the call.
    pub fn log_for_asked(&self) {
        self.is_owed.store(true, Ordering::SeqCst);
    }

    /// Notes that the answer shows this case of the authority, whose log has to name it. The one in the address is named as
    /// that.
    pub fn shown(&self, authority_id: &str, case_id: &str) {
        if self.case_id.as_deref() == Some(case_id) {
            return;
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        shown.entry(authority_id.to_owned()).or_default().insert(case_id.to_owned());
        self.is_owed.store(true, Ordering::SeqCst);
    }

    /// Notes that this case of the authority was looked at for the call, which named it: should the call be refused, the log
    /// has to name it.
    pub fn looked_at(&self, authority_id: &str, case_id: &str) {
        let mut looked_at = self.looked_at.lock().unwrap_or_else(PoisonError::into_inner);
        looked_at.entry(authority_id.to_owned()).or_default().insert(case_id.to_owned());
    }

    /// Whether cases that it named were looked at.
    #[must_use]
    pub fn looked_at_cases(&self) -> bool {
        !self.looked_at.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Notes that its entries are written: nothing is owed until it shows something more.
    pub(super) fn is_told(&self) {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner).clear();
        self.is_owed.store(false, Ordering::SeqCst);
    }

    /// Notes that the call gave something of a case to somebody.
    pub fn disclosed_to(&self, recipient: Recipient) {
        self.recipients.lock().unwrap_or_else(PoisonError::into_inner).insert(recipient);
    }

    fn disclosures(&self) -> Vec<Disclosure> {
        disclosures(&self.recipients.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// An entry about to be written: who called, and what is known of it now.
#[derive(Debug, Clone)]
pub struct NewEntry {
    /// The caller, at the instant of the call.
    pub context: Context,
    /// What was done, where it is not what the address says: a letter went out, or an answer was only given again.
    pub operation: Option<AuditOperation>,
    /// The request for information that the call made.
    pub case_id: Option<String>,
    /// For a disclosure: to whom.
    pub recipients: Vec<String>,
    /// For a disclosure: whether it was a transfer.
    pub is_transfer: bool,
    /// Whether the call was refused, and changed nothing.
    pub is_refused: bool,
    /// Whether it tells of cases alone that were shown after the call's first entry was written.
    pub goes_on: bool,
}

impl NewEntry {
    /// The entry of a call that its address tells everything about.
    #[must_use]
    pub fn of(context: &Context) -> Self {
        Self {
            context: context.clone(),
            operation: None,
            case_id: None,
            recipients: Vec::new(),
            is_transfer: false,
            is_refused: false,
            goes_on: false,
        }
    }

    /// The entries of a call that was carried out. What went out to somebody is a disclosure to them. The call that brought
    /// in a whole case is a collection besides; of any other the disclosure tells everything.
    #[must_use]
    pub fn of_effect(context: &Context, case_id: Option<&str>) -> Vec<Self> {
        let own = Self { case_id: case_id.map(str::to_owned), ..Self::of(context) };
        let disclosures = context.call.as_ref().map(|call| call.disclosures()).unwrap_or_default();
        let is_collection = context.call.as_ref().is_some_and(|call| call.operation == AuditOperation::Collection);
        let tells_own = is_collection || disclosures.is_empty();
        let disclosed = disclosures.into_iter().map(|disclosure| Self {
            operation: Some(AuditOperation::Disclosure),
            recipients: disclosure.recipients,
            is_transfer: disclosure.is_transfer,
            ..own.clone()
        });
        tells_own.then(|| own.clone()).into_iter().chain(disclosed).collect()
    }

    /// The entry of a call that was answered as it had been before: it only read.
    #[must_use]
    pub fn of_repetition(context: &Context, case_id: Option<&str>) -> Self {
        let operation = Some(AuditOperation::Consultation);
        Self { operation, case_id: case_id.map(str::to_owned), ..Self::of(context) }
    }

    /// The entry of a call that was refused: its answer may have told something of the case.
    #[must_use]
    pub fn of_refusal(context: &Context) -> Self {
        Self { operation: Some(AuditOperation::Consultation), is_refused: true, ..Self::of(context) }
    }

    /// The entry of what a call shows after its first entry was written, in the logs of the authorities whose cases it shows:
    /// a table that goes out in pieces.
    #[must_use]
    pub fn of_more(context: &Context) -> Self {
        Self { goes_on: true, ..Self::of(context) }
    }

    /// The authorities whose cases it shows beside its own.
    pub(super) fn authorities_shown(&self) -> BTreeSet<String> {
        let keys =
            |call: &Arc<Call>| call.shown.lock().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect();
        self.context.call.as_ref().map(keys).unwrap_or_default()
    }

    /// The cases of an authority that its entries name: of a call, one entry at least, and no more cases in one than its
    /// schema allows. What was refused showed none, and may tell of those looked at.
    pub(super) fn cases_shown(&self, authority_id: &str) -> Vec<Vec<String>> {
        let of_call = |call: &Arc<Call>| {
            let told = if self.is_refused { &call.looked_at } else { &call.shown };
            let told = told.lock().unwrap_or_else(PoisonError::into_inner);
            told.get(authority_id).map(|ids| ids.iter().cloned().collect::<Vec<_>>())
        };
        let own = self.case_id();
        let mut shown = self.context.call.as_ref().and_then(of_call).unwrap_or_default();
        shown.retain(|id| Some(id.as_str()) != own);
        if shown.is_empty() {
            return vec![Vec::new()];
        }
        shown.chunks(MOST_CASES_SHOWN).map(<[String]>::to_vec).collect()
    }

    pub(super) fn is_owed(&self) -> bool {
        self.context.call.as_ref().is_some_and(|call| call.is_owed.load(Ordering::SeqCst))
    }

    /// The case it is about, where it is about one.
    pub(super) fn case_id(&self) -> Option<&str> {
        let call = self.context.call.as_ref()?;
        self.case_id.as_deref().or(call.case_id.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        law::calendar::Calendars,
        services::{Principal, context::Instant},
    };

    fn context(call: Call) -> Context {
        let calendars = Arc::new(Calendars::embedded().clone());
        let context = Context::of(&Principal::unlimited("test"), Instant(0), "2026-06-30".parse().unwrap(), calendars);
        Context { call: Some(Arc::new(call)), ..context }
    }

    fn reading(case_id: Option<&str>) -> Call {
        let call = Call::of_command(AuditOperation::Consultation, "list_requests", "/v1/requests".to_owned());
        Call { case_id: case_id.map(str::to_owned), is_owed: AtomicBool::new(false), ..call }
    }

    #[test]
    fn no_entry_names_more_cases_than_its_schema_allows_and_none_is_dropped() {
        let context = context(reading(None));
        assert_eq!(NewEntry::of(&context).cases_shown("one"), [Vec::<String>::new()]);
        let ids: Vec<String> = (0..401).map(|number| format!("{number:03}")).collect();
        context.shown(ids.iter().chain(&ids).map(|id| ("one", id.as_str())));
        context.shown([("other", "x")]);
        let told = NewEntry::of(&context).cases_shown("one");
        assert_eq!(told.iter().map(Vec::len).collect::<Vec<_>>(), [200, 200, 1]);
        assert_eq!(told.concat(), ids);
        assert_eq!(NewEntry::of(&context).cases_shown("other"), [["x"]]);
        assert_eq!(NewEntry::of_refusal(&context).cases_shown("other"), [Vec::<String>::new()]);
        let call = context.call.as_ref().unwrap();
        assert!(NewEntry::of(&context).is_owed());
        call.is_told();
        assert!(!NewEntry::of(&context).is_owed());
        assert_eq!(NewEntry::of(&context).cases_shown("one"), [Vec::<String>::new()]);
    }

    #[test]
    fn the_case_of_the_call_is_not_named_twice() {
        let context = context(reading(Some("own")));
        context.shown(["own", "made", "another"].map(|id| ("one", id)));
        assert_eq!(NewEntry::of(&context).cases_shown("one"), [["another", "made"]]);
        let entry = NewEntry { case_id: Some("made".to_owned()), ..NewEntry::of(&context) };
        assert_eq!(entry.cases_shown("one"), [["another"]]);
    }
}
