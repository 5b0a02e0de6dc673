//! When `locumbank match` has to be over: from the start of the command to the last byte of the plan.
//!
//! Work ends so long before the deadline as what follows it takes: writing up, the reasons of empty places, the check, the
//! file. How long that is depends on the machine and on whatever else it does, so it is reckoned from how long the like
//! of it takes: reading the problem, looking at it for the check, and, again and again while the work goes on, finding
//! out a few reasons. Reasons are what can be given up: those that the time does not suffice for come without their counts.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use matching::Stop;

/// What the file takes, and giving back the memory, in hundredths of what reading took.
const WRITING_OF_READING: u32 = 160;

/// What writing up and the check of a plan take without reasons, in hundredths of what looking at the problem for the check
/// took.
const CHECKING_OF_LOOKING: u32 = 150;

/// The check of a reason takes as many hundredths of what finding it out took.
const CHECKING_OF_REASONS: u32 = 180;

/// Reasons may take one in so many of the whole time; the counts of the rest are left out.
const REASONS_SHARE: u32 = 6;

/// The time is measured so many times in a run, and never more often than this.
const MEASURES: u32 = 30;
const LEAST_BETWEEN_MEASURES: Duration = Duration::from_millis(50);

/// Work that has not ended within one in so many of the whole time is left behind.
const GRACE_SHARE: u32 = 100;

/// After Ctrl-C, work that has not ended within this is left behind.
const PATIENCE: Duration = Duration::from_secs(2);

/// The deadline of a run, with what is kept back for the steps after the work; or none, but for Ctrl-C.
pub(super) struct Deadline {
    began: Instant,
    time: Option<Duration>,
    asked: Arc<OnceLock<Instant>>,
    for_writing: Kept,
    for_check: Kept,
    for_reasons: Kept,
}

/// A time that is kept back, in microseconds.
#[derive(Default)]
struct Kept(AtomicU64);

impl Kept {
    fn set(&self, time: Duration) {
        self.0.store(u64::try_from(time.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn get(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed))
    }
}

impl Deadline {
    /// So long after now, or at Ctrl-C.
    pub(super) fn after(time: Option<Duration>) -> Result<Self, ctrlc::Error> {
        let deadline = Self {
            began: Instant::now(),
            time,
            asked: Arc::default(),
            for_writing: Kept::default(),
            for_check: Kept::default(),
            for_reasons: Kept::default(),
        };
        let asked = Arc::clone(&deadline.asked);
        ctrlc::set_handler(move || _ = asked.set(Instant::now()))?;
        Ok(deadline)
    }

    /// Time since the start.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Takes note that the problem has been read just now, and how long that took.
    pub(super) fn has_read(&self) {
        self.for_writing.set(self.elapsed() * WRITING_OF_READING / 100);
        // Until it is known, the check is taken to need as long as reading.
        self.for_check.set(self.elapsed());
    }

    /// Looks at the problem for the check, and takes note how long that takes.
    pub(super) fn looked_at<T>(&self, look: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let found = look();
        self.for_check.set(began.elapsed() * CHECKING_OF_LOOKING / 100);
        found
    }

    /// How long to wait until the time is measured again.
    pub(super) fn until_next_measure(&self) -> Duration {
        (self.time.unwrap_or_default() / MEASURES).max(LEAST_BETWEEN_MEASURES)
    }

    /// Finds out some reasons, as many as it says of how many, and takes note how long all will take.
    pub(super) fn measures(&self, find_out: impl FnOnce() -> (usize, usize)) {
        let Some(time) = self.time else { return };
        let began = Instant::now();
        let (tried, all) = find_out();
        let took = began.elapsed();
        let tried = u32::try_from(tried).unwrap_or(u32::MAX).max(1);
        let each = took / tried;
        let all = each.saturating_mul(u32::try_from(all).unwrap_or(u32::MAX));
        self.for_reasons.set((all + all * CHECKING_OF_REASONS / 100).min(time / REASONS_SHARE));
    }

    /// Says when no more reasons are to be counted, from now on.
    pub(super) fn for_reasons(&self) -> ReasonsEnd<'_> {
        ReasonsEnd { deadline: self, began: Instant::now() }
    }

    /// What is left before the steps that follow have to begin, where there is a deadline; nothing where it is too late.
    fn left_before(&self, steps: Duration) -> Option<Duration> {
        let time = self.time?;
        Some(time.saturating_sub(self.elapsed() + steps))
    }

    /// What follows the reasons.
    fn steps(&self) -> Duration {
        self.for_writing.get() + self.for_check.get()
    }

    fn grace(&self) -> Duration {
        self.time.unwrap_or_default() / GRACE_SHARE
    }
}

impl Stop for Deadline {
    fn is_due(&self) -> bool {
        self.asked.get().is_some() || self.remaining().is_some_and(|left| left.is_zero())
    }

    fn remaining(&self) -> Option<Duration> {
        self.left_before(self.steps() + self.for_reasons.get() + self.grace())
    }

    fn is_past(&self) -> bool {
        self.asked.get().is_some_and(|asked| asked.elapsed() > PATIENCE)
            || self.left_before(self.steps() + self.for_reasons.get()).is_some_and(|left| left.is_zero())
    }
}

/// Says when no more reasons are to be counted: each one is counted again by the check.
pub(super) struct ReasonsEnd<'a> {
    deadline: &'a Deadline,
    began: Instant,
}

impl Stop for ReasonsEnd<'_> {
    fn is_due(&self) -> bool {
        self.remaining().is_some_and(|left| left.is_zero())
    }

    fn remaining(&self) -> Option<Duration> {
        let again = self.began.elapsed() * CHECKING_OF_REASONS / 100;
        self.deadline.left_before(self.deadline.steps() + again)
    }
}
