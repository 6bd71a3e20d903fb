//! To whom a call gave something of a case: whoever it was, the audit log tells of a disclosure and names them (DPA 2018
//! s62(1)(d), (2)(b)).

use std::collections::BTreeSet;

/// The most recipients that one entry names, as its schema says.
const MOST_IN_ONE_ENTRY: usize = 50;

/// Somebody outside the authority to whom something of a case was given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Recipient {
    /// Whoever made the request, whom the log does not name.
    Requester,
    /// The regulator to whom the requester complained.
    Regulator,
    /// The tribunal or court to which an appeal went.
    Tribunal,
    /// The authority to which a request or parts of it were transferred, by its name.
    Transferee(String),
}

/// What one entry tells of a disclosure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    /// To whom.
    pub recipients: Vec<String>,
    /// Whether it was a transfer.
    pub is_transfer: bool,
}

/// The disclosures of a call to these recipients: letters and statements in one, transfers apart.
#[must_use]
pub fn disclosures(recipients: &BTreeSet<Recipient>) -> Vec<Disclosure> {
    let (transferees, others): (Vec<&Recipient>, Vec<&Recipient>) =
        recipients.iter().partition(|recipient| matches!(recipient, Recipient::Transferee(_)));
    let told = |recipients: &[&Recipient], is_transfer| Disclosure {
        recipients: recipients.iter().map(|recipient| recipient.in_words()).collect(),
        is_transfer,
    };
    let transfers = transferees.chunks(MOST_IN_ONE_ENTRY).map(|some| told(some, true));
    others.chunks(MOST_IN_ONE_ENTRY).map(|some| told(some, false)).chain(transfers).collect()
}

impl Recipient {
    fn in_words(&self) -> String {
        match self {
            Self::Requester => "requester".to_owned(),
            Self::Regulator => "regulator".to_owned(),
            Self::Tribunal => "tribunal".to_owned(),
            Self::Transferee(name) => name.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transfers_are_told_apart_and_no_entry_names_more_than_its_schema_allows() {
        assert_eq!(disclosures(&BTreeSet::new()), []);
        let names: Vec<String> = (0..51).map(|number| format!("Authority {number:02}")).collect();
        let mut recipients: BTreeSet<Recipient> = names.iter().cloned().map(Recipient::Transferee).collect();
        recipients.extend([Recipient::Tribunal, Recipient::Requester, Recipient::Regulator]);
        let told = |recipients: &[String], is_transfer| Disclosure { recipients: recipients.to_vec(), is_transfer };
        let letters = ["requester", "regulator", "tribunal"].map(str::to_owned);
        let expected = [told(&letters, false), told(&names[..50], true), told(&names[50..], true)];
        assert_eq!(disclosures(&recipients), expected);
    }
}
