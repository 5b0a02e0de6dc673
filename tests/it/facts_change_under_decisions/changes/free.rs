//! When people are free.

use chrono::Days;
use locumbank::ground::id::AvailabilityId;
use locumbank::people::availability::actions as availability;
use locumbank::people::availability::{Entry, Hours, TimeAway};

use super::{Change, Story, is_done};
use crate::support::seed::{day, time};

impl Story {
    pub(super) async fn is_free_otherwise(&mut self, change: Change) -> bool {
        let (person, actor) = self.person();
        let today = self.world.app.clock.now().date_naive();
        let reliants = self.desk.reliants.clone();
        let from_date = day("2026-11-04") + Days::new(self.below(9) as u64);
        match change {
            Change::HasAnotherWeek => {
                let hours = Hours { start: time("09:00"), end: time("12:00") };
                let week = [(chrono::Weekday::Mon, hours)];
                done!(self, actor, tx => availability::change_week(tx, &week, today))
            }
            Change::OffersADate => {
                let hours = Hours { start: time("22:30"), end: time("23:30") };
                let entry = Entry { id: AvailabilityId::new(), date: from_date, hours };
                done!(self, actor, tx => availability::add_date(tx, &entry, today))
            }
            Change::DateIsTakenBack => {
                let question =
                    "select id from availability_entry where clinician_id = $1 order by id limit 1";
                let found: Option<AvailabilityId> = sqlx::query_scalar(question)
                    .bind(person.id)
                    .fetch_optional(self.seed.connection())
                    .await
                    .expect("a date");
                let Some(date) = found else { return false };
                done!(self, actor, tx => availability::remove_date(tx, date))
            }
            Change::GoesAway => {
                let away = TimeAway { id: AvailabilityId::new(), from_date, until_date: from_date };
                done!(self, actor, tx => availability::add_away(tx, &reliants, &away, today))
            }
            _ => {
                let question = "select id from time_away where clinician_id = $1 order by id limit 1";
                let found: Option<AvailabilityId> = sqlx::query_scalar(question)
                    .bind(person.id)
                    .fetch_optional(self.seed.connection())
                    .await
                    .expect("time away");
                let Some(away) = found else { return false };
                done!(self, actor, tx => availability::remove_away(tx, away))
            }
        }
    }
}
