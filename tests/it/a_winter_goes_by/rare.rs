//! What happens once in a winter.

use chrono::{Datelike, NaiveDate};

use super::people::Bank;
use crate::support::World;

impl Bank {
    /// What happens once in a winter, when so many hundredths of the winter are over.
    pub async fn rare_business(&mut self, world: &World, today: NaiveDate, gone: i64) {
        let Some(due) = [10, 25, 30, 45, 75, 80].get(self.rare_business_done) else { return };
        if gone < *due {
            return;
        }
        self.rare_business_done += 1;
        match self.rare_business_done {
            // From the first of the next month on.
            1 | 6 => self.a_range_is_published(world, today.month() % 12 + 1).await,
            2 => self.rounds_are_decided_on(world).await,
            3 => {
                let visitor = world.signed_in(&self.clinicians[1].person.email.clone()).await;
                let practice = self.places[1].practice.to_string();
                let fields = [("practice", practice.as_str()), ("kind", "refused")];
                self.send(world, &visitor, "/me/practices", &fields).await;
            }
            4 => {
                let visitor = world.signed_in(&self.places[2].manager.email.clone()).await;
                let path = format!("/practice/{}/refusals", self.places[2].practice);
                let id = self.clinicians[2].id.to_string();
                let fields = [("clinician", id.as_str()), ("reason", "A complaint that is not settled")];
                self.send(world, &visitor, &path, &fields).await;
            }
            5 => {
                let visitor = world.signed_in(&self.administrator.email.clone()).await;
                let path = format!("/clinicians/{}/end-clearance", self.clinicians[3].id);
                let reason = ("reason", "Registration under review");
                let check = self.send(world, &visitor, &path, &[reason]).await;
                if check.status == 200 {
                    let cancel = check.hidden("cancel");
                    self.send(world, &visitor, &path, &[reason, ("cancel", cancel.as_str())]).await;
                }
            }
            _ => {}
        }
    }

    async fn a_range_is_published(&mut self, world: &World, month: u32) {
        let visitor = world.signed_in(&self.commissioner.email.clone()).await;
        let month = month.to_string();
        let form = [
            ("role", "gp"),
            ("band", "core"),
            ("floor", "72"),
            ("ceiling", "98"),
            ("from-day", "1"),
            ("from-month", month.as_str()),
            ("from-year", "2027"),
        ];
        let check = self.send(world, &visitor, "/rate-ranges/check", &form).await;
        let key = check.hidden("key");
        self.send(world, &visitor, "/rate-ranges", &[form.as_slice(), &[("key", key.as_str())]].concat())
            .await;
    }
}
