//! A newer bank-holidays file, loaded beside a running server.

use std::process::Command;

use serde_json::{Value, json};

use crate::{
    on_both,
    support::{Database, Server, server, until},
};

fn get(server: &Server, path: &str) -> Value {
    server.anonymous().get(path).expect(200)
}

/// A bank-holidays file in the form of GOV.UK for the year 2025, with `extra` days in England and Wales.
fn bank_holidays_of_2025(server: &Server, extra: &[(&str, &str)]) -> Value {
    let division = |calendar: &str, nation: &str, extra: &[(&str, &str)]| {
        let days = get(server, &format!("/v1/calendars/{calendar}/days?start_on=2025-01-01&end_on=2025-12-31"));
        let kept = days["days"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|day| day["nations"].as_array().is_some_and(|nations| nations.contains(&json!(nation))));
        let mut events: Vec<Value> = kept
            .map(|day| json!({"title": day["reason"], "date": day["date"], "notes": "", "bunting": true}))
            .collect();
        events.extend(
            extra.iter().map(|(date, title)| json!({"title": title, "date": date, "notes": "", "bunting": true})),
        );
        json!({"division": calendar, "events": events})
    };
    json!({"england-and-wales": division("england", "england", extra), "scotland": division("scotland", "scotland", &[]),
        "northern-ireland": division("northern_ireland", "northern_ireland", &[])})
}

/// Runs `candour calendars load` on the test's database, as an operator does beside a running server.
fn load(server: &Server, file: &Value) -> std::process::Output {
    let shown = server.url.to_string();
    let url = match server.database {
        Database::Sqlite => shown,
        Database::Postgres => {
            let mut url = url::Url::parse(&server::cluster_url()).unwrap();
            url.set_path(shown.rsplit('/').next().unwrap());
            url.to_string()
        }
    };
    let path = std::env::temp_dir().join(format!("bank-holidays-{}.json", uuid::Uuid::new_v4().simple()));
    std::fs::write(&path, file.to_string()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_candour"))
        .args(["calendars", "load"])
        .arg(&path)
        .env("CANDOUR_DATABASE_URL", url)
        .output()
        .unwrap();
    std::fs::remove_file(&path).unwrap();
    output
}

/// Waits until the running server uses other bank holidays than `version`. It looks for them every 3 seconds of real
/// time, which no clock of a test can hasten; it promises them within 5, and a busy machine gets more.
fn await_other_bank_holidays(server: &Server, version: &Value) -> Value {
    let present = || get(server, "/version")["calendar_version"].clone();
    until("the server uses other bank holidays", || present() != *version);
    present()
}

on_both! {
    fn what_a_file_moves_is_dated_after_the_last_change_wherever_the_clock_stands(server) {
        // The last change is dated years after the clock of the computer that the command runs on.
        server.set_now("2040-06-12T12:00:00Z");
        let open = server.request("2025-06-02", &["1"]);
        let read = || server.get(&format!("/v1/requests/{open}")).expect(200);
        let before = read();
        let output = load(server, &bank_holidays_of_2025(server, &[("2025-06-20", "Day of the test")]));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let moved = read();
        assert_eq!(moved["due_on"], "2025-07-01");
        assert!(moved["updated_at"].as_str() > before["updated_at"].as_str(), "whoever follows the changes sees it: {moved}");
    }

    fn what_is_recorded_before_the_server_has_the_file_is_moved_too(server) {
        server.set_now("2025-06-12T12:00:00Z");
        let version = get(server, "/version")["calendar_version"].clone();
        assert!(load(server, &bank_holidays_of_2025(server, &[("2025-06-20", "Day of the test")])).status.success());
        // The command has moved what there was; the server does not know the file for some seconds.
        let mut recorded = vec![server.request("2025-06-02", &["1"])];
        while get(server, "/version")["calendar_version"] == version {
            recorded.push(server.request("2025-06-02", &["1"]));
        }
        recorded.push(server.request("2025-06-02", &["1"]));
        let due_on = |id: &String| server.get(&format!("/v1/requests/{id}")).expect(200)["due_on"].clone();
        until("every due date is that of the file", || recorded.iter().all(|id| due_on(id) == "2025-07-01"));
    }

    fn a_newer_bank_holidays_file_moves_open_requests(server) {
        server.set_now("2025-06-12T12:00:00Z");
        let open = server.request("2025-06-02", &["1"]);
        let unmoved = server.request("2025-05-01", &["1"]);
        let closed = server.request("2025-06-02", &["1"]);
        server.post(&format!("/v1/requests/{closed}/responses"), &json!({"kind": "initial", "record_as": "sent", "issued_on": "2025-06-12",
            "determinations": [{"part": "1", "outcome": "disclosed"}]})).expect(201);
        let read = |id: &str| server.get(&format!("/v1/requests/{id}")).expect(200);
        let entries = |id: &str| server.get(&format!("/v1/requests/{id}/timeline")).expect(200)["items"].as_array().unwrap().clone();
        let before = [&open, &unmoved, &closed].map(|id| read(id));
        assert_eq!(before[0]["due_on"], "2025-06-30");
        let version = get(server, "/version")["calendar_version"].clone();
        let tag = server.anonymous().get("/v1/deadlines?regime=foia&received_on=2025-06-02").header("etag").to_owned();
        let tag_of_request = server.get(&format!("/v1/requests/{open}")).header("etag").to_owned();

        let output = load(server, &bank_holidays_of_2025(server, &[("2025-06-20", "Day of the test")]));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let newer = await_other_bank_holidays(server, &version);
        assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("bank holidays {} are in use\n", newer.as_str().unwrap()));

        let moved = read(&open);
        assert_eq!((&moved["due_on"], &moved["parts"][0]["due_on"], &moved["version"]), (&json!("2025-07-01"), &json!("2025-07-01"), &json!(2)));
        assert!(moved["updated_at"].as_str() > before[0]["updated_at"].as_str(), "the change feed shows it");
        let told = entries(&open);
        assert_eq!(told.len(), 2, "one entry, whoever recalculates: {told:?}");
        assert_eq!(told[1]["kind"], "due_date_recalculated");
        let words = format!("Due date 2025-06-30 became 2025-07-01 by bank holidays {}.", newer.as_str().unwrap());
        assert_eq!(told[1]["detail"], words);
        server.patch(&format!("/v1/requests/{open}"), &tag_of_request, &json!({"subject": "S"})).problem(412, "precondition-failed");
        for (id, before) in [(&unmoved, &before[1]), (&closed, &before[2])] {
            assert_eq!(read(id), *before);
        }
        assert_eq!((entries(&unmoved).len(), entries(&closed).len()), (1, 2));

        // The running server reckons with the new day everywhere.
        let deadline = server.anonymous().send("GET", "/v1/deadlines?regime=foia&received_on=2025-06-02", &[("If-None-Match", &tag)], None);
        assert_eq!((&deadline.expect(200)["due_on"], &deadline.json()["calendar_version"]), (&json!("2025-07-01"), &newer));
        assert_eq!(get(server, "/v1/deadlines?regime=foisa&received_on=2025-06-02")["due_on"], "2025-06-30");
        let days = get(server, "/v1/calendars/uk_any/days?start_on=2025-06-20&end_on=2025-06-20");
        assert_eq!(days["days"], json!([{"date": "2025-06-20", "reason": "Day of the test", "nations": ["england", "wales"]}]));
        assert_eq!(get(server, "/v1/calendars/scotland/days?start_on=2025-06-20&end_on=2025-06-20")["days"], json!([]));
        assert_eq!(server.get(&format!("/v1/requests/{open}/clock")).expect(200)["calendar_version"], newer);
        assert_eq!(read(&server.request("2025-06-03", &["1"]))["due_on"], "2025-07-02");
    }

    fn a_bank_holidays_file_that_is_wrong_changes_nothing(server) {
        let version = get(server, "/version")["calendar_version"].clone();
        let good = bank_holidays_of_2025(server, &[]);
        for (file, words) in [
            (json!([]), "not a JSON object"),
            (json!({"england-and-wales": good["england-and-wales"], "scotland": good["scotland"]}), "northern-ireland"),
            ({ let mut file = good.clone(); file["scotland"]["events"] = json!([]); file }, "scotland"),
            ({ let mut file = good.clone(); file["scotland"]["events"][0]["date"] = json!("2025-02-30"); file }, "2025-02-30"),
        ] {
            let output = load(server, &file);
            assert!(!output.status.success());
            assert!(output.stdout.is_empty());
            let told = String::from_utf8(output.stderr).unwrap();
            assert!(told.contains(words), "{told}");
        }
        // The same file twice is in use once, and no fault.
        let mut extra = good.clone();
        extra["scotland"]["events"].as_array_mut().unwrap().push(json!({"title": "Day of the test", "date": "2025-06-20"}));
        let first = load(server, &extra);
        assert!(first.status.success(), "{}", String::from_utf8_lossy(&first.stderr));
        let second = load(server, &extra);
        assert!(second.status.success(), "{}", String::from_utf8_lossy(&second.stderr));
        assert_eq!(first.stdout, second.stdout);
        let newer = await_other_bank_holidays(server, &version);
        assert!(String::from_utf8(second.stdout).unwrap().contains(newer.as_str().unwrap()));
    }
}
