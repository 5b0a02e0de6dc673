//! What the bank's people do about rounds.

use super::Chance;
use super::people::Bank;
use crate::support::World;

impl Bank {
    /// The administrator decides that the bank holds rounds, of three days.
    pub async fn rounds_are_decided_on(&mut self, world: &World) {
        let visitor = world.signed_in(&self.administrator.email.clone()).await;
        let rule = [
            ("days", "3"),
            ("close_hour", "10"),
            ("ahead_days", "2"),
            ("confirm_hours", "24"),
            ("ledger_weeks", "12"),
            ("why", "Nobody should have to be the fastest"),
            ("version", "0"),
        ];
        self.send(world, &visitor, "/bank/rounds", &rule).await;
    }

    /// Practices confirm half of what rounds propose, and let the rest go back.
    pub async fn proposals_are_confirmed(&mut self, world: &World, chance: &mut Chance) {
        let proposed: Vec<(uuid::Uuid, String)> = sqlx::query_as(
            "select q.id, a.email from request q
               join session s on s.id = q.session_id
               join practice_manager m on m.practice_id = s.practice_id
               join membership b on b.id = m.membership_id join account a on a.id = b.account_id
              where q.state = 'proposed' order by q.requested_at, q.id",
        )
        .fetch_all(self.seed.connection())
        .await
        .expect("the proposals");
        for (request, manager) in proposed {
            let visitor = world.signed_in(&manager).await;
            self.open(world, &visitor, "/requests").await;
            if chance.happens(50) {
                let id = request.to_string();
                self.send(world, &visitor, "/requests/confirm", &[("request", id.as_str())]).await;
            }
        }
    }
}
