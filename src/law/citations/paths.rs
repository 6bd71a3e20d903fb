//! Which paths lead somewhere in the catalogue, at any time: the paths of its rows, of their aliases, and of what stands
//! above them.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use super::cursor::count_step;
use crate::law::{
    Regime,
    catalogue::{Canonical, Catalogue, WrittenCitation},
};

/// The paths of all regimes.
pub(super) struct Paths {
    known: HashMap<Regime, HashSet<String>>,
    /// The provisions below a path, as the statute prints them.
    below: HashMap<(Regime, String), Vec<Canonical>>,
}

impl Paths {
    /// The paths of the compiled-in catalogue.
    pub(super) fn embedded() -> &'static Self {
        static EMBEDDED: LazyLock<Paths> = LazyLock::new(|| Paths::of(Catalogue::embedded()));
        &EMBEDDED
    }

    fn of(catalogue: &Catalogue) -> Self {
        let mut paths = Self { known: HashMap::new(), below: HashMap::new() };
        for row in catalogue.iter() {
            let known = paths.known.entry(row.regime).or_default();
            for path in std::iter::once(&row.provision).chain(&row.aliases) {
                known.extend(ancestry(path).map(str::to_owned));
            }
            let written = WrittenCitation::read(&row.provision).map(|written| written.canonical);
            if let (Some(above), Some(canonical)) = (ancestry(&row.provision).nth(1), written) {
                let siblings = paths.below.entry((row.regime, above.to_owned())).or_default();
                if siblings.last() != Some(&canonical) {
                    siblings.push(canonical);
                }
            }
        }
        paths
    }

    /// Whether the path is one of the catalogue, in force or not.
    pub(super) fn knows(&self, regime: Regime, path: &Canonical) -> bool {
        count_step();
        self.known.get(&regime).is_some_and(|known| known.contains(&path.to_string()))
    }

    /// From one provision to another that stands beside it, both included; `None` when they do not stand in this order.
    pub(super) fn between(&self, regime: Regime, first: &Canonical, last: &Canonical) -> Option<&[Canonical]> {
        let path = first.to_string();
        let above = ancestry(&path).nth(1)?;
        let siblings = self.below.get(&(regime, above.to_owned()))?;
        let place = |wanted: &Canonical| siblings.iter().position(|sibling| sibling == wanted);
        siblings.get(place(first)?..=place(last)?)
    }
}

/// The path and every path above it: `31(1)(a)`, `31(1)`, `31`.
pub(super) fn ancestry(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('(').map(|(above, _)| above))
}
