//! The catalogue as a whole, compiled in: reading the data files and walking them. Knows nothing of how people write
//! citations.

use std::{collections::HashMap, sync::LazyLock};

use super::{
    provision::{Provision, Row},
    words::ProvisionKind,
};
use crate::law::{Date, Regime};

const DATA: [(Regime, &str); 4] = [
    (Regime::Foia, include_str!("foia.json")),
    (Regime::Eir, include_str!("eir.json")),
    (Regime::Foisa, include_str!("foisa.json")),
    (Regime::Eisr, include_str!("eisr.json")),
];

/// All provisions of the four regimes.
#[derive(Debug)]
pub struct Catalogue {
    provisions: Vec<Provision>,
    by_id: HashMap<String, usize>,
    by_citation: HashMap<(Regime, String), Vec<usize>>,
}

impl Catalogue {
    /// The catalogue that is part of this program.
    #[must_use]
    #[expect(clippy::expect_used, reason = "the data are compiled in, and a test proves that they can be read")]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Catalogue> =
            LazyLock::new(|| Catalogue::from_data(&DATA).expect("the compiled-in catalogue can be read"));
        &EMBEDDED
    }

    /// Reads data files; an error tells what is wrong with which.
    fn from_data(data: &[(Regime, &str)]) -> Result<Self, String> {
        let mut provisions = Vec::new();
        for (regime, text) in data {
            let rows: Vec<Row> = serde_json::from_str(text).map_err(|error| format!("{regime}: {error}"))?;
            for row in rows {
                provisions.push(row.under(*regime).map_err(|refusal| format!("{regime}: {refusal}"))?);
            }
        }
        provisions.sort_by_cached_key(|row| (row.regime, row.canonical.print_order(), row.in_force_from));
        Ok(Self::indexed(provisions))
    }

    fn indexed(provisions: Vec<Provision>) -> Self {
        let mut by_id = HashMap::new();
        let mut by_citation: HashMap<_, Vec<usize>> = HashMap::new();
        for (at, row) in provisions.iter().enumerate() {
            by_id.insert(row.id.clone(), at);
            for citation in std::iter::once(&row.provision).chain(&row.aliases) {
                by_citation.entry((row.regime, citation.clone())).or_default().push(at);
            }
        }
        Self { provisions, by_id, by_citation }
    }

    /// The row with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Provision> {
        self.by_id.get(id).and_then(|at| self.provisions.get(*at))
    }

    /// Every row, by regime and then as the statute prints them; older wordings of one provision first.
    pub fn iter(&self) -> impl Iterator<Item = &Provision> {
        self.provisions.iter()
    }

    /// The rows that fit all filters given, in the order of [`Self::iter`].
    pub fn filtered(
        &self,
        regime: Option<Regime>,
        kind: Option<ProvisionKind>,
        in_force_on: Option<Date>,
    ) -> impl Iterator<Item = &Provision> {
        self.iter().filter(move |row| {
            regime.is_none_or(|regime| row.regime == regime)
                && kind.is_none_or(|kind| row.kind == kind)
                && in_force_on.is_none_or(|day| row.is_in_force_on(day))
        })
    }

    /// The rows of one provision, in whatever wording; `citation` is canonical and may be an alias.
    pub(super) fn rows_of(&self, regime: Regime, citation: &str) -> impl Iterator<Item = &Provision> {
        let rows = self.by_citation.get(&(regime, citation.to_owned()));
        rows.into_iter().flatten().filter_map(|at| self.provisions.get(*at))
    }
}
