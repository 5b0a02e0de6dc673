//! What professional registers say of people.

use locumbank::people::clinician::store::find_clinician;
use locumbank::people::lookup::Outcome;
use locumbank::people::lookup::actions::{NewLookup, record_look_up};

use super::{Change, is_done};
use crate::facts_change_under_decisions::Story;
use crate::support::seed::day;

impl Story {
    pub(super) async fn is_looked_up(&mut self, change: Change) -> bool {
        let (person, _) = self.person();
        let (reliants, actor) = (self.desk.reliants.clone(), self.abi());
        let look = self.world.app.db.look(actor).await;
        let known = find_clinician(&mut look.expect("a look"), person.id).await.expect("a record");
        let Some(number) = known.and_then(|known| known.registration_number) else { return false };
        let is_off = change == Change::RegistrationLapses;
        let new = NewLookup {
            clinician: person.id,
            register: "GMC".to_owned(),
            number,
            outcome: if is_off { Outcome::Lapsed } else { Outcome::Found },
            name_on_register: None,
            looked_up_on: day("2026-11-01"),
            source: String::new(),
        };
        done!(self, actor, tx => record_look_up(tx, &reliants, &new))
    }
}
