//! How fast the machine is for this process at the moment: how long its threads wait for a processor that others use.
//!
//! A step that has just been quick says little of the next on a busy machine, since a thread that comes anew is let in at
//! once and one that goes on for long is made to wait. What the system counts of each thread says both.

use std::fs;
use std::ops::Sub;
use std::time::Duration;

/// What threads had of the processors so far.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counted {
    /// Time on a processor.
    pub(super) ran: Duration,
    /// Time ready to run while others did.
    waited: Duration,
}

impl Counted {
    /// What this thread had; nothing where the system does not count it.
    pub(super) fn of_this_thread() -> Option<Self> {
        read(&fs::read_to_string("/proc/thread-self/schedstat").ok()?)
    }

    /// What all threads had that there are now.
    pub(super) fn of_all_threads() -> Option<Self> {
        let threads = fs::read_dir("/proc/self/task").ok()?.flatten();
        let each =
            threads.filter_map(|thread| read(&fs::read_to_string(thread.path().join("schedstat")).ok()?));
        Some(each.fold(Self::default(), |all, one| Self {
            ran: all.ran + one.ran,
            waited: all.waited + one.waited,
        }))
    }

    /// How many hundredths of its time on a processor each step takes, waiting included.
    pub(super) fn slowdown(self) -> u32 {
        let ran = self.ran.as_micros().max(1);
        u32::try_from((ran + self.waited.as_micros()) * 100 / ran).unwrap_or(u32::MAX)
    }
}

impl Sub for Counted {
    type Output = Self;

    /// What came since an earlier count.
    fn sub(self, earlier: Self) -> Self {
        Self { ran: self.ran.saturating_sub(earlier.ran), waited: self.waited.saturating_sub(earlier.waited) }
    }
}

/// Nanoseconds on a processor, nanoseconds waiting, and how often.
fn read(schedstat: &str) -> Option<Counted> {
    let mut numbers = schedstat.split_whitespace().map(|number| number.parse().map(Duration::from_nanos));
    Some(Counted { ran: numbers.next()?.ok()?, waited: numbers.next()?.ok()? })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Counted, read};

    #[test]
    fn a_thread_that_waits_as_long_as_it_runs_takes_twice_the_time() {
        let counted = read("3000000 3000000 17\n").expect("two numbers");
        let ran = Duration::from_millis(3);
        assert_eq!(counted, Counted { ran, waited: ran });
        assert_eq!(counted.slowdown(), 200);
        assert_eq!((counted - counted).slowdown(), 100);
        assert_eq!(read("3000000"), None);
        assert_eq!(read("a b c"), None);
    }
}
