//! Clinicians ask about sessions, and practices answer.

use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};

use super::people::Bank;
use crate::support::World;

impl Bank {
    /// Practices answer what waits, and on Fridays a clinician asks about the first session to come.
    pub async fn questions_are_asked(&mut self, world: &World, today: NaiveDate) {
        let now = world.app.clock.now();
        let waiting: Vec<(uuid::Uuid, String)> = sqlx::query_as(
            "select q.id, a.email from question q join session s on s.id = q.session_id
               join practice_manager p on p.practice_id = s.practice_id
               join membership m on m.id = p.membership_id join account a on a.id = m.account_id
              where q.answers = 0 and s.starts_at > $1 order by q.asked_at, q.id",
        )
        .bind(now)
        .fetch_all(self.seed.connection())
        .await
        .expect("what waits for an answer");
        for (question, manager) in waiting {
            let visitor = world.signed_in(&manager).await;
            self.open(world, &visitor, "/answers").await;
            let answer = [("words", "Yes, behind the house"), ("after", "0")];
            self.send(world, &visitor, &format!("/answers/{question}"), &answer).await;
        }
        if today.weekday() != Weekday::Fri {
            return;
        }
        let wanted: Option<uuid::Uuid> = sqlx::query_scalar(
            "select s.id from session s join session_role r on r.session_id = s.id and r.role = 'gp'
              where s.state = 'open' and s.starts_at > $1 order by s.starts_at, s.id limit 1",
        )
        .bind(now + TimeDelta::days(3))
        .fetch_optional(self.seed.connection())
        .await
        .expect("a session");
        if let Some(session) = wanted {
            let visitor = world.signed_in(&self.clinicians[0].person.email.clone()).await;
            let path = format!("/questions/{session}");
            self.open(world, &visitor, &path).await;
            self.send(world, &visitor, &path, &[("words", "Is there somewhere to park?")]).await;
        }
    }
}
