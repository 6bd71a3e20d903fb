//! The body of an answer after which the connection is cut off, though the caller has not sent all of theirs: the HTTP
//! library waits without end for the rest of a body that comes in chunks.

use std::{
    future::Future,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use actix_web::{
    body::{BodySize, MessageBody},
    web::Bytes,
};
use tokio::time::{Sleep, sleep};

/// How long the caller has to take the answer.
const GRACE: Duration = Duration::from_millis(500);

/// A text, and then the end of the connection.
pub struct CutOff {
    length: u64,
    text: Option<Bytes>,
    grace: Pin<Box<Sleep>>,
}

impl CutOff {
    /// An answer that says this.
    #[must_use]
    pub fn after(text: String) -> Self {
        let text = Bytes::from(text);
        let length = u64::try_from(text.len()).unwrap_or_default();
        Self { length, text: Some(text), grace: Box::pin(sleep(GRACE)) }
    }
}

impl MessageBody for CutOff {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.length)
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if let Some(text) = self.text.take() {
            return Poll::Ready(Some(Ok(text)));
        }
        // The text is written while this waits; the error then ends the connection.
        ready!(self.grace.as_mut().poll(context));
        Poll::Ready(Some(Err(io::ErrorKind::TimedOut.into())))
    }
}
