//! The load generator: keep-alive connections that send prepared requests one after the other, all on one thread so
//! that it takes as little as possible from what it measures.

mod http;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use self::http::Connection;
pub use self::http::{get, get_with, post};
use crate::Outcome;

/// How long the server is warmed up before it is measured.
const WARM_UP: Duration = Duration::from_millis(500);

/// Which requests are sent.
#[derive(Clone)]
pub enum Plan {
    /// Any of them, for as long as it lasts.
    Any(Arc<Vec<Vec<u8>>>),
    /// Each of them once.
    Each(Arc<Vec<Vec<u8>>>),
}

/// What was measured.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Requests answered, warming up included.
    pub sent: usize,
    /// Requests a second.
    pub rate: f64,
    /// Half were answered within so many milliseconds.
    pub p50: f64,
    /// Of a hundred, ninety-nine were answered within so many milliseconds.
    pub p99: f64,
    /// Bytes of a body, on average.
    pub body: usize,
    /// Microseconds of processor time of the server for each request, where that is known.
    pub processor: f64,
}

/// What one connection saw.
#[derive(Default)]
struct Seen {
    micros: Vec<u32>,
    bytes: usize,
    bodies: Vec<String>,
}

/// Sends the plan over so many connections. With [`Plan::Any`] for `duration`, after a warm-up.
pub fn drive(address: SocketAddr, plan: &Plan, connections: usize, duration: Duration) -> Outcome<Sample> {
    let warm = match plan {
        Plan::Any(_) => round(address, plan, connections, WARM_UP, false)?.0,
        Plan::Each(_) => Vec::new(),
    };
    let (seen, elapsed) = round(address, plan, connections, duration, false)?;
    let warmed: usize = warm.iter().map(|seen| seen.micros.len()).sum();
    let mut micros: Vec<u32> = seen.iter().flat_map(|seen| seen.micros.iter().copied()).collect();
    micros.sort_unstable();
    let bytes: usize = seen.iter().map(|seen| seen.bytes).sum();
    let within = |share: f64| {
        let at = (micros.len() as f64 * share) as usize;
        micros.get(at.min(micros.len().saturating_sub(1))).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    };
    Ok(Sample {
        sent: micros.len() + warmed,
        rate: micros.len() as f64 / elapsed.as_secs_f64(),
        p50: within(0.5),
        p99: within(0.99),
        body: bytes.checked_div(micros.len()).unwrap_or_default(),
        processor: f64::NAN,
    })
}

/// Sends each request once and gives the bodies of the answers, in no order.
pub fn exchange(address: SocketAddr, requests: Vec<Vec<u8>>) -> Outcome<Vec<String>> {
    let plan = Plan::Each(Arc::new(requests));
    let (seen, _) = round(address, &plan, 16, Duration::from_mins(10), true)?;
    Ok(seen.into_iter().flat_map(|seen| seen.bodies).collect())
}

fn round(
    address: SocketAddr,
    plan: &Plan,
    connections: usize,
    duration: Duration,
    keep: bool,
) -> Outcome<(Vec<Seen>, Duration)> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut open = Vec::new();
        for _ in 0..connections {
            open.push(Connection::open(address).await?);
        }
        let next = Arc::new(AtomicUsize::new(0));
        let started = Instant::now();
        let end = started + duration;
        let tasks: Vec<_> = (1..)
            .zip(open)
            .map(|(number, connection)| {
                tokio::spawn(send(connection, plan.clone(), Arc::clone(&next), end, (number, keep)))
            })
            .collect();
        let mut seen = Vec::new();
        for task in tasks {
            seen.push(task.await??);
        }
        Ok((seen, started.elapsed()))
    })
}

/// One connection's part; `how` is its number, which decides its choice, and whether it keeps the bodies.
async fn send(
    mut connection: Connection,
    plan: Plan,
    next: Arc<AtomicUsize>,
    end: Instant,
    how: (u64, bool),
) -> Outcome<Seen> {
    let (number, keep) = how;
    let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut seen = Seen::default();
    let mut started = Instant::now();
    while started < end {
        let request = match &plan {
            Plan::Any(requests) => requests.get(draw(&mut state) as usize % requests.len().max(1)),
            Plan::Each(requests) => requests.get(next.fetch_add(1, Ordering::Relaxed)),
        };
        let Some(request) = request else { break };
        let body = connection.call(request).await?;
        seen.bytes += body.len();
        if keep {
            seen.bodies.push(String::from_utf8_lossy(body).into_owned());
        }
        let answered = Instant::now();
        seen.micros.push(u32::try_from((answered - started).as_micros()).unwrap_or(u32::MAX));
        started = answered;
    }
    Ok(seen)
}

/// Xorshift: good enough to choose a request, and costs nothing.
fn draw(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state >> 16
}
