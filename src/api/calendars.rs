//! `/v1/calendars`: which days are working days, and why the others are not.

use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::Visitor,
        extract::{Path, Query},
        openapi::ReferenceFailures,
        problem::{ApiError, ProblemFault},
    },
    law::{
        Date,
        calendar::{CalendarId, Nation, NonWorkingDay, Weekends},
    },
};

/// A calendar.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarSummary {
    /// Which calendar.
    pub id: CalendarId,
    /// The nations whose bank holidays it leaves out.
    #[schema(max_items = 4)]
    pub nations: Vec<Nation>,
    /// The version of the bank holidays.
    pub version: String,
    /// The last day that official data covers; later days are computed by rule.
    pub official_until: Date,
}

/// The calendars.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarList {
    /// `uk_any` serves FOIA and EIR, `scotland` FOISA and the EI(S)Rs.
    #[schema(max_items = 5)]
    pub items: Vec<CalendarSummary>,
}

/// The calendar addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct CalendarPath {
    /// Which calendar.
    pub calendar_id: CalendarId,
}

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CalendarDaysQuery {
    /// The first day.
    pub start_on: Date,
    /// The last day, included.
    pub end_on: Date,
}

/// Weekdays that are no working days.
#[derive(Debug, Serialize, ToSchema)]
pub struct CalendarDays {
    /// Which calendar.
    pub calendar: CalendarId,
    /// The version of the bank holidays.
    pub version: String,
    /// The last day that official data covers.
    pub official_until: Date,
    /// The first day looked at.
    pub start_on: Date,
    /// The last day looked at.
    pub end_on: Date,
    /// Weekdays that do not count, with name and nations; Saturdays and Sundays never count and are left out.
    #[schema(max_items = 2000)]
    pub days: Vec<NonWorkingDay>,
}

/// List calendars
///
/// Each with the version of its bank holidays and the last day that official data covers.
#[utoipa::path(
    tag = "calendars",
    responses((status = 200, description = "The calendars.", body = CalendarList,
        headers(("ETag" = String, description = "The version of the calendars."))),
        ReferenceFailures)
)]
#[get("/v1/calendars")]
pub async fn list_calendars(visitor: Visitor) -> HttpResponse {
    let calendars = visitor.state.calendars();
    let items = CalendarId::ALL
        .iter()
        .map(|id| CalendarSummary {
            id: *id,
            nations: id.nations().to_vec(),
            version: calendars.version().to_owned(),
            official_until: calendars.official_until(),
        })
        .collect();
    visitor.reference(&format!("\"{}\"", calendars.version()), &CalendarList { items })
}

/// List non-working weekdays
///
/// Bank holidays and named days of a calendar between two days.
#[utoipa::path(
    tag = "calendars",
    params(CalendarPath, CalendarDaysQuery),
    responses((status = 200, description = "The days.", body = CalendarDays,
        headers(("ETag" = String, description = "The version of the calendars."))),
        ReferenceFailures)
)]
#[get("/v1/calendars/{calendar_id}/days")]
pub async fn list_calendar_days(
    visitor: Visitor,
    path: Path<CalendarPath>,
    query: Query<CalendarDaysQuery>,
) -> Result<HttpResponse, ApiError> {
    let CalendarDaysQuery { start_on, end_on } = query.0;
    if end_on < start_on {
        return Err(ApiError::parameter(ProblemFault::parameter("end_on", "Not before `start_on`.")));
    }
    let calendars = visitor.state.calendars();
    let days = calendars.get(path.0.calendar_id).non_working_days(start_on, end_on, Weekends::LeftOut);
    let document = CalendarDays {
        calendar: path.0.calendar_id,
        version: calendars.version().to_owned(),
        official_until: calendars.official_until(),
        start_on,
        end_on,
        days,
    };
    Ok(visitor.reference(&format!("\"{}\"", calendars.version()), &document))
}
