//! A unit of work holds one connection at a time.
//!
//! Whoever holds one and asks for a second waits for others who do the same, and where all do, nobody goes on until the
//! wait runs out. So a second is a fault, which stops the tests and is told to the log in production.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

tokio::task_local! {
    /// How many connections the unit of work that runs in this task holds.
    static HELD: Arc<AtomicUsize>;
}

/// Runs a unit of work, whose connections are counted.
pub async fn watch<F: Future>(work: F) -> F::Output {
    HELD.scope(Arc::default(), work).await
}

/// That a connection is held, for as long as this lives.
#[derive(Debug)]
pub(super) struct Held(Option<Arc<AtomicUsize>>);

impl Held {
    /// Notes that a connection is borrowed. Outside a watched unit of work nobody counts.
    pub(super) fn another() -> Self {
        let Ok(held) = HELD.try_with(Arc::clone) else { return Self(None) };
        let before = held.fetch_add(1, Ordering::SeqCst);
        if before > 0 {
            tracing::error!("a request asked for a second connection while it held one");
            debug_assert!(before == 0, "a request asked for a second connection while it held one");
        }
        Self(Some(held))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(held) = &self.0 {
            held.fetch_sub(1, Ordering::SeqCst);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Held, watch};

    #[tokio::test]
    async fn one_after_another_is_no_fault() {
        watch(async {
            drop(Held::another());
            drop(Held::another());
        })
        .await;
    }

    #[tokio::test]
    #[should_panic(expected = "a second connection")]
    #[cfg(debug_assertions)]
    async fn two_at_once_are_a_fault() {
        watch(async {
            let _first = Held::another();
            let _second = Held::another();
        })
        .await;
    }
}
