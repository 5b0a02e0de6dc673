//! What happens once in a winter.

use chrono::{Datelike, NaiveDate};

use super::people::Bank;
use crate::support::World;

impl Bank {
    /// What happens once in a winter, when so many hundredths of the winter are over.
    pub async fn rare_business(&mut self, world: &World, today: NaiveDate, gone: i64) {
        let Some(due) = [10, 40, 45, 50, 75, 80, 85].get(self.rare_business_done) else { return };
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
            7 => self.a_practice_closes_for_repairs(world).await,
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

    /// The practice that has booked the most, and several people, withdraws all it has posted.
    async fn a_practice_closes_for_repairs(&mut self, world: &World) {
        let now = world.app.clock.now();
        let posted: Vec<(uuid::Uuid, String, i64)> = sqlx::query_as(
            "with most as (select s.practice_id from live_booking b join session s on s.id = b.session_id
                            where s.starts_at > $1 group by s.practice_id having count(*) > 1 order by count(*) desc, 1 limit 1)
             select s.id, a.email, (select count(*) from live_booking b where b.session_id = s.id)
               from most join session s using (practice_id)
               join practice_manager p on p.practice_id = s.practice_id
               join membership m on m.id = p.membership_id join account a on a.id = m.account_id
              where s.state = 'open' and s.starts_at > $1",
        )
        .bind(now)
        .fetch_all(self.seed.connection())
        .await
        .expect("what is posted");
        let Some((_, manager, _)) = posted.first() else {
            // Tomorrow, then.
            self.rare_business_done -= 1;
            return;
        };
        let visitor = world.signed_in(&manager.clone()).await;
        let booked = posted.iter().map(|(_, _, booked)| booked).sum::<i64>().to_string();
        let ids: Vec<String> = posted.iter().map(|(id, ..)| id.to_string()).collect();
        let mut form: Vec<(&str, &str)> = ids.iter().map(|id| ("session", id.as_str())).collect();
        form.extend([("fee", "0"), ("booked", booked.as_str()), ("reason", "no_room")]);
        self.send(world, &visitor, "/sessions/withdraw", &form).await;
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
