//! The chain after the response, below `/v1/requests/{request_id}`: reviews, complaints, and what belongs to a complaint.
//! Facts are posted; nothing is changed afterwards, but a decision, an outcome or compliance is added, and a mistake voided.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::IntoParams;

use crate::{
    api::{
        caller::{Caller, created},
        etag::content_tag,
        extract::{Body, InstantText},
        pages::{self, Limit},
        problem::ApiError,
    },
    casework::event::NewVoiding,
    fault::Fault,
    law::Date,
    services::{
        Context, ServiceResult,
        idempotency::Reply,
        proceedings::{self, Place, Proceeding, ProceedingPage, ProceedingPosition},
    },
    store::Connection,
};

/// Which page of the entries of a request.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProceedingListQuery {
    /// Changed at this instant or later; sorts by `updated_at`.
    pub updated_at_from: Option<InstantText>,
    /// How many at most; 50 when absent.
    pub limit: Option<Limit>,
    /// Where to go on: `next_cursor` of the page before.
    #[param(max_length = 2000)]
    pub cursor: Option<String>,
}

/// A path of a collection of entries.
pub(super) trait Collection {
    fn place(self) -> Place;
}

/// A path of one entry.
pub(super) trait Entry {
    fn entry(self) -> (Place, String);
}

/// What is posted: what is wrong with it by itself can be told before anything is looked up.
pub(super) trait Posted: DeserializeOwned + Send + 'static {
    fn own_faults(&self, today: Date) -> Vec<Fault>;
}

impl Posted for NewVoiding {
    fn own_faults(&self, _: Date) -> Vec<Fault> {
        Vec::new()
    }
}

/// The document of an entry: where it is, and in which version.
pub(super) trait Filed: Proceeding + Serialize + Send + 'static {
    fn location(&self) -> String;
    fn request_id(&self) -> &str;
    fn version(&self) -> i64;
}

fn reply<T: Filed>(document: &T, is_new: bool) -> ServiceResult<Reply> {
    let tag = content_tag(document.version(), document)?;
    let location = is_new.then(|| document.location());
    created(location, Some(tag), Some(document.request_id().to_owned()), document)
}

pub(super) async fn record<N: Posted, T: Filed>(
    caller: Caller,
    place: Place,
    body: Body<N>,
    work: fn(&mut Connection, &Context, &Place, N) -> ServiceResult<T>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let today = caller.today();
    let new = body.readable(|new| new.own_faults(today))?;
    caller.post(&bytes, move |connection, context| reply(&work(connection, context, &place, new)?, true)).await
}

pub(super) async fn change<N: Posted, T: Filed>(
    caller: Caller,
    (place, id): (Place, String),
    body: Body<N>,
    work: fn(&mut Connection, &Context, &Place, &str, N) -> ServiceResult<T>,
) -> Result<HttpResponse, ApiError> {
    let bytes = body.bytes.clone();
    let today = caller.today();
    let new = body.readable(|new| new.own_faults(today))?;
    caller.post(&bytes, move |connection, context| reply(&work(connection, context, &place, &id, new)?, false)).await
}

pub(super) async fn read<T: Filed>(caller: Caller, (place, id): (Place, String)) -> Result<HttpResponse, ApiError> {
    let document: T =
        caller.read(move |connection, context| proceedings::read(connection, context, &place, &id)).await?;
    let tag = content_tag(document.version(), &document).map_err(ApiError::internal)?;
    Ok(caller.single(&tag, &document))
}

pub(super) async fn list<T: Filed, L: Serialize>(
    caller: Caller,
    place: Place,
    query: ProceedingListQuery,
    listed: fn(Vec<T>, Option<String>) -> L,
) -> Result<HttpResponse, ApiError> {
    let page = pages::page::<ProceedingPosition>(&caller, query.limit, query.cursor.as_deref())?;
    let updated_at = pages::changed_from(&caller, query.updated_at_from).await?;
    let wanted = ProceedingPage { updated_at, after: page.after, limit: page.limit };
    let (items, next) =
        caller.read(move |connection, context| proceedings::list(connection, context, &place, &wanted)).await?;
    let next_cursor = next.map(|position| pages::cursor(&caller, &position));
    Ok(pages::answer(&caller, next_cursor.as_deref(), &listed(items, next_cursor.clone())))
}

/// What belongs to one kind of entry: its list, where it is, and what is wrong with what is posted.
macro_rules! filed {
    ($document:ty, $list:ident, |$self:ident| $location:expr, $($posted:ty),+) => {
        /// A page of entries.
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub struct $list {
            /// In the order of their recording; with `updated_at_from` in the order of their change.
            #[schema(max_items = 200)]
            pub items: Vec<$document>,
            /// Where to go on; absent on the last page.
            #[serde(skip_serializing_if = "Option::is_none")]
            #[schema(nullable = false)]
            pub next_cursor: Option<String>,
        }

        impl $crate::api::proceedings::Filed for $document {
            fn location(&self) -> String {
                let $self = self;
                $location
            }

            fn request_id(&self) -> &str {
                &self.request_id
            }

            fn version(&self) -> i64 {
                self.version
            }
        }

        $(impl $crate::api::proceedings::Posted for $posted {
            fn own_faults(&self, today: $crate::law::Date) -> Vec<$crate::fault::Fault> {
                self.faults(today)
            }
        })+
    };
}

/// A path of one entry.
macro_rules! entry_path {
    ($(#[doc = $doc:literal])+ $name:ident { $($member:ident: $what:literal,)+ } => |$path:ident| $complaint:expr, $id:expr) => {
        $(#[doc = $doc])+
        #[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
        #[into_params(parameter_in = Path)]
        pub struct $name {
            /// The request's id.
            pub request_id: $crate::api::extract::Id,
            $(#[doc = $what] pub $member: $crate::api::extract::Id,)+
        }

        impl $crate::api::proceedings::Entry for $name {
            fn entry(self) -> ($crate::services::proceedings::Place, String) {
                let $path = self;
                let complaint_id = $complaint;
                let id = $id;
                ($crate::services::proceedings::Place { request_id: $path.request_id.0, complaint_id }, id)
            }
        }
    };
}

/// Operations that record an entry.
macro_rules! recording {
    ($($(#[doc = $doc:literal])+ $name:ident, $path:literal, $place:ty, $tag:literal, $input:ty => $document:ty, $work:expr, $example:tt;)+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(
            tag = $tag,
            security(("bearer" = [])),
            params($place, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
            request_body(content = $input, example = json!($example)),
            responses((status = 201, description = "Recorded.", body = $document,
                headers(("Location" = String, description = "Its address."), ("ETag" = String, description = "Its version."))),
                $crate::api::openapi::PostFailures)
        )]
        #[post($path)]
        pub async fn $name(
            caller: $crate::api::caller::Caller,
            path: $crate::api::extract::Path<$place>,
            body: $crate::api::extract::Body<$input>,
        ) -> Result<actix_web::HttpResponse, $crate::api::problem::ApiError> {
            $crate::api::proceedings::record::<$input, $document>(caller, path.0.place(), body, $work).await
        }
    )+};
}

/// Operations that add to an entry, or void it.
macro_rules! changing {
    ($($(#[doc = $doc:literal])+ $name:ident, $path:literal, $entry:ty, $tag:literal, $input:ty => $document:ty, $work:expr, $example:tt;)+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(
            tag = $tag,
            security(("bearer" = [])),
            params($entry, ("Idempotency-Key" = Option<String>, Header, description = "Makes the call safe to repeat.", max_length = 255)),
            request_body(content = $input, example = json!($example)),
            responses((status = 201, description = "Recorded.", body = $document, headers(("ETag" = String, description = "Its new version."))),
                $crate::api::openapi::PostFailures)
        )]
        #[post($path)]
        pub async fn $name(
            caller: $crate::api::caller::Caller,
            path: $crate::api::extract::Path<$entry>,
            body: $crate::api::extract::Body<$input>,
        ) -> Result<actix_web::HttpResponse, $crate::api::problem::ApiError> {
            $crate::api::proceedings::change::<$input, $document>(caller, path.0.entry(), body, $work).await
        }
    )+};
}

/// Operations that read one entry.
macro_rules! reading {
    ($($(#[doc = $doc:literal])+ $name:ident, $path:literal, $entry:ty, $tag:literal, $document:ty;)+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(
            tag = $tag,
            security(("bearer" = [])),
            params($entry),
            responses((status = 200, description = "The entry.", body = $document, headers(("ETag" = String, description = "Its version."))),
                $crate::api::openapi::ReadFailures)
        )]
        #[get($path)]
        pub async fn $name(
            caller: $crate::api::caller::Caller,
            path: $crate::api::extract::Path<$entry>,
        ) -> Result<actix_web::HttpResponse, $crate::api::problem::ApiError> {
            $crate::api::proceedings::read::<$document>(caller, path.0.entry()).await
        }
    )+};
}

/// Operations that list entries.
macro_rules! listing {
    ($($(#[doc = $doc:literal])+ $name:ident, $path:literal, $place:ty, $tag:literal, $document:ty => $list:ident;)+) => {$(
        $(#[doc = $doc])+
        #[utoipa::path(
            tag = $tag,
            security(("bearer" = [])),
            params($place, $crate::api::proceedings::ProceedingListQuery),
            responses((status = 200, description = "One page.", body = $list,
                headers(("Link" = String, description = "The next page, where there is one."))), $crate::api::openapi::ListFailures)
        )]
        #[get($path)]
        pub async fn $name(
            caller: $crate::api::caller::Caller,
            path: $crate::api::extract::Path<$place>,
            query: $crate::api::extract::Query<$crate::api::proceedings::ProceedingListQuery>,
        ) -> Result<actix_web::HttpResponse, $crate::api::problem::ApiError> {
            let listed = |items, next_cursor| $list { items, next_cursor };
            $crate::api::proceedings::list::<$document, $list>(caller, path.0.place(), query.0, listed).await
        }
    )+};
}

pub mod appeals;
pub mod complaints;
pub mod decision_notices;
pub mod position_changes;
pub mod reviews;
pub mod submissions;
