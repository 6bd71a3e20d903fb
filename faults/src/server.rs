//! The real program as a process: started, waited for, killed, stopped.

use std::{
    fs::{File, OpenOptions},
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{Result, client::Client};

/// The key of the installation.
pub const OPERATOR_KEY: &str = "the-key-of-the-fault-harness-and-of-nothing-else";

/// How long a server may take to be ready, or to end.
const PATIENCE: Duration = Duration::from_mins(1);

/// How a server is started.
#[derive(Clone)]
pub struct Plan {
    pub program: PathBuf,
    pub database: String,
    pub folder: PathBuf,
    pub environment: Vec<(String, String)>,
}

/// A running server. It is killed when it goes out of scope.
pub struct Server {
    child: Child,
    pub base: String,
    address: SocketAddr,
    begun: Instant,
}

impl Plan {
    pub fn new(program: &Path, database: &str, folder: &Path) -> Self {
        let environment = [("CANDOUR_BOOTSTRAP_KEY", OPERATOR_KEY), ("CANDOUR_LOG", "warn")];
        Self {
            program: program.to_owned(),
            database: database.to_owned(),
            folder: folder.to_owned(),
            environment: environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
        }
    }

    /// The same server by another program.
    pub fn running(&self, program: &Path) -> Self {
        Self { program: program.to_owned(), ..self.clone() }
    }

    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    fn log(&self) -> PathBuf {
        self.folder.join("server.log")
    }

    /// Starts the program and does not wait.
    pub fn spawn(&self) -> Result<Server> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let log = || OpenOptions::new().create(true).append(true).open(self.log());
        let begun = Instant::now();
        let child = Command::new(&self.program)
            .arg("serve")
            .env_clear()
            .env("CANDOUR_DATABASE_URL", &self.database)
            .env("CANDOUR_LISTEN", address.to_string())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(log()?)
            .stderr(log()?)
            .spawn()?;
        Ok(Server { child, base: format!("http://{address}"), address, begun })
    }

    /// Starts the program; gives it with the time from its start to its first 200 of `/readyz`.
    pub fn start(&self) -> Result<(Server, Duration)> {
        let mut server = self.spawn()?;
        server.wait_until_ready().map_err(|fault| format!("{fault}; its log: {}", self.log_end()))?;
        let taken = server.begun.elapsed();
        Ok((server, taken))
    }

    /// Lines of the log that no fault of the machine explains.
    pub fn panics(&self) -> Result<Vec<String>> {
        let mut text = String::new();
        if let Ok(mut file) = File::open(self.log()) {
            file.read_to_string(&mut text)?;
        }
        Ok(text.lines().filter(|line| line.contains("panic")).map(str::to_owned).collect())
    }

    fn log_end(&self) -> String {
        let text = std::fs::read_to_string(self.log()).unwrap_or_default();
        let lines: Vec<&str> = text.lines().rev().take(5).collect();
        lines.join(" | ")
    }
}

impl Server {
    /// A caller with the key of the installation.
    pub fn operator(&self) -> Client {
        Client::new(&self.base, OPERATOR_KEY)
    }

    /// The number of its process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    pub fn wait_until_ready(&mut self) -> Result<()> {
        self.wait_until_readiness_is(200)
    }

    pub fn wait_until_readiness_is(&mut self, status: u16) -> Result<()> {
        let begun = Instant::now();
        while self.readiness() != Some(status) {
            if let Some(ended) = self.child.try_wait()? {
                return Err(format!("the server ended with {ended}").into());
            }
            if begun.elapsed() > PATIENCE {
                return Err(format!("/readyz was not {status} within {PATIENCE:?}").into());
            }
            thread::sleep(Duration::from_micros(500));
        }
        Ok(())
    }

    /// The status of `/readyz`, asked on a connection of its own; none where nobody answers.
    pub fn readiness(&self) -> Option<u16> {
        let mut stream = TcpStream::connect(self.address).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").ok()?;
        let mut head = [0; 12];
        stream.read_exact(&mut head).ok()?;
        std::str::from_utf8(&head[9..]).ok()?.parse().ok()
    }

    /// SIGKILL: no handler of the program sees it.
    pub fn kill(mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGTERM.
    pub fn terminate(&self) -> Result<()> {
        let sent = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.child.id())]).status()?;
        if sent.success() { Ok(()) } else { Err("SIGTERM could not be sent".into()) }
    }

    pub fn wait_for_its_end(mut self) -> Result<ExitStatus> {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait()? {
                return Ok(status);
            }
            if begun.elapsed() > PATIENCE {
                return Err("the server did not end after SIGTERM".into());
            }
            thread::sleep(Duration::from_millis(2));
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
