//! A place in a sequence, from which a reader looks a few items ahead and moves on. Knows nothing of what it reads.

/// A place in a sequence.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a, T> {
    all: &'a [T],
    at: usize,
}

impl<'a, T> Cursor<'a, T> {
    pub(super) const fn new(all: &'a [T]) -> Self {
        Self { all, at: 0 }
    }

    /// The item so many places further on; 0 is the next one.
    pub(super) fn ahead(&self, places: usize) -> Option<&'a T> {
        count_step();
        self.all.get(self.at.saturating_add(places))
    }

    /// The item so many places back; 1 is the one just passed.
    pub(super) fn behind(&self, places: usize) -> Option<&'a T> {
        count_step();
        self.at.checked_sub(places).and_then(|place| self.all.get(place))
    }

    /// Passes so many items, at most to the end.
    pub(super) fn pass(&mut self, places: usize) {
        self.at = self.at.saturating_add(places).min(self.all.len());
    }

    /// Passes the next item if it is as wanted, and gives it.
    pub(super) fn pass_if(&mut self, wanted: impl FnOnce(&T) -> bool) -> Option<&'a T> {
        let item = self.ahead(0).filter(|item| wanted(item))?;
        self.pass(1);
        Some(item)
    }
}

/// Tests count the work of reading: it must grow with the text and no faster.
#[cfg(not(test))]
pub(super) const fn count_step() {}

#[cfg(test)]
pub(super) use counting::{count_step, steps_of};

#[cfg(test)]
mod counting {
    use std::cell::Cell;

    thread_local! {
        static STEPS: Cell<usize> = const { Cell::new(0) };
    }

    pub(in super::super) fn count_step() {
        STEPS.set(STEPS.get() + 1);
    }

    /// How many steps the work took.
    pub(in super::super) fn steps_of(work: impl FnOnce()) -> usize {
        STEPS.set(0);
        work();
        STEPS.get()
    }
}
