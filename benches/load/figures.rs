//! How many a second, and how long each took.

use std::time::Duration;

/// What one measurement gave.
#[derive(Debug, Clone)]
pub struct Figures {
    /// What was done a second.
    pub a_second: f64,
    /// What half of them took at most, in milliseconds.
    pub p50_ms: f64,
    /// What all but one in a hundred took at most, in milliseconds.
    pub p99_ms: f64,
}

impl Figures {
    /// The figures of what took so many microseconds each, all of it within `elapsed`.
    pub fn of(mut microseconds: Vec<u64>, elapsed: Duration) -> Self {
        assert!(!microseconds.is_empty(), "nothing was measured");
        microseconds.sort_unstable();
        let at = |per_cent: usize| {
            let place = (microseconds.len() * per_cent).div_ceil(100).clamp(1, microseconds.len());
            Duration::from_micros(microseconds[place - 1]).as_secs_f64() * 1000.0
        };
        let done = u32::try_from(microseconds.len()).unwrap_or(u32::MAX);
        Self { a_second: f64::from(done) / elapsed.as_secs_f64(), p50_ms: at(50), p99_ms: at(99) }
    }

    /// Writes them on a line of their own.
    pub fn print(&self, what: &str) {
        println!("{what:<52} {:>9.0} {:>9.2} {:>9.2}", self.a_second, self.p50_ms, self.p99_ms);
    }

    /// Writes what stands above the columns.
    pub fn print_heading(what: &str) {
        println!("\n{what:<52} {:>9} {:>9} {:>9}", "a second", "p50 ms", "p99 ms");
    }
}
