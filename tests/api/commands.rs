//! The program's subcommands, as a person or a container calls them.

use std::net::TcpListener;

use candour::routes;
use serde_json::{Value, json};

use crate::support::{
    Client, Database, Folder, Place, Process,
    process::{Ended, Stream},
    server::{KEY, id},
    until,
};

fn run(arguments: &[&str], environment: &[(&str, &str)]) -> Ended {
    Process::run(Folder::new().path(), arguments, environment)
}

#[test]
fn help_is_good_everywhere_and_shows_no_secret() {
    let environment = [
        ("CANDOUR_BOOTSTRAP_KEY", "a-secret-canary-of-more-than-32-characters"),
        ("CANDOUR_DATABASE_URL", "postgres://clerk:canary@db.example/foi"),
    ];
    let pages: [(&[&str], &[&str]); 6] = [
        (
            &["--help"],
            &["Usage: candour <COMMAND>", "serve", "migrate", "openapi", "calendars", "healthcheck", "--version"],
        ),
        (
            &["serve", "--help"],
            &[
                "Usage: candour serve",
                "CANDOUR_LISTEN",
                "127.0.0.1:8080",
                "CANDOUR_DATABASE_URL",
                "sqlite://candour.db",
                "CANDOUR_METRICS_LISTEN",
                "CANDOUR_BOOTSTRAP_KEY",
                "CANDOUR_LOG",
                "CANDOUR_LOG_FORMAT",
                "--print-key",
                "--demo",
            ],
        ),
        (&["migrate", "--help"], &["Usage: candour migrate", "CANDOUR_DATABASE_URL"]),
        (&["openapi", "--help"], &["Usage: candour openapi"]),
        (&["calendars", "load", "--help"], &["Usage: candour calendars load", "<FILE>", "CANDOUR_DATABASE_URL"]),
        (&["healthcheck", "--help"], &["Usage: candour healthcheck", "CANDOUR_LISTEN"]),
    ];
    for (arguments, expected) in pages {
        let help = run(arguments, &environment);
        assert_eq!((help.code, help.errors.as_str()), (Some(0), ""), "{arguments:?}");
        for words in expected {
            assert!(help.output.contains(words), "{words} in {}", help.output);
        }
        assert!(!help.output.contains("canary"), "{}", help.output);
    }
    assert_eq!(run(&["--version"], &[]).output, format!("candour {}\n", env!("CARGO_PKG_VERSION")));
    for wrong in [[].as_slice(), &["sing"], &["serve", "--sing"], &["calendars", "load"]] {
        let ended = run(wrong, &[]);
        assert_eq!((ended.code, ended.output.as_str()), (Some(2), ""), "{wrong:?}");
        assert!(ended.errors.contains("Usage: candour"), "{}", ended.errors);
    }
}

#[test]
fn every_fault_of_the_configuration_is_told_at_once() {
    let environment = [
        ("CANDOUR_LISTEN", "nowhere"),
        ("CANDOUR_METRICS_LISTEN", "9"),
        ("CANDOUR_DATABASE_URL", "mysql://clerk:canary@db.example/foi"),
        ("CANDOUR_BOOTSTRAP_KEY", "short-canary"),
        ("CANDOUR_LOG", "candour=loud"),
        ("CANDOUR_LOG_FORMAT", "yaml"),
    ];
    let ended = run(&["serve"], &environment);
    assert_eq!((ended.code, ended.output.as_str()), (Some(1), ""));
    for (name, _) in environment {
        assert_eq!(ended.errors.matches(&format!("candour: {name}: ")).count(), 1, "{name} in {}", ended.errors);
    }
    assert_eq!(ended.errors.lines().count(), 6, "{}", ended.errors);
    assert!(!ended.errors.contains("canary"), "{}", ended.errors);
}

#[test]
fn an_address_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for variable in ["CANDOUR_LISTEN", "CANDOUR_METRICS_LISTEN"] {
        let place = Place::with_schema(Database::Sqlite);
        let ended = Process::serve(&place, &[(variable, &address)]).end();
        assert_eq!(ended.code, Some(1));
        assert!(ended.errors.contains(&format!("candour: {variable}: {address}: ")), "{}", ended.errors);
    }
}

#[test]
fn a_database_that_is_not_there_is_named_without_its_password() {
    let folder = Folder::new();
    let missing = format!("sqlite://{}/missing/candour.db", folder.path().display());
    for (url, words) in [(missing.as_str(), "does not exist"), ("postgres://clerk:canary@127.0.0.1:1/foi", "refused")] {
        for command in [["serve"], ["migrate"]] {
            let environment =
                [("CANDOUR_DATABASE_URL", url), ("CANDOUR_LISTEN", "127.0.0.1:0"), ("CANDOUR_BOOTSTRAP_KEY", KEY)];
            let ended = run(&command, &environment);
            assert_eq!((ended.code, ended.output.as_str()), (Some(1), ""), "{ended:#?}");
            assert!(ended.errors.contains(words) && !ended.errors.contains("canary"), "{}", ended.errors);
        }
    }
}

#[test]
fn a_key_of_31_characters_is_too_short() {
    let folder = Folder::new();
    let key = "k".repeat(31);
    let environment = [("CANDOUR_BOOTSTRAP_KEY", key.as_str()), ("CANDOUR_LISTEN", "127.0.0.1:0")];
    let ended = Process::run(folder.path(), &["serve"], &environment);
    assert_eq!(ended.code, Some(1));
    assert_eq!(ended.errors, "candour: CANDOUR_BOOTSTRAP_KEY: needs 32 characters or more\n");
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        0,
        "nothing is made before the configuration is sound"
    );

    let key = "k".repeat(32);
    let mut process = Process::start(
        folder.path(),
        &["serve"],
        &[("CANDOUR_BOOTSTRAP_KEY", key.as_str()), ("CANDOUR_LISTEN", "127.0.0.1:0")],
    );
    Client::new(&process.base(), Some(&key)).get("/v1/requests").expect(200);
    let ended = process.stop();
    assert!(!ended.output.contains(&key) && !ended.errors.contains(&key), "{ended:#?}");
}

#[test]
fn the_first_start_makes_a_key_and_shows_it_once() {
    for database in [Database::Sqlite, Database::Postgres] {
        let place = Place::with_schema(database);
        let environment = [("CANDOUR_DATABASE_URL", place.text.as_str()), ("CANDOUR_LISTEN", "127.0.0.1:0")];
        let refused = Process::run(place.folder(), &["serve"], &environment);
        assert_eq!((refused.code, refused.output.as_str()), (Some(1), ""));
        for way in ["CANDOUR_BOOTSTRAP_KEY", "--print-key"] {
            assert!(refused.errors.contains(way), "{}", refused.errors);
        }
        // A refused start leaves no key behind that nobody has seen.
        let mut first = Process::start(place.folder(), &["serve", "--print-key"], &environment);
        let shown = first.line(Stream::Output, "key");
        let key = shown.rsplit(' ').next().unwrap().to_owned();
        assert!(key.starts_with("candour_") && key.len() > 32, "{shown}");
        let client = Client::new(&first.base(), Some(&key));
        client.get("/v1/requests").expect(200);
        client.with_key(&format!("{key}x")).get("/v1/requests").problem(401, "unauthenticated");
        let ended = first.stop();
        assert_eq!(ended.output.matches(&key).count(), 1, "{}", ended.output);
        assert!(!ended.errors.contains(&key), "{}", ended.errors);
        let kept = place.words("SELECT value AS words FROM installation");
        assert!(kept.iter().all(|value| !value.contains(&key)), "the key itself is stored");

        for arguments in [["serve", "--print-key"].as_slice(), &["serve"]] {
            let mut again = Process::start(place.folder(), arguments, &environment);
            Client::new(&again.base(), Some(&key)).get("/v1/requests").expect(200);
            let ended = again.stop();
            assert_eq!(ended.output.lines().count(), 1, "{}", ended.output);
        }
    }
}

#[test]
fn the_demonstration_shows_a_key_and_three_calls_that_work() {
    let folder = Folder::new();
    let environment = [("TMPDIR", folder.path().to_str().unwrap()), ("CANDOUR_LISTEN", "127.0.0.1:0")];
    let mut process = Process::start(folder.path(), &["serve", "--demo"], &environment);
    process.line(Stream::Output, " is ready on ");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    let key = process.line(Stream::Output, "export KEY=").replace("export KEY=", "");
    let base = process.base();
    let anonymous = Client::new(&base, None);
    let call = |process: &mut Process, words: &str| {
        let line = process.line(Stream::Output, words);
        assert!(line.starts_with("curl -s "), "{line}");
        let url = line.split(['\'', ' ']).find(|word| word.starts_with("http://")).unwrap();
        let path = url.strip_prefix(&base).unwrap().to_owned();
        let client = if line.contains("$KEY") { anonymous.with_key(&key) } else { anonymous.clone() };
        client.get(&path).expect(200)
    };
    let deadline = call(&mut process, "/v1/deadlines?");
    assert_eq!(deadline["due_on"], "2019-12-06");
    let skipped = deadline["skipped"].as_array().unwrap();
    assert!(
        skipped.iter().any(|day| day["date"] == "2019-12-02" && day["nations"] == json!(["scotland"])),
        "{deadline}"
    );
    let clock = call(&mut process, "/clock");
    assert_eq!(clock["parts"].as_array().unwrap().len(), 4);
    let figures = call(&mut process, "/v1/metrics/timeliness?");
    assert_eq!(figures["rows"][0]["period"], "2019-Q4");
    assert_eq!(figures["rows"][0]["in_deadline"], json!({"numerator": 0, "denominator": 1, "ratio": 0.0}));
    let requests = anonymous.with_key(&key).get("/v1/requests").expect(200);
    assert_eq!(requests["items"].as_array().unwrap().len(), 5);
    assert_eq!(anonymous.get("/docs/").status, 200);

    let ended = process.stop();
    assert_eq!(ended.code, Some(0), "{ended:#?}");
    assert_eq!(ended.output.lines().filter(|line| line.starts_with("curl")).count(), 3);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "its folder is left behind");
}

#[test]
fn a_demonstration_that_cannot_start_leaves_nothing_behind() {
    let folder = Folder::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let environment = [("TMPDIR", folder.path().to_str().unwrap()), ("CANDOUR_LISTEN", &address)];
    let ended = Process::run(folder.path(), &["serve", "--demo"], &environment);
    assert_eq!(ended.code, Some(1));
    assert!(ended.errors.contains(&address), "{}", ended.errors);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "its folder is left behind");
}

#[test]
fn migrating_twice_changes_nothing() {
    for database in [Database::Sqlite, Database::Postgres] {
        let place = Place::empty(database);
        let migrate = || Process::run(place.folder(), &["migrate"], &[("CANDOUR_DATABASE_URL", &place.text)]);
        let first = migrate();
        let names = candour::store::migration_names(place.url.backend()).unwrap();
        let versions: Vec<String> = names.iter().map(|name| name.split('_').next().unwrap().replace('-', "")).collect();
        let told = format!("applied: {}\n", versions.join(", "));
        assert_eq!((first.code, first.output, first.errors.as_str()), (Some(0), told, ""));
        let second = migrate();
        assert_eq!((second.code, second.output.as_str()), (Some(0), "the schema is up to date\n"));
        assert_eq!(place.count("requests"), 0);
    }
}

#[test]
fn the_printed_contract_is_the_one_that_is_served() {
    let printed = run(&["openapi"], &[]);
    assert_eq!((printed.code, printed.errors.as_str()), (Some(0), ""));
    assert_eq!(printed.output, routes::document_text().unwrap());
    let place = Place::with_schema(Database::Sqlite);
    let mut process = Process::serve(&place, &[]);
    let served = process.client().anonymous().get("/openapi.json");
    assert_eq!(served.text, printed.output);
    assert_eq!(served.header("content-type"), "application/json");
}

/// A bank-holidays file in the form of GOV.UK, with these days in each of the three divisions.
fn holidays(days: &[(&str, &str)]) -> String {
    let events: Vec<Value> =
        days.iter().map(|(date, title)| json!({"title": title, "date": date, "notes": "", "bunting": true})).collect();
    let divisions = ["england-and-wales", "scotland", "northern-ireland"];
    let file = divisions.map(|division| (division.to_owned(), json!({"division": division, "events": events})));
    Value::Object(file.into_iter().collect()).to_string()
}

/// A request received on 1 June 2020 is due on 29 June; a holiday proclaimed for 10 June makes that 30 June.
#[test]
fn loaded_bank_holidays_move_open_dates_and_reach_running_servers() {
    for database in [Database::Sqlite, Database::Postgres] {
        let place = Place::with_schema(database);
        let mut process = Process::serve(&place, &[]);
        let client = process.client();
        client.post("/v1/authorities", &json!({"name": "Force", "nation": "england"})).expect(201);
        let body = json!({"regime": "foia", "received_on": "2020-06-01", "subject": "A subject"});
        let request = client.post("/v1/requests", &body).expect(201);
        let path = format!("/v1/requests/{}", id(&request));
        let due_on = "/v1/deadlines?regime=foia&received_on=2020-06-01";
        assert_eq!(request["due_on"], "2020-06-29");
        assert_eq!(client.get(due_on).expect(200)["due_on"], "2020-06-29");
        let before = client.get("/version").expect(200)["calendar_version"].clone();

        let folder = Folder::new();
        let file = folder.file(
            "bank-holidays.json",
            &holidays(&[("2020-06-10", "A proclaimed day"), ("2020-12-25", "Christmas Day")]),
        );
        let load =
            || Process::run(folder.path(), &["calendars", "load", &file], &[("CANDOUR_DATABASE_URL", &place.text)]);
        let loaded = load();
        assert_eq!((loaded.code, loaded.errors.as_str()), (Some(0), ""));
        let version =
            loaded.output.strip_prefix("bank holidays ").unwrap().strip_suffix(" are in use\n").unwrap().to_owned();
        assert_ne!(json!(version), before);

        // The command has moved what was stored; the running server follows.
        assert_eq!(client.get(&path).expect(200)["due_on"], "2020-06-30");
        let timeline = client.get(&format!("{path}/timeline")).expect(200);
        let moved = timeline["items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|entry| entry["kind"] == "due_date_recalculated")
            .count();
        assert_eq!(moved, 1, "{timeline}");
        process.line(Stream::Errors, "newer bank holidays in use");
        assert_eq!(client.get("/version").expect(200)["calendar_version"], version);
        assert_eq!(client.get(due_on).expect(200)["due_on"], "2020-06-30");

        // The same file again is the same version, and moves nothing.
        let again = load();
        assert_eq!((again.code, again.output), (Some(0), loaded.output));
        assert_eq!(client.get(&format!("{path}/timeline")).expect(200), timeline);
        assert_eq!(process.stop().code, Some(0));
    }
}

#[test]
fn a_bad_bank_holidays_file_is_refused_with_all_its_faults() {
    let place = Place::with_schema(Database::Postgres);
    let folder = Folder::new();
    let load = |path: &str| {
        Process::run(folder.path(), &["calendars", "load", path], &[("CANDOUR_DATABASE_URL", &place.text)])
    };
    let missing = folder.path().join("missing.json").display().to_string();
    let several = json!({"england-and-wales": {"events": [{"title": "", "date": "2030-01-01"}, {"title": "New Year", "date": "2030-02-30"}]},
        "scotland": {"events": []}, "atlantis": {"events": []}});
    let twice = holidays(&[("2030-01-01", "New Year's Day"), ("2030-01-01", "New Year's Day")]);
    let files: [(String, &[&str]); 6] = [
        (missing.clone(), &["missing.json"]),
        (folder.file("words.json", "no json"), &["not a JSON object"]),
        (folder.file("list.json", "[]"), &["not a JSON object"]),
        (
            folder.file("twice.json", &twice),
            &["england-and-wales: event 2", "scotland: event 2", "northern-ireland: event 2"],
        ),
        (folder.file("early.json", &holidays(&[("1999-12-31", "Too early")])), &["england-and-wales: event 1"]),
        (
            folder.file("several.json", &several.to_string()),
            &[
                "atlantis:",
                "england-and-wales: event 1",
                "england-and-wales: event 2",
                "scotland: `events` is empty",
                "northern-ireland: the division is missing",
            ],
        ),
    ];
    for (file, faults) in files {
        let ended = load(&file);
        assert_eq!((ended.code, ended.output.as_str()), (Some(1), ""), "{file}");
        for fault in faults {
            assert!(ended.errors.contains(fault), "{fault} in {}", ended.errors);
        }
        assert!(ended.errors.lines().all(|line| line.starts_with("candour: ")), "{}", ended.errors);
    }
    std::fs::write(folder.path().join("latin.json"), b"{\"\xe9\": 1}").unwrap();
    assert_eq!(load(folder.path().join("latin.json").to_str().unwrap()).code, Some(1));
    assert_eq!(place.count("calendar_files"), 0);
}

#[test]
fn healthcheck_tells_a_running_server_from_a_stopped_one() {
    let place = Place::with_schema(Database::Postgres);
    let mut process = Process::serve(&place, &[("CANDOUR_LISTEN", "0.0.0.0:0")]);
    let base = process.base();
    let everywhere = base.strip_prefix("http://").unwrap().to_owned();
    assert!(everywhere.starts_with("0.0.0.0:"), "{everywhere}");
    let loopback = everywhere.replace("0.0.0.0", "127.0.0.1");
    let check = |address: &str| run(&["healthcheck"], &[("CANDOUR_LISTEN", address)]);
    for address in [&everywhere, &loopback] {
        // It gives up after three seconds, and a busy machine may take longer.
        let is_healthy = |ended: &Ended| (ended.code, ended.errors.as_str()) == (Some(0), "");
        until(&format!("{address} is ready"), || is_healthy(&check(address)));
        until(&format!("{address} is ready"), || is_healthy(&run(&["healthcheck", "--listen", address], &[])));
    }
    // Running, but not ready: its database takes no connections.
    let name = &place.name;
    crate::support::server::run_on_cluster(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS false"));
    crate::support::server::run_on_cluster(&format!(
        "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity WHERE datname = '{name}'"
    ));
    let unready = check(&everywhere);
    assert_eq!(unready.code, Some(1));
    assert!(unready.errors.contains("not ready: HTTP/1.1 503"), "{}", unready.errors);
    assert_eq!(process.stop().code, Some(0));
    let stopped = check(&everywhere);
    assert_eq!(stopped.code, Some(1));
    assert!(stopped.errors.contains("no answer from 127.0.0.1:"), "{}", stopped.errors);
    assert_eq!(check("nowhere").code, Some(1));
}
