//! The key of the audit log changed: what the old key signed counts up to its succession, in the service and without it.

use serde_json::Value;

use crate::{
    audit::found,
    on_each,
    support::{Folder, Process, Server, casework::path, process::Ended},
};

/// The line of an export in which these members are.
fn line(export: &str, kind: &str) -> Value {
    let beginning = format!("{{\"{kind}\":");
    serde_json::from_str(export.lines().rfind(|line| line.starts_with(&beginning)).unwrap()).unwrap()
}

fn export(server: &Server) -> String {
    let answer = server.get("/v1/audit-entries/export?purpose=lawfulness");
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.text
}

on_each! {
    fn a_key_succeeds_another_and_what_each_signed_counts(database) {
        let folder = Folder::new();
        let [first, second, third] = ["0c", "0d", "0e"].map(|digits| folder.file(digits, &digits.repeat(32)));
        let signing = |file: &String| {
            let file = file.clone();
            move |settings: &mut candour::config::Settings| settings.audit_key_file = Some(file.into())
        };
        let mut server = Server::configured(database, signing(&first));
        let request = server.request("2019-11-07", &["1"]);
        server.get(&path(&request)).expect(200);
        let kept = folder.file("kept.ndjson", &export(&server));
        let run = |server: &Server, arguments: &[&str]| -> Ended {
            Process::run(folder.path(), arguments, &[("CANDOUR_DATABASE_URL", server.place.text.as_str())])
        };
        let change = |server: &Server, old: &str, new: &str| {
            run(server, &["audit", "change-key", "--old-key-file", old, "--new-key-file", new])
        };
        let told = "candour: the server signs the audit log with neither of these keys\n";
        let refused = change(&server, &second, &third);
        assert_eq!((refused.code, refused.errors.as_str()), (Some(1), told));
        let told = "candour: the old key and the new one are the same\n";
        assert_eq!(change(&server, &first, &first).errors, told);
        let told = "candour: the database has no key of its own; name the file with the old one\n";
        assert_eq!(run(&server, &["audit", "change-key", "--new-key-file", &second]).errors, told);
        let neither = change(&server, "nowhere", &folder.file("short", "0c"));
        let faults: Vec<&str> = neither.errors.lines().collect();
        assert!(faults.len() == 2 && faults[0].starts_with("candour: nowhere: "), "{faults:?}");
        assert!(faults[1].ends_with("short: 64 hexadecimal digits are wanted"), "{faults:?}");
        assert_eq!((server.place.count("audit_successions"), found(&server)), (0, vec![]));
        server.stop();
        let changed = change(&server, &first, &second);
        assert_eq!((changed.code, changed.errors.as_str()), (Some(0), ""));
        let place = server.place.number("SELECT seq AS number FROM audit_successions");
        assert_eq!(place, server.place.number("SELECT max(seq) AS number FROM audit_entries"));
        let server = server.another_configured(signing(&second));
        assert_eq!(found(&server), []);
        server.get(&path(&request)).expect(200);
        let text = export(&server);
        let succession = &line(&text, "succession")["succession"];
        assert!(changed.output.contains(succession["successor"].as_str().unwrap()), "{}", changed.output);
        assert_eq!((&succession["seq"], &succession["successor"]), (&Value::from(place), &line(&text, "header")["header"]["public_key"]));
        let entry = text.lines().find(|line| line.contains("change_audit_key")).unwrap();
        assert!(entry.contains("\"operation\":\"alteration\"") && entry.contains("\"credential\":\"command:audit\""), "{entry}");
        let file = folder.file("second.ndjson", &text);
        let verified = |arguments: &[&str]| Process::run(folder.path(), &[&["audit", "verify"], arguments].concat(), &[]);
        let intact = verified(&[&file, "--against", &kept]);
        assert_eq!((intact.code, intact.errors.as_str()), (Some(0), ""), "{intact:#?}");
        // Who noted the first key alone trusts what it said of the second, if they say so.
        let noted = succession["predecessor"].as_str().unwrap();
        let followed = verified(&[&file, "--public-key", noted, "--follow-successions"]);
        assert!(followed.code == Some(0) && followed.output == intact_alone(&verified(&[&file])), "{followed:#?}");
        assert!(verified(&[&file, "--public-key", noted]).errors.contains("forged_checkpoint"));
        // In the file as in the database: a succession that lacks, or says something else.
        let without: String = text.lines().filter(|line| !line.starts_with("{\"succession\"")).map(|line| format!("{line}\n")).collect();
        let lacking = verified(&[&folder.file("without.ndjson", &without)]);
        assert!(lacking.errors.contains("entry 3: forged_checkpoint"), "{lacking:#?}");
        let further = text.replace(&format!("{{\"succession\":{{\"authority_id\":{},\"seq\":{place},", succession["authority_id"]),
            &format!("{{\"succession\":{{\"authority_id\":{},\"seq\":{},", succession["authority_id"], place + 1));
        assert_ne!(further, text);
        let moved = verified(&[&folder.file("further.ndjson", &further)]);
        assert!(moved.errors.contains(&format!("entry {}: forged_succession", place + 1)), "{moved:#?}");
        server.place.run("CREATE TABLE kept_successions AS SELECT * FROM audit_successions;");
        let forged = |kind: &str, seq: i64| (kind.to_owned(), seq);
        for attack in ["DELETE FROM audit_successions", "UPDATE audit_successions SET content = '{'",
            "UPDATE audit_successions SET content = replace(content, '\"successor_signature\":\"', '\"successor_signature\":\"0')"] {
            server.place.run(attack);
            let named = found(&server);
            assert!(named.contains(&forged("forged_checkpoint", 3)), "{attack} {named:?}");
            assert_eq!(named.contains(&forged("forged_succession", place)), !attack.starts_with("DELETE"), "{attack} {named:?}");
            assert_eq!(export(&server).contains("{\"altered_succession\""), attack.ends_with("'{'"), "{attack}");
            server.place.run("DELETE FROM audit_successions; INSERT INTO audit_successions SELECT * FROM kept_successions;");
        }
        // A chain of two, of which the second makes up for a change that was made without it.
        let server = server.another_configured(signing(&third));
        server.get(&path(&request)).expect(200);
        export(&server);
        assert!(found(&server).contains(&forged("forged_succession", place)));
        assert_eq!(change(&server, &second, &third).code, Some(0));
        assert_eq!((server.place.count("audit_successions"), found(&server)), (2, vec![]));
        let last = verified(&[&folder.file("third.ndjson", &export(&server)), "--against", &kept, "--against", &file]);
        assert_eq!((last.code, last.errors.as_str()), (Some(0), ""), "{last:#?}");
    }

    fn a_key_that_is_kept_in_the_database_is_succeeded_by_one_from_a_file(database) {
        let folder = Folder::new();
        let mut server = Server::start(database);
        let request = server.request("2019-11-07", &["1"]);
        export(&server);
        server.stop();
        let file = folder.file("new", &"0d".repeat(32));
        let environment = [("CANDOUR_DATABASE_URL", server.place.text.as_str())];
        let changed = Process::run(folder.path(), &["audit", "change-key", "--new-key-file", &file], &environment);
        assert_eq!((changed.code, changed.errors.as_str()), (Some(0), ""));
        let server = server.another_configured(|settings| settings.audit_key_file = Some(file.into()));
        server.get(&path(&request)).expect(200);
        export(&server);
        assert_eq!(found(&server), []);
    }
}

/// What the check says of an intact file.
#[track_caller]
fn intact_alone(ended: &Ended) -> String {
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    ended.output.clone()
}
