//! A piece of work on its way to a storage thread and its answer on the way back. Knows nothing of the database.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;
use tracing::Span;

use super::{connection::AnyConnection, error::StoreError, scope::AuthorityScope};

/// What becomes of a job's statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Keep,
    Undo,
}

/// A job as the storage threads see it, whatever its types.
pub(super) trait Job: Send {
    /// Runs the work, catching a panic, and holds its answer back. A second call does nothing.
    fn run(&mut self, connection: &mut AnyConnection) -> Verdict;

    /// Sends the answer, or `outcome` if the transaction around the work failed or never began.
    fn answer(self: Box<Self>, outcome: Result<(), StoreError>);

    /// Whether nobody waits for the answer any more.
    fn is_abandoned(&self) -> bool;

    /// Whose rows the work may touch: the fence of the database itself, where it has one.
    fn fence(&self) -> &AuthorityScope;
}

struct Task<F, T, E> {
    work: Option<F>,
    answer: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
    span: Span,
    fence: AuthorityScope,
}

/// A job and the place where its answer will appear; the work runs inside the caller's tracing span.
pub(super) fn task<F, T, E>(fence: AuthorityScope, work: F) -> (Box<dyn Job>, oneshot::Receiver<Result<T, E>>)
where
    F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let (reply, receiver) = oneshot::channel();
    (Box::new(Task { work: Some(work), answer: None, reply, span: Span::current(), fence }), receiver)
}

impl<F, T, E> Job for Task<F, T, E>
where
    F: FnOnce(&mut AnyConnection) -> Result<T, E> + Send,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, connection: &mut AnyConnection) -> Verdict {
        let Some(work) = self.work.take() else { return Verdict::Keep };
        let _entered = self.span.enter();
        // Unwind safety: what the work has half done is undone by the rollback that follows an error.
        let answer = catch_unwind(AssertUnwindSafe(|| work(connection))).unwrap_or_else(|_| {
            // The panic hook has told where. The payload stays out of the log: it may quote case data.
            tracing::error!("a storage job panicked");
            Err(StoreError::Internal("a storage job panicked".to_owned()).into())
        });
        let verdict = if answer.is_ok() { Verdict::Keep } else { Verdict::Undo };
        self.answer = Some(answer);
        verdict
    }

    fn answer(self: Box<Self>, outcome: Result<(), StoreError>) {
        let answer = match (outcome, self.answer) {
            (Err(error), _) => Err(error.into()),
            (Ok(()), Some(answer)) => answer,
            (Ok(()), None) => Err(StoreError::Internal("a storage job was answered before it ran".to_owned()).into()),
        };
        // A caller who has gone does not undo what is stored.
        let _ = self.reply.send(answer);
    }

    fn is_abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn fence(&self) -> &AuthorityScope {
        &self.fence
    }
}
