//! What the OpenAPI document says of each address: its methods, the scopes they need, and whether they take query
//! parameters. Answers what no handler is asked.

use actix_web::{
    Error, HttpRequest, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web,
};
use serde_json::Value;

use crate::api::{
    problem::{ApiError, INVALID_PARAMETER, ProblemFault},
    scopes::{self, Rule},
};

/// Where the contract is read: addresses that are not themselves part of it.
const DOCUMENTATION: [&str; 5] = ["/openapi.json", "/openapi-3.0.json", "/docs", "/docs/", "/docs/{file}"];

/// Every address of the service.
#[derive(Debug, Clone)]
pub struct Addresses(Vec<Address>);

#[derive(Debug, Clone)]
struct Address {
    template: Vec<String>,
    operations: Vec<Operation>,
}

#[derive(Debug, Clone)]
struct Operation {
    method: String,
    id: String,
    takes_query: bool,
    rule: Option<Rule>,
}

impl Addresses {
    /// Reads them from the document.
    #[must_use]
    pub fn of(document: &utoipa::openapi::OpenApi) -> Self {
        let paths = serde_json::to_value(&document.paths).unwrap_or_default();
        let documented = paths.as_object().into_iter().flatten().map(|(template, item)| Address::new(template, item));
        let pages = DOCUMENTATION.iter().map(|template| Address {
            template: segments(template).map(str::to_owned).collect(),
            operations: vec![Operation { method: "GET".to_owned(), id: String::new(), takes_query: true, rule: None }],
        });
        Self(documented.chain(pages).collect())
    }

    /// `Allow` for a path; `None` when there is no such path.
    #[must_use]
    pub fn allow(&self, path: &str) -> Option<String> {
        let mut methods: Vec<&str> =
            self.find(path)?.operations.iter().map(|operation| operation.method.as_str()).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods.sort_unstable();
        Some(methods.join(", "))
    }

    /// Whether the operation at this path has a query; `true` where there is no such operation.
    fn takes_query(&self, path: &str, method: &Method) -> bool {
        let method = if *method == Method::HEAD { "GET" } else { method.as_str() };
        let operations = self.find(path).map(|address| address.operations.as_slice()).unwrap_or_default();
        operations.iter().find(|operation| operation.method == method).is_none_or(|operation| operation.takes_query)
    }

    /// The `operationId` at this path and the rule for it; `None` where there is none that takes a credential.
    #[must_use]
    pub fn guarded(&self, path: &str, method: &Method) -> Option<(&str, Rule)> {
        let mut operations = self.find(path)?.operations.iter();
        let operation = operations.find(|operation| operation.method == method.as_str())?;
        Some((operation.id.as_str(), operation.rule?))
    }

    fn find(&self, path: &str) -> Option<&Address> {
        let given: Vec<&str> = segments(path).collect();
        self.0.iter().find(|address| address.fits(&given))
    }
}

impl Address {
    fn new(template: &str, item: &Value) -> Self {
        let operations = item.as_object().into_iter().flatten().map(|(method, operation)| Operation {
            rule: scopes::rule_of(&method.to_uppercase(), template),
            method: method.to_uppercase(),
            id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
            takes_query: operation["parameters"].as_array().into_iter().flatten().any(|one| one["in"] == "query"),
        });
        Self { template: segments(template).map(str::to_owned).collect(), operations: operations.collect() }
    }

    fn fits(&self, given: &[&str]) -> bool {
        self.template.len() == given.len()
            && self
                .template
                .iter()
                .zip(given)
                .all(|(wanted, given)| if wanted.starts_with('{') { !given.is_empty() } else { wanted == given })
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
}

/// The path of a call as the router sees it, decoded: nothing is decided by how a caller wrote it.
#[must_use]
pub fn address(request: &HttpRequest) -> &str {
    request.match_info().as_str()
}

/// Refuses query parameters where an operation has none: nothing is ignored silently.
///
/// # Errors
///
/// As what it surrounds.
pub async fn refuse_stray_parameters(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let is_stray = !request.query_string().is_empty()
        && request
            .app_data::<web::Data<Addresses>>()
            .is_some_and(|addresses| !addresses.takes_query(address(request.request()), request.method()));
    if !is_stray {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let names = url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned().map(|(name, _)| name);
    let errors = names.map(|name| ProblemFault::parameter(name, "There is no such parameter.")).collect();
    let refusal = ApiError::new(INVALID_PARAMETER).with_errors(errors).error_response();
    Ok(request.into_response(refusal))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scopes are found by address: were there two for one path, the router might run another than was judged.
    #[test]
    fn no_path_fits_two_templates() {
        let mut addresses = Addresses::of(&crate::routes::document()).0;
        addresses.retain(|address| address.operations.iter().any(|operation| operation.rule.is_some()));
        let fits_both = |one: &str, other: &str| one == other || one.starts_with('{') || other.starts_with('{');
        for (at, one) in addresses.iter().enumerate() {
            for other in addresses.iter().skip(at + 1) {
                let is_same_length = one.template.len() == other.template.len();
                let is_ambiguous =
                    is_same_length && one.template.iter().zip(&other.template).all(|(a, b)| fits_both(a, b));
                assert!(!is_ambiguous, "{:?} and {:?}", one.template, other.template);
            }
        }
    }

    #[test]
    fn rules_are_found_by_path_and_method() {
        let addresses = Addresses::of(&crate::routes::document());
        let rule = |method: Method, path: &str| addresses.guarded(path, &method).map(|(_, rule)| rule);
        assert_eq!(rule(Method::GET, "/v1/requests/1"), scopes::rule_of("GET", "/v1/requests/{request_id}"));
        assert!(rule(Method::PATCH, "/v1/requests/1").is_some());
        assert_eq!(rule(Method::DELETE, "/v1/requests/1"), None);
        assert_eq!(rule(Method::GET, "/v1/provisions"), None);
        assert_eq!(rule(Method::GET, "/v1/nothing"), None);
    }
}
