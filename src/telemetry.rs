//! Logs and counters. One line of log a request; no personal data, no text of a case, no query string.

use prometheus::{Encoder, HistogramOpts, HistogramVec, IntCounterVec, Opts, Registry, TextEncoder};
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::LogFormat;

/// Starts logging to standard error, by `CANDOUR_LOG` (like `info` or `candour=debug`).
pub fn start_logging(filter: &str, format: LogFormat) {
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let registry = tracing_subscriber::registry().with(filter);
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    // A second start, as in tests that build several applications, changes nothing.
    let _already_started = match format {
        LogFormat::Json => {
            registry.with(lines.json().flatten_event(true).with_current_span(false).with_span_list(false)).try_init()
        }
        LogFormat::Text => registry.with(lines.compact()).try_init(),
    };
}

/// Lets a panic leave a line with its place and nothing else: what it says may quote a case.
pub fn hide_panic_texts() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(|| "an unknown place".to_owned(), ToString::to_string);
        tracing::error!(place, "panic");
    }));
}

/// Counters of requests, by route template, method and status: nothing that tells one case from another.
#[derive(Clone)]
pub struct RequestMetrics {
    registry: Registry,
    requests: Option<IntCounterVec>,
    durations: Option<HistogramVec>,
}

impl Default for RequestMetrics {
    fn default() -> Self {
        Self::new()
    }
}

impl RequestMetrics {
    /// Counters at nought.
    #[must_use]
    pub fn new() -> Self {
        let registry = Registry::new();
        let requests = Opts::new("candour_requests_total", "Requests answered, by method, route and status.");
        let requests = IntCounterVec::new(requests, &["method", "route", "status"]).ok();
        let durations = HistogramOpts::new("candour_request_duration_seconds", "Time to answer, by method and route.")
            .buckets(vec![0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0]);
        let durations = HistogramVec::new(durations, &["method", "route"]).ok();
        let registered = [
            requests.clone().map(|counter| registry.register(Box::new(counter))),
            durations.clone().map(|histogram| registry.register(Box::new(histogram))),
        ];
        for error in registered.into_iter().flatten().filter_map(Result::err) {
            tracing::error!(%error, "a counter could not be registered");
        }
        Self { registry, requests, durations }
    }

    /// Counts one answered request.
    pub fn count(&self, method: &str, route: &str, status: u16, seconds: f64) {
        if let Some(requests) = &self.requests {
            requests.with_label_values(&[method, route, status.to_string().as_str()]).inc();
        }
        if let Some(durations) = &self.durations {
            durations.with_label_values(&[method, route]).observe(seconds);
        }
    }

    /// The counters in Prometheus' text form.
    #[must_use]
    pub fn text(&self) -> String {
        let mut buffer = Vec::new();
        if let Err(error) = TextEncoder::new().encode(&self.registry.gather(), &mut buffer) {
            tracing::error!(%error, "the counters could not be written");
        }
        String::from_utf8(buffer).unwrap_or_default()
    }
}
