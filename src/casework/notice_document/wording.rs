//! The words of a notice by regime, from templates: one macro is one paragraph. Plain text goes in and comes out; nothing
//! is escaped here, for the forms do that, each by its own rules.

use std::{collections::BTreeMap, sync::LazyLock};

use minijinja::{Captured, Environment, Error, UndefinedBehavior, Value};

use crate::{casework::notice_document::NoticeError, law::Regime};

macro_rules! wording {
    ($file:literal) => {
        concat!(include_str!("wording/common.jinja"), include_str!($file))
    };
}

/// The regimes' words: those all have in common, and behind them what the regime says otherwise, which counts.
const WORDINGS: [(Regime, &str); 4] = [
    (Regime::Foia, wording!("wording/foia.jinja")),
    (Regime::Eir, wording!("wording/eir.jinja")),
    (Regime::Foisa, wording!("wording/foisa.jinja")),
    (Regime::Eisr, wording!("wording/eisr.jinja")),
];

static ENVIRONMENT: LazyLock<Result<Environment<'static>, Error>> = LazyLock::new(|| {
    let mut environment = Environment::empty();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    for (regime, source) in WORDINGS {
        environment.add_template(regime.as_str(), source)?;
    }
    Ok(environment)
});

/// What a paragraph is told: names and their values.
#[derive(Debug, Clone, Default)]
pub(super) struct Told(BTreeMap<&'static str, Value>);

impl Told {
    /// Nothing yet.
    pub(super) fn nothing() -> Self {
        Self::default()
    }

    /// One value.
    pub(super) fn that(name: &'static str, value: impl Into<Value>) -> Self {
        Self::nothing().and(name, value)
    }

    /// One more value.
    pub(super) fn and(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.insert(name, value.into());
        self
    }
}

/// The words of one regime.
pub(super) struct Wording {
    /// The regime.
    pub regime: Regime,
    defined: Captured<'static>,
}

impl Wording {
    /// The words of a regime.
    pub(super) fn of(regime: Regime) -> Result<Self, NoticeError> {
        let environment = ENVIRONMENT.as_ref().map_err(NoticeError::from)?;
        let template = environment.get_template(regime.as_str())?;
        Ok(Self { regime, defined: template.render_captured(())? })
    }

    /// The paragraph of this name, told these things. Empty where the regime has nothing to say.
    pub(super) fn say(&mut self, name: &str, told: Told) -> Result<String, NoticeError> {
        let argument = Value::from(told.0);
        let said = self.defined.with_state_mut(|state| state.call_macro(name, &[argument]))?;
        Ok(said)
    }

    /// The paragraph of this name, which needs to be told nothing.
    pub(super) fn phrase(&mut self, name: &str) -> Result<String, NoticeError> {
        self.say(name, Told::nothing())
    }

    /// The name of the statute.
    pub(super) fn law(&mut self) -> Result<String, NoticeError> {
        self.phrase("law")
    }
}
