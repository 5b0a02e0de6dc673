//! The bank and its people, and what they do on an ordinary day, each by their own pages.

use chrono::{Datelike, Days, NaiveDate};
use locumbank::ground::app::route::Who;
use locumbank::ground::id::PracticeId;
use locumbank::ground::sign_in::PersonKind;
use locumbank::site::routes::ROUTES;

use super::Chance;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::{Visitor, World, visitor::Page};

/// A practice, with who manages it.
pub(super) struct Place {
    pub(super) practice: PracticeId,
    pub(super) manager: Person,
}

/// The bank.
pub struct Bank {
    pub(super) seed: Seed,
    pub(super) administrator: Person,
    pub(super) commissioner: Person,
    pub(super) places: Vec<Place>,
    pub(super) clinicians: Vec<Clinician>,
    /// Pages that failed.
    pub failures: Vec<String>,
    pub(super) rare_business_done: usize,
}

impl Bank {
    /// Three practices of two managers, four GPs and a nurse.
    pub async fn begin(world: &World) -> Self {
        let mut seed = Seed::bank(world, "Winter bank").await;
        let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
        let commissioner = seed.person(PersonKind::Commissioner, "Sam Example").await;
        let mut places = Vec::new();
        for (code, name, manager) in [
            ("J81001", "Orchid House Surgery", "Mo Example"),
            ("J81002", "Lime Surgery", "Nia Example"),
            ("J81003", "Harbour Practice", "Ola Example"),
        ] {
            let practice = seed.practice(code, name).await;
            places.push(Place { practice, manager: seed.practice_manager(manager, &[practice]).await });
        }
        let mut clinicians = Vec::new();
        for (role, name) in [
            ("gp", "Ann Example"),
            ("gp", "Bea Example"),
            ("gp", "Cai Example"),
            ("gp", "Siân Example"),
            ("practice_nurse", "Eve Example"),
        ] {
            let clinician = seed.clinician(role, name, &administrator).await;
            seed.cleared_until(&clinician, "2027-12-31", &administrator).await;
            clinicians.push(clinician);
        }
        Self {
            seed,
            administrator,
            commissioner,
            places,
            clinicians,
            failures: Vec::new(),
            rare_business_done: 0,
        }
    }

    /// Notes a page that failed, and gives it on.
    fn looked_at(&mut self, world: &World, what: &str, page: Page) -> Page {
        if page.status.is_server_error() {
            let now = world.app.clock.now();
            self.failures.push(format!("{now} {what}: {} {}", page.status, page.text()));
        }
        page
    }

    pub(super) async fn open(&mut self, world: &World, visitor: &Visitor, path: &str) -> Page {
        let page = visitor.get(path).await;
        self.looked_at(world, path, page)
    }

    pub(super) async fn send(
        &mut self,
        world: &World,
        visitor: &Visitor,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let page = visitor.post(path, fields).await;
        self.looked_at(world, path, page)
    }

    /// Each practice posts two sessions for the weeks to come.
    pub async fn practices_post(&mut self, world: &World, chance: &mut Chance, today: NaiveDate) {
        for at in 0..self.places.len() {
            let (practice, email) =
                (self.places[at].practice.to_string(), self.places[at].manager.email.clone());
            let visitor = world.signed_in(&email).await;
            for _ in 0..2 {
                let on = today + Days::new(8 + u64::try_from(chance.below(12)).unwrap_or(0));
                let (day, month, year) =
                    (on.day().to_string(), on.month().to_string(), on.year().to_string());
                let (start, end) =
                    [("8:30am", "12:40pm"), ("1:30pm", "5:40pm"), ("6:30pm", "midnight")][chance.below(3)];
                let is_nurse = chance.happens(20);
                let (role, rate) = if is_nurse { ("practice_nurse", "30") } else { ("gp", "85") };
                let form = [
                    ("practice", practice.as_str()),
                    ("on-day", &day),
                    ("on-month", &month),
                    ("on-year", &year),
                    ("start", start),
                    ("end", end),
                    ("role", role),
                    ("places", "1"),
                    ("rate-min", rate),
                    ("bank-holidays", "yes"),
                ];
                let check = self.send(world, &visitor, "/sessions/check", &form).await;
                if check.status == 200 {
                    let key = check.hidden("key");
                    let sent = [form.as_slice(), &[("key", key.as_str())]].concat();
                    self.send(world, &visitor, "/sessions", &sent).await;
                }
            }
        }
    }

    /// Abi has the next three weeks planned, looks at the plan and publishes it; now and then she takes an offer back.
    pub async fn administrator_plans(&mut self, world: &World, chance: &mut Chance, today: NaiveDate) {
        let visitor = world.signed_in(&self.administrator.email).await;
        let until = today + Days::new(21);
        let plan = visitor.ask_for_plan(&today.to_string(), &until.to_string()).await;
        world.work().await;
        self.open(world, &visitor, &plan).await;
        self.open(world, &visitor, &format!("{plan}/publish")).await;
        let published = self.send(world, &visitor, &format!("{plan}/publish"), &[]).await;
        self.open(world, &visitor, &published.location).await;
        if chance.happens(40) {
            let open: Option<(uuid::Uuid, uuid::Uuid)> = sqlx::query_as(
                "select session_id, id from offer where state = 'open' order by offered_at, id limit 1",
            )
            .fetch_optional(self.seed.connection())
            .await
            .expect("an offer");
            if let Some((session, offer)) = open {
                let path = format!("/unfilled-sessions/{session}/take-back");
                self.send(world, &visitor, &path, &[("offer", &offer.to_string())]).await;
            }
        }
    }

    /// Everybody opens every page that their menu and its links lead to.
    pub async fn everybody_looks_round(&mut self, world: &World) {
        let people: Vec<(PersonKind, Person)> = [
            (PersonKind::BankAdministrator, &self.administrator),
            (PersonKind::Commissioner, &self.commissioner),
            (PersonKind::PracticeManager, &self.places[0].manager),
            (PersonKind::Clinician, &self.clinicians[0].person),
        ]
        .map(|(kind, person)| (kind, person.clone()))
        .into();
        for (kind, person) in people {
            let visitor = world.signed_in(&person.email).await;
            let may = |who| matches!(who, Who::May(permission) if permission.kinds().contains(&kind));
            let pages = ROUTES.iter().filter(|route| route.method == "GET" && !route.path.contains('{'));
            for route in pages.filter(|route| may(route.who)) {
                self.open(world, &visitor, route.path).await;
            }
        }
    }

    /// Who holds offers accepts most of them, declines some and leaves the rest.
    pub async fn clinicians_answer(&mut self, world: &World, chance: &mut Chance) {
        let open: Vec<(uuid::Uuid, String)> = sqlx::query_as(
            "select o.id, a.email from offer o join clinician c on c.id = o.clinician_id
               join account a on a.id = c.account_id where o.state = 'open' order by o.offered_at, o.id",
        )
        .fetch_all(self.seed.connection())
        .await
        .expect("the offers");
        for (offer, email) in open {
            let answer = match chance.below(100) {
                0..55 => "accept",
                55..75 => "decline",
                _ => continue,
            };
            let visitor = world.signed_in(&email).await;
            let path = format!("/offers/{offer}");
            self.open(world, &visitor, &path).await;
            let answered = self.send(world, &visitor, &path, &[("answer", answer)]).await;
            if answered.status == 303 {
                self.open(world, &visitor, &answered.location).await;
            }
        }
    }

    /// Now and then somebody looks for a session and asks for one, and takes it back; practices answer some of what waits.
    pub async fn sessions_are_requested(&mut self, world: &World, chance: &mut Chance) {
        let waiting: Vec<(uuid::Uuid, String, String)> = sqlx::query_as(
            "select q.id, a.email, c.email from request q
               join session s on s.id = q.session_id
               join practice_manager m on m.practice_id = s.practice_id
               join membership b on b.id = m.membership_id join account a on a.id = b.account_id
               join clinician k on k.id = q.clinician_id join account c on c.id = k.account_id
              where q.state = 'waiting' order by q.requested_at, q.id",
        )
        .fetch_all(self.seed.connection())
        .await
        .expect("the requests");
        self.proposals_are_confirmed(world, chance).await;
        for (request, manager, asker) in waiting {
            let (email, path, fields): (_, _, &[(&str, &str)]) = match chance.below(100) {
                0..35 => (manager, format!("/requests/{request}"), &[("answer", "accept")]),
                35..50 => (
                    manager,
                    format!("/requests/{request}"),
                    &[("answer", "decline"), ("reason", "own_cover")],
                ),
                50..60 => (asker, format!("/my-requests/{request}/withdraw"), &[]),
                _ => continue,
            };
            let visitor = world.signed_in(&email).await;
            let done = self.send(world, &visitor, &path, fields).await;
            if done.status == 303 {
                self.open(world, &visitor, &done.location).await;
            }
        }
        if chance.happens(40) {
            let email = self.clinicians[chance.below(self.clinicians.len())].person.email.clone();
            let visitor = world.signed_in(&email).await;
            let found = self.open(world, &visitor, "/find-sessions?order=nearest").await;
            let path = found.body.split("href=\"").find_map(|rest| {
                let href = rest.split('"').next()?;
                href.starts_with("/find-sessions/").then(|| href.to_owned())
            });
            if let Some(path) = path {
                self.open(world, &visitor, &path).await;
                let asked = self.send(world, &visitor, &path, &[("note", "I know your system")]).await;
                if asked.status == 303 {
                    self.open(world, &visitor, &asked.location).await;
                }
            }
        }
    }

    /// Now and then a booking is cancelled, a session is moved or withdrawn, or somebody goes away.
    pub async fn plans_change(&mut self, world: &World, chance: &mut Chance, today: NaiveDate) {
        if chance.happens(25) {
            self.a_booking_is_cancelled(world, chance).await;
        }
        if chance.happens(30) {
            self.a_session_changes(world, chance).await;
        }
        if chance.happens(8) {
            let person = self.clinicians[chance.below(self.clinicians.len())].person.email.clone();
            let (from, until) = (today + Days::new(10), today + Days::new(14));
            let parts = |date: NaiveDate| {
                [date.day(), date.month(), date.year().unsigned_abs()].map(|part| part.to_string())
            };
            let (from, until) = (parts(from), parts(until));
            let fields = [
                ("from-day", from[0].as_str()),
                ("from-month", &from[1]),
                ("from-year", &from[2]),
                ("until-day", &until[0]),
                ("until-month", &until[1]),
                ("until-year", &until[2]),
            ];
            let visitor = world.signed_in(&person).await;
            self.send(world, &visitor, "/availability/away", &fields).await;
        }
    }

    async fn a_booking_is_cancelled(&mut self, world: &World, chance: &mut Chance) {
        let now = world.app.clock.now();
        let live: Vec<(uuid::Uuid, String, String)> = sqlx::query_as(
            "select b.id, a.email, m.email from booking b join account a on a.id = b.account_id
               join practice_manager p on p.practice_id = b.practice_id
               join membership s on s.id = p.membership_id join account m on m.id = s.account_id
              where b.state = 'live' and b.starts_at > $1 order by b.starts_at, b.id",
        )
        .bind(now)
        .fetch_all(self.seed.connection())
        .await
        .expect("the bookings");
        // The soonest half the time: that is when it hurts.
        let which = if chance.happens(50) { 0 } else { chance.below(live.len()) };
        let Some((booking, clinician, manager)) = live.get(which) else { return };
        let (email, reason) =
            if chance.happens(60) { (clinician, "short_notice") } else { (manager, "own_cover") };
        let visitor = world.signed_in(email).await;
        let path = format!("/bookings/{booking}/cancel");
        self.open(world, &visitor, &path).await;
        self.send(world, &visitor, &path, &[("reason", reason), ("note", "Flu in the house")]).await;
    }

    async fn a_session_changes(&mut self, world: &World, chance: &mut Chance) {
        let now = world.app.clock.now();
        let open: Vec<(uuid::Uuid, String)> = sqlx::query_as(
            "select s.id, m.email from session s join practice_manager p on p.practice_id = s.practice_id
               join membership w on w.id = p.membership_id join account m on m.id = w.account_id
              where s.state = 'open' and s.starts_at > $1
              order by exists (select from live_booking b where b.session_id = s.id) desc, s.starts_at, s.id",
        )
        .bind(now)
        .fetch_all(self.seed.connection())
        .await
        .expect("the sessions");
        // Half of the time one that somebody has.
        let among = if chance.happens(50) { open.len() } else { open.len().min(5) };
        let Some((session, manager)) = open.get(chance.below(among)) else { return };
        let visitor = world.signed_in(manager).await;
        if chance.happens(40) {
            let path = format!("/sessions/{session}/withdraw");
            self.send(world, &visitor, &path, &[("reason", "not_needed")]).await;
        } else if chance.happens(50) {
            let notes = format!("Ring the bell twice on {now}");
            self.send(world, &visitor, &format!("/sessions/{session}/change"), &[("notes", &notes)]).await;
        } else {
            let fields = [("start", "9am"), ("end", "1pm"), ("agreed", "yes")];
            self.send(world, &visitor, &format!("/sessions/{session}/time"), &fields).await;
        }
    }

    /// On Thursdays Abi fills by hand what starts soon, and sets a plan aside or leaves pairs out of it.
    pub async fn administrator_tidies_up(&mut self, world: &World, chance: &mut Chance, today: NaiveDate) {
        let visitor = world.signed_in(&self.administrator.email.clone()).await;
        let list = self.open(world, &visitor, "/unfilled-sessions").await;
        if let Some(path) = list.find_address("/unfilled-sessions/") {
            let page = self.open(world, &visitor, &path).await;
            if let Some(book) = page.find_address(&format!("{path}/book?")) {
                let asked = self.open(world, &visitor, &book).await;
                if asked.status == 200 {
                    let (key, rate) = (asked.hidden("key"), asked.hidden("rate"));
                    let clinician = book.rsplit('=').next().unwrap_or_default().to_owned();
                    let form = [
                        ("clinician", clinician.as_str()),
                        ("key", &key),
                        ("rate", &rate),
                        ("agreed", "yes"),
                    ];
                    self.send(world, &visitor, &format!("{path}/book"), &form).await;
                }
            }
        }
        let plan = visitor.ask_for_plan(&today.to_string(), &(today + Days::new(14)).to_string()).await;
        world.work().await;
        if chance.happens(50) {
            self.send(world, &visitor, &format!("{plan}/discard"), &[]).await;
        } else {
            for day in 1..14 {
                let day = today + Days::new(day);
                let shown = visitor.get(&format!("{plan}?day={day}")).await;
                let start = format!("{plan}/leave-out?pair=");
                for pair in shown.body.split('"').filter_map(|part| part.strip_prefix(&start)) {
                    if chance.happens(50) {
                        let form = [("pair", pair), ("reason", "another")];
                        self.send(world, &visitor, &format!("{plan}/leave-out"), &form).await;
                    }
                }
            }
            self.send(world, &visitor, &format!("{plan}/publish"), &[]).await;
        }
    }
}
