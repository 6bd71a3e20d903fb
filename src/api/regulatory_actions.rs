//! `/v1/regulatory-actions`: audits, reprimands, notices, outside a single complaint.

use actix_web::{HttpResponse, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        caller::{Caller, created},
        etag::content_tag,
        extract::{Body, Id, InstantText, Path, Query},
        openapi::{ListFailures, PostFailures, ReadFailures},
        pages::{self, Limit},
        problem::ApiError,
    },
    casework::{
        event::NewVoiding,
        regulatory_action::{NewRegulatoryAction, RegulatoryAction},
    },
    services::regulatory_actions::{self, ActionList, ActionPosition},
};

/// The action addressed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct RegulatoryActionPath {
    /// The action's id.
    pub regulatory_action_id: Id,
}

/// Which actions.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RegulatoryActionListQuery {
    /// Only this authority's.
    pub authority_id: Option<Id>,
    /// Changed at this instant or later.
    pub updated_at_from: Option<InstantText>,
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A page of regulatory actions.
#[derive(Debug, Serialize, ToSchema)]
pub struct RegulatoryActionList {
    /// In the order of their change, void ones too.
    #[schema(max_items = 200)]
    pub items: Vec<RegulatoryAction>,
    /// Where to go on; absent on the last page.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_cursor: Option<String>,
}

/// Record a regulatory action
///
/// An audit, a reprimand, a notice: with its date as exactly as it is known, where it was published, and what it requires.
/// Requests can be linked to it only when every part was answered, and none neither confirmed nor denied.
#[utoipa::path(
    tag = "complaints",
    security(("bearer" = [])),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewRegulatoryAction, example = json!({
        "kind": "reprimand", "regulator": "Information Commissioner", "subject_body": "A police force",
        "basis": "Part 3 of the Data Protection Act 2018", "dated_on": "2021-12-03",
        "requirements": [{"text": "Record every consultation of the system.", "due_on": "2022-06-30"}]
    })),
    responses((status = 201, description = "Recorded.", body = RegulatoryAction,
        headers(("Location" = String, description = "Its address."), ("ETag" = String, description = "Its version."))), PostFailures)
)]
#[post("/v1/regulatory-actions")]
pub async fn create_regulatory_action(
    caller: Caller,
    body: Body<NewRegulatoryAction>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let today = caller.today();
    let new = body.readable(|new| new.faults(today))?;
    caller
        .post(&bytes, move |connection, context| {
            let action = regulatory_actions::record(connection, context, new)?;
            let location = format!("/v1/regulatory-actions/{}", action.id);
            created(Some(location), Some(content_tag(action.version, &action)?), None, &action)
        })
        .await
}

/// List regulatory actions
///
/// In the order of their change, void ones too.
#[utoipa::path(
    tag = "complaints",
    security(("bearer" = [])),
    params(RegulatoryActionListQuery),
    responses((status = 200, description = "One page.", body = RegulatoryActionList,
        headers(("Link" = String, description = "The next page, where there is one."))), ListFailures)
)]
#[get("/v1/regulatory-actions")]
pub async fn list_regulatory_actions(
    caller: Caller,
    query: Query<RegulatoryActionListQuery>,
) -> Result<HttpResponse, ApiError> {
    let query = query.0;
    let page = pages::page::<ActionPosition>(&caller, query.limit, query.cursor.as_deref())?;
    let updated_at = pages::changed_from(&caller, query.updated_at_from).await?;
    let authority_id = query.authority_id.map(|id| id.0);
    let wanted = ActionList { authority_id, updated_at, after: page.after, limit: page.limit };
    let (items, next) =
        caller.read(move |connection, context| regulatory_actions::list(connection, context, &wanted)).await?;
    let next_cursor = next.map(|position| pages::cursor(&caller, &position));
    let page = RegulatoryActionList { items, next_cursor };
    Ok(pages::answer(&caller, page.next_cursor.as_deref(), &page))
}

/// Read a regulatory action
///
/// With the requests linked to it that may be told of.
#[utoipa::path(
    tag = "complaints",
    security(("bearer" = [])),
    params(RegulatoryActionPath),
    responses((status = 200, description = "The action.", body = RegulatoryAction, headers(("ETag" = String, description = "Its version."))),
        ReadFailures)
)]
#[get("/v1/regulatory-actions/{regulatory_action_id}")]
pub async fn get_regulatory_action(caller: Caller, path: Path<RegulatoryActionPath>) -> Result<HttpResponse, ApiError> {
    let id = path.0.regulatory_action_id.0;
    let action = caller.read(move |connection, context| regulatory_actions::read(connection, context, &id)).await?;
    let tag = content_tag(action.version, &action).map_err(ApiError::internal)?;
    Ok(caller.single(&tag, &action))
}

/// Void a regulatory action
///
/// It was recorded by mistake: the entry stays and says why it is void.
#[utoipa::path(
    tag = "complaints",
    security(("bearer" = [])),
    params(RegulatoryActionPath, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
    request_body(content = NewVoiding, example = json!({"reason": "Recorded twice."})),
    responses((status = 201, description = "Voided.", body = RegulatoryAction, headers(("ETag" = String, description = "Its new version."))), PostFailures)
)]
#[post("/v1/regulatory-actions/{regulatory_action_id}/void")]
pub async fn void_regulatory_action(
    caller: Caller,
    path: Path<RegulatoryActionPath>,
    body: Body<NewVoiding>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let voiding = body.checked(|_| Vec::new())?;
    let id = path.0.regulatory_action_id.0;
    caller
        .post(&bytes, move |connection, context| {
            let action = regulatory_actions::void(connection, context, &id, &voiding)?;
            created(None, Some(content_tag(action.version, &action)?), None, &action)
        })
        .await
}
