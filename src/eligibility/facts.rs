//! What a pair is judged by: the session, the clinician, the money, and what the clinician does around it. Whoever decides
//! reads it under the locks of its transaction.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::payable::payable;
use crate::ground::id::{
    BankId, BookingId, ClearanceId, PracticeId, RateExceptionId, RateRangeId, SessionId,
};
use crate::people::clinician::Clinician;
use crate::people::credential::{DocumentEnd, Held};
use crate::people::lookup::Outcome;
use crate::terms::bank::Band;
use crate::terms::rules::WorkHours;

/// A session and its practice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionFacts {
    /// The bank.
    pub bank: BankId,
    /// The bank's name.
    pub bank_name: String,
    /// The session.
    pub id: SessionId,
    /// Its practice.
    pub practice: PracticeId,
    /// The practice's name.
    pub practice_name: String,
    /// The practice's address in one line, with the postcode; its postcode alone where no address is known.
    pub practice_address: String,
    /// Where the practice is.
    pub place: Place,
    /// The first day the practice is open, where it is known.
    pub practice_opened_on: Option<NaiveDate>,
    /// The last day the practice is open, where it closes.
    pub practice_closed_on: Option<NaiveDate>,
    /// Rest and hours of those whom the bank employs.
    pub bank_hours: WorkHours,
    /// The zone of its dates.
    pub zone: Tz,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// The local date on which it starts.
    pub local_date: NaiveDate,
    /// The local date of its last minute.
    pub last_date: NaiveDate,
    /// When the work is.
    pub band: Band,
    /// How many clinicians it needs.
    pub places: i16,
    /// The least it pays.
    pub rate_min_pence_per_hour: i32,
    /// The most it pays.
    pub rate_max_pence_per_hour: i32,
    /// What the practice adds.
    pub notes: String,
    /// Who supervises on the day; "" for nobody.
    pub supervisor: String,
    /// Whether it was withdrawn.
    pub is_withdrawn: bool,
    /// Codes of the roles that may do it.
    pub roles: Vec<String>,
    /// Codes and names of the competencies it needs.
    pub competencies: Vec<(String, String)>,
}

impl SessionFacts {
    /// How long it lasts.
    #[must_use]
    pub fn minutes(&self) -> i64 {
        (self.ends_at - self.starts_at).num_minutes()
    }
}

/// Coordinates in millionths of a degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// North.
    pub latitude_microdegrees: i32,
    /// East.
    pub longitude_microdegrees: i32,
}

/// The clinician who would be booked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own, and every mixture of them occurs"
)]
pub struct ClinicianFacts {
    /// Who they are.
    pub person: Clinician,
    /// The name of their role.
    pub role_name: String,
    /// Whether they work with the bank and can sign in.
    pub is_member: bool,
    /// What they can show.
    pub held: Vec<Held>,
    /// The newest decision about them, with the last date it gives.
    pub clearance: Option<(ClearanceId, NaiveDate)>,
    /// The last date they may work, by that decision and by the documents that their role needs.
    pub works_until: Option<NaiveDate>,
    /// The document by which that is earlier than it was decided.
    pub document: Option<DocumentEnd>,
    /// Whether that decision was made on the number they have on the register now.
    pub is_decided_on_number: bool,
    /// What their register said when it was looked up last, and when, where it does not have them.
    pub off_register: Option<(Outcome, NaiveDate)>,
    /// The least they work for in the session's band.
    pub own_rate_pence_per_hour: Option<i32>,
    /// Whether the practice refuses them.
    pub is_refused_by_practice: bool,
    /// Whether they refuse the practice.
    pub refuses_practice: bool,
}

/// The commissioner's range in force for the session's date and band and the clinician's role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RangeFacts {
    /// The range.
    pub id: RateRangeId,
    /// Its floor.
    pub floor_pence_per_hour: i32,
    /// Its ceiling.
    pub ceiling_pence_per_hour: i32,
    /// An exception that is approved for the session and still counts, with the most it allows.
    pub exception: Option<(RateExceptionId, i32)>,
}

impl RangeFacts {
    /// What may be paid for the session: the least and the most; upside down where the practice's span and the range have
    /// nothing in common.
    #[must_use]
    pub fn payable(&self, session: &SessionFacts) -> (i32, i32) {
        let asked = (session.rate_min_pence_per_hour, session.rate_max_pence_per_hour);
        let range = (self.floor_pence_per_hour, self.ceiling_pence_per_hour);
        payable(asked, range, self.exception.map(|(_, most)| most))
    }
}

/// A live booking of the same person, in whatever bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbour {
    /// The booking.
    pub booking: BookingId,
    /// The practice.
    pub practice: PracticeId,
    /// The practice's name.
    pub practice_name: String,
    /// Where the practice is.
    pub place: Place,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
}

/// Everything that decides whether somebody may be booked in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairFacts {
    /// The session.
    pub session: SessionFacts,
    /// The clinician.
    pub clinician: ClinicianFacts,
    /// The range in force; none where the commissioner has published none.
    pub range: Option<RangeFacts>,
    /// What else the person is booked for, from eight days before to eight days after.
    pub neighbours: Vec<Neighbour>,
}
