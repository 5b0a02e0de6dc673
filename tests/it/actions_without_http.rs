//! What people do on pages are actions: each is called here without HTTP, by whoever may and by somebody who may not,
//! and the log says what was done.

use locumbank::ground::actor::Actor;
use locumbank::ground::id::{PracticeId, SessionId};
use locumbank::ground::not_done::NotDone;
use locumbank::ground::sign_in::PersonKind;
use locumbank::work::booking::Desk;

use crate::support::World;
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

/// A bank, and its people, each as they act in a transaction.
struct Story {
    world: World,
    seed: Seed,
    administrator: Actor,
    manager: Actor,
    /// Manages no practice of this story.
    stranger: Actor,
    ann: Actor,
    who_is_ann: Clinician,
    practice: PracticeId,
    desk: Desk,
}

/// Does `$action` in one transaction of `$actor`, with nothing of HTTP.
macro_rules! act {
    ($story:ident, $actor:expr, $tx:ident => $action:expr) => {
        $story.world.app.db.change($actor, async |$tx| $action.await).await
    };
}

mod account;
mod events;
mod hiring;
mod letters;
mod mail;
mod pay;
mod people;
mod rights;
mod stages;
mod work;

impl Story {
    async fn begin() -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let manager = seed.practice_manager("Mo Example", &[practice]).await;
        let stranger = seed.practice_manager("Sam Stranger", &[]).await;
        let bank = seed.bank;
        let member = |person: &Person, kind| {
            let (account, membership) = (person.account, person.membership);
            Actor::Member { account, bank, membership, kind }
        };
        Self {
            administrator: member(&administrator, PersonKind::BankAdministrator),
            manager: member(&manager, PersonKind::PracticeManager),
            stranger: member(&stranger, PersonKind::PracticeManager),
            ann: member(&ann.person, PersonKind::Clinician),
            who_is_ann: ann,
            desk: Desk::of(&world.app),
            practice,
            world,
            seed,
        }
    }

    /// What the log says was done, in order, and by whom: nobody's name, but whether it was somebody.
    async fn log(&mut self) -> Vec<String> {
        sqlx::query_scalar("select action from audit_event where account_id is not null order by position")
            .fetch_all(self.seed.connection())
            .await
            .expect("the log")
    }

    async fn session(&mut self, date: &str) -> SessionId {
        self.seed.session(self.practice, "gp", date, "08:30", "12:40").await
    }

    async fn run(&mut self, statement: &'static str) {
        sqlx::query(statement).execute(self.seed.connection()).await.expect(statement);
    }
}

fn is_not_found<T>(outcome: &Result<T, NotDone>) -> bool {
    matches!(outcome, Err(NotDone::NotFound))
}
