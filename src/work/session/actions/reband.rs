//! The calendar changes, and with it the band of sessions that are posted already. Who is booked or offered keeps what was
//! agreed; what nobody has agreed to follows the calendar, where its rate fits the range there. The rest is told to people.

use serde_json::json;

use crate::ground::audit::{self, Action};
use crate::ground::db::{DbError, Tx};
use crate::ground::words;
use crate::terms::bank::Band;
use crate::terms::bank::store::load_catalogue;
use crate::terms::rate::RateTable;
use crate::terms::rate::store::load_rate_table;
use crate::work::session::store::band::{Banded, change_band, list_banded};
use crate::work::session::store::lock_session;

/// A session whose band is not that of the calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfBand {
    /// The session, with the band it has.
    pub session: Banded,
    /// The band of the calendar.
    pub band: Band,
    /// Why it stays as it is; none where it follows the calendar.
    pub stays: Option<Stays>,
}

impl OutOfBand {
    /// What becomes of it, without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        let session = &self.session;
        let day = words::full_date(session.local_date);
        let span = words::time_span(session.starts_at, session.ends_at);
        let (from, to) = (session.band.name(), self.band.name());
        let becomes = match &self.stays {
            None => format!("is {to} now, not {from}"),
            Some(Stays::Agreed) => format!(
                "falls in {to} and stays {from}, because somebody is booked or was offered it: agree with them what it pays"
            ),
            Some(Stays::OutsideRange { role }) => format!(
                "falls in {to} and stays {from}, because its rate lies outside the range for {role} there: the practice \
                 withdraws it and posts it anew"
            ),
        };
        format!("the session at {} on {day}, {span}, {becomes}", session.practice_name)
    }
}

/// Why a session keeps its band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stays {
    /// Somebody is booked for it, or was offered it.
    Agreed,
    /// Its rate lies outside the range of the other band for this role, or there is none.
    OutsideRange {
        /// The role's name.
        role: String,
    },
}

/// The sessions of the bank to come whose band is not that of its calendar, by start.
pub async fn find_out_of_band(tx: &mut Tx) -> Result<Vec<OutOfBand>, DbError> {
    let (catalogue, rates) = (load_catalogue(tx).await?, load_rate_table(tx).await?);
    let found = list_banded(tx).await?.into_iter().filter_map(|session| {
        let band = catalogue.band_at(session.local_date, session.local_start)?;
        (band != session.band).then(|| {
            let role = outside(&session, band, &rates).map(|role| catalogue.role_name(role).to_owned());
            let stays = if session.is_agreed {
                Some(Stays::Agreed)
            } else {
                role.map(|role| Stays::OutsideRange { role })
            };
            OutOfBand { session, band, stays }
        })
    });
    Ok(found.collect())
}

/// The first role for which a session's rates do not lie inside the range of a band.
fn outside<'a>(session: &'a Banded, band: Band, rates: &RateTable) -> Option<&'a str> {
    let holds = |role: &&String| {
        rates.in_force(role, band, session.local_date).is_some_and(|range| {
            range.holds(session.rate_min_pence_per_hour) && range.holds(session.rate_max_pence_per_hour)
        })
    };
    session.roles.iter().find(|role| !holds(role)).map(String::as_str)
}

/// Puts the sessions of the bank into the bands of its calendar, as far as they can follow it. Gives all that differed.
pub async fn reband_sessions(tx: &mut Tx) -> Result<Vec<OutOfBand>, DbError> {
    let mut found = find_out_of_band(tx).await?;
    for out in found.iter_mut().filter(|out| out.stays.is_none()) {
        let (id, from) = (out.session.id, out.session.band);
        lock_session(tx, id).await?;
        if change_band(tx, id, (from, out.band)).await? {
            let detail = json!({ "from": from, "to": out.band });
            audit::record(tx, Action::SessionRebanded, id, detail).await?;
        } else {
            out.stays = Some(Stays::Agreed);
        }
    }
    Ok(found)
}
