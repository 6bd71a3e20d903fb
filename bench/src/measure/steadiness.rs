//! How steady the machine is: the same calculation, which waits for nothing, again and again between the questions. What
//! its slowest hundredth takes longer than its usual is the machine's, not the service's.

use std::{hint::black_box, time::Instant};

/// About five milliseconds of one processor.
const ADDITIONS: u64 = 5_000_000;
/// How often it is done at a time.
const TIMES: usize = 25;

/// How long the calculations took, in milliseconds.
#[derive(Default)]
pub struct Steadiness(Vec<f64>);

impl Steadiness {
    /// Does some more.
    pub fn sample(&mut self) {
        for _ in 0..TIMES {
            let start = Instant::now();
            black_box((0..ADDITIONS).fold(0_u64, |sum, number| black_box(sum.wrapping_mul(31) ^ number)));
            self.0.push(start.elapsed().as_secs_f64() * 1000.0);
        }
    }

    /// The usual and the slowest hundredth, in words.
    pub fn tell(mut self) -> String {
        self.0.sort_by(f64::total_cmp);
        let within = |share: usize| self.0.get(self.0.len() * share / 100).copied().unwrap_or_default();
        let (p50, p99) = (within(50), within(99));
        format!("A calculation that waits for nothing, done between the questions: p50 {p50:.2} ms, p99 {p99:.2} ms.")
    }
}
