//! Who asked, and the letter, at rest: sealed to their place, with keys that can be changed, and never with a wrong one.

use std::fs;

use candour::services::keyring::Keyring;
use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Database, Process, Server, casework::path, process::Ended, server::id, until, world},
};

const NAME: &str = "Mx Sealedname";
const LETTER: &str = "Sealedletter, as it came.";

fn key(name: &str, digit: char) -> String {
    format!("{name}:{}", digit.to_string().repeat(64))
}

/// Starts a server beside the first, with these keys.
fn with_keys(server: &Server, keys: &[&str]) -> Server {
    let keyring = Keyring::read(&keys.join(",")).unwrap();
    server.another_configured(|settings| settings.encryption = Some(keyring))
}

#[track_caller]
fn recorded(server: &Server) -> String {
    world::only_authority(server);
    let body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject",
        "requester": {"name": NAME, "email": "sealed@example.org"}, "original_text": LETTER});
    id(&server.post("/v1/requests", &body).expect(201))
}

#[track_caller]
fn assert_reads(server: &Server, request: &str) {
    let expected = json!({"request_id": request, "requester": {"name": NAME, "email": "sealed@example.org"}, "original_text": LETTER});
    assert_eq!(server.get(&format!("{}/requester", path(request))).expect(200), expected);
}

/// Runs a subcommand on the server's database with these keys.
fn command(server: &Server, arguments: &[&str], keys: Option<&str>) -> Ended {
    let mut environment = vec![("CANDOUR_DATABASE_URL", server.place.text.as_str())];
    environment.extend(keys.map(|keys| ("CANDOUR_ENCRYPTION_KEYS", keys)));
    Process::run(server.place.folder(), arguments, &environment)
}

fn sealed_by(server: &Server) -> Vec<String> {
    let of =
        |column: &str| server.place.words(&format!("SELECT {column} AS words FROM requesters ORDER BY request_key"));
    let name = |text: &String| {
        text.strip_prefix("candour1.").and_then(|rest| rest.split('.').next()).unwrap_or("none").to_owned()
    };
    let names = |texts: Vec<String>| -> Vec<String> { texts.iter().map(name).collect() };
    let keys = names(of("identity"));
    assert_eq!(names(of("original_text")), keys);
    assert_eq!(
        server.place.words("SELECT coalesce(key_id, 'none') AS words FROM requesters ORDER BY request_key"),
        keys
    );
    keys
}

on_both! {
    fn who_asked_and_the_letter_are_sealed(server) {
        let request = recorded(server);
        assert_reads(server, &request);
        let stored = ["identity", "original_text"].map(|column| server.place.words(&format!("SELECT {column} AS words FROM requesters")).remove(0));
        for text in &stored {
            assert!(text.starts_with("candour1.k-") && !text.contains("ealed"), "{text}");
        }
        let related = recorded(server);
        let found = server.get(&format!("{}/related?relation=same_requester", path(&related))).expect(200);
        assert_eq!(found["items"].as_array().unwrap().len(), 1);
        // Nor can names be tried against the hashes of a stolen copy: their key is sealed as well.
        assert_eq!(server.place.number("SELECT count(*) AS number FROM installation WHERE name = 'requester_match_key'"), 0);
        let match_key = server.place.words("SELECT value AS words FROM installation WHERE name = 'sealed_requester_match_key'").remove(0);
        assert!(match_key.starts_with("candour1.k-"), "{match_key}");
        if server.database == Database::Sqlite {
            let bytes = server.bytes_on_disk();
            for mark in ["Sealedname", "Sealedletter", "sealed@example.org"] {
                assert!(!bytes.windows(mark.len()).any(|window| window == mark.as_bytes()), "{mark}");
            }
        }
    }

    fn what_was_moved_to_another_row_does_not_open(server) {
        let (one, other) = (recorded(server), recorded(server));
        let keys = server.place.words("SELECT CAST(request_key AS TEXT) AS words FROM requesters ORDER BY request_key");
        server.place.run(&format!("UPDATE requesters SET identity = (SELECT identity FROM requesters WHERE request_key = {}) WHERE request_key = {}", keys[0], keys[1]));
        assert_reads(server, &one);
        let answer = server.get(&format!("{}/requester", path(&other)));
        answer.problem(500, "internal-error");
        assert!(!answer.text.contains("ealed"), "{}", answer.text);
        server.place.run(&format!("UPDATE requesters SET identity = original_text WHERE request_key = {}", keys[0]));
        server.get(&format!("{}/requester", path(&one))).problem(500, "internal-error");
    }

    fn keys_change_while_servers_run(server) {
        let (old, new) = (key("old", 'a'), key("new", 'b'));
        let first = with_keys(server, &[&old]);
        let by_old = recorded(&first);
        // Both servers know both keys before one seals with the new.
        let both = with_keys(server, &[&old, &new]);
        let turned = with_keys(server, &[&new, &old]);
        let by_new = recorded(&turned);
        assert_eq!(sealed_by(server), ["old", "new"]);
        for request in [&by_old, &by_new] {
            assert_reads(&both, request);
            assert_reads(&turned, request);
        }
        let keys = format!("{new},{old}");
        let status = command(server, &["encryption", "status"], Some(&keys));
        assert!(status.output.contains("new  1  (seals)\n") && status.output.contains("old  1\n"), "{}", status.output);
        let done = command(server, &["encryption", "reencrypt"], Some(&keys));
        assert_eq!((done.code, done.errors.as_str()), (Some(0), ""));
        assert!(done.output.contains("sealed with new: 1\n") && done.output.contains("no longer needed: old\n"), "{}", done.output);
        assert_eq!(sealed_by(server), ["new", "new"]);
        // Anew it finds nothing; the old key may go; the same person is still found.
        assert!(command(server, &["encryption", "reencrypt"], Some(&keys)).output.starts_with("sealed with new: 0\n"));
        let last = with_keys(server, &[&new]);
        for request in [&by_old, &by_new] {
            assert_reads(&last, request);
        }
        let third = recorded(&last);
        assert_eq!(last.get(&format!("{}/related?relation=same_requester", path(&third))).expect(200)["items"].as_array().unwrap().len(), 2);
    }

    fn a_wrong_or_missing_key_is_found_at_the_start(server) {
        let (good, wrong, other) = (key("k", 'a'), key("k", 'b'), key("other", 'c'));
        recorded(&with_keys(server, &[&good]));
        let start = |keys: &str| {
            let ended = Process::serve(&server.place, &[("CANDOUR_ENCRYPTION_KEYS", keys)]).end();
            assert_eq!((ended.code, ended.output.as_str()), (Some(1), ""), "{}", ended.errors);
            assert!(!ended.errors.contains("bbbb") && !ended.errors.contains("cccc"), "{}", ended.errors);
            ended.errors
        };
        let said = start(&wrong);
        assert!(said.contains("the key `k` is another than the one that was used under this name"), "{said}");
        let said = start(&other);
        assert!(said.contains("the key `k` is missing, which seals who asked in 1 requests"), "{said}");
        let refused = command(server, &["encryption", "reencrypt"], Some(&other));
        assert_eq!(refused.code, Some(1));
        assert_eq!(sealed_by(server), ["k"]);
    }

    fn every_fault_of_the_keys_is_told_with_the_others(server) {
        let environment = [("CANDOUR_ENCRYPTION_KEYS", "a:c0ffee,B:c0ffee"), ("CANDOUR_LOG_FORMAT", "yaml")];
        let ended = Process::serve(&server.place, &environment).end();
        assert_eq!(ended.errors.matches("candour: CANDOUR_ENCRYPTION_KEYS: ").count(), 2, "{}", ended.errors);
        assert!(ended.errors.contains("CANDOUR_LOG_FORMAT") && !ended.errors.contains("c0ffee"), "{}", ended.errors);
    }

    fn what_stood_open_before_is_sealed(server) {
        let request = recorded(server);
        let identity = json!({"name": NAME, "email": "sealed@example.org"});
        server.place.run(&format!("UPDATE requesters SET identity = '{identity}', original_text = '{LETTER}', key_id = NULL"));
        assert_reads(server, &request);
        // A server seals it by itself soon after its start; a busy machine gets time.
        let another = server.another();
        until("it is sealed", || server.place.words("SELECT coalesce(key_id, 'none') AS words FROM requesters") != ["none"]);
        assert_ne!(sealed_by(server), ["none"]);
        assert_reads(server, &request);
        assert_reads(&another, &request);
    }
}

/// Where no key is configured, an SQLite file has one beside it, for its owner alone, and is not opened without it.
#[test]
fn a_key_is_made_beside_the_sqlite_file() {
    let mut server = Server::start(Database::Sqlite);
    let file = server.place.folder().join("candour.db.key");
    let request = recorded(&server);
    let text = fs::read_to_string(&file).unwrap();
    assert!(Keyring::read(&text).is_ok());
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions()) & 0o777, 0o600);
    assert_reads(&server.another(), &request);
    server.stop();
    let kept = server.place.folder().join("kept");
    fs::rename(&file, &kept).unwrap();
    let ended = Process::serve(&server.place, &[]).end();
    assert_eq!(ended.code, Some(1));
    assert!(ended.errors.contains("candour.db.key: the file is missing"), "{}", ended.errors);
    assert!(!file.exists());
    let named = kept.to_str().unwrap().to_owned();
    let mut process = Process::serve(&server.place, &[("CANDOUR_ENCRYPTION_KEY_FILE", &named)]);
    let client = process.client();
    assert_eq!(client.get(&format!("{}/requester", path(&request))).expect(200)["original_text"], LETTER);
    assert_eq!(process.stop().code, Some(0));
}

/// On PostgreSQL the key stands in the database, which the log says at each start; a configured one takes its place.
#[test]
fn a_configured_key_takes_the_place_of_the_stored_one() {
    let mut server = Server::start(Database::Postgres);
    let request = recorded(&server);
    server.stop();
    let stored = "SELECT count(*) AS number FROM installation WHERE name = 'encryption_key'";
    assert_eq!(server.place.number(stored), 1);
    let mut ended = Process::serve(&server.place, &[]);
    let keys = key("mine", 'd');
    let mut process = Process::serve(&server.place, &[("CANDOUR_ENCRYPTION_KEYS", &keys)]);
    let client = process.client();
    let read =
        || -> Value { client.get(&format!("{}/requester", path(&request))).expect(200)["original_text"].clone() };
    assert_eq!(read(), LETTER);
    let done = command(&server, &["encryption", "reencrypt"], Some(&keys));
    assert_eq!((done.output.as_str(), done.errors.as_str()), ("sealed with mine: 1\n", ""));
    // A server that was started before goes on with the stored key: what it seals is not lost.
    assert_eq!(server.place.number(stored), 1);
    let body = json!({"regime": "foia", "received_on": "2026-06-01", "subject": "A subject", "original_text": LETTER});
    let by_the_old = id(&ended.client().post("/v1/requests", &body).expect(201));
    let read_late = client.get(&format!("{}/requester", path(&by_the_old))).expect(200);
    assert_eq!(read_late["original_text"], LETTER);
    let forget = ["encryption", "reencrypt", "--forget-stored-key"];
    assert!(command(&server, &forget, Some(&keys)).output.starts_with("sealed with mine: 1\nno longer needed: "));
    assert_eq!(server.place.number(stored), 0);
    assert_eq!(read(), LETTER);
    assert_eq!(process.stop().code, Some(0));
    let warned = ended.stop();
    assert!(format!("{}{}", warned.output, warned.errors).contains("stands in the same database"));
}
