//! The audit log, tampered with in the database and in its export: every way of it is found and named.

use std::fs;

use serde_json::Value;

use crate::{
    audit::{LOG, found},
    on_both, on_each,
    support::{Database, Folder, Process, Server, casework::path},
};

on_both! {
    fn whatever_is_done_to_the_log_in_the_database_is_found_and_named(server) {
        let request = server.request("2019-11-07", &["1"]);
        for _ in 0..4 {
            server.get(&path(&request)).expect(200);
        }
        // Signs a checkpoint at entry 6, which the export itself then follows.
        assert_eq!(server.get("/v1/audit-entries/export?purpose=lawfulness").status, 200);
        server.get(&path(&request)).expect(200);
        assert_eq!(server.place.count("audit_entries"), 8);
        assert_eq!(server.place.number("SELECT max(seq) AS number FROM audit_checkpoints"), 6);
        server.place.run("CREATE TABLE kept_entries AS SELECT * FROM audit_entries; CREATE TABLE kept_heads AS SELECT * FROM audit_heads;");
        let shift = |from: i64, by: i64| {
            format!("UPDATE audit_entries SET seq = -(seq + {by}) WHERE seq >= {from}; UPDATE audit_entries SET seq = -seq WHERE seq < 0;
                UPDATE audit_heads SET seq = seq + {by};")
        };
        let copy = "INSERT INTO audit_entries SELECT authority_key, 4, recorded_at, operation, actor, case_id,
            replace(content, 'get_request', 'get_clock'), hash, 'feed' FROM audit_entries WHERE seq = 3;";
        let attacks = [
            ("UPDATE audit_entries SET content = replace(content, 'get_request', 'get_clock') WHERE seq = 3".to_owned(), ("changed", 3)),
            ("UPDATE audit_entries SET hash = previous_hash WHERE seq = 3".to_owned(), ("changed", 3)),
            ("UPDATE audit_entries SET actor = 'somebody else' WHERE seq = 3".to_owned(), ("changed", 3)),
            ("UPDATE audit_entries SET operation = 'erasure' WHERE seq = 8".to_owned(), ("changed", 8)),
            ("DELETE FROM audit_entries WHERE seq = 3".to_owned(), ("removed", 3)),
            (format!("DELETE FROM audit_entries WHERE seq = 3; {}", shift(4, -1)), ("removed", 3)),
            (format!("{} {copy}", shift(4, 1)), ("inserted", 4)),
            ("UPDATE audit_entries SET seq = 100 WHERE seq = 3; UPDATE audit_entries SET seq = 3 WHERE seq = 4; UPDATE audit_entries SET seq = 4 WHERE seq = 100".to_owned(), ("reordered", 4)),
            ("DELETE FROM audit_entries WHERE seq = 8".to_owned(), ("truncated", 8)),
            ("DELETE FROM audit_entries WHERE seq > 4; UPDATE audit_heads SET seq = 4, hash = (SELECT hash FROM audit_entries WHERE seq = 4)".to_owned(), ("truncated", 6)),
        ];
        for (attack, (kind, seq)) in attacks {
            server.place.run("DELETE FROM audit_entries; DELETE FROM audit_heads; INSERT INTO audit_entries SELECT * FROM kept_entries; INSERT INTO audit_heads SELECT * FROM kept_heads;");
            server.place.run(&attack);
            assert_eq!(found(server), [(kind.to_owned(), seq)], "{attack}");
        }
        server.place.run("UPDATE audit_checkpoints SET content = replace(content, '\"seq\":6', '\"seq\":5')");
        assert!(found(server).contains(&("forged_checkpoint".to_owned(), 5)));
    }

    fn what_cannot_be_read_any_more_hides_nothing(server) {
        let request = server.request("2019-11-07", &["1"]);
        for _ in 0..4 {
            server.get(&path(&request)).expect(200);
        }
        let export = || {
            let answer = server.get("/v1/audit-entries/export?purpose=lawfulness");
            assert_eq!(answer.status, 200, "{}", answer.text);
            answer.text
        };
        export();
        server.get(&path(&request)).expect(200);
        server.place.run("CREATE TABLE kept_entries AS SELECT * FROM audit_entries; CREATE TABLE kept_heads AS SELECT * FROM audit_heads;
            CREATE TABLE kept_checkpoints AS SELECT * FROM audit_checkpoints;");
        let restored = || {
            for table in ["checkpoints", "entries", "heads"] {
                server.place.run(&format!("DELETE FROM audit_{table}; INSERT INTO audit_{table} SELECT * FROM kept_{table};"));
            }
        };
        let junk = "INSERT INTO audit_checkpoints SELECT e.authority_key, -(40 * e.seq + number), 'junk' FROM audit_entries e,
            (SELECT a.seq + 5 * b.seq AS number FROM audit_entries a, audit_entries b WHERE a.seq < 6 AND b.seq < 9) numbers
            WHERE true ON CONFLICT DO NOTHING;";
        let changed = "UPDATE audit_entries SET content = replace(content, 'get_request', 'get_clock') WHERE seq = 3;";
        let attacks = [
            ("UPDATE audit_checkpoints SET content = '{' WHERE seq = 6;".to_owned(), vec![("forged_checkpoint", 6)]),
            ("UPDATE audit_entries SET content = '' WHERE seq = 3;".to_owned(), vec![("changed", 3)]),
            ("UPDATE audit_entries SET content = replace(content, ',', ', ') WHERE seq = 3;".to_owned(), vec![("changed", 3)]),
            (format!("{junk} {changed}"), vec![("changed", 3)]),
            (format!("{junk} DELETE FROM audit_entries WHERE seq = 3;"), vec![("removed", 3)]),
        ];
        let folder = Folder::new();
        for (attack, expected) in attacks {
            restored();
            server.place.run(&attack);
            let junk = server.place.number("SELECT count(*) AS number FROM audit_checkpoints WHERE seq < 0");
            assert_eq!(junk >= 200, attack.contains("junk"), "{junk}");
            let named = found(server);
            let of_entries: Vec<_> = named.iter().filter(|(_, seq)| *seq > 0).map(|(kind, seq)| (kind.as_str(), *seq)).collect();
            assert_eq!(of_entries, expected, "{attack}");
            assert_eq!(named.len(), if junk > 0 { 200 } else { 1 }, "{attack}");
            let list = server.get(LOG).expect(200);
            let altered = list["altered"].as_array().map_or(0, Vec::len);
            assert_eq!(altered, usize::from(attack.contains("content = ''") || attack.contains("', ')")), "{list}");
            assert_eq!(list["items"].as_array().unwrap().len() + altered, usize::try_from(server.place.count("audit_entries")).unwrap() - 1);
            let first = server.get("/v1/audit-entries?purpose=lawfulness&limit=3").expect(200);
            let cursor = first["next_cursor"].as_str().unwrap();
            let second = server.get(&format!("/v1/audit-entries?purpose=lawfulness&limit=1&cursor={cursor}")).expect(200);
            assert_eq!(second["items"][0]["content"]["seq"], if attack.contains("DELETE") { 5 } else { 4 });
            let file = folder.file("export.ndjson", &export());
            let ended = Process::run(folder.path(), &["audit", "verify", &file], &[]);
            assert_eq!(ended.code, Some(1), "{ended:#?}");
            let of_entries: Vec<&str> = ended.errors.lines().filter(|line| !line.contains("entry -")).collect();
            let expected: Vec<String> = expected.iter().map(|(kind, seq)| format!("candour: entry {seq}: {kind}")).collect();
            assert_eq!(of_entries, expected, "{attack}");
        }
        restored();
        assert_eq!(found(server), []);
    }
}

on_each! {
    fn a_command_signs_with_the_key_of_the_server_and_no_other(database) {
        let folder = Folder::new();
        let [own, foreign] = ["0c", "0d"].map(|digits| folder.file(digits, &digits.repeat(32)));
        let server = Server::configured(database, |settings| settings.audit_key_file = Some(own.clone().into()));
        server.request("2019-11-07", &["1"]);
        let last = candour::clock::Clock::system().today().plus_days(300).to_string();
        let create = ["keys", "create", "--name", "A clerk", "--kind", "person", "--scopes", "requests:read", "--expires-on", &last];
        let run = |arguments: &[&str], file: Option<&str>| {
            let mut environment = vec![("CANDOUR_DATABASE_URL", server.place.text.as_str())];
            environment.extend(file.map(|file| ("CANDOUR_AUDIT_KEY_FILE", file)));
            Process::run(folder.path(), arguments, &environment)
        };
        let refused = |arguments: &[&str], file: Option<&str>| {
            let ended = run(arguments, file);
            let told = "candour: CANDOUR_AUDIT_KEY_FILE: the server signs the audit log with another key; name the file that it has\n";
            assert_eq!((ended.code, ended.output.as_str(), ended.errors.as_str()), (Some(1), "", told), "{arguments:?} {file:?}");
        };
        for arguments in [create.as_slice(), &["retention", "apply"], &["keys", "list"]] {
            refused(arguments, None);
            refused(arguments, Some(&foreign));
        }
        assert_eq!(server.place.count("api_keys"), 0);
        assert_eq!(server.place.number("SELECT count(*) AS number FROM installation WHERE name = 'audit_key'"), 0);
        for arguments in [create.as_slice(), &["retention", "apply"]] {
            assert_eq!(run(arguments, Some(&own)).code, Some(0));
        }
        assert_eq!(found(&server), []);
        // The server that started last says with what is signed.
        let _later = server.another();
        refused(&create, Some(&own));
        assert_eq!(run(&create, None).code, Some(0));
    }
}

#[test]
fn an_exported_log_is_checked_without_a_database() {
    let server = Server::configured(Database::Sqlite, |_| {});
    let request = server.request("2019-11-07", &["1"]);
    for _ in 0..3 {
        server.get(&path(&request)).expect(200);
    }
    let folder = Folder::new();
    let export = || {
        let answer = server.get("/v1/audit-entries/export?purpose=lawfulness");
        assert_eq!((answer.status, answer.header("content-type")), (200, "application/x-ndjson"));
        answer.text
    };
    let as_json = [("Accept", "application/json")];
    server.send("GET", "/v1/audit-entries/export?purpose=lawfulness", &as_json, None).problem(406, "not-acceptable");
    let first = export();
    let earlier = folder.file("first.ndjson", &first);
    server.get(&path(&request)).expect(200);
    let text = export();
    let lines: Vec<&str> = text.lines().collect();
    // Whose it is, 5 entries, the first export, a reading, and two checkpoints; the day may have brought one besides.
    let number = |kind: &str| lines.iter().filter(|line| line.starts_with(&format!("{{\"{kind}\""))).count();
    assert_eq!((number("header"), number("entry")), (1, 7), "{text}");
    assert!([2, 3].contains(&number("checkpoint")), "{text}");
    let run = |arguments: &[&str]| {
        let mut all = vec!["audit", "verify"];
        all.extend_from_slice(arguments);
        Process::run(folder.path(), &all, &[("CANDOUR_DATABASE_URL", "postgres://nowhere.invalid/none")])
    };
    let whole = folder.file("whole.ndjson", &text);
    let intact = run(&[&whole, "--against", &earlier]);
    assert_eq!((intact.code, intact.errors.as_str()), (Some(0), ""), "{intact:#?}");
    assert!(intact.output.starts_with("intact: 7 entries"), "{}", intact.output);
    let joined = |lines: &[&str]| lines.join("\n") + "\n";
    let changed = lines[3].replace("get_request", "get_clock");
    let swapped = [&lines[..2], &[lines[3], lines[2]], &lines[4..]].concat();
    let forged = lines[3].replace("\"hash\":\"", "\"hash\":\"f");
    let attacks = [
        (joined(&[&lines[..3], &[changed.as_str()], &lines[4..]].concat()), "entry 3: changed"),
        (joined(&[&lines[..3], &lines[4..]].concat()), "entry 3: removed"),
        (joined(&swapped), "entry 2: reordered"),
        (joined(&[&lines[..4], &[forged.as_str()], &lines[4..]].concat()), "entry 3: inserted"),
        (joined(&[&lines[..5], &lines[8..]].concat()), "entry 7: truncated"),
    ];
    for (number, (attacked, expected)) in attacks.iter().enumerate() {
        let file = folder.file(&format!("{number}.ndjson"), attacked);
        let ended = run(&[&file]);
        assert_eq!(ended.code, Some(1), "{ended:#?}");
        assert!(ended.errors.contains(expected), "{expected} in {}", ended.errors);
    }
    // Cut off together with its checkpoints: an export ends with one, and who kept an earlier export sees how far it went.
    let cut = folder.file("cut.ndjson", &joined(&lines[..4]));
    let ended = run(&[&cut]);
    assert!(ended.code == Some(1) && ended.errors.contains("entry 1: unsealed"), "{ended:#?}");
    let ended = run(&[&cut, "--against", &earlier]);
    assert!(ended.code == Some(1) && ended.errors.contains("entry 5: truncated"), "{ended:#?}");
    let other_key = "ab".repeat(32);
    assert!(run(&[&whole, "--public-key", &other_key]).errors.contains("forged_checkpoint"));
    assert!(run(&["missing.ndjson"]).errors.contains("missing.ndjson: "));
    let seal = folder.file("seal", &"0c".repeat(32));
    let sealed = Server::configured(Database::Sqlite, |settings| settings.audit_key_file = Some(seal.into()));
    sealed.request("2019-11-07", &["1"]);
    let own: Value =
        serde_json::from_str(sealed.get("/v1/audit-entries/export?purpose=lawfulness").text.lines().next().unwrap())
            .unwrap();
    assert_ne!(own["header"]["public_key"], serde_json::from_str::<Value>(lines[0]).unwrap()["header"]["public_key"]);
    assert_eq!(sealed.place.number("SELECT count(*) AS number FROM installation WHERE name = 'audit_key'"), 0);
    drop(fs::remove_file(whole));
}
