//! A run by a deadline that holds: the work is done beside the one who waits for it, and left behind when it is too late.
//!
//! Most of the work looks at its [`Stop`] often enough to end in time. What does not is a solver between two looks at
//! its own clock, or one person's schedules where thousands of sessions go together; on a machine that is busy with
//! something else any step takes several times as long. So the run keeps what it has found after each step, and a plan
//! is written up from that, whether or not the run has come home.

use std::panic;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use matching_model::plan::Plan;
use matching_model::problem::{Problem, ProblemError};

use crate::run::budget::{Budget, Progress};
use crate::run::engine::{Run, in_threads};
use crate::stop::Stop;

/// How often whoever waits looks whether the work is done or the time is up.
const LOOK: Duration = Duration::from_millis(2);

/// A run that is going on.
pub struct Planning {
    problem: Arc<Problem>,
    run: Arc<Run>,
    stop: Arc<dyn Stop + Send>,
    work: Option<JoinHandle<()>>,
}

impl Planning {
    /// Begins to plan a problem, in threads of its own. Where the stop is due already, nothing is begun.
    ///
    /// # Errors
    /// The first fault of the problem, with its path.
    pub fn begin(
        problem: Arc<Problem>,
        budget: Budget,
        stop: Arc<dyn Stop + Send>,
        progress: Arc<dyn Progress + Send>,
    ) -> Result<Self, ProblemError> {
        problem.validate()?;
        let run = Arc::new(Run::of(&problem, budget));
        let work = (!stop.is_due()).then(|| {
            let (run, stop) = (Arc::clone(&run), Arc::clone(&stop));
            // The threads are the work's own: those of everybody else are free when this work is left behind.
            thread::spawn(move || in_threads(run.budget.threads, || run.work(&*stop, &*progress)))
        });
        Ok(Self { problem, run, stop, work })
    }

    /// Waits for so long, or until the work ends, or until it is too late to ([`Stop::is_past`]); says whether there is
    /// anything left to wait for.
    ///
    /// # Panics
    /// If the work does.
    pub fn wait(&mut self, time: Duration) -> bool {
        for _ in 0..=time.as_millis() / LOOK.as_millis() {
            let Some(work) = &self.work else { return false };
            if work.is_finished() || self.stop.is_past() {
                // Work that has not ended goes on unheeded when its handle is dropped.
                if let Some(ended) = self.work.take().filter(JoinHandle::is_finished) {
                    ended.join().unwrap_or_else(|panicked| panic::resume_unwind(panicked));
                }
                return false;
            }
            thread::sleep(LOOK);
        }
        true
    }

    /// What is planned.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Whether there is a plan of every part of the market, so that nothing would have to be made up for.
    #[must_use]
    pub fn has_plan(&self) -> bool {
        self.run.has_plan()
    }

    /// Finds out the reasons of at most so many sessions that the best plan so far leaves open, for whoever wants to know how
    /// long that takes at the moment; says how many it tried, and of how many.
    #[must_use]
    pub fn try_reasons(&self, most: usize) -> (usize, usize) {
        self.run.try_reasons(most)
    }

    /// The best plan found so far, with its bound. Places that the work had no time to plan at all go to whoever is free
    /// for them, and reasons have their counts, as long as `stop` allows.
    #[must_use]
    pub fn plan(&self, stop: &dyn Stop) -> Plan {
        in_threads(self.run.budget.threads, || self.run.plan(&self.problem, stop))
    }
}
