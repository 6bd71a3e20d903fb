//! What stands beside a request that may have to be answered like others: the standing positions on its topics, and how
//! often requests on them were answered by neither confirming nor denying.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::{
        ncnd_position::{DepartureReason, NcndPosition},
        text::{Label, Topic},
    },
    law::Date,
    metrics::{self, Period, PrecedentRow, ToldTopic},
    services::{Context, ServiceError, ServiceResult, metrics::told_by_topic, ncnd_positions, responses::Content},
    store::{AuthorityKey, Connection, RequestKey, ncnd_positions as rows, requests, responses},
};

/// The standing positions and the precedents for one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Precedents {
    /// The request.
    #[schema(format = "uuid")]
    pub request_id: String,
    /// Its topics: positions and requests match by one of them.
    #[schema(max_items = 50)]
    pub topics: Vec<Topic>,
    /// The standing positions on these topics.
    #[schema(max_items = 10000)]
    pub positions: Vec<NcndPosition>,
    /// Where issued responses to the request depart from a position, and why.
    #[schema(max_items = 10000)]
    pub departures: Vec<Departure>,
    /// The first day of the quarters looked at.
    pub start_on: Date,
    /// The last day: that of the last quarter that is over.
    pub end_on: Date,
    /// How like requests were answered, by topic and quarter.
    #[schema(max_items = 400)]
    pub rows: Vec<PrecedentRow>,
}

/// A part that was answered otherwise than a standing position has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Departure {
    /// The response.
    #[schema(format = "uuid")]
    pub response_id: String,
    /// The part.
    pub part: Label,
    /// Why.
    pub reason: DepartureReason,
}

/// The standing positions that match a request, and how often like requests were answered by neither confirming nor
/// denying.
///
/// # Errors
///
/// [`ServiceError::NotFound`].
pub fn read(connection: &mut Connection, context: &Context, request_id: &str) -> ServiceResult<Precedents> {
    let request = requests::find(connection, &context.scope, request_id)?.ok_or(ServiceError::NotFound)?;
    let topics = rows::topics_of(connection, request.request_key)?;
    let positions = ncnd_positions::matching(connection, request.authority_key, &topics, context.today)?;
    let corrupt = |_| ServiceError::Corrupt("a topic".to_owned());
    let topics: Vec<Topic> = topics.iter().map(|topic| topic.parse().map_err(corrupt)).collect::<ServiceResult<_>>()?;
    let quarters = metrics::precedent_quarters(context.today);
    let day = |quarter: Option<&Period>, of: fn(&Period) -> Date| quarter.map_or(context.today, of);
    Ok(Precedents {
        request_id: request.id,
        start_on: day(quarters.first(), |quarter| quarter.start_on),
        end_on: day(quarters.last(), |quarter| quarter.end_on),
        positions,
        departures: departures(connection, request.request_key)?,
        rows: metrics::precedents(&topics, &tables(connection, context, request.authority_key, &topics, quarters)?),
        topics,
    })
}

/// The tables of NCND by topic of `quarters`; none where there is no topic to look up in them.
fn tables(
    connection: &mut Connection,
    context: &Context,
    authority_key: AuthorityKey,
    topics: &[Topic],
    quarters: Vec<Period>,
) -> ServiceResult<Vec<(Period, Vec<ToldTopic>)>> {
    if topics.is_empty() {
        return Ok(Vec::new());
    }
    let table = |quarter: Period| {
        let days = (quarter.start_on, quarter.end_on);
        Ok((quarter, told_by_topic(connection, context, authority_key, days)?))
    };
    quarters.into_iter().map(table).collect()
}

fn departures(connection: &mut Connection, request_key: RequestKey) -> ServiceResult<Vec<Departure>> {
    let mut departures = Vec::new();
    for row in responses::issued_of_request(connection, request_key)? {
        let content: Content = serde_json::from_str(&row.content)?;
        for determination in content.determinations {
            if let Some(reason) = determination.position_departure {
                departures.push(Departure { response_id: row.id.clone(), part: determination.part, reason });
            }
        }
    }
    Ok(departures)
}
