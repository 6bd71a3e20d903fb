//! NCND by topic, in one whole quarter that is over, for the table of the quarter and for the precedents of a request.

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    fault::{DATE_IN_FUTURE, Fault, INVALID_VALUE},
    law::Date,
    metrics::{self, NcndTopicRow, ToldTopic, returns::ReturnPeriod},
    services::{
        Context, ServiceError, ServiceResult, case_sheets,
        metrics::{
            authority,
            cases::{Cases, Stretch},
        },
    },
    store::{AuthorityKey, Connection, RequestKey, metrics as rows},
};

/// NCND by topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct NcndTopicsReport {
    /// The authority whose figures these are.
    #[schema(format = "uuid")]
    pub authority_id: String,
    /// The first day counted.
    pub start_on: Date,
    /// The last day counted.
    pub end_on: Date,
    /// The day at whose end the requests are looked at: the last of the quarter.
    pub as_at: Date,
    /// The figures by topic, and for requests without one.
    #[schema(max_items = 100_000)]
    pub rows: Vec<NcndTopicRow>,
}

/// NCND by topic in `quarter`.
///
/// # Errors
///
/// [`ServiceError::Invalid`] for a period that is no quarter, or that is not over; else as [`super::timeliness`].
pub fn ncnd_by_topic(
    connection: &mut Connection,
    context: &Context,
    authority_id: Option<&str>,
    quarter: ReturnPeriod,
) -> ServiceResult<NcndTopicsReport> {
    let (start_on, end_on) = (quarter.start_on(), quarter.end_on());
    let fault = |code, detail| ServiceError::fault(Fault::new("/period", code, detail));
    if quarter.is_year() {
        return Err(fault(INVALID_VALUE, "NCND is told by topic in whole quarters only."));
    }
    if end_on >= context.today {
        return Err(fault(DATE_IN_FUTURE, "NCND is told by topic once the quarter is over."));
    }
    let authority = authority(connection, context, authority_id)?;
    let told = told_by_topic(connection, context, authority.authority_key, (start_on, end_on))?;
    let rows = metrics::ncnd_by_topic(told, &quarter.to_string(), (start_on, end_on));
    Ok(NcndTopicsReport { authority_id: authority.id, start_on, end_on, as_at: end_on, rows })
}

/// What may be told of NCND by topic in the quarter from `start_on` to `end_on`, which is over.
///
/// # Errors
///
/// As the store.
pub(in crate::services) fn told_by_topic(
    connection: &mut Connection,
    context: &Context,
    authority_key: AuthorityKey,
    (start_on, end_on): (Date, Date),
) -> ServiceResult<Vec<ToldTopic>> {
    let stretch = Stretch { authority_key, start_on, end_on, as_at: end_on };
    let cases = Cases::answered(connection, stretch, case_sheets::mark(&context.calendars))?;
    let mut topics: HashMap<RequestKey, Vec<String>> = HashMap::new();
    for (request_key, topic) in rows::topics(connection, &cases.keys())? {
        topics.entry(request_key).or_default().push(topic);
    }
    Ok(metrics::told_by_topic(&context.calendars, &cases.finish_with(topics), (start_on, end_on)))
}
