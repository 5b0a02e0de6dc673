//! The requests that a process handles at a moment: stopping waits for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How often [`InHand::none_left`] looks.
const LOOKS_EVERY: Duration = Duration::from_millis(20);

/// The requests that this process handles now. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct InHand(Arc<AtomicUsize>);

/// One request in hand, until it is dropped.
#[derive(Debug)]
pub struct One(InHand);

impl InHand {
    /// Takes one more in hand.
    #[must_use]
    pub fn one(&self) -> One {
        self.0.fetch_add(1, Ordering::SeqCst);
        One(self.clone())
    }

    /// Waits until no request is in hand, at most so long.
    pub async fn none_left(&self, at_most: Duration) {
        let waiting = async {
            while self.0.load(Ordering::SeqCst) > 0 {
                tokio::time::sleep(LOOKS_EVERY).await;
            }
        };
        // What is not done by then is undone by PostgreSQL, when its connection closes.
        drop(tokio::time::timeout(at_most, waiting).await);
    }
}

impl Drop for One {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}
