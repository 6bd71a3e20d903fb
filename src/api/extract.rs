//! Extractors: bodies, queries and paths, read into types with all their faults at once.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue},
    web,
};
use futures_util::StreamExt;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    api::{
        problem::{ApiError, MALFORMED_JSON, PAYLOAD_TOO_LARGE, ProblemFault, REQUEST_TIMEOUT, UNSUPPORTED_MEDIA_TYPE},
        reading::{self, Nulls, Reading},
        state::AppState,
    },
    fault::{Fault, IMPOSSIBLE_ORDER, INCONSISTENT_MEMBERS, INVALID_VALUE, Refusal},
};

/// The largest body: 2 MiB.
pub const LARGEST_BODY: usize = 2 * 1024 * 1024;

type Extraction<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// A JSON body, with the bytes it was read from (an idempotency key is bound to them).
#[derive(Debug)]
pub struct Body<T> {
    reading: Reading<T>,
    /// The body as it came.
    pub bytes: web::Bytes,
}

/// Whether a fault across members may come from the stand-in for a value that was at fault: it is about that value, or it
/// compares members of the same object.
fn explains(in_value: &Fault, across: &Fault) -> bool {
    let holder = |pointer: &str| pointer.rsplit_once('/').map(|(holder, _)| holder.to_owned());
    let compares = [IMPOSSIBLE_ORDER, INCONSISTENT_MEMBERS].contains(&across.code);
    in_value.pointer == across.pointer || (compares && holder(&in_value.pointer) == holder(&across.pointer))
}

/// A merge patch (RFC 7396): null clears.
#[derive(Debug)]
pub struct PatchBody<T>(Body<T>);

impl<T> Body<T> {
    /// The body, when nothing is wrong with its values or, by `faults`, across them.
    ///
    /// # Errors
    ///
    /// `validation-failed` with every fault of both kinds.
    pub fn checked(self, faults: impl FnOnce(&T) -> Vec<Fault>) -> Result<T, ApiError> {
        let Reading { value, faults: mut found } = self.reading;
        let in_values = found.len();
        for fault in faults(&value) {
            let values = found.get(..in_values).unwrap_or_default();
            if !values.iter().any(|earlier| explains(earlier, &fault)) {
                found.push(fault);
            }
        }
        if found.is_empty() { Ok(value) } else { Err(ApiError::invalid(found)) }
    }

    /// The body, when nothing is wrong with its values. What is wrong across members is for the use case to say, together
    /// with what only it can know; `faults` says as much of it as can be said without, for the answer about values.
    ///
    /// # Errors
    ///
    /// `validation-failed` with every fault, as soon as one is in a value.
    pub fn readable(self, faults: impl FnOnce(&T) -> Vec<Fault>) -> Result<T, ApiError> {
        if self.reading.faults.is_empty() { Ok(self.reading.value) } else { self.checked(faults) }
    }
}

impl<T> PatchBody<T> {
    /// The patch, when nothing is wrong with its values (see [`Body::readable`]).
    ///
    /// # Errors
    ///
    /// `validation-failed` with every fault, as soon as one is in a value.
    pub fn checked(self, faults: impl FnOnce(&T) -> Vec<Fault>) -> Result<T, ApiError> {
        self.0.readable(faults)
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = ApiError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        read_body(request, payload.take(), &["application/json"], Nulls::Refused)
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for PatchBody<T> {
    type Error = ApiError;
    type Future = Extraction<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body =
            read_body(request, payload.take(), &["application/merge-patch+json", "application/json"], Nulls::Clear);
        Box::pin(async move { body.await.map(PatchBody) })
    }
}

fn read_body<T: DeserializeOwned + 'static>(
    request: &HttpRequest,
    payload: Payload,
    media_types: &'static [&'static str],
    nulls: Nulls,
) -> Extraction<Body<T>> {
    let refusal = media_type_refusal(request, media_types)
        .or_else(|| encoding_refusal(request))
        .or_else(|| size_refusal(request));
    let timeout = request.app_data::<web::Data<AppState>>().map(|state| state.rate_limits.body_timeout);
    Box::pin(async move {
        if let Some(refusal) = refusal {
            return Err(refusal);
        }
        let in_time = tokio::time::timeout(timeout.unwrap_or_default(), collect(payload)).await;
        let bytes = in_time.map_err(|_| ApiError::new(REQUEST_TIMEOUT))??;
        let document = reading::parse(&bytes).map_err(|detail| ApiError::new(MALFORMED_JSON).with_detail(detail))?;
        let reading = reading::read(document, nulls).map_err(|unreadable| {
            let errors: Vec<ProblemFault> = unreadable.faults.into_iter().map(ProblemFault::from).collect();
            let is_cut = errors.len() >= reading::MOST_FAULTS;
            let refusal = ApiError::new(unreadable.code).with_errors(errors);
            if !is_cut {
                return refusal;
            }
            let detail = format!("`errors` has the first {} and there may be more.", reading::MOST_FAULTS);
            refusal.with_detail(detail)
        })?;
        Ok(Body { reading, bytes })
    })
}

async fn collect(mut payload: Payload) -> Result<web::Bytes, ApiError> {
    let mut bytes = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|_| ApiError::new(MALFORMED_JSON).with_detail("The body ended before it was complete."))?;
        if bytes.len() + chunk.len() > LARGEST_BODY {
            return Err(ApiError::new(PAYLOAD_TOO_LARGE));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

fn media_type_refusal(request: &HttpRequest, accepted: &[&str]) -> Option<ApiError> {
    let given = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let charset_is_utf8 = given.split(';').skip(1).all(|parameter| {
        parameter.split_once('=').is_none_or(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    });
    let fits = accepted.contains(&essence.as_str()) && charset_is_utf8;
    (!fits).then(|| ApiError::new(UNSUPPORTED_MEDIA_TYPE))
}

/// A body is read as it comes: a compressed one would be taken for text that it is not.
fn encoding_refusal(request: &HttpRequest) -> Option<ApiError> {
    let is_plain = |value: &HeaderValue| {
        value.to_str().is_ok_and(|codings| {
            codings.split(',').all(|coding| ["", "identity"].contains(&coding.trim().to_ascii_lowercase().as_str()))
        })
    };
    let fits = request.headers().get_all(CONTENT_ENCODING).all(is_plain);
    let detail = "A body is sent without compression: leave `Content-Encoding` out, or send `identity`.";
    (!fits).then(|| ApiError::new(UNSUPPORTED_MEDIA_TYPE).with_detail(detail))
}

fn size_refusal(request: &HttpRequest) -> Option<ApiError> {
    let length = request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse::<usize>().ok()?;
    (length > LARGEST_BODY).then(|| ApiError::new(PAYLOAD_TOO_LARGE))
}

/// Query parameters: each at most once, none unknown, every fault at once.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Query<T> {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(read_parameters(query_pairs(request.query_string())).map(Query))
    }
}

fn query_pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    url::form_urlencoded::parse(query.as_bytes()).into_owned()
}

fn read_parameters<T: DeserializeOwned>(pairs: impl Iterator<Item = (String, String)>) -> Result<T, ApiError> {
    let mut document = serde_json::Map::new();
    let mut errors = Vec::new();
    for (name, value) in pairs {
        if value.contains('\0') || value.contains('\u{fffd}') {
            errors.push(ProblemFault::parameter(name.clone(), "The value holds a NUL character or is not UTF-8."));
        }
        let is_repeated = document.insert(name.clone(), Value::String(value)).is_some();
        if is_repeated && !errors.iter().any(|known| known.parameter.as_ref() == Some(&name)) {
            errors.push(ProblemFault::parameter(name, "The parameter is given more than once."));
        }
    }
    let faults = match reading::read::<T>(Value::Object(document), Nulls::Refused) {
        Ok(reading) if reading.faults.is_empty() && errors.is_empty() => return Ok(reading.value),
        Ok(reading) => reading.faults,
        Err(unreadable) => unreadable.faults,
    };
    for fault in faults {
        let name = fault.pointer.trim_start_matches('/').to_owned();
        if !errors.iter().any(|known| known.parameter.as_ref() == Some(&name)) {
            let detail = match fault.code {
                "unknown-member" => "There is no such parameter.".to_owned(),
                "missing-member" => "The parameter is required.".to_owned(),
                _ => fault.detail,
            };
            errors.push(ProblemFault::parameter(name, detail));
        }
    }
    Err(ApiError::new(crate::api::problem::INVALID_PARAMETER).with_errors(errors))
}

/// Path parameters, by name.
#[derive(Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Path<T> {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs: Vec<_> =
            request.match_info().iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        std::future::ready(read_parameters(pairs.into_iter()).map(Path))
    }
}

/// An identifier in a path or a query: a UUID in its usual lower-case form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Id(pub String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        match uuid::Uuid::try_parse(&text) {
            Ok(id) if text.len() == 36 => Ok(Self(id.to_string())),
            _ => Err(Refusal::new(INVALID_VALUE, "An identifier is a UUID.").into_error(uuid::Uuid::nil().to_string())),
        }
    }
}

impl utoipa::PartialSchema for Id {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, SchemaFormat, Type};
        let format = Some(SchemaFormat::Custom("uuid".to_owned()));
        ObjectBuilder::new().schema_type(Type::String).format(format).into()
    }
}

impl utoipa::ToSchema for Id {}

/// A whole number in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count<const LEAST: u32, const MOST: u32>(pub u32);

impl<'de, const LEAST: u32, const MOST: u32> Deserialize<'de> for Count<LEAST, MOST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digits_only = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<u32>() {
            Ok(number) if digits_only && (LEAST..=MOST).contains(&number) => Ok(Self(number)),
            _ => Err(Refusal::new(INVALID_VALUE, format!("A whole number from {LEAST} to {MOST}."))
                .into_error(LEAST.to_string())),
        }
    }
}

impl<const LEAST: u32, const MOST: u32> utoipa::PartialSchema for Count<LEAST, MOST> {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(LEAST)).maximum(Some(MOST)).into()
    }
}

impl<const LEAST: u32, const MOST: u32> utoipa::ToSchema for Count<LEAST, MOST> {
    fn name() -> std::borrow::Cow<'static, str> {
        match (LEAST, MOST) {
            (0, 1000) => "DaysAhead".into(),
            (1, 1000) => "WorkingDays".into(),
            (1, 200) => "PageLimit".into(),
            _ => format!("Count{LEAST}To{MOST}").into(),
        }
    }
}

/// `true` or `false` in a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag(pub bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match String::deserialize(deserializer)?.as_str() {
            "true" => Ok(Self(true)),
            "false" => Ok(Self(false)),
            _ => Err(Refusal::new(INVALID_VALUE, "Either `true` or `false`.").into_error("true")),
        }
    }
}

/// An instant in a query: RFC 3339 with an offset, as microseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstantText(pub i64);

impl<'de> Deserialize<'de> for InstantText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        // A plus sign that was not encoded arrives as a space.
        match chrono::DateTime::parse_from_rfc3339(&text.replace(' ', "+")) {
            Ok(instant) => Ok(Self(instant.timestamp_micros())),
            Err(_) => {
                let detail = "An instant is written like 2026-11-21T09:30:00Z.";
                Err(Refusal::new(INVALID_VALUE, detail).into_error("2005-01-01T00:00:00Z"))
            }
        }
    }
}

impl utoipa::PartialSchema for InstantText {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        let format = Some(SchemaFormat::KnownFormat(KnownFormat::DateTime));
        ObjectBuilder::new().schema_type(Type::String).format(format).into()
    }
}

impl utoipa::ToSchema for InstantText {
    fn name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }
}
