//! What each operation needs: one table, from which the check at the door and the OpenAPI document are both made.
//!
//! # Adding a row
//!
//! One line under its [`Matter`]: method, address (names in braces left empty), `=>`, the scopes. `A & B` needs both, `A | B`
//! one of them, `Any` a valid credential with whatever scopes. `READ` and `WRITE` stand for GET and for every other method at
//! an address *and everything below it*; a line for the very operation goes before them. What has no line is refused.

use utoipa::openapi::{
    RefOr, Required,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::{ObjectBuilder, Type},
    security::SecurityRequirement,
};

use crate::{
    api::{
        door::{ACTOR, JUSTIFICATION},
        rate_limits,
    },
    casework::scope::{Needs, Scope},
};

/// What kind of work an operation is: whether a program says which human is behind the call, and whether it is in the audit
/// log, go by it, and not by the scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Matter {
    /// It reads or writes cases, or what they are decided by: a program names the human behind it.
    Casework,
    /// It tells figures, which may name cases.
    Figures,
    /// It sets who may see what, and for how long it is kept; or tells who may.
    Administration,
    /// It tells what every credential may know.
    Reference,
}

/// What an operation is, and what it needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// What kind of work it is.
    pub matter: Matter,
    /// The scopes.
    pub needs: Needs,
}

/// One line of the table.
struct Row {
    /// A method, or `READ` or `WRITE` for an address and everything below it.
    method: &'static str,
    address: &'static str,
    rule: Rule,
}

macro_rules! needs {
    (Any) => { &[&[]] };
    ($($($scope:ident)&+)|+) => { &[$(&[$(Scope::$scope),+]),+] };
}

macro_rules! table {
    ($($matter:ident { $($method:ident $address:literal => $($($scope:ident)&+)|+;)+ })+) => {
        const TABLE: &[Row] = &[$($(Row {
            method: stringify!($method),
            address: $address,
            rule: Rule { matter: Matter::$matter, needs: needs!($($($scope)&+)|+) },
        },)+)+];
    };
}

table! {
    Casework {
        GET "/v1/requests" => RequestsRead;
        POST "/v1/requests" => RequestsWrite;
        GET "/v1/requests/{}" => RequestsRead;
        PATCH "/v1/requests/{}" => RequestsWrite;
        GET "/v1/requests/{}/requester" => RequestersRead;
        GET "/v1/requests/{}/related" => RequestersMatch;
        GET "/v1/requests/{}/clock" => RequestsRead;
        GET "/v1/requests/{}/timeline" => RequestsRead;
        GET "/v1/requests/{}/events/{}" => RequestsRead;
        GET "/v1/requests/{}/compliance" => RequestsRead;
        // The topics of a request that figures name would tell what its table by topic hides.
        GET "/v1/requests/{}/precedents" => RequestsRead & NcndRead;
        // Casework, and so with a human named: it removes what only who may read it should be able to remove.
        POST "/v1/requests/{}/erasure" => RequestsWrite & RequestersRead;
        READ "/v1/requests/{}/legal-hold" => RequestsRead;
        WRITE "/v1/requests/{}/legal-hold" => RequestsWrite;
        WRITE "/v1/requests/{}/parts" => RequestsWrite;
        WRITE "/v1/requests/{}/clarifications" => RequestsWrite;
        WRITE "/v1/requests/{}/fee-notices" => RequestsWrite;
        WRITE "/v1/requests/{}/extensions" => RequestsWrite;
        WRITE "/v1/requests/{}/withdrawal" => RequestsWrite;
        WRITE "/v1/requests/{}/lapse" => RequestsWrite;
        WRITE "/v1/requests/{}/transfers" => RequestsWrite;
        WRITE "/v1/requests/{}/reopening" => RequestsWrite;
        WRITE "/v1/requests/{}/receipt-corrections" => RequestsWrite;
        // Drafts beyond that are for `responses:write` alone, and grounds of NCND answers for `ncnd:read`.
        READ "/v1/requests/{}/responses" => RequestsRead;
        WRITE "/v1/requests/{}/responses" => ResponsesWrite;
        READ "/v1/requests/{}/records" => RecordsRead;
        // Whether records can be attached tells what a draft says: that is for those who may read records or drafts.
        WRITE "/v1/requests/{}/records" => RecordsWrite & RecordsRead | RecordsWrite & ResponsesWrite;
        READ "/v1/requests/{}/reviews" => RequestsRead;
        WRITE "/v1/requests/{}/reviews" => ReviewsWrite;
        READ "/v1/requests/{}/complaints" => ComplaintsRead;
        WRITE "/v1/requests/{}/complaints" => ComplaintsWrite;
        GET "/v1/deletions" => RequestsRead;
        GET "/v1/due-dates" => RequestsRead;
        POST "/v1/case-histories" => RequestsWrite & ResponsesWrite & ReviewsWrite & ComplaintsWrite;
        READ "/v1/ncnd-positions" => NcndRead;
        WRITE "/v1/ncnd-positions" => AuthorityAdmin;
        READ "/v1/regulatory-actions" => ComplaintsRead;
        WRITE "/v1/regulatory-actions" => ComplaintsWrite;
        READ "/v1/audit-entries" => AuditRead;
        // Somebody files. What was filed may name overdue requests: it is for the authority that filed it.
        READ "/v1/filed-returns" => MetricsRead;
        WRITE "/v1/filed-returns" => MetricsRead;
    }
    Figures {
        // Figures of all authorities besides are for `metrics:all`.
        READ "/v1/metrics" => MetricsRead | MetricsAll;
        GET "/v1/metrics/provisions" => MetricsRead & NcndRead | MetricsAll & NcndRead;
        GET "/v1/metrics/ncnd-by-topic" => MetricsRead & NcndRead | MetricsAll & NcndRead;
        // Without the requests that a form names, where they are another authority's.
        READ "/v1/returns" => MetricsRead | MetricsAll;
    }
    Administration {
        POST "/v1/authorities" => Operator;
        PATCH "/v1/authorities/{}" => AuthorityAdmin | Operator;
        READ "/v1/api-keys" => AuthorityAdmin;
        WRITE "/v1/api-keys" => AuthorityAdmin;
    }
    Reference {
        GET "/v1/authorities" => Any;
        GET "/v1/authorities/{}" => Any;
        GET "/v1/whoami" => Any;
    }
}

/// What the operation with this method and address template is and needs; `None` when no line covers it.
#[must_use]
pub fn rule_of(method: &str, template: &str) -> Option<Rule> {
    let address = blanked(template);
    let covers = |row: &&Row| match row.method {
        "READ" => method == "GET" && is_at_or_below(&address, row.address),
        "WRITE" => method != "GET" && is_at_or_below(&address, row.address),
        exact => exact == method && row.address == address,
    };
    let exact = TABLE.iter().filter(covers).find(|row| row.method == method);
    exact.or_else(|| TABLE.iter().filter(covers).max_by_key(|row| row.address.len())).map(|row| row.rule)
}

/// Says of every operation with a credential which scopes it needs: in its security requirement, where alternatives are
/// alternatives, and in words.
pub fn write_into(document: &mut utoipa::openapi::OpenApi) {
    for (template, item) in &mut document.paths.paths {
        let operations = [
            ("GET", &mut item.get),
            ("POST", &mut item.post),
            ("PUT", &mut item.put),
            ("PATCH", &mut item.patch),
            ("DELETE", &mut item.delete),
        ];
        for (method, operation) in operations {
            let Some(operation) = operation.as_mut().filter(|operation| operation.security.is_some()) else { continue };
            let Some(Rule { matter, needs }) = rule_of(method, template) else { continue };
            operation.parameters.get_or_insert_default().extend(headers(matter));
            rate_limits::write_into(operation);
            let alternatives = needs.iter().map(|all| SecurityRequirement::new("bearer", words(all)));
            operation.security = Some(alternatives.collect());
            let description = operation.description.take().unwrap_or_default();
            operation.description = Some(format!("{description}\n\n{}", in_words(needs)));
        }
    }
}

/// The headers for the audit log, of calls that may have to be in it.
fn headers(matter: Matter) -> impl Iterator<Item = RefOr<Parameter>> {
    let actor = match matter {
        Matter::Casework => Some("The human behind the call, as the authority knows them: required of a `system` key."),
        Matter::Figures => Some("The human behind the call, as the authority knows them."),
        Matter::Administration | Matter::Reference => None,
    };
    let headers = actor.map(|actor| [(ACTOR, 128, actor), (JUSTIFICATION, 500, "Why, for the audit log.")]);
    headers.into_iter().flatten().map(|(name, most, words)| {
        let text = ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(most));
        let parameter = ParameterBuilder::new()
            .name(name)
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some(words))
            .schema(Some(text));
        RefOr::T(parameter.build())
    })
}

fn words(scopes: &[Scope]) -> Vec<&'static str> {
    scopes.iter().map(|scope| scope.as_str()).collect()
}

/// What is needed, as a sentence.
#[must_use]
pub fn in_words(needs: Needs) -> String {
    let alternatives: Vec<String> = needs
        .iter()
        .filter(|all| !all.is_empty())
        .map(|all| words(all).iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" and "))
        .collect();
    if alternatives.is_empty() {
        "Any credential will do.".to_owned()
    } else {
        format!("Needs {}.", alternatives.join(", or "))
    }
}

/// The template with the names in its braces left out.
fn blanked(template: &str) -> String {
    let segments = template.split('/').map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

fn is_at_or_below(address: &str, above: &str) -> bool {
    address.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_with_a_credential_has_a_line_and_no_other_has() {
        let document = serde_json::to_value(crate::routes::document()).unwrap();
        let mut counted = 0;
        for (template, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let rule = rule_of(&method.to_uppercase(), template);
                let is_open = operation["security"].is_null();
                assert_eq!(rule.is_none(), is_open, "{method} {template}: add a line to src/api/scopes.rs");
                counted += 1;
            }
        }
        assert!(counted > 50, "{counted}");
    }

    #[test]
    fn no_two_lines_are_for_the_same() {
        for (at, row) in TABLE.iter().enumerate() {
            let twins =
                TABLE.iter().skip(at + 1).filter(|other| (other.method, other.address) == (row.method, row.address));
            assert_eq!(twins.count(), 0, "{} {}", row.method, row.address);
        }
    }

    #[test]
    fn the_very_operation_goes_before_what_lies_above_it() {
        let needs = rule_of("GET", "/v1/metrics/ncnd-by-topic").unwrap().needs;
        assert!(needs.iter().all(|all| all.contains(&Scope::NcndRead)));
        assert_eq!(
            rule_of("GET", "/v1/metrics/timeliness").unwrap().needs,
            [[Scope::MetricsRead], [Scope::MetricsAll]]
        );
        assert_eq!(rule_of("GET", "/v1/requests/{request_id}/requester").unwrap().needs, [[Scope::RequestersRead]]);
    }

    /// Which scope opens it says nothing of what it is: positions are what answers are decided by.
    #[test]
    fn standing_positions_are_casework_whoever_may_write_them() {
        for method in ["POST", "GET"] {
            assert_eq!(rule_of(method, "/v1/ncnd-positions").unwrap().matter, Matter::Casework);
        }
        assert_eq!(rule_of("POST", "/v1/api-keys").unwrap().matter, Matter::Administration);
    }

    #[test]
    fn what_has_no_line_is_told_apart() {
        assert_eq!(rule_of("GET", "/v1/requests/{request_id}/secrets"), None);
        assert_eq!(rule_of("GET", "/v1/metrics-of-others"), None);
        assert_eq!(rule_of("DELETE", "/v1/audit-entries"), None);
        assert_eq!(rule_of("DELETE", "/v1/requests/{request_id}"), None);
    }
}
