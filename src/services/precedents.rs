//! What stands beside a request that may have to be answered like others: the standing positions on its topics, and how
//! often requests on them were answered by neither confirming nor denying.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    casework::{
        ncnd_position::{DepartureReason, NcndPosition},
        response::DeterminationOutcome,
        text::{Label, Word},
    },
    law::Date,
    metrics::{self, AnsweredOnTopic, PrecedentRow},
    services::{Context, ServiceError, ServiceResult, clocks::is_first_answer, ncnd_positions, responses::Content},
    store::{
        Connection,
        ncnd_positions::{self as rows, AnswerOnTopic},
        requests, responses,
    },
};

/// The standing positions and the precedents for one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Precedents {
    /// The request.
    #[schema(format = "uuid")]
    pub request_id: String,
    /// Its topics: positions and requests match by one of them.
    #[schema(max_items = 50)]
    pub topics: Vec<Word>,
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
    let (start_on, end_on) = metrics::precedent_days(context.today);
    let answered = rows::answers_on(connection, request.authority_key, &topics, (start_on.0, end_on.0))?;
    let corrupt = |_| ServiceError::Corrupt("a topic".to_owned());
    Ok(Precedents {
        request_id: request.id,
        topics: topics.iter().map(|topic| topic.parse().map_err(corrupt)).collect::<ServiceResult<_>>()?,
        positions,
        departures: departures(connection, request.request_key)?,
        start_on,
        end_on,
        rows: metrics::precedents(&by_request(answered)?, context.today),
    })
}

fn departures(connection: &mut Connection, request_key: i64) -> ServiceResult<Vec<Departure>> {
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

/// Each request once for each topic. The answers in the first place decide; others only where there is none.
fn by_request(answers: Vec<AnswerOnTopic>) -> ServiceResult<Vec<AnsweredOnTopic>> {
    let mut requests: BTreeMap<(String, i64), Vec<AnswerOnTopic>> = BTreeMap::new();
    for answer in answers {
        requests.entry((answer.topic.clone(), answer.request_key)).or_default().push(answer);
    }
    let mut answered = Vec::new();
    for answers in requests.into_values() {
        let Some(one) = answers.first() else { continue };
        let any_first = answers.iter().any(|answer| is_first_answer(&answer.response_kind));
        let is_ncnd = answers
            .iter()
            .filter(|answer| !any_first || is_first_answer(&answer.response_kind))
            .any(|answer| answer.outcome == DeterminationOutcome::NeitherConfirmedNorDenied.as_str());
        let topic = one.topic.parse().map_err(|_| ServiceError::Corrupt("a topic".to_owned()))?;
        answered.push(AnsweredOnTopic { topic, responded_on: Date(one.responded_on), is_ncnd });
    }
    Ok(answered)
}
