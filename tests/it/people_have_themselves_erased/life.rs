//! Somebody with every kind of record.

use chrono::TimeDelta;
use locumbank::ground::id::{PracticeId, RequestId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::{Desk, WayIn, Wish};
use sqlx::Executor as _;

use crate::support::desk::offer;
use crate::support::documents::waiting_document;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::{Visitor, World, on_behalf_of};

/// Whose life it is; a name with a sign in it that pages write otherwise.
pub const NAME: &str = "Odalys O'Quorn";

pub struct Life {
    pub world: World,
    pub seed: Seed,
    pub administrator: Person,
    pub commissioner: Person,
    pub person: Clinician,
    practice: PracticeId,
}

impl Life {
    /// A bank in which the person has done everything, and a session worked.
    pub async fn lived() -> Self {
        let world = World::start().await;
        let mut seed = Seed::bank(&world, "Test bank").await;
        let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
        let commissioner = seed.person(PersonKind::Commissioner, "Cas Example").await;
        let practice = seed.practice("J81001", "Orchid House Surgery").await;
        seed.practice_manager("Mo Example", &[practice]).await;
        let person = seed.clinician("gp", NAME, &administrator).await;
        seed.competency(&person, "indemnity", Some("2027-11-01")).await;
        seed.weekly(&person, 1, "08:00", "18:00").await;
        let mut life = Self { world, seed, administrator, commissioner, person, practice };
        life.says_things().await;
        life.is_told_of().await;
        life.works().await;
        life
    }

    pub async fn count(&mut self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.seed.connection()).await.expect(statement)
    }

    /// What they do on pages, and what they hand in.
    async fn says_things(&mut self) {
        let visitor: Visitor = self.world.signed_in(&self.person.person.email).await;
        let away = [
            ("from-day", "20"),
            ("from-month", "12"),
            ("from-year", "2026"),
            ("until-day", "22"),
            ("until-month", "12"),
            ("until-year", "2026"),
        ];
        visitor.post("/availability/away", &away).await.expect(303);
        let quiet = [("quiet", "yes"), ("quiet_from", "9pm"), ("quiet_until", "7am")];
        visitor.post("/your-email", &quiet).await;
        visitor
            .post("/me/practices", &[("practice", &self.practice.to_string()), ("kind", "preferred")])
            .await
            .expect(303);
        waiting_document(&self.world, self.seed.bank, &self.person, "enhanced_dbs").await;
        let form = [("new_email", "odalys.new@people.test"), ("password", crate::support::seed::PASSWORD)];
        visitor.post("/your-sign-in/email", &form).await.expect(303);
        let asked = self.world.visitor();
        asked.post_without_token("/forgotten-password", &[("email", &self.person.person.email)]).await;
    }

    /// What others wrote about them, and what pages can't be made to say here.
    async fn is_told_of(&mut self) {
        let (clinician, account) = (self.person.id, self.person.person.account);
        let open = self.seed.session(self.practice, "gp", "2026-11-20", "08:30", "12:40").await;
        let statements = format!(
            "update clinician set home_postcode = 'BH23 4', registration_number = '7654321' where id = '{clinician}';
             update session set notes = 'Ask for odalys o''quorn at the desk' where id = '{open}';
             insert into alert (bank_id, id, clinician_id, place, latitude_microdegrees, longitude_microdegrees,
                                within_metres, created_at, told_until, lapses_at)
                 select bank_id, gen_random_uuid(), id, 'BH23 4', 0, 0, 5000, now(), now(), now() + interval '1 year'
                   from clinician where id = '{clinician}';
             insert into quiet_hours (bank_id, account_id, starts_at, ends_at)
                 select bank_id, '{account}', '21:00', '07:00' from clinician where id = '{clinician}'
                     on conflict do nothing;
             insert into practice_refusal (bank_id, practice_id, clinician_id, reason, refused_at)
                 select c.bank_id, p.id, c.id, 'Odalys O''Quorn quarrelled with us', now()
                   from clinician c, practice p where c.id = '{clinician}';
             insert into practice_guide (bank_id, practice_id, version, phone, parking, arrival, contact_name,
                                         contact_phone, changed_at)
                 select bank_id, id, 1, '', '', '', 'Odalys O''Quorn', '01202 000001', now() from practice;
             insert into clearance (bank_id, id, clinician_id, role, cleared_until, reason, decided_by, decided_at,
                                    decided_on_number)
                 select c.bank_id, gen_random_uuid(), c.id, c.role, '2027-11-01', 'Odalys O''Quorn rang', a.id, now(),
                        '7654321'
                   from clinician c, account a where c.id = '{clinician}' and a.id = '{administrator}';
             insert into clearance_refusal (bank_id, id, clinician_id, reason, refused_by, refused_at)
                 select bank_id, gen_random_uuid(), id, 'Odalys O''Quorn, send it again', '{administrator}', now()
                   from clinician where id = '{clinician}';
             insert into request (bank_id, id, session_id, clinician_id, note, requested_at, state, settled_at)
                 select bank_id, '{request}', '{open}', id, 'I know the place', now(), 'withdrawn', now()
                   from clinician where id = '{clinician}';
             insert into not_again (bank_id, session_id, clinician_id, cause, since)
                 select bank_id, '{open}', id, 'declined', now() from clinician where id = '{clinician}';
             insert into invitation (bank_id, id, email, name, kind, token_hash, invited_at, sent_at, times_sent, expires_at)
                 select c.bank_id, gen_random_uuid(), a.email, a.name, 'commissioner', sha256('one'), now(), now(), 1,
                        now() + interval '7 days'
                   from clinician c join account a on a.id = c.account_id where c.id = '{clinician}';
             insert into stopped_address (bank_id, address, account_id, reason, explanation, failures, last_failed_at,
                                          stopped_at)
                 select c.bank_id, a.email, a.id, 'soft', 'Mailbox of ' || a.email || ' is full', 1, now(), now()
                   from clinician c join account a on a.id = c.account_id where c.id = '{clinician}';
             update stopped_address set cleared_at = now(), cleared_by = '{administrator}';
             insert into second_factor (account_id, sealed_pending) values ('{account}', 'sealed');
             insert into audit_event (bank_id, at, action, subject_kind, subject_id, detail)
                 select c.bank_id, now(), 'mail_address.stopped', 'mail', gen_random_uuid(),
                        jsonb_build_object('address', a.email)
                   from clinician c join account a on a.id = c.account_id where c.id = '{clinician}'",
            administrator = self.administrator.account,
            request = RequestId::new(),
        );
        self.seed.connection().execute(sqlx::AssertSqlSafe(statements)).await.expect("what others wrote");
    }

    /// A session that they are offered, accept and work; and all mail about it.
    async fn works(&mut self) {
        self.seed.connection().execute("delete from practice_refusal").await.expect("nothing in the way");
        let session = self.seed.session(self.practice, "gp", "2026-11-03", "08:30", "12:40").await;
        let offered =
            offer(&self.world, self.seed.bank, self.administrator.account, session, self.person.id).await;
        let wish = Wish {
            session,
            clinician: self.person.id,
            way_in: WayIn::Offer(offered),
            key: "a key".to_owned(),
        };
        let desk = Desk::of(&self.world.app);
        let actor = on_behalf_of(self.seed.bank, self.person.person.account);
        self.world.app.db.change(actor, async |tx| book(tx, &desk, &wish).await).await.expect("a booking");
        self.world.work().await;
        self.world.app.clock.advance(TimeDelta::days(8));
        self.world.work().await;
        let refused = "insert into practice_refusal (bank_id, practice_id, clinician_id, reason, refused_at)
                       select c.bank_id, p.id, c.id, 'Odalys O''Quorn quarrelled with us', now()
                         from clinician c, practice p";
        self.seed.connection().execute(refused).await.expect("a refusal");
    }

    /// An offer that waits for their answer.
    pub async fn open_offer(&mut self) {
        self.seed.connection().execute("delete from practice_refusal").await.expect("nothing in the way");
        let session = self.seed.session(self.practice, "gp", "2026-11-18", "08:30", "12:40").await;
        offer(&self.world, self.seed.bank, self.administrator.account, session, self.person.id).await;
        self.world.work().await;
    }

    /// Nobody answers, and all mail about it leaves.
    pub async fn lapse_offers(&mut self) {
        for _ in 0..3 {
            self.world.app.clock.advance(TimeDelta::days(2));
            self.world.work().await;
        }
    }
}
