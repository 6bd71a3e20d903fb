//! The answers to the parts of a request as records need them: which parts are open to records, which grounds stand in
//! the alternative.

use std::collections::BTreeMap;

use crate::{
    casework::{
        record::is_open_to_records,
        response::{Determination, DeterminationOutcome, ResponseStatus},
        text::Word,
    },
    law::{Date, Regime, citations::on_one_line, notice::cited_row},
    services::{
        ServiceResult,
        clocks::{optional_word, word},
        responses::Content,
    },
    store::{
        Connection,
        requests::{self, RequestRow},
        responses,
    },
};

/// How one part is answered.
#[derive(Debug, Default)]
struct PartAnswers {
    regime: Option<Regime>,
    /// In issued responses, in the order of their issue.
    issued: Vec<(Date, Determination)>,
    /// In drafts.
    drafted: Vec<Determination>,
}

/// The answers to the parts of one request.
#[derive(Debug)]
pub(super) struct LocatedAnswers {
    parts: BTreeMap<String, PartAnswers>,
    today: Date,
}

impl LocatedAnswers {
    /// Reads them.
    pub(super) fn of(connection: &mut Connection, request: &RequestRow) -> ServiceResult<Self> {
        let of_request: Regime = word(&request.regime)?;
        let mut parts: BTreeMap<String, PartAnswers> = BTreeMap::new();
        for row in requests::parts_of(connection, request.request_key)? {
            let regime = Some(optional_word(row.regime.as_deref())?.unwrap_or(of_request));
            parts.insert(row.label, PartAnswers { regime, ..PartAnswers::default() });
        }
        let mut stored = responses::of_request(connection, request.request_key)?;
        stored.sort_by_key(|row| (row.issued_on, row.response_key));
        let mut today = Date(request.recorded_received_on);
        for row in stored.into_iter().filter(|row| row.status != ResponseStatus::Void.as_str()) {
            let content: Content = serde_json::from_str(&row.content)?;
            let issued_on = row.issued_on.filter(|_| row.status == ResponseStatus::Issued.as_str()).map(Date);
            today = today.max(issued_on.unwrap_or(today));
            for determination in content.determinations {
                let Some(part) = parts.get_mut(determination.part.as_str()) else { continue };
                match issued_on {
                    Some(issued_on) => part.issued.push((issued_on, determination)),
                    None => part.drafted.push(determination),
                }
            }
        }
        Ok(Self { parts, today })
    }

    /// Whether records can be attached to the part: by its last issued answer or, where there is none, by a draft. What
    /// was issued decides before any draft: one that was left behind must not keep the part open.
    pub(super) fn is_open(&self, label: &str) -> bool {
        let Some(part) = self.parts.get(label) else { return false };
        match part.issued.last() {
            Some((_, determination)) => is_open_to_records(determination.outcome),
            None => part.drafted.iter().any(|determination| is_open_to_records(determination.outcome)),
        }
    }

    /// Whether an issued response ever answered the part so that it was open to records.
    pub(super) fn was_open(&self, label: &str) -> bool {
        let issued = self.parts.get(label).into_iter().flat_map(|part| &part.issued);
        issued.map(|(_, determination)| determination.outcome).any(is_open_to_records)
    }

    /// Whether an issued response ever answered the part so that it was not open to records.
    pub(super) fn was_closed(&self, label: &str) -> bool {
        let issued = self.parts.get(label).into_iter().flat_map(|part| &part.issued);
        issued.map(|(_, determination)| determination.outcome).any(|outcome| !is_open_to_records(outcome))
    }

    /// The regime of the part; `None` for a part that the request does not have.
    pub(super) fn regime(&self, label: &str) -> Option<Regime> {
        self.parts.get(label)?.regime
    }

    /// Whether an answer to the part relies on alternatives of this name.
    pub(super) fn has_group(&self, label: &str, group: &str) -> bool {
        self.determinations(label).any(|(_, determination)| {
            determination.grounds.iter().any(|ground| ground.alternative_group.as_deref() == Some(group))
        })
    }

    /// The alternative group that a provision stands in, in an answer to the part.
    pub(super) fn group_of(&self, label: &str, cited: &str) -> Option<Word> {
        let regime = self.regime(label)?;
        self.determinations(label).find_map(|(on, determination)| {
            let wanted = cited_row(regime, on, cited)?;
            determination.grounds.iter().find_map(|ground| {
                let group = ground.alternative_group.clone()?;
                let named = ground.provision.as_deref().or(ground.as_cited.as_deref())?;
                let row = cited_row(regime, on, named)?;
                on_one_line(&row.provision, &wanted.provision).then_some(group)
            })
        })
    }

    /// The answers to a part that say what they rest on to whoever may read records: an exclusion of the duty to confirm
    /// or deny takes nothing out of one.
    fn determinations(&self, label: &str) -> impl Iterator<Item = (Date, &Determination)> {
        let part = self.parts.get(label);
        let issued = part.into_iter().flat_map(|part| &part.issued).map(|(on, determination)| (*on, determination));
        let drafted = part.into_iter().flat_map(|part| &part.drafted).map(|determination| (self.today, determination));
        let neither = DeterminationOutcome::NeitherConfirmedNorDenied;
        issued.chain(drafted).filter(move |(_, determination)| determination.outcome != neither)
    }
}
