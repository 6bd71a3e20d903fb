//! A bounded queue in front of storage threads: refuses at once when it is full, and can be closed.

use std::sync::{PoisonError, RwLock};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};

use super::error::StoreError;

/// The way into one kind of storage thread.
pub(super) struct Lane<T> {
    entrance: RwLock<Option<Sender<T>>>,
}

impl<T> Lane<T> {
    /// A lane in which at most `length` items wait, and the end that the threads take them from.
    pub(super) fn new(length: usize) -> (Self, Receiver<T>) {
        let (sender, receiver) = bounded(length.max(1));
        (Self { entrance: RwLock::new(Some(sender)) }, receiver)
    }

    /// Queues `item`; [`StoreError::Busy`] when the lane is full, [`StoreError::Unavailable`] once it is closed.
    pub(super) fn submit(&self, item: T) -> Result<(), StoreError> {
        let entrance = self.entrance.read().unwrap_or_else(PoisonError::into_inner);
        let sender = entrance.as_ref().ok_or_else(StoreError::closing)?;
        sender.try_send(item).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Busy,
            TrySendError::Disconnected(_) => StoreError::Unavailable("the storage threads have ended".to_owned()),
        })
    }

    /// How many items wait.
    pub(super) fn depth(&self) -> usize {
        self.entrance.read().unwrap_or_else(PoisonError::into_inner).as_ref().map_or(0, Sender::len)
    }

    /// Accepts no more. What waits is still done; then the threads see the end of the queue.
    pub(super) fn close(&self) {
        self.entrance.write().unwrap_or_else(PoisonError::into_inner).take();
    }
}
