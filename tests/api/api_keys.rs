//! API keys: made, shown once, listed, rotated, revoked; and the human behind a call.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{
        Client, Database, Folder, Process, Server,
        casework::with,
        keys::{LAST_DAY, client, made, wanted},
        server::{KEY, id},
        until, within, world,
    },
};

fn text(key: &Value) -> String {
    key["key"].as_str().unwrap().to_owned()
}

fn is_refused(client: &Client) -> bool {
    let answer = client.get("/v1/whoami");
    assert!([200, 401].contains(&answer.status), "{}", answer.text);
    answer.status == 401
}

on_both! {
    fn a_key_is_shown_once_and_never_again(server) {
        let authority = world::only_authority(server);
        let body = wanted("person", &["requests:write", "requests:read"], LAST_DAY);
        let answer = server.post_keyed("/v1/api-keys", "one", &body);
        let key = answer.expect(201);
        let own = text(&key);
        assert!(own.starts_with(&format!("{}_", key["prefix"].as_str().unwrap())), "{key}");
        assert_eq!(own.len(), 66);
        let mut expected = json!({"id": key["id"], "prefix": key["prefix"], "name": "Key of the test", "kind": "person",
            "authority_ids": [authority], "scopes": ["requests:read", "requests:write"], "expires_on": LAST_DAY,
            "created_by": "bootstrap", "created_at": "2026-06-30T12:00:00.000000Z", "version": 1});
        let address = format!("/v1/api-keys/{}", id(&key));
        assert_eq!(answer.header("location"), address);
        assert_eq!(server.get(&address).expect(200), expected);
        assert_eq!(server.get("/v1/api-keys").expect(200), json!({"items": [expected]}));
        let again = server.post_keyed("/v1/api-keys", "one", &body);
        assert_eq!(again.header("idempotency-replayed"), "true");
        assert_eq!(again.expect(201), expected);
        if server.database == Database::Sqlite {
            let bytes = server.bytes_on_disk();
            let secret = own.rsplit('_').next().unwrap().as_bytes();
            assert!(!bytes.windows(secret.len()).any(|window| window == secret));
        }
        let whoami = server.with_key(&own).get("/v1/whoami").expect(200);
        assert_eq!(whoami, json!({"credential": format!("api_key:{}", id(&key)), "kind": "person", "actor": "Key of the test",
            "must_name_actor": false, "all_authorities": false, "scopes": ["requests:read", "requests:write"], "expires_on": LAST_DAY,
            "authorities": [{"id": authority, "name": "Authority of the test"}]}));
        expected["last_used_on"] = json!("2026-06-30");
        until("its use is noted", || server.get(&address).expect(200) == expected);
    }

    fn a_revoked_key_is_refused_at_once(server) {
        world::only_authority(server);
        let key = made(server, &wanted("person", &["requests:read"], LAST_DAY));
        let address = format!("/v1/api-keys/{}", id(&key));
        let holder = server.with_key(&text(&key));
        let other = server.another();
        let elsewhere = other.with_key(&text(&key));
        assert!(!is_refused(&holder) && !is_refused(&elsewhere));
        server.send("DELETE", &address, &[], None).problem(428, "precondition-required");
        server.delete(&address, "\"7-0-json\"").problem(412, "precondition-failed");
        assert!(!is_refused(&holder));
        let tag = server.get(&address).header("etag").to_owned();
        server.delete(&address, &tag).expect(204);
        assert!(is_refused(&holder));
        within(Duration::from_secs(2), "it is refused at another server", || is_refused(&elsewhere));
        assert_eq!(server.get(&address).expect(200)["revoked_at"], "2026-06-30T12:00:00.000000Z");
        server.delete(&address, "*").expect(204);
        let rotation = json!({"expires_on": LAST_DAY, "overlap_ends_on": "2026-07-07"});
        server.post(&format!("{address}/rotation"), &rotation).problem(409, "not-possible-in-this-state");
        server.delete(&format!("/v1/api-keys/{}", uuid::Uuid::new_v4()), "*").problem(404, "not-found");
    }

    fn a_rotated_key_is_good_until_the_overlap_ends(server) {
        world::only_authority(server);
        let old = made(server, &wanted("person", &["requests:read"], LAST_DAY));
        let address = format!("/v1/api-keys/{}/rotation", id(&old));
        let new = server.post(&address, &json!({"expires_on": "2027-03-31", "overlap_ends_on": "2026-07-07"})).expect(201);
        for member in ["name", "kind", "scopes", "authority_ids"] {
            assert_eq!(new[member], old[member], "{member}");
        }
        assert_eq!(new["expires_on"], "2027-03-31");
        let (old, new) = (server.with_key(&text(&old)), server.with_key(&text(&new)));
        // The last instant of the overlap in London, which is an hour ahead of UTC, and the first after it.
        server.set_now("2026-07-07T22:59:59Z");
        assert!(!is_refused(&old) && !is_refused(&new));
        server.set_now("2026-07-07T23:00:00Z");
        assert!(is_refused(&old) && !is_refused(&new));
        server.set_now("2027-04-01T00:00:00Z");
        assert!(is_refused(&new));
        let none = server.post(&address, &json!({"expires_on": "2028-07-01", "overlap_ends_on": "2027-03-01"}));
        none.problem(422, "validation-failed");
        assert_eq!(none.faults(), [("#/expires_on".to_owned(), "invalid-value".to_owned()), ("#/overlap_ends_on".to_owned(), "invalid-value".to_owned())]);
    }

    fn a_key_of_several_authorities_is_not_made_anew_by_one_of_them(server) {
        let authority = world::only_authority(server);
        let other = server.authority("Another authority");
        let of_one = with(wanted("person", &["authority:admin", "requests:read"], LAST_DAY), &json!({"authority_id": authority}));
        let admin = server.with_key(&text(&made(server, &of_one)));
        let both = json!({"authority_id": authority, "further_authority_ids": [other]});
        let shared = made(server, &with(wanted("system", &["requests:read"], LAST_DAY), &both));
        let address = format!("/v1/api-keys/{}", id(&shared));
        let before = server.get("/v1/api-keys").text;
        let rotation = json!({"expires_on": LAST_DAY, "overlap_ends_on": "2026-07-07"});
        let problem = admin.post(&format!("{address}/rotation"), &rotation).problem(403, "insufficient-scope");
        assert_eq!(problem["detail"], "The key is for further authorities, and the credential is not.");
        // However the address is written.
        let encoded = address.replace("api-keys", "api%2Dkeys");
        admin.post(&format!("{encoded}/rotation"), &rotation).problem(403, "insufficient-scope");
        assert_eq!(server.get("/v1/api-keys").text, before);
    }

    fn each_authority_that_a_key_opens_sees_it_and_may_revoke_it(server) {
        let [first, second, third] = ["First", "Second", "Third"].map(|name| server.authority(name));
        let admin_of = |authority: &str| {
            let admin = with(wanted("person", &["authority:admin", "requests:read"], LAST_DAY), &json!({"authority_id": authority}));
            server.with_key(&text(&made(server, &admin)))
        };
        let both = json!({"authority_id": first, "further_authority_ids": [second], "name": "Shared"});
        let shared = made(server, &with(wanted("person", &["requests:read"], LAST_DAY), &both));
        assert_eq!(shared["authority_ids"], json!([first, second]));
        let address = format!("/v1/api-keys/{}", id(&shared));
        let listed = |client: &Client, query: &str| {
            let list = client.get(&format!("/v1/api-keys{query}")).expect(200);
            let found = list["items"].as_array().unwrap().iter().find(|key| key["name"] == "Shared");
            found.map(|key| key["authority_ids"].clone())
        };
        for (authority, others) in [(&first, [&second, &third]), (&second, [&first, &third])] {
            let admin = admin_of(authority);
            assert_eq!(listed(&admin, ""), Some(json!([authority])));
            assert_eq!(listed(&admin, &format!("?authority_id={authority}")), Some(json!([authority])));
            let read = admin.get(&address);
            assert_eq!((&read.expect(200)["name"], &read.json()["authority_ids"]), (&json!("Shared"), &json!([authority])));
            for other in others {
                admin.get(&format!("/v1/api-keys?authority_id={other}")).problem(404, "not-found");
                assert!(!read.text.contains(other) && !admin.get("/v1/api-keys").text.contains(other));
            }
            let rotation = json!({"expires_on": LAST_DAY, "overlap_ends_on": "2026-07-07"});
            admin.post(&format!("{address}/rotation"), &rotation).problem(403, "insufficient-scope");
        }
        let stranger = admin_of(&third);
        assert_eq!(listed(&stranger, ""), None);
        stranger.get(&address).problem(404, "not-found");
        stranger.delete(&address, "*").problem(404, "not-found");
        for authority in [&first, &second] {
            assert_eq!(listed(&server.client, &format!("?authority_id={authority}")), Some(json!([first, second])));
        }
        assert_eq!(listed(&server.client, &format!("?authority_id={third}")), None);

        let holder = server.with_key(&text(&shared));
        assert!(!is_refused(&holder));
        let second_admin = admin_of(&second);
        let revocations = || -> Vec<String> {
            let log = server.place.words("SELECT content AS words FROM audit_entries WHERE content LIKE '%\"revoke_api_key\"%' ORDER BY authority_key");
            let told = log.iter().map(|entry| serde_json::from_str::<serde_json::Value>(entry).unwrap());
            told.map(|entry| {
                assert_eq!((&entry["operation"], &entry["address"]), (&json!("alteration"), &json!(address)));
                entry["authority_id"].as_str().unwrap().to_owned()
            }).collect()
        };
        second_admin.delete(&address, "\"7-0-json\"").problem(412, "precondition-failed");
        let tag = second_admin.get(&address).header("etag").to_owned();
        assert_eq!(revocations(), Vec::<String>::new());
        second_admin.delete(&address, &tag).expect(204);
        assert!(is_refused(&holder));
        // Each authority that the key opened has it in its log, though who revoked it may act for one of them alone.
        assert_eq!(revocations(), [first.clone(), second.clone()]);
        for authority in [&first, &second, &third] {
            let verification = format!("/v1/audit-entries/verification?purpose=lawfulness&authority_id={authority}");
            assert_eq!(server.get(&verification).expect(200)["is_intact"], true);
        }
        for authority in [&first, &second] {
            assert!(admin_of(authority).get(&address).expect(200)["revoked_at"].is_string());
        }
    }

    fn commands_that_change_or_list_keys_are_in_the_audit_log(server) {
        let [first, second, third] = ["First", "Second", "Third"].map(|name| server.authority(name));
        let run = |arguments: &[&str]| {
            Process::run(Folder::new().path(), arguments, &[("CANDOUR_DATABASE_URL", server.place.text.as_str())])
        };
        let last = candour::clock::Clock::system().today().plus_days(300).to_string();
        let create = |more: &[&str]| {
            let begun = ["keys", "create", "--name", "A clerk", "--kind", "person", "--expires-on", &last];
            run(&[&begun, more].concat())
        };
        let entries = |authority: &str| -> Vec<[String; 4]> {
            let log = server.get(&format!("/v1/audit-entries?purpose=lawfulness&limit=200&authority_id={authority}")).expect(200);
            let by_commands = log["items"].as_array().unwrap().iter().map(|entry| &entry["content"]);
            let by_commands = by_commands.filter(|content| content["credential"] == "command:keys");
            by_commands
                .map(|content| ["operation", "action", "address", "authority_id"].map(|name| content[name].as_str().unwrap().to_owned()))
                .collect()
        };
        let made = create(&["--scopes", "requests:read", "--authority", &first, "--authority", &second]);
        assert_eq!((made.code, made.errors.as_str()), (Some(0), ""), "{made:#?}");
        let key = made.output.lines().nth(1).unwrap().split("its id is ").nth(1).unwrap()[..36].to_owned();
        let creation = |authority: &String| ["alteration", "create_api_key", "/v1/api-keys", authority].map(str::to_owned);
        for authority in [&first, &second] {
            assert_eq!(entries(authority), [creation(authority)]);
        }
        assert_eq!(entries(&third), [[""; 4]; 0]);
        // What was not done leaves no entry.
        assert_eq!(create(&["--scopes", "requests:read"]).code, Some(1));
        assert_eq!(run(&["keys", "revoke", "00000000-0000-4000-8000-000000000000"]).code, Some(1));
        assert_eq!(run(&["keys", "list", "--authority", &third]).output, "");
        let told_of_none = ["consultation", "list_api_keys", "/v1/api-keys", &third].map(str::to_owned);
        assert_eq!(run(&["keys", "list"]).code, Some(0));
        assert_eq!(run(&["keys", "revoke", &key]).code, Some(0));
        for authority in [&first, &second] {
            let address = format!("/v1/api-keys/{key}");
            let revocation = ["alteration", "revoke_api_key", address.as_str(), authority].map(str::to_owned);
            let listing = ["consultation", "list_api_keys", "/v1/api-keys", authority].map(str::to_owned);
            assert_eq!(entries(authority), [creation(authority), listing, revocation]);
        }
        assert_eq!(entries(&third), std::slice::from_ref(&told_of_none));
        // Who runs the service may make authorities of any kind: all of them are told.
        assert_eq!(create(&["--scopes", "operator"]).code, Some(0));
        assert_eq!(entries(&third), [told_of_none, creation(&third)]);
        for authority in [&first, &second, &third] {
            let address = format!("/v1/audit-entries/verification?purpose=lawfulness&authority_id={authority}");
            assert_eq!(server.get(&address).expect(200)["is_intact"], true);
        }
    }

    fn a_key_grants_nothing_that_its_maker_lacks(server) {
        let authority = world::only_authority(server);
        let other = server.authority("Another authority");
        let admin = wanted("person", &["authority:admin", "requests:read"], LAST_DAY);
        let admin = server.with_key(&text(&made(server, &with(admin, &json!({"authority_id": authority})))));
        let before = server.get("/v1/api-keys").text;
        for scope in ["requests:write", "ncnd:read", "audit:read", "operator", "metrics:all"] {
            let problem = admin.post("/v1/api-keys", &wanted("person", &[scope], LAST_DAY)).problem(403, "insufficient-scope");
            assert_eq!(problem["detail"], format!("Who grants `{scope}` needs `{scope}`."));
        }
        for member in ["authority_id", "further_authority_ids"] {
            let value = if member == "authority_id" { json!(other) } else { json!([other]) };
            let answer = admin.post("/v1/api-keys", &with(wanted("person", &["requests:read"], LAST_DAY), &json!({member: value})));
            answer.problem(422, "validation-failed");
            let pointer = if member == "authority_id" { "#/authority_id" } else { "#/further_authority_ids/0" };
            assert_eq!(answer.faults(), [(pointer.to_owned(), "invalid-value".to_owned())]);
        }
        assert_eq!(server.get("/v1/api-keys").text, before);
        let granted = admin.post("/v1/api-keys", &wanted("system", &["requests:read"], LAST_DAY)).expect(201);
        assert_eq!(granted["authority_ids"], json!([authority]));
        // What belongs to another authority is not there.
        let foreign = made(server, &with(wanted("person", &["requests:read"], LAST_DAY), &json!({"authority_id": other})));
        admin.get(&format!("/v1/api-keys/{}", id(&foreign))).problem(404, "not-found");
        assert!(!admin.get("/v1/api-keys").text.contains(&id(&foreign)));
    }

    fn running_the_service_and_doing_casework_are_kept_apart(server) {
        let authority = world::only_authority(server);
        let cases = [
            (wanted("person", &["operator", "requests:read"], LAST_DAY), vec![("#/scopes", "inconsistent-members")]),
            (with(wanted("person", &["operator"], LAST_DAY), &json!({"authority_id": authority})), vec![("#/authority_id", "inconsistent-members")]),
            (wanted("person", &[], "2026-06-29"), vec![("#/expires_on", "invalid-value"), ("#/scopes", "invalid-value")]),
            (wanted("person", &["ncnd:read", "ncnd:read"], "2027-07-02"), vec![("#/expires_on", "invalid-value"), ("#/scopes/1", "duplicate-value")]),
            (wanted("robot", &["ncnd:write"], LAST_DAY), vec![("#/kind", "unknown-value"), ("#/scopes/0", "unknown-value")]),
        ];
        for (body, faults) in cases {
            let answer = server.post("/v1/api-keys", &body);
            answer.problem(422, "validation-failed");
            let expected: Vec<_> = faults.into_iter().map(|(at, code)| (at.to_owned(), code.to_owned())).collect();
            assert_eq!(answer.faults(), expected);
        }
        assert_eq!(server.get("/v1/api-keys").expect(200), json!({"items": []}));
        let operator = client(server, &["operator"]);
        let made_by_operator = operator.post("/v1/authorities", &json!({"name": "New", "nation": "wales"})).expect(201);
        operator.get(&format!("/v1/authorities/{}", id(&made_by_operator))).expect(200);
        operator.get("/v1/requests").problem(403, "insufficient-scope");
        operator.get("/v1/api-keys").problem(403, "insufficient-scope");
        assert_eq!(server.get("/v1/api-keys").expect(200)["items"].as_array().unwrap().len(), 1);
    }

    fn a_program_names_the_human_behind_each_casework_call(server) {
        world::only_authority(server);
        let scopes = ["requests:read", "requests:write", "metrics:read"];
        let system = server.with_key(&text(&made(server, &wanted("system", &scopes, LAST_DAY))));
        let request = server.request("2026-06-01", &["1"]);
        let address = format!("/v1/requests/{request}");
        for path in [address.as_str(), "/v1/requests", "/v1/deletions"] {
            let answer = system.get(path);
            answer.problem(400, "invalid-parameter");
            assert_eq!(answer.faults(), [("Candour-Actor".to_owned(), "invalid-parameter".to_owned())]);
        }
        let before = server.get("/v1/requests").text;
        system.post("/v1/requests", &json!({"regime": "foia", "received_on": "2026-06-02", "subject": "x"})).problem(400, "invalid-parameter");
        assert_eq!(server.get("/v1/requests").text, before);
        for wrong in ["two words", "", &"a".repeat(129)] {
            system.send("GET", &address, &[("Candour-Actor", wrong)], None).problem(400, "invalid-parameter");
        }
        system.send("GET", &address, &[("Candour-Actor", "staff-7")], None).expect(200);
        let whoami = system.send("GET", "/v1/whoami", &[("Candour-Actor", "staff-7")], None).expect(200);
        assert_eq!((&whoami["actor"], &whoami["must_name_actor"]), (&json!("staff-7"), &json!(true)));
        // Figures are no casework; the bootstrap key need not name anybody.
        system.get("/v1/metrics/timeliness?start_on=2026-01-01&end_on=2026-06-30&basis=received").expect(200);
        server.get(&address).expect(200);
        // Filing is: somebody answers for what was filed.
        let filing = json!({"return_kind": "commissioner-self-assessment", "period": "2026-Q1"});
        for answer in [system.post("/v1/filed-returns", &filing), system.get("/v1/filed-returns")] {
            answer.problem(400, "invalid-parameter");
            assert_eq!(answer.faults(), [("Candour-Actor".to_owned(), "invalid-parameter".to_owned())]);
        }
        // A person's key has named its holder: the header changes nothing.
        let person = client(server, &["requests:read"]);
        assert_eq!(person.send("GET", "/v1/whoami", &[("Candour-Actor", "staff-7")], None).expect(200)["actor"], "Key of the test");
    }

    /// Positions are what answers are decided by, though `authority:admin` alone writes them; keys are none of casework.
    fn a_program_names_the_human_behind_a_standing_position(server) {
        world::only_authority(server);
        let admin = server.with_key(&text(&made(server, &wanted("system", &["authority:admin", "ncnd:read"], LAST_DAY))));
        admin.get("/v1/api-keys").expect(200);
        let positions = "/v1/ncnd-positions";
        let position = json!({"title": "Informants", "topics": ["informants"], "regime": "foia", "provisions": ["30(3)"], "reasons": "Always.", "review_on": "2026-12-01"});
        let content = position.to_string();
        let named = |method: &str, path: &str, body: Option<&[u8]>| {
            let headers = [("Candour-Actor", "staff-7"), ("If-Match", "*"), ("Content-Type", "application/json")];
            admin.send(method, path, &headers, body)
        };
        let kept = id(&named("POST", positions, Some(content.as_bytes())).expect(201));
        let kept = format!("{positions}/{kept}");
        let answers = [admin.get(positions), admin.post(positions, &position), admin.put(&kept, "*", &position), admin.delete(&kept, "*")];
        for answer in answers {
            answer.problem(400, "invalid-parameter");
            assert_eq!(answer.faults(), [("Candour-Actor".to_owned(), "invalid-parameter".to_owned())]);
        }
        assert_eq!(server.get(positions).expect(200)["items"].as_array().unwrap().len(), 1);
        named("PUT", &kept, Some(content.as_bytes())).expect(200);
        named("DELETE", &kept, None).expect(204);
        let log = server.get("/v1/audit-entries?purpose=lawfulness&actor=staff-7").expect(200);
        let told: Vec<&Value> = log["items"].as_array().unwrap().iter().map(|entry| &entry["content"]["action"]).collect();
        assert_eq!(told, ["create_ncnd_position", "replace_ncnd_position", "delete_ncnd_position"]);
    }
}

#[test]
fn keys_are_made_listed_and_revoked_on_the_command_line() {
    let server = Server::start(Database::Sqlite);
    let authority = world::only_authority(&server);
    let url = format!("sqlite://{}", server.place.folder().join("candour.db").display());
    let run = |arguments: &[&str]| Process::run(Folder::new().path(), arguments, &[("CANDOUR_DATABASE_URL", &url)]);
    let last = candour::clock::Clock::system().today().plus_days(300).to_string();
    let made = run(&[
        "keys",
        "create",
        "--name",
        "A clerk",
        "--kind",
        "person",
        "--scopes",
        "requests:read,ncnd:read",
        "--authority",
        &authority,
        "--expires-on",
        &last,
    ]);
    assert_eq!((made.code, made.errors.as_str()), (Some(0), ""), "{made:#?}");
    let key = made.output.lines().next().unwrap().to_owned();
    let whoami = server.with_key(&key).get("/v1/whoami").expect(200);
    assert_eq!((&whoami["actor"], &whoami["scopes"]), (&json!("A clerk"), &json!(["requests:read", "ncnd:read"])));
    let listed = run(&["keys", "list", "--format", "json"]);
    let document: Value = serde_json::from_str(listed.output.trim()).unwrap();
    assert_eq!((&document["name"], document.get("key")), (&json!("A clerk"), None));
    let id = document["id"].as_str().unwrap();
    assert!(run(&["keys", "list"]).output.contains(id));
    assert_eq!(run(&["keys", "revoke", id]).code, Some(0));
    let holder = server.with_key(&key);
    within(Duration::from_secs(2), "it is refused", || is_refused(&holder));
    let wrong =
        run(&["keys", "create", "--name", " ", "--kind", "robot", "--scopes", "all", "--expires-on", "tomorrow"]);
    assert_eq!((wrong.code, wrong.errors.lines().count()), (Some(1), 4), "{wrong:#?}");
    let nothing = run(&["keys", "revoke", "00000000-0000-4000-8000-000000000000"]);
    assert_eq!((nothing.code, nothing.errors.as_str()), (Some(1), "candour: there is nothing with this id\n"));
    server.with_key(KEY).get("/v1/whoami").expect(200);
}
