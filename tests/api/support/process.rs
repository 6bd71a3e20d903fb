//! The program itself as a process of its own: what it prints, how it is stopped, how it ends.

use std::{
    io::{BufRead, BufReader, Read},
    path::Path,
    process::{Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::{Duration, Instant},
};

use super::{Client, Place, server::KEY};

/// How long a test waits for what should come at once.
const PATIENCE: Duration = Duration::from_mins(1);

/// Where a line was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    Output,
    Errors,
}

/// A running process; it is killed when the test ends.
pub struct Process {
    id: u32,
    printed: Receiver<(Stream, String)>,
    lines: Vec<(Stream, String)>,
    ended: Receiver<ExitStatus>,
    has_ended: bool,
}

/// How a process ended, and all it printed.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub output: String,
    pub errors: String,
}

impl Process {
    /// Starts the program in a folder, with these arguments and nothing in its environment but these variables.
    pub fn start(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_candour"));
        command.args(arguments).env_clear().envs(environment.iter().copied()).current_dir(folder);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (line, printed) = mpsc::channel();
        pass_on(Stream::Output, child.stdout.take().unwrap(), line.clone());
        pass_on(Stream::Errors, child.stderr.take().unwrap(), line);
        let (end, ended) = mpsc::channel();
        let id = child.id();
        thread::spawn(move || end.send(child.wait().unwrap()));
        Self { id, printed, lines: Vec::new(), ended, has_ended: false }
    }

    /// Starts a server on a database, on a free port, with the key of every test.
    pub fn serve(place: &Place, environment: &[(&str, &str)]) -> Self {
        let mut all = vec![("CANDOUR_DATABASE_URL", place.text.as_str())];
        all.extend([("CANDOUR_LISTEN", "127.0.0.1:0"), ("CANDOUR_BOOTSTRAP_KEY", KEY)]);
        all.extend(environment);
        Self::start(place.folder(), &["serve"], &all)
    }

    /// Runs the program to its end.
    pub fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Ended {
        Self::start(folder, arguments, environment).end()
    }

    /// The first line with these words, printed already or within a minute.
    #[track_caller]
    pub fn line(&mut self, stream: Stream, words: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = 0;
        loop {
            let fits = |(at, line): &&(Stream, String)| *at == stream && line.contains(words);
            if let Some((_, line)) = self.lines.iter().skip(seen).find(fits) {
                return line.clone();
            }
            seen = self.lines.len();
            match self.printed.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(line) => self.lines.push(line),
                Err(reason) => panic!("no line with `{words}` ({reason}) in {:#?}", self.lines),
            }
        }
    }

    /// What the system knows it by.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The address that it says it is ready on.
    #[track_caller]
    pub fn base(&mut self) -> String {
        let ready = self.line(Stream::Output, " is ready on ");
        ready.split(' ').find(|word| word.starts_with("http://")).unwrap().to_owned()
    }

    /// A client with the key of every test, once the server is ready.
    #[track_caller]
    pub fn client(&mut self) -> Client {
        Client::new(&self.base(), Some(KEY))
    }

    /// Sends a signal, like `TERM`.
    pub fn signal(&self, name: &str) {
        // The shell's own kill: there may be no other.
        let sent = Command::new("sh").args(["-c", &format!("kill -{name} {}", self.id)]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end, for a minute at most.
    #[track_caller]
    pub fn end(mut self) -> Ended {
        let status = match self.ended.recv_timeout(PATIENCE) {
            Ok(status) => status,
            Err(RecvTimeoutError::Timeout) => panic!("still running: {:#?}", self.lines),
            Err(RecvTimeoutError::Disconnected) => panic!("its end was not seen"),
        };
        self.has_ended = true;
        let Self { lines, printed, .. } = &mut self;
        lines.extend(printed.iter());
        let text = |stream| {
            let of_stream = self.lines.iter().filter(|(at, _)| *at == stream);
            of_stream.flat_map(|(_, line)| [line.as_str(), "\n"]).collect::<String>()
        };
        Ended { code: status.code(), output: text(Stream::Output), errors: text(Stream::Errors) }
    }

    /// Stops it as a container's runtime does, and waits for its end.
    #[track_caller]
    pub fn stop(self) -> Ended {
        self.signal("TERM");
        self.end()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if !self.has_ended && self.ended.try_recv().is_err() {
            self.signal("KILL");
        }
    }
}

fn pass_on(stream: Stream, source: impl Read + Send + 'static, line: Sender<(Stream, String)>) {
    thread::spawn(move || {
        // The test may end before the process: then nobody listens.
        BufReader::new(source).lines().map_while(Result::ok).all(|text| line.send((stream, text)).is_ok())
    });
}
