//! People, places and rules for a story to begin with. Everything here is written as the service would find it, by
//! plain SQL, so that a story depends on no page but those it tells of.

use std::sync::OnceLock;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use locumbank::ground::id::{
    AccountId, BankId, ClearanceId, ClinicianId, MembershipId, PracticeId, RateRangeId, RoundId, SessionId,
};
use locumbank::ground::sign_in::PersonKind;
use locumbank::terms::bank::calendar::{WallTime, wall_time};
use sqlx::PgConnection;

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery staple";

/// A person with an account and a membership.
#[derive(Debug, Clone)]
pub struct Person {
    /// Their account.
    pub account: AccountId,
    /// Their membership.
    pub membership: MembershipId,
    /// Their address.
    pub email: String,
}

/// A clinician, cleared, who is free every day from 7am to 10pm, lives where the practices are, and works for £80.
#[derive(Debug, Clone)]
pub struct Clinician {
    /// Who they are.
    pub person: Person,
    /// Their record.
    pub id: ClinicianId,
    /// Their role.
    pub role: String,
}

/// The day stories are told on.
pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// A time of day.
pub fn time(text: &str) -> NaiveTime {
    NaiveTime::parse_from_str(text, "%H:%M").expect("a time of day")
}

fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| locumbank::people::account::password::hash(&PASSWORD.into(), 64).expect("a hash"))
}

/// Makes records of one bank.
pub struct Seed {
    /// The bank.
    pub bank: BankId,
    connection: PgConnection,
    now: DateTime<Utc>,
    count: u32,
}

impl Seed {
    /// A new bank with the customary bands and a range of £70 to £100 for GPs and £20 to £40 for nurses in each.
    pub async fn bank(world: &super::World, name: &str) -> Self {
        let bank = BankId::new();
        let mut seed =
            Self { bank, connection: world.connection().await, now: world.app.clock.now(), count: 0 };
        seed.run("insert into bank (id, name, created_at) values ($1, $2, $3)", |query| {
            query.bind(bank).bind(name.to_owned())
        })
        .await;
        for (kind, from, band) in [
            ("weekday", "08:00", "core"),
            ("weekday", "18:30", "evening"),
            ("saturday", "00:00", "saturday"),
            ("sunday_or_bank_holiday", "00:00", "sunday_or_bank_holiday"),
        ] {
            sqlx::query(
                "insert into band_hours (bank_id, day_kind, from_time, band) values ($1, $2, $3, $4)",
            )
            .bind(bank)
            .bind(kind)
            .bind(time(from))
            .bind(band)
            .execute(&mut seed.connection)
            .await
            .expect("a row of the table of bands");
        }
        for band in ["core", "evening", "saturday", "sunday_or_bank_holiday"] {
            seed.rate_range("gp", band, "2026-01-01", 7000, 10_000).await;
            seed.rate_range("practice_nurse", band, "2026-01-01", 2000, 4000).await;
        }
        seed
    }

    /// The moment at which the story began.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    async fn run<'q>(
        &mut self,
        statement: &'static str,
        bind: impl FnOnce(
            sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>,
        ) -> sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>,
    ) {
        let now = self.now;
        let query = bind(sqlx::query(statement)).bind(now);
        query.execute(&mut self.connection).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    /// A person of that kind; their address is made of their name.
    pub async fn person(&mut self, kind: PersonKind, name: &str) -> Person {
        self.count += 1;
        let account = AccountId::new();
        let local: String =
            name.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '.' }).collect();
        let email = format!("{local}.{}@people.test", &account.to_string()[24..]);
        let (address, own_name) = (email.clone(), name.to_owned());
        self.run(
            "insert into account (id, email, name, password_hash, created_at) values ($1, $2, $3, $4, $5)",
            |query| query.bind(account).bind(address).bind(own_name).bind(password_hash()),
        )
        .await;
        self.also(&Person { account, membership: MembershipId::new(), email }, kind).await
    }

    /// Somebody who acts as this kind too, in this seed's bank.
    pub async fn also(&mut self, person: &Person, kind: PersonKind) -> Person {
        let (account, membership, bank) = (person.account, MembershipId::new(), self.bank);
        self.run(
            "insert into membership (bank_id, id, account_id, kind, created_at) values ($1, $2, $3, $4, $5)",
            |query| query.bind(bank).bind(membership).bind(account).bind(kind),
        )
        .await;
        Person { account, membership, email: person.email.clone() }
    }

    /// A practice in Dorchester.
    pub async fn practice(&mut self, ods_code: &str, name: &str) -> PracticeId {
        let (id, bank) = (PracticeId::new(), self.bank);
        let (ods_code, name) = (ods_code.to_owned(), name.to_owned());
        self.run(
            "insert into practice (bank_id, id, ods_code, name, postcode, latitude_microdegrees, longitude_microdegrees,
                                   created_at, changed_at)
             values ($1, $2, $3, $4, 'DT1 1AA', 50715000, -2437000, $5, $5)",
            |query| query.bind(bank).bind(id).bind(ods_code).bind(name),
        )
        .await;
        id
    }

    /// A practice manager of those practices.
    pub async fn practice_manager(&mut self, name: &str, practices: &[PracticeId]) -> Person {
        let person = self.person(PersonKind::PracticeManager, name).await;
        self.manages(&person, practices).await;
        person
    }

    /// A practice manager manages these too.
    pub async fn manages(&mut self, person: &Person, practices: &[PracticeId]) {
        for practice in practices {
            sqlx::query(
                "insert into practice_manager (bank_id, membership_id, practice_id) values ($1, $2, $3)",
            )
            .bind(self.bank)
            .bind(person.membership)
            .bind(practice)
            .execute(&mut self.connection)
            .await
            .expect("a practice manager");
        }
    }

    /// Publishes a rate range.
    pub async fn rate_range(
        &mut self,
        role: &str,
        band: &str,
        from: &str,
        floor: i32,
        ceiling: i32,
    ) -> RateRangeId {
        let (id, bank) = (RateRangeId::new(), self.bank);
        let (role, band, from) = (role.to_owned(), band.to_owned(), day(from));
        self.run(
            "insert into rate_range (bank_id, id, role, band, valid_from, floor_pence_per_hour, ceiling_pence_per_hour,
                                     published_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
            |query| query.bind(bank).bind(id).bind(role).bind(band).bind(from).bind(floor).bind(ceiling),
        )
        .await;
        id
    }

    /// A self-employed clinician, cleared for two years by `by`.
    pub async fn clinician(&mut self, role: &str, name: &str, by: &Person) -> Clinician {
        let person = self.person(PersonKind::Clinician, name).await;
        self.clinician_of(person, role, by).await
    }

    /// The same of somebody who has an account.
    pub async fn clinician_of(&mut self, person: Person, role: &str, by: &Person) -> Clinician {
        let (id, bank) = (ClinicianId::new(), self.bank);
        let (account, membership, own_role) = (person.account, person.membership, role.to_owned());
        self.run(
            "insert into clinician (bank_id, id, account_id, membership_id, role, home_postcode, latitude_microdegrees,
                                    longitude_microdegrees, max_travel_metres, engagement, created_at, changed_at)
             values ($1, $2, $3, $4, $5, 'DT1', 50715000, -2437000, 40000, 'self_employed', $6, $6)",
            |query| query.bind(bank).bind(id).bind(account).bind(membership).bind(own_role),
        )
        .await;
        let clinician = Clinician { person, id, role: role.to_owned() };
        let rate = if role == "gp" { 8000 } else { 3000 };
        for band in ["core", "evening", "saturday", "sunday_or_bank_holiday"] {
            self.rate(&clinician, band, rate).await;
        }
        for weekday in 1..=7 {
            self.weekly(&clinician, weekday, "07:00", "22:00").await;
        }
        self.cleared_until(&clinician, "2028-11-02", by).await;
        clinician
    }

    /// A GP with a number on the register, cleared on it by `by`.
    pub async fn gp_with_number(&mut self, name: &str, number: &str, by: &Person) -> Clinician {
        let clinician = self.clinician("gp", name, by).await;
        self.numbered(&clinician, number).await;
        self.cleared_until(&clinician, "2028-11-02", by).await;
        clinician
    }

    /// Gives a clinician a number on their register.
    pub async fn numbered(&mut self, clinician: &Clinician, number: &str) {
        sqlx::query("update clinician set registration_number = $2 where id = $1")
            .bind(clinician.id)
            .bind(number)
            .execute(&mut self.connection)
            .await
            .expect("a number");
    }

    /// What a clinician works for in a band.
    pub async fn rate(&mut self, clinician: &Clinician, band: &str, pence_per_hour: i32) {
        sqlx::query(
            "insert into clinician_rate (bank_id, clinician_id, band, rate_pence_per_hour) values ($1, $2, $3, $4)
                 on conflict (bank_id, clinician_id, band) do update set rate_pence_per_hour = excluded.rate_pence_per_hour",
        )
        .bind(self.bank)
        .bind(clinician.id)
        .bind(band)
        .bind(pence_per_hour)
        .execute(&mut self.connection)
        .await
        .expect("a clinician's rate");
    }

    /// A weekly pattern of availability from 1 January 2026 on.
    pub async fn weekly(&mut self, clinician: &Clinician, weekday: i16, from: &str, until: &str) {
        sqlx::query(
            "insert into availability_pattern (bank_id, id, clinician_id, weekday, start_time, end_time, from_date)
             values ($1, $2, $3, $4, $5, $6, '2026-01-01')",
        )
        .bind(self.bank)
        .bind(locumbank::ground::id::AvailabilityId::new())
        .bind(clinician.id)
        .bind(weekday)
        .bind(time(from))
        .bind(time(until))
        .execute(&mut self.connection)
        .await
        .expect("a pattern of availability");
    }

    /// A decision that a clinician may work until the end of a day.
    pub async fn cleared_until(&mut self, clinician: &Clinician, until: &str, by: &Person) -> ClearanceId {
        let (id, bank, who) = (ClearanceId::new(), self.bank, clinician.id);
        let (role, until, by) = (clinician.role.clone(), day(until), by.account);
        self.run(
            "insert into clearance (bank_id, id, clinician_id, role, cleared_until, reason, decided_by, decided_at)
             values ($1, $2, $3, $4, $5, 'Documents seen', $6, $7)",
            |query| query.bind(bank).bind(id).bind(who).bind(role).bind(until).bind(by),
        )
        .await;
        id
    }

    /// A competency a clinician holds, through `until` or without end.
    pub async fn competency(&mut self, clinician: &Clinician, competency: &str, until: Option<&str>) {
        sqlx::query(
            "insert into clinician_competency (bank_id, clinician_id, competency, valid_through) values ($1, $2, $3, $4)
                 on conflict (bank_id, clinician_id, competency) do update set valid_through = excluded.valid_through",
        )
        .bind(self.bank)
        .bind(clinician.id)
        .bind(competency)
        .bind(until.map(day))
        .execute(&mut self.connection)
        .await
        .expect("a competency");
    }

    /// A document that a role needs from a date on.
    pub async fn need(&mut self, role: &str, document: &str, from: &str) {
        let (bank, from) = (self.bank, day(from));
        let (role, document) = (role.to_owned(), document.to_owned());
        self.run(
            "insert into role_requirement (bank_id, role, competency, valid_from, decided_at) values ($1, $2, $3, $4, $5)",
            |query| query.bind(bank).bind(role).bind(document).bind(from),
        )
        .await;
    }

    /// An open session in core hours for one person of `role` at £75 to £95 (GPs) or £25 to £35 an hour.
    pub async fn session(
        &mut self,
        practice: PracticeId,
        role: &str,
        date: &str,
        start: &str,
        end: &str,
    ) -> SessionId {
        let (id, bank, date) = (SessionId::new(), self.bank, day(date));
        let (start, end) = (time(start), time(end));
        let end_date = if end > start { date } else { date + Days::new(1) };
        let instant = |date, time| match wall_time(chrono_tz::Europe::London, date, time) {
            WallTime::Once(at) => at,
            other => panic!("clocks change: {other:?}"),
        };
        let (starts_at, ends_at) = (instant(date, start), instant(end_date, end));
        let (least, most) = if role == "gp" { (7500, 9500) } else { (2500, 3500) };
        self.run(
            "insert into session (bank_id, id, practice_id, local_date, local_start, local_end, local_end_date, time_zone,
                                  starts_at, ends_at, band, places, rate_min_pence_per_hour, rate_max_pence_per_hour, posted_at)
             values ($1, $2, $3, $4, $5, $6, $7, 'Europe/London', $8, $9, 'core', 1, $10, $11, $12)",
            |query| {
                query
                    .bind(bank)
                    .bind(id)
                    .bind(practice)
                    .bind(date)
                    .bind(start)
                    .bind(end)
                    .bind(end_date)
                    .bind(starts_at)
                    .bind(ends_at)
                    .bind(least)
                    .bind(most)
            },
        )
        .await;
        sqlx::query("insert into session_role (bank_id, session_id, role) values ($1, $2, $3)")
            .bind(bank)
            .bind(id)
            .bind(role)
            .execute(&mut self.connection)
            .await
            .expect("a session's role");
        id
    }

    /// A round that has just opened and closes in an hour, for sessions that start so long after.
    pub async fn round(&mut self, ahead: TimeDelta) -> RoundId {
        let (id, bank, closes_at) = (RoundId::new(), self.bank, self.now + TimeDelta::hours(1));
        self.run(
            "insert into round (bank_id, id, number, announced_at, opens_at, closes_at, confirm_by, sessions_from,
                                counted_from, seed, seed_hash)
             values ($1, $2, 1, $5 - interval '2 hours', $5 - interval '1 hour', $3, $3 + interval '1 minute', $4,
                     $3 - interval '12 weeks', 'seed', encode(sha256('seed'), 'hex'))",
            |query| query.bind(bank).bind(id).bind(closes_at).bind(closes_at + ahead),
        )
        .await;
        id
    }

    /// Somebody chooses to have a kind of message at once that would wait for the daily email.
    pub async fn wants_at_once(&mut self, person: &Person, kind: &str) {
        let (bank, account, kind) = (self.bank, person.account, kind.to_owned());
        self.run(
            "insert into mail_choice (bank_id, account_id, kind, delivery, chosen_at) values ($1, $2, $3, 'at_once', $4)",
            |query| query.bind(bank).bind(account).bind(kind),
        )
        .await;
    }

    /// The connection, for what a story needs beyond this.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}
