//! Every failure that the framework makes by itself is a problem document with the request's id, like any other.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Answer, Server,
        contract::{DOCUMENT, Operation, misfits, operations},
        wire, world,
    },
};

/// The problem document of an answer, which must be this failure and fit its schema.
#[track_caller]
fn problem(answer: &Answer, status: u16, code: &str) -> Value {
    let problem = answer.problem(status, code);
    let misfits = misfits(&DOCUMENT["components"]["schemas"]["Problem"], &problem, code);
    assert!(misfits.is_empty(), "{misfits:?}");
    assert_eq!(problem["instance"], format!("urn:uuid:{}", answer.header("x-request-id")), "{problem}");
    assert_eq!(answer.header("cache-control"), "no-store", "{:?}", answer.headers);
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{:?}", answer.headers);
    assert_eq!(answer.header("content-length"), answer.text.len().to_string(), "{:?}", answer.headers);
    problem
}

/// Every path of the program and its methods; the document and its page are paths too.
fn paths() -> Vec<(String, BTreeSet<String>)> {
    let mut paths: Vec<(String, BTreeSet<String>)> = Vec::new();
    for operation in operations() {
        match paths.iter_mut().find(|(path, _)| *path == operation.path) {
            Some((_, methods)) => drop(methods.insert(operation.method.clone())),
            None => paths.push((operation.path.clone(), BTreeSet::from([operation.method.clone()]))),
        }
    }
    for path in ["/openapi.json", "/docs", "/docs/", "/docs/index.html"] {
        paths.push((path.to_owned(), BTreeSet::from(["GET".to_owned()])));
    }
    for (_, methods) in &mut paths {
        methods.insert("OPTIONS".to_owned());
        if methods.contains("GET") {
            methods.insert("HEAD".to_owned());
        }
    }
    paths
}

/// The path with something well formed for each name in it, whether it exists or not.
fn plausible(template: &str) -> String {
    let id = "7f8f9d52-0a1c-4a8e-9f54-1d2f4b1a9c3e";
    template
        .replace("{label}", "1")
        .replace("{calendar_id}", "uk_any")
        .replace("{provision_id}", "foia-31-3")
        .replace("{code}", "not-found")
        .split('/')
        .map(|segment| if segment.starts_with('{') { id } else { segment })
        .collect::<Vec<_>>()
        .join("/")
}

on_both! {
    fn an_unknown_path_is_not_found_whatever_the_method(server) {
        for path in [
            "/",
            "/v1",
            "/v1/",
            "/v1/nothing",
            "/v1/requests/",
            "/v1/requests/x/y/z",
            "/V1/requests",
            "/v2/requests",
            "//v1/requests",
            "/v1/../v1/requests",
            "/admin",
            "/metrics",
            "/problems",
            "/problems/",
        ] {
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND"] {
                let answer = wire::send(server, method, path, &[], b"");
                assert_eq!(answer.status, 404, "{method} {path}: {}", answer.text);
                problem(&answer, 404, "not-found");
            }
        }
        problem(&server.anonymous().get("/v1/nothing"), 404, "not-found");
    }

    fn a_method_that_the_path_has_not_is_refused_with_those_it_has(server) {
        for (template, methods) in paths() {
            let allow = methods.iter().cloned().collect::<Vec<_>>().join(", ");
            let path = plausible(&template);
            for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"] {
                if methods.contains(method) {
                    continue;
                }
                let answer = wire::send(server, method, &path, &[], b"");
                assert_eq!(answer.header("allow"), allow, "{method} {path}: {} {}", answer.status, answer.text);
                if method == "HEAD" {
                    assert_eq!((answer.status, answer.text.as_str()), (405, ""), "{path}");
                } else {
                    problem(&answer, 405, "method-not-allowed");
                }
            }
        }
    }

    fn options_tells_the_methods_of_every_path(server) {
        for (template, methods) in paths() {
            let answer = wire::send_bare(server, "OPTIONS", &plausible(&template), &[], b"");
            assert_eq!((answer.status, answer.text.as_str()), (204, ""), "{template}: {}", answer.text);
            assert_eq!(answer.header("allow"), methods.into_iter().collect::<Vec<_>>().join(", "), "{template}");
            assert!(!answer.header("x-request-id").is_empty(), "{template}");
        }
    }

    fn head_answers_as_get_without_the_body(server) {
        world::only_authority(server);
        // Whoever reads the audit log lengthens it.
        let changes = |path: &str| path.starts_with("/v1/audit-entries");
        let readings = operations().into_iter().filter(|operation| operation.method == "GET" && !changes(&operation.path));
        let mut targets: Vec<String> =
            readings.map(|reading| format!("{}{}", world::path(server, &reading), world::query(&reading))).collect();
        targets.extend(["/openapi.json", "/docs", "/docs/", "/v1/requests/no-id", "/v1/requests?limit=0"].map(str::to_owned));
        for target in targets {
            let got = wire::send(server, "GET", &target, &[], b"");
            let head = wire::send(server, "HEAD", &target, &[], b"");
            assert_eq!(head.text, "", "{target}");
            assert_eq!(head.status, got.status, "{target}");
            let comparable = |answer: &Answer| {
                let mut headers = answer.headers.clone();
                for changing in ["date", "x-request-id"] {
                    assert!(headers.remove(changing).is_some(), "{target} has no {changing}");
                }
                headers
            };
            assert_eq!(comparable(&head), comparable(&got), "{target}");
        }
    }

    fn no_acceptable_form_is_said_so(server) {
        world::only_authority(server);
        let unserved = [("Accept", "application/xml")];
        for operation in operations().into_iter().filter(|operation| operation.id() != "get_liveness") {
            let target = format!("{}{}", plausible(&operation.path), world::query(&operation));
            problem(&wire::send(server, &operation.method, &target, &unserved, b""), 406, "not-acceptable");
        }
        for accept in [
            "application/xml",
            "application/json;q=0",
            "text/csv",
            "image/*, text/plain;q=0.5",
            "*/*, application/json;q=0",
            "*/*;q=0",
            "application/*;q=0.0, */*;q=0",
        ] {
            problem(&wire::send(server, "GET", "/v1/authorities", &[("Accept", accept)], b""), 406, "not-acceptable");
        }
        for accept in [
            "application/json",
            "*/*",
            "application/*",
            "text/html, application/json;q=0.1",
            "*/*;q=0, application/json",
            "APPLICATION/JSON",
            "",
        ] {
            let answer = wire::send(server, "GET", "/v1/authorities", &[("Accept", accept)], b"");
            assert_eq!(answer.status, 200, "{accept}");
        }
        let csv = wire::send(server, "GET", "/v1/requests", &[("Accept", "text/csv")], b"");
        assert!(csv.status == 200 && csv.header("content-type").starts_with("text/csv"), "{csv:?}");
    }

    fn a_body_of_twenty_megabytes_is_refused_by_its_announced_and_by_its_real_size(server) {
        world::only_authority(server);
        let before = server.get("/v1/requests").text;
        let large = format!(
            "{{\"regime\": \"foia\", \"received_on\": \"2019-11-07\", \"subject\": \"{}\"}}",
            "x".repeat(20_000_000)
        );
        let json = [("Content-Type", "application/json")];
        problem(&wire::send(server, "POST", "/v1/requests", &json, large.as_bytes()), 413, "payload-too-large");
        let chunked = [
            json[0],
            ("Transfer-Encoding", "chunked"),
            ("Authorization", &format!("Bearer {}", crate::support::server::KEY)),
        ];
        let mut bytes = wire::head("POST", "/v1/requests", &chunked);
        for chunk in large.as_bytes().chunks(65_536) {
            bytes.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
            bytes.extend_from_slice(chunk);
            bytes.extend_from_slice(b"\r\n");
        }
        bytes.extend_from_slice(b"0\r\n\r\n");
        problem(&wire::raw(server, bytes), 413, "payload-too-large");
        // One byte too many, and just as many as may be.
        for (length, status) in [(2 * 1024 * 1024 + 1, 413), (2 * 1024 * 1024, 422)] {
            let frame = r#"{"regime":"foia","received_on":"2019-11-07","subject":""}"#.len();
            let body =
                format!(r#"{{"regime":"foia","received_on":"2019-11-07","subject":"{}"}}"#, "x".repeat(length - frame));
            assert_eq!(body.len(), length);
            assert_eq!(wire::send(server, "POST", "/v1/requests", &json, body.as_bytes()).status, status);
        }
        assert_eq!(server.get("/v1/requests").text, before);
    }

    fn a_body_of_another_media_type_is_refused(server) {
        world::only_authority(server);
        for operation in operations().into_iter().filter(|operation| !operation.bodies().is_empty()) {
            let (_, _, example) = operation.bodies().remove(0);
            let body = example.to_string();
            let types: Vec<String> = operation.bodies().into_iter().map(|(media, _, _)| media).collect();
            for given in [
                "",
                "text/plain",
                "application/xml",
                "application/x-www-form-urlencoded",
                "application/jsonp",
                "application/json; charset=iso-8859-1",
                "multipart/form-data; boundary=x",
                "application/merge-patch+json",
                "json",
            ] {
                if types.iter().any(|media| media == given) {
                    continue;
                }
                let mut headers = vec![("If-Match", "*")];
                if !given.is_empty() {
                    headers.push(("Content-Type", given));
                }
                let answer = wire::send(server, &operation.method, &plausible(&operation.path), &headers, body.as_bytes());
                problem(&answer, 415, "unsupported-media-type");
            }
        }
        for given in [
            "application/json; charset=utf-8",
            "application/json;charset=UTF-8",
            "Application/JSON",
            "application/json; charset=\"utf-8\"",
        ] {
            let body = json!({"regime": "foia", "received_on": "2019-11-07", "subject": given}).to_string();
            assert_eq!(
                wire::send(server, "POST", "/v1/requests", &[("Content-Type", given)], body.as_bytes()).status,
                201,
                "{given}"
            );
        }
    }

    fn casework_is_closed_to_whoever_has_no_valid_key(server) {
        let key = crate::support::server::KEY;
        let (bearer, basic, wrong) = (format!("Bearer {key}"), format!("Basic {key}"), format!("Bearer {key}x"));
        let mut attempts: Vec<Vec<(&str, &str)>> =
            vec![vec![], vec![("Authorization", &bearer), ("Authorization", &bearer)]];
        for value in ["", "Bearer", "Bearer ", key, &basic, &wrong, "Bearer \u{e9}", "bearer-token"] {
            attempts.push(vec![("Authorization", value)]);
        }
        for operation in operations().iter().filter(|operation| operation.value["security"] != json!([])) {
            for headers in &attempts {
                let answer = wire::send_bare(server, &operation.method, &plausible(&operation.path), headers, b"");
                problem(&answer, 401, "unauthenticated");
                assert!(answer.header("www-authenticate").starts_with("Bearer"), "{:?}", answer.headers);
                assert!(!answer.text.contains(key));
            }
        }
        for value in [bearer.clone(), format!("bearer {key}"), format!("BEARER   {key} ")] {
            assert_eq!(
                wire::send_bare(server, "GET", "/v1/requests", &[("Authorization", &value)], b"").status,
                200,
                "{value}"
            );
        }
        // Reference data and health need none, and a wrong one does no harm.
        for path in
            ["/livez", "/readyz", "/version", "/v1/calendars", "/v1/provisions", "/openapi.json", "/problems/not-found"]
        {
            assert_eq!(wire::send_bare(server, "GET", path, &[("Authorization", &wrong)], b"").status, 200, "{path}");
        }
    }
}

/// Takes a table away under the running service.
fn break_database(server: &Server, table: &str) {
    server.place.run(&format!("ALTER TABLE {table} RENAME TO {table}_gone"));
}

/// The parameters of a path that are identifiers, with what is wrong in its place.
fn with_wrong(operation: &Operation, name: &str, value: &str) -> String {
    plausible(&operation.path.replace(&format!("{{{name}}}"), value))
}

on_both! {
    fn a_malformed_identifier_is_a_wrong_parameter(server) {
        let mut tried = 0;
        for operation in operations() {
            for parameter in operation.parameters("path") {
                let name = parameter["name"].as_str().unwrap();
                let wrong: &[&str] = match name {
                    "label" => &["a%20b", "%2F", "x%00", &"9".repeat(33)],
                    "calendar_id" => &["mars", "UK_ANY", "uk_any%00"],
                    "provision_id" | "code" => &["%00", "a%00b", "%ff", &"x".repeat(129)],
                    _ => &[
                        "1",
                        "no-id",
                        "%00",
                        "%ff",
                        "%zz",
                        "7f8f9d52-0a1c-4a8e-9f54-1d2f4b1a9c3",
                        "7f8f9d520a1c4a8e9f541d2f4b1a9c3e",
                        "%7B7f8f9d52-0a1c-4a8e-9f54-1d2f4b1a9c3e%7D",
                        "7f8f9d52-0a1c-4a8e-9f54-1d2f4b1a9c3e%00",
                    ],
                };
                for value in wrong {
                    let target = format!("{}{}", with_wrong(&operation, name, value), world::query(&operation));
                    let body = operation.bodies().first().map(|(_, _, example)| example.to_string()).unwrap_or_default();
                    let headers = [("If-Match", "*"), ("Content-Type", "application/json")];
                    let answer = wire::send(server, &operation.method, &target, &headers, body.as_bytes());
                    problem(&answer, 400, "invalid-parameter");
                    assert_eq!(answer.faults(), [(name.to_owned(), "invalid-parameter".to_owned())], "{target}");
                    tried += 1;
                }
            }
        }
        assert!(tried > 200, "{tried}");
        // All of them at once.
        let answer = server.get("/v1/requests/no-id/responses/none");
        assert_eq!(answer.faults().len(), 2, "{}", answer.text);
    }

    fn an_identifier_of_nothing_is_not_found(server) {
        world::only_authority(server);
        let ids = ["request_id", "event_id", "response_id", "authority_id"];
        for operation in operations() {
            if operation.parameters("path").iter().any(|parameter| ids.iter().any(|id| parameter["name"] == *id)) {
                let (media, body) = match operation.bodies().first() {
                    Some((media, _, example)) => (media.clone(), Some(example.clone())),
                    None => (String::new(), None),
                };
                let target = format!("{}{}", plausible(&operation.path), world::query(&operation));
                problem(&world::send(server, &operation, &target, &media, body.as_ref()), 404, "not-found");
            }
        }
        problem(&server.get("/v1/provisions/foia-999"), 404, "not-found");
    }

    fn hostile_addresses_get_problem_documents(server) {
        for target in ["/v1/%00", "/%", "/%zz", "/v1/requests%00", "/v1/%2e%2e/requests", "/%ff%fe", "/v1/requests%2F"] {
            problem(&wire::send(server, "GET", target, &[], b""), 404, "not-found");
        }
        let wrong = [
            ("/v1/requests?q=%00", "q"),
            ("/v1/requests?q=%ff", "q"),
            ("/v1/requests?%00=1", "\0"),
            ("/v1/requests?topic=a%00", "topic"),
            ("/v1/requests?cursor=%00", "cursor"),
            ("/v1/provisions?regime=%zz", "regime"),
            ("/v1/requests?=1", ""),
        ];
        for (target, parameter) in wrong {
            let answer = wire::send(server, "GET", target, &[], b"");
            problem(&answer, 400, "invalid-parameter");
            assert_eq!(answer.faults(), [(parameter.to_owned(), "invalid-parameter".to_owned())], "{target}");
        }
        for length in [8_000, 60_000] {
            let long = "x".repeat(length);
            problem(&wire::send(server, "GET", &format!("/v1/{long}"), &[], b""), 404, "not-found");
            problem(&wire::send(server, "GET", &format!("/v1/requests/{long}"), &[], b""), 400, "invalid-parameter");
            problem(&wire::send(server, "GET", &format!("/v1/requests?q={long}"), &[], b""), 400, "invalid-parameter");
            problem(&wire::send(server, "GET", &format!("/v1/requests?cursor={long}"), &[], b""), 400, "invalid-cursor");
            let many = "a=1&".repeat(length / 4);
            let answer = wire::send(server, "GET", &format!("/v1/requests?{many}"), &[], b"");
            problem(&answer, 400, "invalid-parameter");
            assert_eq!(answer.faults(), [("a".to_owned(), "invalid-parameter".to_owned())]);
        }
        let many: String = (0..5000).map(|number| format!("p{number}=1&p{number}=2&")).collect();
        let answer = wire::send(server, "GET", &format!("/v1/requests?{}", &many[..60_000]), &[], b"");
        problem(&answer, 400, "invalid-parameter");
        assert_eq!(answer.faults().len(), 200);
        assert_eq!(server.get("/livez").status, 200);
    }

    fn the_caller_s_request_id_is_kept_when_it_is_a_uuid(server) {
        let own = "3d6f4c1e-8a52-4e0b-b7c9-51f0a2d4e680";
        for path in ["/livez", "/v1/requests", "/v1/nothing", "/v1/requests/no-id", "/docs", "/openapi.json"] {
            let answer = wire::send(server, "GET", path, &[("X-Request-Id", own)], b"");
            assert_eq!(answer.header("x-request-id"), own, "{path}");
            if answer.status >= 400 {
                assert_eq!(answer.json()["request_id"], own, "{path}");
            }
            for other in [
                "",
                "not-a-uuid",
                "<script>",
                "3d6f4c1e-8a52-4e0b-b7c9-51f0a2d4e68",
                "3d6f4c1e-8a52-4e0b-b7c9-51f0a2d4e680x",
            ] {
                let answer = wire::send(server, "GET", path, &[("X-Request-Id", other)], b"");
                let made = answer.header("x-request-id");
                assert!(uuid::Uuid::try_parse(made).is_ok_and(|id| id.get_version_num() == 4), "{path} {made}");
                assert!(other.is_empty() || !answer.text.contains(other), "{path}");
            }
        }
    }

    fn a_failure_inside_says_nothing_of_its_cause(server) {
        world::only_authority(server);
        let request = server.request("2019-11-07", &["1"]);
        break_database(server, "requests");
        break_database(server, "case_sheets");
        let constant = candour::api::problem::INTERNAL_ERROR.explanation;
        let body = json!({"regime": "foia", "received_on": "2019-11-07", "subject": "x"});
        let answers = [
            server.get(&format!("/v1/requests/{request}")),
            server.get("/v1/requests"),
            server.post("/v1/requests", &body),
            server.get("/v1/metrics/outcomes?start_on=2019-01-01&end_on=2019-12-31"),
        ];
        for answer in answers {
            let problem = problem(&answer, 500, "internal-error");
            assert_eq!(problem["detail"], constant);
            assert_eq!(problem["title"], candour::api::problem::INTERNAL_ERROR.title);
            assert!(problem.get("errors").is_none() && problem.get("findings").is_none(), "{problem}");
        }
    }

    fn a_service_about_to_stop_says_when_to_try_again(server) {
        assert_eq!(server.get("/readyz").status, 200);
        server.state.drain();
        let answer = server.get("/readyz");
        problem(&answer, 503, "shutting-down");
        assert_eq!(answer.header("retry-after"), "1");
        assert_eq!(server.get("/livez").status, 200);
    }
}
