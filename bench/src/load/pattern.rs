//! The patterns: requests as authorities get them over five years, recorded by the service's use cases at the time they
//! would have been. A fifth is not answered; of a slim load, only of the last half year, and few of former years.

use std::sync::Arc;

use candour::{
    law::{Date, calendar::Calendars},
    services::{self, Context, Principal, ServiceError, ServiceResult, context::Instant},
    store::{Connection, Store, StoreSettings},
};
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::{Outcome, database::Target, load::Build};

/// The authority that has the patterns and nothing else.
pub const PATTERN_AUTHORITY: &str = "Authority of the patterns";
/// How many patterns there are.
const PATTERNS: u64 = 5000;
/// How many are recorded in one transaction.
const BATCH: u64 = 250;
/// The days over which they were received.
const PERIOD: u64 = 5 * 365;
/// Letters of the text of a part.
const PART_LENGTH: usize = 190;

/// Records the authorities and the patterns.
pub fn record(target: &Target, authorities: usize, build: Build) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let store = Store::open(&target.for_service()?, StoreSettings { readers: 1, writers: 1, queue_length: 8 })?;
    let today = candour::clock::Clock::system().today();
    let recorded = runtime.block_on(async {
        let (calendars, authority) = store
            .write(move |connection| {
                let (calendars, _) = services::calendars::in_use(connection)?;
                let context = context(&calendars, today, 9);
                for number in 1..=authorities {
                    authority(connection, &context, &format!("Authority {number}"))?;
                }
                let pattern = authority(connection, &context, PATTERN_AUTHORITY)?;
                Ok::<_, ServiceError>((calendars, pattern))
            })
            .await?;
        for first in (0..PATTERNS).step_by(BATCH as usize) {
            let (calendars, authority) = (Arc::clone(&calendars), authority.clone());
            store
                .write(move |connection| {
                    (first..first + BATCH).try_for_each(|number| {
                        Pattern::new(number, today, build).record(connection, &calendars, &authority)
                    })
                })
                .await?;
        }
        // Copies are made with their sheets: the service need not write them anew at its start.
        store.write(move |connection| services::case_sheets::note_written(connection, &calendars)).await
    });
    store.close();
    Ok(recorded?)
}

fn authority(connection: &mut Connection, context: &Context, name: &str) -> ServiceResult<String> {
    let new = serde_json::from_value(json!({"name": name, "kind": "police_force", "nation": "england"}))?;
    Ok(services::authorities::create(connection, context, new)?.id)
}

fn context(calendars: &Arc<Calendars>, today: Date, hour: u32) -> Context {
    let noon = today.0.and_hms_opt(hour, 0, 0).unwrap_or_default().and_utc();
    let now = Instant(noon.timestamp_micros());
    Context::of(&Principal::unlimited("bench"), now, today, Arc::clone(calendars))
}

/// One pattern: everything about it follows from its number.
struct Pattern {
    /// What decides about its particulars: no step through the patterns meets one kind only.
    variant: u64,
    received_on: NaiveDate,
    answered_on: Option<NaiveDate>,
    today: NaiveDate,
    build: Build,
}

impl Pattern {
    fn new(number: u64, today: Date, build: Build) -> Self {
        let age = PERIOD - number * PERIOD / PATTERNS;
        let received_on = today.0 - Days::new(age);
        let variant = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
        // From a week to two months, most before the twentieth working day.
        let delay = 7 + variant % 22 + if variant.is_multiple_of(7) { 25 } else { 0 };
        let is_answered = match build {
            Build::Whole => !variant.is_multiple_of(5),
            // What is left of former years is little.
            Build::Slim => !variant.is_multiple_of(5) || (age > 180 && !variant.is_multiple_of(200)),
        };
        let answered_on = is_answered.then(|| received_on + Days::new(delay)).filter(|day| *day <= today.0);
        Self { variant, received_on, answered_on, today: today.0, build }
    }

    fn is_environmental(&self) -> bool {
        self.variant % 10 == 3
    }

    fn record(&self, connection: &mut Connection, calendars: &Arc<Calendars>, authority: &str) -> ServiceResult<()> {
        let received = context(calendars, Date(self.received_on), 9);
        let mut body = request(authority, self.received_on, if self.is_environmental() { "eir" } else { "foia" });
        if let Some(body) = body.as_object_mut() {
            body.insert("subject".to_owned(), json!(format!("Records of subject {}", self.variant % 997)));
            self.keep_two(body.get_mut("parts"));
        }
        let request = services::requests::create(connection, &received, serde_json::from_value(body)?)?;
        let notified_on = self.received_on + Days::new(6);
        if self.variant % 12 == 1 && notified_on <= self.today {
            let kind = if self.is_environmental() { "complexity_and_volume" } else { "public_interest" };
            let extension: candour::casework::event::NewExtension = serde_json::from_value(json!({
                "kind": kind, "notified_on": notified_on, "estimated_on": self.received_on + Days::new(50),
                "reasons": "More time is needed to weigh the public interest.",
            }))?;
            let notified = context(calendars, Date(notified_on), 11);
            services::events::record(connection, &notified, &request.id, extension.into())?;
        }
        if let Some(answered_on) = self.answered_on {
            let answered = context(calendars, Date(answered_on), 15);
            let response = serde_json::from_value(self.response(answered_on))?;
            services::responses::create(connection, &answered, &request.id, response)?;
        }
        Ok(())
    }

    /// Leaves two of the parts, or of their determinations, where the load is slim.
    fn keep_two(&self, list: Option<&mut Value>) {
        if let (Build::Slim, Some(list)) = (self.build, list.and_then(Value::as_array_mut)) {
            list.truncate(2);
        }
    }

    fn response(&self, issued_on: NaiveDate) -> Value {
        let mut body = answer(if self.is_environmental() { "eir" } else { "foia" }, self.variant);
        if let Some(body) = body.as_object_mut() {
            body.insert("record_as".to_owned(), json!("sent"));
            body.insert("issued_on".to_owned(), json!(issued_on));
            self.keep_two(body.get_mut("determinations"));
        }
        body
    }
}

/// A request with four parts, as a caller sends it.
pub fn request(authority: &str, received_on: NaiveDate, regime: &str) -> Value {
    let parts: Vec<Value> =
        (1..=4).map(|label| json!({"label": label.to_string(), "text": part_text(label)})).collect();
    json!({
        "authority_id": authority,
        "regime": regime,
        "received_on": received_on,
        "subject": "Records of the use of body-worn video in custody suites",
        "channel": "email",
        "topics": ["custody"],
        "parts": parts,
    })
}

fn part_text(label: usize) -> String {
    let mut text = format!("Question {label}: the number of occasions, by month and station, with the reason given");
    while text.len() < PART_LENGTH {
        text.push_str(", and the policy then in force");
    }
    text
}

/// An answer to its four parts, as a draft.
pub fn answer(regime: &str, variant: u64) -> Value {
    let (personal_data, condition) = if regime == "eir" { ("13(1)", "13(2A)(a)") } else { ("40(2)", "40(3A)(a)") };
    let withheld = |part: &str| {
        json!({"part": part, "outcome": "withheld", "grounds": [{"provision": personal_data,
            "relies_on": [{"provision": condition}],
            "applies_to": "Names and addresses of members of the public.",
            "reasons": "Those concerned would not expect to be named, and no legitimate interest outweighs theirs."}]})
    };
    let last = match variant % 4 {
        0 if regime == "foia" => {
            json!({"part": "4", "outcome": "accessible_elsewhere", "grounds": [{"provision": "21(1)",
            "reasons": "The figures are published.", "available_at": ["https://example.org/figures"]}]})
        }
        1 => withheld("4"),
        _ => json!({"part": "4", "outcome": "disclosed", "explanation": "The table is attached."}),
    };
    json!({
        "kind": "initial",
        "decided_by": {"staff_ref": format!("officer-{}", variant % 40)},
        "particulars": {"internal_review": "stated", "regulator": "stated"},
        "determinations": [
            {"part": "1", "outcome": "disclosed", "explanation": "The table is attached."},
            withheld("2"),
            {"part": "3", "outcome": "not_held", "explanation": "No such record was made in these years."},
            last,
        ],
    })
}
