//! When `locumbank match` has to be over: from the start of the command to the last byte of the plan.
//!
//! Work ends so long before the deadline as what follows it takes: writing up, the reasons of empty places, the check, the
//! file. How long that is depends on the machine and on whatever else it does, so it is reckoned from what the like of it
//! takes: reading the problem, looking at it for the check, and, again and again while the work goes on, finding out a few
//! reasons; and from how long threads are made to wait for a processor at the moment. Reasons are what can be given up:
//! those that the time does not suffice for come without their counts. What follows the work is also gone through once,
//! which shows how long it takes, and leaves a checked plan to hand out should the last one come too late.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use matching::Stop;

use crate::command::matching_pace::Counted;

/// What the file takes, and giving back the memory, in hundredths of what reading took.
const WRITING_OF_READING: u32 = 160;

/// What writing up and the check of a plan take without reasons, in hundredths of what looking at the problem for the check
/// took.
const CHECKING_OF_LOOKING: u32 = 150;

/// The check of a reason takes as many hundredths of what finding it out took.
const CHECKING_OF_REASONS: u32 = 180;

/// Reasons may take one in so many of the whole time, and so may a plain plan where there is none; the counts of the other
/// reasons are left out.
const REASONS_SHARE: u32 = 6;

/// What follows the work is gone through once when one in so many of the whole time is over.
const REHEARSAL_SHARE: u32 = 4;

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
    /// What writing up and the check took when it was gone through, and the slowdown then.
    rehearsed: OnceLock<(Duration, u32)>,
    /// In hundredths of the time on a processor: what steps take at the moment, and took in the span before.
    slowdown: AtomicU32,
    last: Mutex<(Option<Counted>, u32)>,
}

/// A time that is kept back, in microseconds, on a processor that nobody else uses.
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
            rehearsed: OnceLock::new(),
            slowdown: AtomicU32::new(100),
            last: Mutex::default(),
        };
        let asked = Arc::clone(&deadline.asked);
        ctrlc::set_handler(move || _ = asked.set(Instant::now()))?;
        Ok(deadline)
    }

    /// Time since the start.
    pub(super) fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// Reads the problem, and takes note what that takes.
    pub(super) fn reads<T>(&self, read: impl FnOnce() -> T) -> T {
        let (found, took) = timed(read);
        self.for_writing.set(took * WRITING_OF_READING / 100);
        // Until it is known, the check is taken to need as long as reading, and the reasons, or a plain plan where there
        // is none yet, all they may.
        self.for_check.set(took);
        self.for_reasons.set(self.time.unwrap_or_default() / REASONS_SHARE);
        self.measures_the_machine();
        found
    }

    /// Looks at the problem for the check, and takes note what that takes.
    pub(super) fn looks<T>(&self, look: impl FnOnce() -> T) -> T {
        let (found, took) = timed(look);
        self.for_check.set(took * CHECKING_OF_LOOKING / 100);
        self.measures_the_machine();
        found
    }

    /// Takes note how long threads have been made to wait since the last time.
    pub(super) fn measures_the_machine(&self) {
        let Some(now) = Counted::of_all_threads() else { return };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (earlier, before) = *last;
        let slowdown = (now - earlier.unwrap_or_default()).slowdown();
        self.slowdown.store(slowdown.max(before), Ordering::Relaxed);
        *last = (Some(now), slowdown);
    }

    /// How long to wait until the time is measured again.
    pub(super) fn until_next_measure(&self) -> Duration {
        (self.time.unwrap_or_default() / MEASURES).max(LEAST_BETWEEN_MEASURES)
    }

    /// Finds out some reasons, as many as it says of how many, and takes note what all will take.
    pub(super) fn measures_reasons(&self, find_out: impl FnOnce() -> (usize, usize)) {
        let Some(time) = self.time else { return };
        let began = Instant::now();
        let (tried, all) = find_out();
        let took = began.elapsed();
        let tried = u32::try_from(tried).unwrap_or(u32::MAX).max(1);
        let each = took / tried;
        let all = each.saturating_mul(u32::try_from(all).unwrap_or(u32::MAX));
        self.for_reasons.set((all + all * CHECKING_OF_REASONS / 100).min(time / REASONS_SHARE));
    }

    /// Whether it is so late that the deadline will count.
    pub(super) fn is_worth_a_rehearsal(&self) -> bool {
        self.time.is_some_and(|time| self.elapsed() > time / REHEARSAL_SHARE)
    }

    /// Goes through writing up and the check once, and takes note how long that takes.
    pub(super) fn rehearses<T>(&self, go_through: impl FnOnce() -> T) -> T {
        let began = Instant::now();
        let done = go_through();
        self.measures_the_machine();
        let _first = self.rehearsed.set((began.elapsed(), self.slowdown.load(Ordering::Relaxed)));
        done
    }

    /// Whether the plan has to be written now.
    pub(super) fn is_to_be_written(&self) -> bool {
        self.left_before(self.slowed(self.for_writing.get())).is_some_and(|left| left.is_zero())
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
        let slowdown = self.slowdown.load(Ordering::Relaxed);
        let check = match self.rehearsed.get() {
            // It was gone through while the work went on beside, so it will rather be quicker.
            Some((took, then)) => took.saturating_mul(slowdown) / *then,
            None => self.slowed(self.for_check.get()),
        };
        self.slowed(self.for_writing.get()) + check
    }

    /// What a time on a processor takes at the moment.
    fn slowed(&self, ran: Duration) -> Duration {
        ran.saturating_mul(self.slowdown.load(Ordering::Relaxed)) / 100
    }

    fn grace(&self) -> Duration {
        self.time.unwrap_or_default() / GRACE_SHARE
    }
}

/// Does this, and says how long it had a processor; where the system does not say, how long it took.
fn timed<T>(doing: impl FnOnce() -> T) -> (T, Duration) {
    let (began, before) = (Instant::now(), Counted::of_this_thread());
    let done = doing();
    let ran = before.zip(Counted::of_this_thread()).map(|(before, after)| (after - before).ran);
    (done, ran.unwrap_or_else(|| began.elapsed()))
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
