//! The OpenAPI document: what frames the operations, and the failures they share.

use std::collections::{BTreeMap, BTreeSet};

use utoipa::{
    IntoResponses, Modify, OpenApi,
    openapi::{
        ContentBuilder, Ref, RefOr, Response, ResponseBuilder,
        header::HeaderBuilder,
        schema::{Object, ObjectBuilder, Schema, SchemaType, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
    },
};

use crate::{
    api::{
        due_dates::DaysAhead,
        extract::{Count, Id, InstantText},
        pages::Limit,
        problem::{PROBLEM_CODES, Problem},
        rate_limits,
        requests::{Relation, RequestSort},
        responses::NoticeFormat,
        table_format::TableFormat,
    },
    casework::text::Text,
    metrics::{
        GroupBy, TimelinessBasis,
        returns::{ReturnKind, ReturnPeriod},
    },
    services::metrics::ComparedMetric,
};

/// The frame of the document; the operations come from the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Candour",
        description = "Freedom-of-information casework as a service: requests and their parts, statutory clocks, exemptions, \
            answers that neither confirm nor deny, and the figures that must be published. Dates (`*_on`) are calendar dates \
            in London, instants (`*_at`) are UTC. Every failure is a problem document (RFC 9457) with a `code` from a closed \
            table. New members and new values may appear within v1: clients accept them.",
        license(name = "MIT", identifier = "MIT"),
        contact(name = "Candour", url = "https://example.org/candour")
    ),
    servers((url = "/", description = "The server that this document came from: production, staging or local")),
    tags(
        (name = "audit", description = "Who did what: the audit log, its export and its verification"),
        (name = "authorities", description = "Public authorities and their settings"),
        (name = "calendars", description = "Working days and statutory deadlines"),
        (name = "clocks", description = "Events of a request and the statutory clock they make"),
        (name = "complaints", description = "Complaints to the regulator, decision notices, appeals, and regulatory action"),
        (name = "credentials", description = "API keys, and who is calling"),
        (name = "metrics", description = "Compliance figures with numerator, denominator, basis and as-at date"),
        (name = "ncnd", description = "Standing positions on neither confirming nor denying, and precedents"),
        (name = "operation", description = "Health and version"),
        (name = "provisions", description = "The catalogue of citable provisions of four regimes"),
        (name = "records", description = "Records located for a request, and their redactions"),
        (name = "requests", description = "Requests for information and their parts"),
        (name = "responses", description = "Drafts, letters already sent, and their checks"),
        (name = "returns", description = "Official forms, filled in, and copies of what was filed"),
        (name = "reviews", description = "Internal reviews")
    ),
    // Schemas of parameters are not collected from the operations that name them.
    components(schemas(
        Problem, Id, Count<1, 1000>, DaysAhead, Limit, InstantText, Text<200>, NoticeFormat, Relation, TableFormat, RequestSort, GroupBy, TimelinessBasis,
        ReturnKind, ReturnPeriod, ComparedMetric
    )),
    modifiers(&Frame)
)]
pub struct Document;

struct Frame;

impl Modify for Frame {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let mut scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        scheme.description = Some("An API key.".to_owned());
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        for status in FAILURES {
            components.responses.insert(name(*status), RefOr::T(failure(*status)));
        }
    }
}

/// Members that a patch may clear: one schema that may be null, in place of a choice between a schema and null, which
/// generators of clients make types of their own from.
pub fn settle_nulls(document: &mut utoipa::openapi::OpenApi) {
    let Some(components) = document.components.as_mut() else { return };
    let known = components.schemas.clone();
    let mut taken_over = BTreeSet::new();
    for schema in components.schemas.values_mut() {
        if let RefOr::T(Schema::Object(object)) = schema {
            settle(object, &known, &mut taken_over);
        }
    }
    // What stands in place of every reference to it is no schema of its own any more.
    let text = serde_json::to_string(document).unwrap_or_default();
    taken_over.retain(|name| !text.contains(&format!("\"#/components/schemas/{name}\"")));
    if let Some(components) = document.components.as_mut() {
        components.schemas.retain(|name, _| !taken_over.contains(name));
    }
}

fn settle(object: &mut Object, known: &BTreeMap<String, RefOr<Schema>>, taken_over: &mut BTreeSet<String>) {
    for property in object.properties.values_mut() {
        if let Some(mut settled) = nullable(property, known, taken_over) {
            settle(&mut settled, known, taken_over);
            *property = RefOr::T(Schema::Object(settled));
        }
    }
}

/// The schema that a choice between it and null refers to, taking null besides.
fn nullable(
    property: &RefOr<Schema>,
    known: &BTreeMap<String, RefOr<Schema>>,
    taken_over: &mut BTreeSet<String>,
) -> Option<Object> {
    let RefOr::T(Schema::OneOf(choice)) = property else { return None };
    let reference = choice.items.iter().find_map(|item| match item {
        RefOr::Ref(reference) => Some(reference),
        RefOr::T(_) => None,
    })?;
    let name = reference.ref_location.rsplit('/').next()?;
    let RefOr::T(Schema::Object(named)) = known.get(name)? else { return None };
    let SchemaType::Type(kind) = &named.schema_type else { return None };
    let mut settled = named.clone();
    settled.schema_type = SchemaType::Array(vec![kind.clone(), Type::Null]);
    settled.description = Some(reference.description.clone()).filter(|text| !text.is_empty());
    if let Some(words) = &mut settled.enum_values {
        words.push(serde_json::Value::Null);
    }
    taken_over.insert(name.to_owned());
    Some(settled)
}

const FAILURES: &[u16] = &[400, 401, 403, 404, 406, 408, 409, 412, 413, 415, 422, 428, 429, 500, 503];

fn name(status: u16) -> String {
    format!("Problem{status}")
}

/// One shared response: which codes it may carry.
fn failure(status: u16) -> Response {
    let codes: Vec<_> =
        PROBLEM_CODES.iter().filter(|row| row.status == status).map(|row| format!("`{}`", row.code)).collect();
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let text = |description: &str| {
        HeaderBuilder::new()
            .schema(Some(ObjectBuilder::new().schema_type(Type::String)))
            .description(Some(description))
            .build()
    };
    let mut response = ResponseBuilder::new()
        .description(format!("A problem: {}.", codes.join(", ")))
        .content("application/problem+json", content)
        .header("X-Request-Id", text("The request's id, as in the log."));
    if status == 401 {
        response = response.header("WWW-Authenticate", text("How to authenticate."));
    }
    if status == 429 || status == 503 {
        response = response.header("Retry-After", text("Seconds after which to try again."));
    }
    if status == 429 {
        for (name, header) in rate_limits::headers() {
            response = response.header(name, header);
        }
    }
    response.build()
}

fn references(statuses: &[u16]) -> BTreeMap<String, RefOr<Response>> {
    statuses.iter().map(|status| (status.to_string(), RefOr::Ref(Ref::from_response_name(name(*status))))).collect()
}

macro_rules! failures {
    ($($(#[$meta:meta])* $name:ident = $statuses:expr;)+) => {$(
        $(#[$meta])*
        pub struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                references(&$statuses)
            }
        }
    )+};
}

failures! {
    /// Failures of reference data.
    ReferenceFailures = [400, 404, 406, 500];
    /// Failures of the readiness probe.
    ReadinessFailures = [406, 500, 503];
    /// Failures of a calculation without a credential.
    CalculationFailures = [400, 406, 408, 409, 413, 415, 422, 500];
    /// Failures of reading casework.
    ReadFailures = [400, 401, 403, 404, 406, 429, 500, 503];
    /// Failures of listing casework.
    ListFailures = [400, 401, 403, 404, 406, 429, 500, 503];
    /// Failures of recording something.
    PostFailures = [400, 401, 403, 404, 406, 408, 409, 413, 415, 422, 429, 500, 503];
    /// Failures of recording something that may rest on a version.
    GuardedPostFailures = [400, 401, 403, 404, 406, 408, 409, 412, 413, 415, 422, 429, 500, 503];
    /// Failures of changing a resource.
    ChangeFailures = [400, 401, 403, 404, 406, 408, 409, 412, 413, 415, 422, 428, 429, 500, 503];
    /// Failures of deleting a resource.
    DeleteFailures = [400, 401, 403, 404, 406, 409, 412, 428, 429, 500, 503];
}
