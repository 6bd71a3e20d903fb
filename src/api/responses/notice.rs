//! `/v1/requests/{request_id}/responses/{response_id}/notice`: what the requester is told, in one of four forms.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{ACCEPT, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, VARY},
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    api::{
        caller::Caller,
        etag::{entity_tag, is_known},
        extract::{Path, Query},
        openapi::ReadFailures,
        problem::{ApiError, NOT_ACCEPTABLE},
        responses::ResponsePath,
    },
    casework::notice_document::{self, NoticeDocument},
    services::notice_documents::{self, Notice},
    vocabulary,
};

vocabulary! {
    /// The form of a notice.
    pub enum NoticeFormat {
        /// JSON: the sections and their passages, in plain text.
        Json = "json",
        /// HTML: a page of its own.
        Html = "html",
        /// Markdown, as `CommonMark` has it.
        Markdown = "markdown",
        /// Plain text.
        Text = "text",
    }
}

impl NoticeFormat {
    /// Its media type without parameters.
    const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Html => "text/html",
            Self::Markdown => "text/markdown",
            Self::Text => "text/plain",
        }
    }

    fn written(self, document: &NoticeDocument) -> Result<String, ApiError> {
        match self {
            Self::Json => serde_json::to_string(document).map_err(ApiError::internal),
            Self::Html => notice_document::html(document).map_err(ApiError::internal),
            Self::Markdown => notice_document::markdown(document).map_err(ApiError::internal),
            Self::Text => notice_document::text(document).map_err(ApiError::internal),
        }
    }
}

/// The form of the notice.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct NoticeQuery {
    /// The form; `Accept` decides when absent.
    #[param(example = "html")]
    pub format: Option<NoticeFormat>,
}

/// Read the notice of a response
///
/// What the requester is told, in the words of each part's regime: what is relied on and why, how the public interest was
/// weighed, what is left out, and the further rights with the particulars of the authority's settings. What the record
/// lacks is a marked gap. A part that is neither confirmed nor denied is worded so that it fits whatever the facts are;
/// alternatives are given as alternatives with one joint test. Drafts are marked as such. The form is that of `format`,
/// else the one that `Accept` prefers, else JSON. It is made from the record each time: a letter recorded as sent may have
/// used other words.
#[utoipa::path(
    tag = "responses",
    security(("bearer" = [])),
    params(ResponsePath, NoticeQuery),
    responses((status = 200, description = "The notice.",
        content((NoticeDocument = "application/json"), (String = "text/html"), (String = "text/markdown"), (String = "text/plain")),
        headers(("ETag" = String, description = "Its version, with that of the request and of the authority's settings."))),
        ReadFailures)
)]
#[get("/v1/requests/{request_id}/responses/{response_id}/notice")]
pub async fn get_notice(
    caller: Caller,
    path: Path<ResponsePath>,
    query: Query<NoticeQuery>,
) -> Result<HttpResponse, ApiError> {
    let format = match query.0.format {
        Some(format) => format,
        None => preferred(caller.http()).ok_or_else(|| ApiError::new(NOT_ACCEPTABLE))?,
    };
    let ResponsePath { request_id, response_id } = path.0;
    let notice = caller
        .read(move |connection, context| notice_documents::read(connection, context, &request_id.0, &response_id.0))
        .await?;
    let tag = tag(&notice, format);
    if is_known(caller.http(), &tag) {
        return Ok(HttpResponse::NotModified()
            .insert_header((ETAG, tag))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((VARY, "Accept"))
            .finish());
    }
    let mut response = HttpResponse::Ok();
    response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "no-store")).insert_header((VARY, "Accept"));
    match format {
        NoticeFormat::Json => response.insert_header((CONTENT_TYPE, format.media_type())),
        // The page needs nothing from anywhere but its own style: should a text ever get through, it cannot act.
        NoticeFormat::Html => response.insert_header((CONTENT_TYPE, "text/html; charset=utf-8")).insert_header((
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        )),
        NoticeFormat::Markdown | NoticeFormat::Text => {
            response.insert_header((CONTENT_TYPE, format!("{}; charset=utf-8", format.media_type())))
        }
    };
    Ok(response.body(format.written(&notice.document)?))
}

fn tag(notice: &Notice, format: NoticeFormat) -> String {
    let of_others = format!("{}.{}-notice-{format}", notice.request_version, notice.authority_version);
    entity_tag(notice.response_version, notice.changes_by_day, &of_others)
}

/// The form that `Accept` gives the greatest weight, of those alike the first in the order of the contract; JSON without
/// the header, nothing when it admits none.
fn preferred(request: &HttpRequest) -> Option<NoticeFormat> {
    let ranges = ranges(request);
    if ranges.is_empty() {
        return Some(NoticeFormat::Json);
    }
    let mut best: Option<(NoticeFormat, f32)> = None;
    for format in NoticeFormat::ALL {
        let weight = weight(&ranges, format.media_type());
        if weight > best.map_or(0.0, |(_, most)| most) {
            best = Some((*format, weight));
        }
    }
    best.map(|(format, _)| format)
}

/// The media ranges asked for, each with its weight.
fn ranges(request: &HttpRequest) -> Vec<(String, f32)> {
    let given = request.headers().get_all(ACCEPT).filter_map(|value| value.to_str().ok());
    let ranges = given.flat_map(|value| value.split(',')).map(|range| {
        let mut parameters = range.split(';');
        let media = parameters.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parameters.find_map(|parameter| parameter.trim().strip_prefix("q=")?.parse::<f32>().ok());
        (media, weight.unwrap_or(1.0))
    });
    ranges.filter(|(media, _)| !media.is_empty()).collect()
}

/// The weight of a media type: that of the range that fits it best.
fn weight(ranges: &[(String, f32)], media_type: &str) -> f32 {
    let family = media_type.split('/').next().unwrap_or_default();
    let fitting = [media_type, &format!("{family}/*"), "*/*"];
    let decisive = fitting.into_iter().find_map(|range| ranges.iter().find(|(given, _)| given == range));
    decisive.map_or(0.0, |(_, weight)| *weight)
}
