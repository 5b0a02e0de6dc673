//! Offers as matching makes them, and what must hold of offers and bookings whatever happened.

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use locumbank::ground::id::{AccountId, BankId, ClinicianId, OfferId, SessionId};
use locumbank::ground::mail::links::offer_token;
use locumbank::work::booking::Desk;
use locumbank::work::booking::actions::publish::{OfferError, insert_offers};
use locumbank::work::booking::offer::OfferToMake;
use sqlx::PgConnection;

use super::{World, on_behalf_of};

/// How often a race is run: a few times in `./dev test`, `soak` times in `./dev soak`.
pub fn rounds(quick: usize, soak: usize) -> usize {
    if is_soak() { soak } else { quick }
}

/// Whether tests run at their full size. Only then speed is judged: in `./dev test` the machine is shared with every
/// other story.
pub fn is_soak() -> bool {
    std::env::var_os("LOCUMBANK_SOAK").is_some()
}

/// Offers a session to a clinician at £88 an hour, 8 miles from home.
pub async fn offer(
    world: &World,
    bank: BankId,
    by: AccountId,
    session: SessionId,
    clinician: ClinicianId,
) -> OfferId {
    let made = offer_each(world, bank, by, &[(session, clinician)]).await.expect("an offer is made");
    made[0]
}

/// Offers each session to its clinician, all or none.
pub async fn offer_each(
    world: &World,
    bank: BankId,
    by: AccountId,
    pairs: &[(SessionId, ClinicianId)],
) -> Result<Vec<OfferId>, OfferError> {
    let desk = Desk::of(&world.app);
    let wanted: Vec<OfferToMake> = pairs
        .iter()
        .map(|(session, clinician)| OfferToMake {
            session: *session,
            clinician: *clinician,
            rate_pence_per_hour: 8_800,
            pay_pence: 36_667,
            road_metres: 12_900,
            plan: None,
        })
        .collect();
    let actor = on_behalf_of(bank, by);
    world.app.db.change(actor, async |tx| insert_offers(tx, &desk, &wanted).await).await
}

/// The path of the link in an offer's mail.
pub fn link_of(world: &World, offer: OfferId) -> String {
    format!("/offer-link/{}", offer_token(&world.app.link_key, offer))
}

/// Asserts that nothing which must always hold is broken.
pub async fn assert_sound(connection: &mut PgConnection) {
    assert_eq!(broken(connection).await, Vec::<String>::new());
}

/// What is broken of that which must always hold, in words.
pub async fn broken(connection: &mut PgConnection) -> Vec<String> {
    let mut found = Vec::new();
    for (words, question) in INVARIANTS {
        let rows: Vec<(String,)> = sqlx::query_as(question)
            .fetch_all(&mut *connection)
            .await
            .unwrap_or_else(|error| panic!("{words}: {error}"));
        found.extend(rows.into_iter().map(|(id,)| format!("{words}: {id}")));
    }
    found
}

/// Each asks for the ids of what breaks it.
const INVARIANTS: [(&str, &str); 11] = [
    (
        "a session with more bookings than places",
        "select s.id::text from session s join booking b on b.bank_id = s.bank_id and b.session_id = s.id
          where b.state = 'live' group by s.bank_id, s.id, s.places having count(*) > s.places",
    ),
    (
        "a person booked in two places at once",
        "select a.id::text from booking a join booking b on b.account_id = a.account_id and b.id > a.id
          where a.state = 'live' and b.state = 'live' and a.during && b.during",
    ),
    (
        "a booking outside its rate range",
        "select b.id::text from booking b join rate_range r on r.bank_id = b.bank_id and r.id = b.rate_range_id
          where b.rate_pence_per_hour < r.floor_pence_per_hour
             or (b.rate_pence_per_hour > r.ceiling_pence_per_hour and b.rate_exception_id is null)",
    ),
    (
        "a live booking that the newest clearance does not cover",
        "select b.id::text from booking b
           join session s on s.bank_id = b.bank_id and s.id = b.session_id
           join lateral (select c.cleared_until from clearance c where c.bank_id = b.bank_id
                            and c.clinician_id = b.clinician_id and c.role = b.role
                          order by c.position desc limit 1) newest on true
          where b.state = 'live' and newest.cleared_until < s.last_date",
    ),
    (
        "a booking that not both sides were told of once",
        "select b.id::text from booking b
          where (select count(*) from mail m where m.bank_id = b.bank_id and m.booking_id = b.id
                    and m.kind in ('booking_confirmed_clinician', 'booking_confirmed_practice')) <> 2",
    ),
    (
        "a cancelled booking that not both sides were told of once",
        "select b.id::text from booking b
          where (select count(*) from mail m where m.bank_id = b.bank_id and m.booking_id = b.id
                    and m.kind in ('booking_cancelled_clinician', 'booking_cancelled_practice'))
                <> case when b.state = 'cancelled' then 2 else 0 end",
    ),
    (
        "an offer without its mail, or withdrawn without a word",
        "select o.id::text from offer o
          where (select count(*) from mail m where m.bank_id = o.bank_id and m.offer_id = o.id
                    and m.kind = 'session_offered') <> 1
             or (select count(*) from mail m where m.bank_id = o.bank_id and m.offer_id = o.id
                    and m.kind = 'offer_withdrawn') <> case when o.state = 'withdrawn' then 1 else 0 end",
    ),
    (
        "an offer accepted without a booking, or booked without being accepted",
        "select o.id::text from offer o left join booking b on b.bank_id = o.bank_id and b.offer_id = o.id
          where (o.state = 'accepted') <> (b.id is not null)",
    ),
    (
        "an open offer of a session that is filled or withdrawn",
        "select o.id::text from offer o join session s on s.bank_id = o.bank_id and s.id = o.session_id
          where o.state = 'open'
            and (s.state = 'withdrawn'
                 or (select count(*) from booking b where b.bank_id = s.bank_id and b.session_id = s.id
                        and b.state = 'live') >= s.places)",
    ),
    (
        "a live booking of a withdrawn session",
        "select b.id::text from booking b join session s on s.bank_id = b.bank_id and s.id = b.session_id
          where b.state = 'live' and s.state = 'withdrawn'",
    ),
    (
        "a booking that the log does not know",
        "select b.id::text from booking b
          where (select count(*) from audit_event e where e.bank_id = b.bank_id and e.subject_id = b.id
                    and e.action = 'booking.made') <> 1",
    ),
];

/// `locumbank serve` as a process of its own, with the machine's clock; ended when it is dropped.
pub struct ServerProcess {
    child: Child,
    /// Where its pages are.
    pub base_url: String,
}

impl ServerProcess {
    /// Starts one on a database that is there already, and waits until it answers.
    pub async fn start(database_url: &str) -> Self {
        Self::start_with(database_url, &[]).await
    }

    /// The same, with more in its environment.
    pub async fn start_with(database_url: &str, environment: &[(&str, &str)]) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let config = concat!(env!("CARGO_MANIFEST_DIR"), "/config/test.toml");
        let child = Command::new(env!("CARGO_BIN_EXE_locumbank"))
            .args(["--config", config, "serve"])
            .env("DATABASE_URL", database_url)
            .env("PORT", port.to_string())
            .env_remove("REDIS_URL")
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("a server process");
        let server = Self { child, base_url: format!("http://127.0.0.1:{port}") };
        for _ in 0..200 {
            if reqwest::get(format!("{}/sign-in", server.base_url)).await.is_ok() {
                return server;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("the server process does not answer");
    }
}

impl ServerProcess {
    /// The process's own number.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        self.child.kill().expect("the server process ends");
        self.child.wait().expect("the server process has ended");
    }
}
