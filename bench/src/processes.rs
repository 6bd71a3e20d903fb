//! The programs that are measured: started, watched and ended here.

use std::{
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{
    Outcome,
    database::Target,
    drive::{self, Plan, Sample},
};

/// The key of every server that is measured.
pub const KEY: &str = "a-key-for-measurements-of-32-characters-or-more";

/// A running server; it ends with this value.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    /// From its start to its first answer that it is ready.
    pub ready_after: Duration,
}

impl Server {
    /// Starts the service on a database.
    pub fn service(program: &Path, target: &Target) -> Outcome<Self> {
        let address = free_address()?;
        let mut command = Command::new(program);
        command
            .arg("serve")
            .env("CANDOUR_LISTEN", address.to_string())
            .env("CANDOUR_DATABASE_URL", target.url())
            .env("CANDOUR_BOOTSTRAP_KEY", KEY)
            .env_remove("CANDOUR_LOG")
            .env_remove("CANDOUR_METRICS_LISTEN");
        Self::start(command, address)
    }

    /// Starts the server of constant bodies.
    pub fn constant(folder: &Path) -> Outcome<Self> {
        let address = free_address()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["constant", "--listen", &address.to_string(), "--folder"]).arg(folder);
        Self::start(command, address)
    }

    fn start(mut command: Command, address: SocketAddr) -> Outcome<Self> {
        let started = Instant::now();
        // The log is written as in operation; to a file it would go through the disk whose syncs are measured.
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let mut server = Self { child, address, ready_after: Duration::ZERO };
        while !is_ready(address) {
            if let Some(status) = server.child.try_wait()? {
                return Err(format!(
                    "a server ended at its start ({status}); started by hand it says why: {command:?}"
                )
                .into());
            }
            if started.elapsed() > Duration::from_mins(1) {
                return Err("a server was not ready within a minute".into());
            }
            thread::sleep(Duration::from_micros(500));
        }
        server.ready_after = started.elapsed();
        Ok(server)
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Seconds of processor time so far, all threads; `None` where the system does not tell.
    pub fn processor_time(&self) -> Option<f64> {
        // Linux counts in hundredths of a second whatever the kernel's own clock.
        const TICKS: f64 = 100.0;
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.id())).ok()?;
        // The name of the program, which may hold spaces, ends with the last parenthesis; 12th and 13th after it.
        let (_, fields) = stat.rsplit_once(')')?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(|field| field.parse::<f64>().ok());
        ticks.sum::<Option<f64>>().map(|ticks| ticks / TICKS)
    }

    /// Drives this server and notes what it spent.
    pub fn drive(&self, plan: &Plan, connections: usize, duration: Duration) -> Outcome<Sample> {
        let before = self.processor_time();
        let sample = drive::drive(self.address, plan, connections, duration)?;
        let spent = self.processor_time().zip(before).map_or(f64::NAN, |(after, before)| after - before);
        Ok(Sample { processor: spent * 1e6 / sample.sent as f64, ..sample })
    }

    /// A line of `/proc/PID/status`, in MiB; `None` where the system has no such thing.
    pub fn memory(&self, name: &str) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
        let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some(kibibytes / 1024.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let ended = self.child.kill().and_then(|()| self.child.wait());
        if let Err(error) = ended {
            eprintln!("a server could not be ended: {error}");
        }
    }
}

fn free_address() -> Outcome<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn is_ready(address: SocketAddr) -> bool {
    use std::io::{Read, Write};
    let asked = TcpStream::connect(address).and_then(|mut stream| {
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer.starts_with("HTTP/1.1 200"))
    });
    asked.unwrap_or(false)
}

/// A program by name, also where Debian keeps PostgreSQL's.
pub fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|version| version.path().join("bin")));
    }
    folders.into_iter().map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// Transactions a second of a pgbench script.
pub fn pgbench(program: &Path, url: &str, script: &Path, clients: usize, duration: Duration) -> Outcome<f64> {
    let output = Command::new(program)
        .args(["--no-vacuum", "--protocol", "prepared", "--jobs", "1"])
        .args(["--client", &clients.to_string(), "--time", &duration.as_secs().max(1).to_string(), "--file"])
        .arg(script)
        .arg(url)
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let rate = text.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    rate.filter(|_| output.status.success())
        .ok_or_else(|| format!("pgbench: {text}{}", String::from_utf8_lossy(&output.stderr)).into())
}

/// Counts the calls of fsync and fdatasync that a process makes while `work` runs.
pub fn syncs<T>(strace: &Path, process: u32, work: impl FnOnce() -> Outcome<T>) -> Outcome<(u64, T)> {
    let tracer = Command::new(strace)
        .args(["-c", "-f", "-e", "trace=fdatasync,fsync", "-p", &process.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    // It says that it is attached in words that differ by version; this is ample.
    thread::sleep(Duration::from_millis(500));
    let done = work();
    Command::new("kill").args(["-INT", &tracer.id().to_string()]).status()?;
    let report = tracer.wait_with_output()?;
    let text = String::from_utf8_lossy(&report.stderr);
    let calls = |line: &str| -> Option<u64> {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let named = fields.last().is_some_and(|name| ["fdatasync", "fsync"].contains(name));
        fields.get(3).filter(|_| named)?.parse().ok()
    };
    Ok((text.lines().filter_map(calls).sum(), done?))
}
