//! A bank with two of everything, so that what is somebody's own can be told from their neighbour's.

mod asked;
mod diary;
mod links;
mod said;

use std::collections::BTreeMap;

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::id::{BankId, BookingId, PracticeId, SessionId};
use locumbank::ground::mail::links::offer_token;
use locumbank::ground::mail::sealed_link::{Purpose, SealedLink};
use locumbank::ground::sign_in::PersonKind;
use locumbank::people::invitation::actions::invite::invite;
use locumbank::people::invitation::{Invite, Invitee};
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::{Desk, WayIn, Wish};

use self::diary::{away, free_on_a_date, proposed};
use self::links::{address_link, calendar_link, password_link};
use self::said::{given_back_by, preferred_list};
use super::applications::sent_application;
use super::documents::waiting_document;
use super::seed::{Clinician, Person, Seed};
use super::vacancies::open_vacancy;
use super::{Visitor, World, desk::offer, on_behalf_of};

/// What an address or a form can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Record {
    /// A practice.
    Practice,
    /// A session that is open.
    Session,
    /// A session that its clinician gave back.
    GivenBack,
    /// A list of people whom the practice prefers, with nobody of other stories on it.
    PreferredList,
    /// A booking to come.
    Booking,
    /// An open offer.
    Offer,
    /// A request for a session that waits.
    Question,
    Request,
    /// A round, which anybody may read.
    Round,
    /// The token of the link of an offer that was accepted.
    OfferLink,
    /// The token of the address at which a calendar fetches.
    CalendarLink,
    /// A clinician.
    Clinician,
    /// A document that waits.
    Document,
    /// The same with the clinician whose it is, as the address of its page names them.
    TheirDocument,
    /// A plan that is ready.
    Plan,
    /// A pair of it, as forms name it.
    Pair,
    /// A mail that has not been sent.
    Mail,
    /// A mail that was given up.
    FailedMail,
    /// A job that was given up.
    DeadJob,
    /// A single date somebody can work on.
    Availability,
    /// Time somebody is away.
    TimeAway,
    /// A file of a page's look, which every bank has.
    Asset,
    /// A kind of message, which every bank has.
    Message,
    /// A section of the bank's rules, which every bank has.
    RuleSection,
    /// The end of the address of a bank's public page.
    PublicPage,
    /// An alert for new sessions.
    Alert,
    /// The token of the link that keeps it.
    RenewLink,
    /// The token of the link that ends a kind of message.
    StopLink,
    /// A vacancy that is open, as its practice keeps it.
    Vacancy,
    /// The same, as everybody may read it.
    Advert,
    /// An address that takes no mail.
    StoppedAddress,
    /// The token of a link to a new password.
    PasswordLink,
    /// Somebody of the bank who asks for nothing.
    Person,
    /// What they do there.
    Membership,
    /// The token of a link that confirms a new address.
    AddressLink,
    /// An open invitation.
    Invitation,
    /// The token of the link of another.
    InvitationLink,
    /// The token of the link of an application that was sent.
    ApplicationLink,
    /// That application, as the practice reads it.
    TheirApplication,
}

/// The id of each record that somebody has.
pub type Holdings = BTreeMap<Record, String>;

/// A bank, its people, and what is whose.
pub struct Bank {
    /// One person of each kind, signed in, with their address.
    pub people: Vec<(PersonKind, Visitor, String)>,
    /// What belongs to these people.
    pub own: Holdings,
    /// What belongs to another practice and another clinician of the bank.
    pub neighbours: Holdings,
}

impl Bank {
    /// Makes one. `code` is the first letter of its practices' codes.
    pub async fn furnished(world: &World, name: &str, code: &str) -> Self {
        let mut seed = Seed::bank(world, name).await;
        let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
        let commissioner = seed.person(PersonKind::Commissioner, "Cas Example").await;
        let (manager, ann, own) =
            side(world, &mut seed, &administrator, (code, "81001", "Ann Example")).await;
        let (_, _, neighbours) = side(world, &mut seed, &administrator, (code, "81002", "Ben Example")).await;
        let bystander = seed.person(PersonKind::Commissioner, "Pip Example").await;
        let mut people = Vec::new();
        for (kind, person) in [
            (PersonKind::PracticeManager, &manager),
            (PersonKind::Clinician, &ann.person),
            (PersonKind::BankAdministrator, &administrator),
            (PersonKind::Commissioner, &commissioner),
        ] {
            people.push((kind, world.signed_in(&person.email).await, person.email.clone()));
        }
        let mut bank = Self { people, own, neighbours };
        bank.own.insert(Record::Plan, bank.plan(world).await);
        bank.own.insert(Record::Pair, proposed(&mut seed, &bank.own).await);
        let (waiting, failed) = mails(&mut seed).await;
        bank.own.insert(Record::Mail, waiting);
        bank.own.insert(Record::FailedMail, failed);
        bank.own.insert(Record::DeadJob, dead_job(&mut seed).await);
        bank.own.insert(Record::StoppedAddress, stopped_address(&mut seed, &commissioner).await);
        bank.own.insert(Record::Person, bystander.account.to_string());
        bank.own.insert(Record::Membership, bystander.membership.to_string());
        bank.own.insert(Record::Message, "session_offered".to_owned());
        bank.own.insert(Record::PublicPage, name.to_lowercase().replace(' ', "-"));
        bank.own.insert(Record::RuleSection, "hours".to_owned());
        bank.own.insert(Record::Round, seed.round(TimeDelta::days(90)).await.to_string());
        let asset = world.visitor().get("/").await.address("/assets/");
        bank.own.insert(Record::Asset, asset.replace("/assets/", ""));
        bank
    }

    /// Who is signed in as that kind of person.
    pub fn visitor(&self, kind: PersonKind) -> &Visitor {
        let person = self.people.iter().find(|(known, _, _)| *known == kind);
        &person.expect("one person of each kind").1
    }

    /// A plan of one day on which nothing is wanted.
    async fn plan(&self, world: &World) -> String {
        let administrator = self.visitor(PersonKind::BankAdministrator);
        let plan = administrator.ask_for_plan("2026-12-10", "2026-12-10").await;
        locumbank::ground::worker::run_all_due(&world.app).await.expect("the plan is made");
        plan.trim_start_matches("/matching/").to_owned()
    }
}

/// One practice with its manager, and one clinician who is offered one of its sessions and booked in another.
async fn side(
    world: &World,
    seed: &mut Seed,
    administrator: &Person,
    (letter, digits, name): (&str, &str, &str),
) -> (Person, Clinician, Holdings) {
    let practice = seed.practice(&format!("{letter}{digits}"), &format!("Surgery of {name}")).await;
    let manager = seed.practice_manager(&format!("Manager of {name}"), &[practice]).await;
    let clinician = seed.gp_with_number(name, "7012345", administrator).await;
    seed.competency(&clinician, "indemnity", Some("2027-11-01")).await;
    let open = seed.session(practice, "gp", "2026-11-10", "08:30", "12:40").await;
    // A second place, so that somebody can be booked while the first is on offer.
    sqlx::query("update session set places = 2 where id = $1")
        .bind(open)
        .execute(seed.connection())
        .await
        .expect("a second place");
    let offered = offer(world, seed.bank, administrator.account, open, clinician.id).await;
    let (booking, link) = booked(world, seed, administrator, (practice, &clinician)).await;
    let (alert, renew) = alert(world, seed, &clinician).await;
    let stop = SealedLink { bank: seed.bank, id: clinician.person.account.0, kind: "digest".to_owned() };
    let (invitation, invitation_link) = invitations(world, seed.bank, practice, name).await;
    let given_back = seed.session(practice, "gp", "2026-11-13", "08:30", "12:40").await;
    for session in [open, given_back] {
        given_back_by(seed, session, &clinician).await;
    }
    let document = waiting_document(world, seed.bank, &clinician, "enhanced_dbs").await.to_string();
    let request = asked::requested(seed, given_back, &clinician).await;
    let question = asked::asked_about(seed, given_back, &clinician).await;
    let vacancy = open_vacancy(seed, practice, "Salaried GP").await.to_string();
    let other_vacancy = open_vacancy(seed, practice, "Receptionist").await;
    let (application, application_link) =
        sent_application(world, seed, (other_vacancy, "seeker@people.test")).await;
    let ids = [
        (Record::ApplicationLink, application_link),
        (Record::TheirApplication, format!("{other_vacancy}/applications/{application}")),
        (Record::Advert, vacancy.clone()),
        (Record::Vacancy, vacancy),
        (Record::Question, question),
        (Record::Request, request),
        (Record::TheirDocument, format!("{}/documents/{document}", clinician.id)),
        (Record::Document, document),
        (Record::AddressLink, address_link(world, seed, &manager).await),
        (Record::GivenBack, given_back.to_string()),
        (Record::PreferredList, preferred_list(seed, practice, &clinician).await),
        (Record::Invitation, invitation),
        (Record::InvitationLink, invitation_link),
        (Record::Practice, practice.to_string()),
        (Record::Session, open.to_string()),
        (Record::Booking, booking),
        (Record::Offer, offered.to_string()),
        (Record::OfferLink, link),
        (Record::CalendarLink, calendar_link(world, seed, &clinician).await),
        (Record::Clinician, clinician.id.to_string()),
        (Record::Availability, free_on_a_date(seed, &clinician).await),
        (Record::TimeAway, away(seed, &clinician).await),
        (Record::Alert, alert),
        (Record::RenewLink, renew),
        (Record::PasswordLink, password_link(world, seed, &manager).await),
        (Record::StopLink, stop.token(&world.app.link_key, Purpose::Stop)),
    ];
    (manager, clinician, ids.into_iter().collect())
}

/// An invitation to manage the practice, and the token of the link of another.
async fn invitations(world: &World, bank: BankId, practice: PracticeId, name: &str) -> (String, String) {
    let invitee = |number: usize| Invitee {
        email: format!("colleague{number}.{}@people.test", &practice.to_string()[24..]),
        name: format!("Colleague of {name}"),
    };
    let wish = Invite {
        kind: PersonKind::PracticeManager,
        practices: vec![practice],
        people: vec![invitee(1), invitee(2)],
    };
    let sent = world.app.db.change(Actor::Operator, async |tx| {
        tx.go_to_bank(bank).await?;
        invite(tx, &world.app.link_key, &wish).await
    });
    let sent = sent.await.expect("invitations");
    (sent[0].id.to_string(), sent[1].token.clone())
}

/// A session that was offered and accepted: the booking, and the token of the offer's link.
async fn booked(
    world: &World,
    seed: &mut Seed,
    administrator: &Person,
    (practice, clinician): (PracticeId, &Clinician),
) -> (String, String) {
    let session = seed.session(practice, "gp", "2026-11-12", "08:30", "12:40").await;
    let offered = offer(world, seed.bank, administrator.account, session, clinician.id).await;
    let desk = Desk::of(&world.app);
    let wish = Wish {
        session,
        clinician: clinician.id,
        way_in: WayIn::Offer(offered),
        key: format!("story {session}"),
    };
    let actor = on_behalf_of(seed.bank, clinician.person.account);
    let booked = world.app.db.change(actor, async |tx| book(tx, &desk, &wish).await);
    let booking = booked.await.expect("a booking").booking;
    flagged(seed, session, booking).await;
    (booking.to_string(), offer_token(&world.app.link_key, offered))
}

/// The session needs what its clinician lacks since, so that the booking is one to look at.
async fn flagged(seed: &mut Seed, session: SessionId, booking: BookingId) {
    let bank = seed.bank;
    sqlx::query(
        "insert into session_competency (bank_id, session_id, competency) values ($1, $2, 'coil_fitting')",
    )
    .bind(bank)
    .bind(session)
    .execute(seed.connection())
    .await
    .expect("a need");
    sqlx::query(
        "insert into booking_flag (bank_id, booking_id, code, sentence, next_step, since)
         values ($1, $2, 'competency_missing', 'Lacks coil fitting', 'Record the skill', '2026-11-01')",
    )
    .bind(bank)
    .bind(booking)
    .execute(seed.connection())
    .await
    .expect("a booking to look at");
}

/// An alert, and the token of the link that keeps it for another year.
async fn alert(world: &World, seed: &mut Seed, clinician: &Clinician) -> (String, String) {
    let (bank, id, now) = (seed.bank, locumbank::ground::id::AlertId::new(), world.app.clock.now());
    sqlx::query(
        "insert into alert (bank_id, id, clinician_id, place, latitude_microdegrees, longitude_microdegrees,
                            within_metres, created_at, told_until, lapses_at)
         values ($1, $2, $3, 'DT1', 50715000, -2437000, 16000, $4, $4, $4 + interval '1 year')",
    )
    .bind(bank)
    .bind(id)
    .bind(clinician.id)
    .bind(now)
    .execute(seed.connection())
    .await
    .expect("an alert");
    let link = SealedLink { bank, id: id.0, kind: String::new() };
    (id.to_string(), link.token(&world.app.link_key, Purpose::Renew))
}

/// An address of the bank that mail came back from.
async fn stopped_address(seed: &mut Seed, person: &Person) -> String {
    let bank = seed.bank;
    sqlx::query(
        "insert into stopped_address (bank_id, address, account_id, reason, explanation, failures, last_failed_at, stopped_at)
         values ($1, $2, $3, 'hard', 'no such mailbox', 1, '2026-11-01', '2026-11-01')",
    )
    .bind(bank)
    .bind(&person.email)
    .bind(person.account)
    .execute(seed.connection())
    .await
    .expect("an address that takes no mail");
    person.email.clone()
}

/// A mail of the bank that has not been sent, and one that was given up.
async fn mails(seed: &mut Seed) -> (String, String) {
    let bank = seed.bank;
    let ids: Vec<uuid::Uuid> = sqlx::query_scalar(
        "select id from mail where bank_id = $1 and state = 'pending' order by id limit 2",
    )
    .bind(bank)
    .fetch_all(seed.connection())
    .await
    .expect("two mails");
    sqlx::query("update mail set state = 'failed', finished_at = created_at where id = $1")
        .bind(ids[1])
        .execute(seed.connection())
        .await
        .expect("a mail that was given up");
    (ids[0].to_string(), ids[1].to_string())
}

/// A job of the bank that was given up.
async fn dead_job(seed: &mut Seed) -> String {
    let id = locumbank::ground::id::JobId::new();
    let bank = seed.bank;
    sqlx::query(
        "insert into job (id, bank_id, kind, payload, state, run_at, created_at, finished_at, last_error)
         values ($1, $2, 'clear_done_jobs', 'null', 'dead', '2026-11-01', '2026-11-01', '2026-11-01', 'It failed')",
    )
    .bind(id)
    .bind(bank)
    .execute(seed.connection())
    .await
    .expect("a job that was given up");
    id.to_string()
}
