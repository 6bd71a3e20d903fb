//! The disk before the answer: what the program asks of the system, by `strace`. Between a call and its answer the write-ahead
//! log of SQLite is written, and no answer leaves while any of it is not yet on disk.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use crate::{
    Result,
    figures::Figures,
    load::Desk,
    scenarios::{Database, Setting},
    server::Server,
};

/// How long `strace` may take to begin or to end.
const PATIENCE: Duration = Duration::from_mins(1);

pub fn on_sqlite(setting: &Setting, rounds: usize) -> Result<Figures> {
    let mut figures = Figures::new("disk before the answer (strace)", Database::Sqlite.name());
    let plan = setting.plan("sync", Database::Sqlite)?;
    let (server, _) = plan.start()?;
    let desk = Desk::open(&server.operator())?;
    let trace = Trace::begin(&server, &plan.folder)?;
    let client = server.operator().with_key(&desk.key);
    for round in 0..rounds {
        let body = json!({"authority_id": desk.authority, "regime": "foia", "received_on": "2024-03-15",
            "subject": format!("{round}"), "requester": {"name": "A. Person"}, "parts": [{"label": "1", "text": "Words"}]});
        client.post("/v1/requests", &body)?.expect(201)?;
        client.get("/v1/requests?limit=1")?.expect(200)?;
        figures.rounds += 1;
    }
    figures.acknowledged = rounds;
    figures.reads = rounds;
    let seen = answers(&trace.end()?);
    if seen.len() != 2 * rounds {
        figures.faults.others.push(format!("{} answers in the trace of {} calls", seen.len(), 2 * rounds));
    }
    let too_early = seen.iter().filter(|answer| !answer.was_written || !answer.was_synced);
    figures.faults.lost.extend(too_early.map(|answer| format!("answered before it was on disk: {answer:?}")));
    figures.faults.others.extend(plan.panics()?);
    Ok(figures)
}

/// A running `strace` of the server.
struct Trace {
    child: Child,
    file: PathBuf,
}

impl Trace {
    fn begin(server: &Server, folder: &Path) -> Result<Self> {
        let (file, told) = (folder.join("trace"), folder.join("strace.log"));
        let child = Command::new("strace")
            .args(["-f", "-y", "-s", "12", "-e", "trace=recvfrom,sendto,pwrite64,fsync,fdatasync", "-o"])
            .arg(&file)
            .args(["-p", &server.id().to_string()])
            .stdin(Stdio::null())
            .stderr(std::fs::File::create(&told)?)
            .spawn()?;
        let begun = Instant::now();
        while !std::fs::read_to_string(&told)?.contains("attached") {
            if begun.elapsed() > PATIENCE {
                return Err(format!("strace did not begin: {}", std::fs::read_to_string(&told)?).into());
            }
            thread::sleep(Duration::from_millis(5));
        }
        Ok(Self { child, file })
    }

    /// Lets the server go, and gives what was seen.
    fn end(mut self) -> Result<String> {
        Command::new("sh").args(["-c", &format!("kill -INT {}", self.child.id())]).status()?;
        self.child.wait()?;
        Ok(String::from_utf8_lossy(&std::fs::read(&self.file)?).into_owned())
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        drop(self.child.kill());
    }
}

/// An answer of 2xx, and what had become of the log since the call.
#[derive(Debug, Default, Clone, Copy)]
struct Answer {
    was_written: bool,
    was_synced: bool,
}

fn answers(trace: &str) -> Vec<Answer> {
    let (mut answers, mut since_call) = (Vec::new(), Answer::default());
    // The threads whose wait for the disk stands on two lines.
    let mut waiting: HashSet<&str> = HashSet::new();
    for line in trace.lines() {
        let thread = line.split(' ').next().unwrap_or_default();
        let is_sync = line.contains(" fsync(") || line.contains(" fdatasync(");
        let is_sync_resumed = line.contains("<... fsync resumed>") || line.contains("<... fdatasync resumed>");
        if line.contains("\"GET /") || line.contains("\"POST /") {
            since_call = Answer::default();
        } else if line.contains(" pwrite64(") && line.contains("-wal>") {
            since_call = Answer { was_written: true, was_synced: false };
        } else if is_sync && line.contains("-wal>") {
            if line.contains("<unfinished") {
                waiting.insert(thread);
            } else {
                since_call.was_synced = true;
            }
        } else if is_sync_resumed && waiting.remove(thread) {
            since_call.was_synced = true;
        } else if line.contains(" sendto(") && line.contains("\"HTTP/1.1 2") {
            answers.push(since_call);
        }
    }
    answers
}
