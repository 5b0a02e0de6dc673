//! Whatever facts change, in whatever order: each live offer can still be accepted and contradicts nothing its holder said,
//! and each live booking is lawful or stands on the list of bookings to look at. Each announcement of a change is seen to be
//! needed: without it, this does not hold.

use std::cell::Cell;

use locumbank::eligibility::obstacle::Obstacle;
use locumbank::ground::actor::Actor;
use locumbank::ground::db::Tx;
use locumbank::ground::facts::{FactKind, Fallout, Reliant, Reliants};
use locumbank::ground::id::{BookingId, ClinicianId, OfferId, PracticeId, SessionId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::work::booking::actions::answer::answer_offer;
use locumbank::work::booking::actions::book::{Booked, book};
use locumbank::work::booking::actions::cancel::{Cancellation, cancel};
use locumbank::work::booking::error::DeskError;
use locumbank::work::booking::offer::Answer;
use locumbank::work::booking::refusal::Refusal;
use locumbank::work::booking::store::offers::find_offer;
use locumbank::work::booking::{Desk, Side, WayIn, Wish, reliance};

use crate::support::desk::{assert_sound, rounds};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};
use crate::support::{World, on_behalf_of};

mod changes;

use changes::Change;

thread_local! {
    /// The kind of change that nobody hears of.
    static UNHEARD: Cell<Option<FactKind>> = const { Cell::new(None) };
}

/// Those who rely on facts, but for the kind of change that is not heard.
static RELIANTS: [Reliant; 1] = [Reliant {
    lock: |tx, change| Box::pin(reliance::lock(tx, change)),
    settle: |tx, letterhead, change| {
        Box::pin(async move {
            if UNHEARD.get() == Some(change.kind()) {
                return Ok(Fallout::default());
            }
            reliance::settle(tx, letterhead, change).await
        })
    },
}];

/// A bank with two practices sixteen kilometres apart, two GPs, and sessions on ten days.
struct Story {
    world: World,
    seed: Seed,
    desk: Desk,
    administrator: Person,
    commissioner: Person,
    manager: Person,
    practices: [PracticeId; 2],
    people: [Clinician; 2],
    sessions: Vec<SessionId>,
    dice: u64,
}

impl Story {
    async fn begin(dice: u64) -> Self {
        let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
        let commissioner = seed.person(PersonKind::Commissioner, "Cas Example").await;
        let far = seed.practice("J81002", "Fern Lane Surgery").await;
        let manager = seed.practice_manager("Mo Example", &[practice, far]).await;
        let ben = seed.clinician("gp", "Ben Example", &administrator).await;
        for person in [&ann, &ben] {
            seed.competency(person, "basic_life_support", Some("2027-11-01")).await;
            seed.competency(person, "systmone", None).await;
            sqlx::query("update clinician set registration_number = '7012345' where id = $1")
                .bind(person.id)
                .execute(seed.connection())
                .await
                .expect("a number");
            seed.cleared_until(person, "2028-11-02", &administrator).await;
        }
        let bank = seed.bank;
        for statement in [
            "update bank set icb_code = 'QVV' where id = $1",
            "update practice set latitude_microdegrees = 50855000, placed_by = 'given'
              where bank_id = $1 and ods_code = 'J81002'",
            "update practice set placed_by = 'given' where bank_id = $1 and ods_code = 'J81001'",
        ] {
            sqlx::query(statement).bind(bank).execute(seed.connection()).await.expect(statement);
        }
        let reliants = Reliants { all: &RELIANTS, ..world.app.reliants() };
        let desk = Desk { reliants, ..Desk::of(&world.app) };
        let (practices, people) = ([practice, far], [ann, ben]);
        let mut story = Self {
            world,
            seed,
            desk,
            administrator,
            commissioner,
            manager,
            practices,
            people,
            sessions: Vec::new(),
            dice,
        };
        for day in 4..=13 {
            story.post(day, day % 2).await;
        }
        story
    }

    /// Posts one session on that day of November at one of the practices: a morning, an afternoon or a late evening.
    async fn post(&mut self, day: u64, practice: u64) {
        let practice = self.practices[usize::try_from(practice % 2).expect("a practice")];
        let (start, end) = [("08:30", "12:40"), ("13:00", "17:30"), ("18:30", "23:00")][self.below(3)];
        let date = format!("2026-11-{day:02}");
        let session = self.seed.session(practice, "gp", &date, start, end).await;
        for needs in ["systmone", "basic_life_support"] {
            sqlx::query(
                "insert into session_competency (bank_id, session_id, competency) values ($1, $2, $3)",
            )
            .bind(self.seed.bank)
            .bind(session)
            .bind(needs)
            .execute(self.seed.connection())
            .await
            .expect("a need");
        }
        self.sessions.push(session);
    }

    /// A number below that, by chance that is the same each time; with no dice always the first.
    fn below(&mut self, most: usize) -> usize {
        if self.dice == 0 {
            return 0;
        }
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        usize::try_from(self.dice % (most as u64)).expect("a small number")
    }

    fn member(&self, person: &Person, kind: PersonKind) -> Actor {
        Actor::Member { account: person.account, bank: self.seed.bank, membership: person.membership, kind }
    }

    /// What does not hold.
    async fn faults(&mut self) -> Vec<String> {
        let mut found = Vec::new();
        for (offer, holder) in self.open_offers().await {
            if let Err(error) = self.try_to_accept(offer, holder).await {
                found.push(format!("an offer of {holder} can't be accepted: {error:?}"));
            }
        }
        found.extend(self.contradictions().await);
        let flagged: Vec<BookingId> = self.ids("select booking_id from booking_flag").await;
        for (booking, session, clinician, rate) in self.live_bookings().await {
            let lawful = self.try_to_agree_anew(booking, (session, clinician), rate).await;
            match (lawful, flagged.contains(&booking)) {
                (Some(Err(why)), false) => {
                    found.push(format!("a booking of {clinician} is not flagged: {why}"));
                }
                (Some(Ok(())), true) => found.push(format!("a lawful booking of {clinician} is flagged")),
                _ => {}
            }
        }
        found
    }

    async fn ids<T>(&mut self, question: &'static str) -> Vec<T>
    where
        T: Send + Unpin + sqlx::Type<sqlx::Postgres> + for<'r> sqlx::Decode<'r, sqlx::Postgres>,
    {
        sqlx::query_scalar(question).fetch_all(self.seed.connection()).await.expect(question)
    }

    async fn open_offers(&mut self) -> Vec<(OfferId, ClinicianId)> {
        let now = self.world.app.clock.now();
        sqlx::query_as(
            "select id, clinician_id from offer where state = 'open' and expires_at > $1 order by id",
        )
        .bind(now)
        .fetch_all(self.seed.connection())
        .await
        .expect("the open offers")
    }

    async fn live_bookings(&mut self) -> Vec<(BookingId, SessionId, ClinicianId, i32)> {
        let now = self.world.app.clock.now();
        sqlx::query_as(
            "select id, session_id, clinician_id, rate_pence_per_hour from booking
              where state = 'live' and starts_at > $1 order by id",
        )
        .bind(now)
        .fetch_all(self.seed.connection())
        .await
        .expect("the live bookings")
    }

    fn account_of(&self, clinician: ClinicianId) -> &Person {
        &self.people.iter().find(|person| person.id == clinician).expect("a person of the story").person
    }

    /// Accepts an offer, and undoes that.
    async fn try_to_accept(&self, offer: OfferId, holder: ClinicianId) -> Result<(), DeskError> {
        let actor = on_behalf_of(self.seed.bank, self.account_of(holder).account);
        let desk = Desk::of(&self.world.app);
        let mut tx = self.world.app.db.begin(actor).await.expect("a transaction");
        let found = find_offer(&mut tx, offer).await.expect("the offer").expect("an offer");
        let accepted = answer_offer(&mut tx, &desk, &found, &Answer::Accept).await;
        tx.give_up().await.expect("undone");
        accepted.map(drop)
    }

    /// Ends a booking and books the same again by hand, and undoes both; why it could not be booked. What was agreed stays
    /// agreed: neither the rate nor who refuses whom is asked again, so that a rate that is outside the range now is put
    /// inside it. None where the range leaves no rate, and nothing else can be asked.
    async fn try_to_agree_anew(
        &self,
        booking: BookingId,
        (session, clinician): (SessionId, ClinicianId),
        rate: i32,
    ) -> Option<Result<(), String>> {
        let actor = self.member(&self.administrator, PersonKind::BankAdministrator);
        let desk = Desk::of(&self.world.app);
        let mut tx = self.world.app.db.begin(actor).await.expect("a transaction");
        let ending = Cancellation {
            booking,
            side: Side::Bank,
            reason: "To try".to_owned(),
            note: String::new(),
            seen_fee_pence: None,
        };
        cancel(&mut tx, &desk, &ending).await.expect("it ends");
        for refusals in
            ["delete from practice_refusal", "delete from practice_preference where kind = 'refused'"]
        {
            sqlx::query(refusals).execute(tx.connection()).await.expect(refusals);
        }
        let mut agreed = book_at(&mut tx, &desk, (session, clinician), rate).await;
        // A rate that is out of its range hides what else stands in the way.
        if let Err(DeskError::Refused(Refusal::MayNot(Obstacle::RateOutside(_, least, most)))) = agreed
            && least <= most
        {
            agreed = book_at(&mut tx, &desk, (session, clinician), least).await;
        }
        tx.give_up().await.expect("undone");
        match agreed {
            Err(DeskError::Refused(Refusal::MayNot(Obstacle::RateOutside(..) | Obstacle::NoRateRange))) => {
                None
            }
            Ok(_) => Some(Ok(())),
            Err(error) => Some(Err(format!("{error:?}"))),
        }
    }

    /// Open offers that contradict what their holders said.
    async fn contradictions(&mut self) -> Vec<String> {
        let offers: Vec<String> = sqlx::query_scalar(
            "select 'an offer at a practice that its holder refuses: ' || o.id::text
               from offer o
               join session s on s.id = o.session_id
               join practice_preference p on p.clinician_id = o.clinician_id and p.practice_id = s.practice_id
              where o.state = 'open' and p.kind = 'refused'
             union all
             select 'an offer while its holder is away: ' || o.id::text
               from offer o
               join session s on s.id = o.session_id
               join time_away w on w.clinician_id = o.clinician_id
              where o.state = 'open' and s.local_date <= w.until_date and s.last_date >= w.from_date",
        )
        .fetch_all(self.seed.connection())
        .await
        .expect("the contradictions");
        offers
    }
}

async fn book_at(
    tx: &mut Tx,
    desk: &Desk,
    (session, clinician): (SessionId, ClinicianId),
    rate_pence_per_hour: i32,
) -> Result<Booked, DeskError> {
    let way_in = WayIn::Administrator { rate_pence_per_hour };
    let key = format!("anew {session} {rate_pence_per_hour}");
    book(tx, desk, &Wish { session, clinician, way_in, key }).await
}

#[tokio::test]
async fn whatever_changes_offers_can_be_accepted_and_bookings_are_lawful_or_flagged() {
    let mut seen = std::collections::BTreeMap::new();
    let (mut offers, mut bookings, mut flags) = (0, 0, 0);
    for round in 0..rounds(6, 200) {
        let mut story = Story::begin(0x9e37_79b9_7f4a_7c15 ^ ((round as u64 + 1) << 17)).await;
        let mut done = Vec::new();
        for step in 0..30 {
            let change = Change::ALL[story.below(Change::ALL.len())];
            if story.make(change).await {
                *seen.entry(change).or_insert(0) += 1;
                done.push(change);
            }
            // Something has to be offered and booked for facts to be relied on.
            for _ in 0..2 {
                story.make(Change::Offers).await;
            }
            if step % 2 == 0 {
                story.make(Change::Accepts).await;
            }
            let faults = story.faults().await;
            assert!(faults.is_empty(), "round {round}, after {done:?}: {faults:#?}");
            offers += story.open_offers().await.len();
            bookings += story.live_bookings().await.len();
            flags += story.ids::<BookingId>("select booking_id from booking_flag").await.len();
        }
        assert_sound(story.seed.connection()).await;
        story.world.stop().await;
    }
    assert!(offers > 50 && bookings > 50 && flags > 0, "{offers} offers, {bookings} bookings, {flags} flags");
    assert!(Change::ALL.len() >= 30, "so many kinds of change are wanted");
    assert!(seen.len() > Change::ALL.len() / 2, "only these were made: {seen:?}");
}

/// For each kind of change, what has to go before it, and a change of that kind that something rests on.
const NEEDED: [(FactKind, &[Change], Change); FactKind::ALL.len()] = [
    (FactKind::Details, &[Change::Offers], Change::GivesAnotherNumber),
    (FactKind::Preference, &[Change::Offers], Change::WillNotWorkThere),
    (FactKind::Skills, &[Change::Offers], Change::DropsSkills),
    (FactKind::Document, &[Change::Offers], Change::DocumentIsRemoved),
    (FactKind::Clearance, &[Change::Offers], Change::ClearanceEnds),
    (FactKind::Registration, &[Change::Offers], Change::RegistrationLapses),
    (FactKind::Membership, &[Change::Offers], Change::ActsNoMore),
    (FactKind::Away, &[Change::Offers], Change::GoesAway),
    (FactKind::Refusal, &[Change::Offers], Change::PracticeRefuses),
    (FactKind::Practices, &[Change::Offers], Change::PracticeCloses),
    (FactKind::Needs, &[Change::Offers], Change::RoleNeedsADocument),
    (
        FactKind::Hours,
        &[Change::IsEmployed, Change::IsBookedByHand, Change::OffersTheNext],
        Change::BankRestsLonger,
    ),
    (FactKind::Range, &[Change::Offers], Change::CeilingFalls),
    (FactKind::Diary, &[Change::OffersTwoAtOnce], Change::Accepts),
];

#[tokio::test]
async fn each_announcement_of_a_change_is_needed() {
    for (kind, before, change) in NEEDED {
        for is_heard in [true, false] {
            let mut story = Story::begin(0).await;
            for earlier in before {
                assert!(story.make(*earlier).await, "{kind:?}: {earlier:?} was not made");
            }
            UNHEARD.set((!is_heard).then_some(kind));
            let made = story.make(change).await;
            UNHEARD.set(None);
            assert!(made, "{kind:?}: {change:?} was not made");
            let faults = story.faults().await;
            assert_eq!(faults.is_empty(), is_heard, "{kind:?}, {change:?}: {faults:#?}");
            story.world.stop().await;
        }
    }
    let kinds: Vec<FactKind> = NEEDED.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(kinds, FactKind::ALL);
}
