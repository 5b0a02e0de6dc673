//! What administrators do about several clinicians at once.

use crate::ground::db::Tx;
use crate::ground::facts::Reliants;
use crate::ground::id::ClinicianId;
use crate::people::credential::actions::clearance::{After, Decision, DecisionError, decide};
use crate::people::credential::store::record::{Whose, find_record};
use crate::people::credential::suggested_day;
use crate::terms::bank::calendar::local_date;
use crate::work::standing::waiting::is_ready;
use chrono_tz::Tz;

/// What became of those who were to be cleared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cleared {
    /// How many are cleared.
    pub cleared: usize,
    /// How many are not: something is open about them, or somebody has decided meanwhile.
    pub left: usize,
}

/// Clears each of these clinicians about whom nothing is open, until the first of their documents ends, and a year at most.
/// The others are left as they are.
pub async fn clear_ready(
    tx: &mut Tx,
    reliants: &Reliants,
    clinicians: &[ClinicianId],
    (reason, by_name, zone): (&str, &str, Tz),
) -> Result<Cleared, DecisionError> {
    let today = local_date(zone, tx.now());
    let mut done = Cleared::default();
    for clinician in clinicians {
        let record = find_record(tx, Whose::Clinician(*clinician)).await?;
        let ready = record.filter(|record| is_ready(record, today));
        let until = ready.as_ref().and_then(|record| suggested_day(record, today));
        let Some((record, cleared_until)) = ready.zip(until) else {
            done.left += 1;
            continue;
        };
        let decision = Decision {
            clinician: *clinician,
            role: record.role.code,
            cleared_until,
            reason: reason.to_owned(),
            by_name: by_name.to_owned(),
            cancels: Vec::new(),
            after: After::Seen(record.last_decision),
        };
        match decide(tx, reliants, &decision).await {
            Ok(_) => done.cleared += 1,
            Err(DecisionError::Overtaken) => done.left += 1,
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}
