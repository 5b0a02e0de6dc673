//! A clinician's calendar subscribes to an address: it needs no sign-in, shows bookings firm, offers tentative and
//! cancellations as such, is read by other programs than its writer, and opens nothing once it has ended.

use std::collections::{BTreeMap, BTreeSet};

use calcard::common::PartialDateTime;
use calcard::icalendar::{ICalendarComponentType, ICalendarProperty};
use calcard::{Entry, Parser};
use chrono::DateTime;

use crate::every_message::parsed::parse;
use crate::support::World;
use crate::support::desk::{assert_sound, link_of, offer};
use crate::support::opening::Opening;
use crate::support::visitor::Visitor;

/// An entry as it was read.
#[derive(Debug)]
struct Shown {
    status: String,
    starts: String,
    sequence: i64,
    organiser: String,
    description: String,
    alarms: usize,
}

/// The entries by their names, as two programs read them that know nothing of each other.
fn entries(text: &str) -> BTreeMap<String, Shown> {
    let Entry::ICalendar(calendar) = Parser::new(text).entry() else { panic!("no calendar: {text}") };
    let mut found = BTreeMap::new();
    for event in &calendar.components {
        if event.component_type != ICalendarComponentType::VEvent {
            continue;
        }
        let value = |name| event.property(&name).and_then(|one| one.values.first()).expect("a value");
        let starts =
            value(ICalendarProperty::Dtstart).as_partial_date_time().and_then(PartialDateTime::to_timestamp);
        let starts = starts.and_then(|at| DateTime::from_timestamp(at, 0)).expect("an instant");
        let shown = Shown {
            status: format!("{:?}", event.status().expect("a status")).to_uppercase(),
            starts: starts.format("%Y%m%dT%H%M%SZ").to_string(),
            sequence: value(ICalendarProperty::Sequence).as_integer().expect("a number"),
            organiser: format!("{:?}", value(ICalendarProperty::Organizer)),
            description: value(ICalendarProperty::Description).as_text().expect("text").to_owned(),
            alarms: event.component_ids.len(),
        };
        found.insert(event.uid().expect("a name").to_owned(), shown);
    }
    let head =
        "Content-Type: text/calendar; method=PUBLISH; charset=utf-8\r\nContent-Transfer-Encoding: 8bit";
    let mails = parse(&[&format!("{head}\r\n\r\n{text}")]);
    let read = &mails[0].calendars[0];
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    let others = |name: &str| {
        let of_event =
            read.properties.iter().filter(|one| one.within == "VCALENDAR/VEVENT" && one.name == name);
        of_event.map(|one| one.value.clone()).collect::<BTreeSet<String>>()
    };
    let own = |value: &dyn Fn(&String, &Shown) -> String| {
        found.iter().map(|(uid, shown)| value(uid, shown)).collect::<BTreeSet<String>>()
    };
    assert_eq!(own(&|uid, _| uid.clone()), others("UID"));
    assert_eq!(own(&|_, shown| shown.status.clone()), others("STATUS"));
    assert_eq!(own(&|_, shown| shown.starts.clone()), others("DTSTART"));
    assert_eq!(own(&|_, shown| shown.sequence.to_string()), others("SEQUENCE"));
    found
}

async fn address(visitor: &Visitor) -> String {
    let page = visitor.get("/bookings/calendar").await.expect(200);
    let rest = page.body.split("/calendar/").find(|rest| rest.len() > 60 && rest.contains("</code>"));
    let token = rest.and_then(|rest| rest.split('<').next()).expect("the address");
    format!("/calendar/{token}")
}

/// What nobody was given opens nothing, and neither does what has ended; gives the address that was made after.
async fn ended_and_another(world: &World, own: &Visitor, at: &str) -> String {
    let (start, end) = at.split_at(at.len() - 4);
    let guessed = format!("{start}{}", if end == "AAAA" { "BBBB" } else { "AAAA" });
    world.visitor().get(&guessed).await.expect(404);
    own.post("/bookings/calendar/end", &[]).await.expect(303);
    world.visitor().get(at).await.expect(404);
    own.post("/bookings/calendar", &[]).await.expect(303);
    let another = address(own).await;
    assert_ne!(another, at);
    world.visitor().get(&another).await.expect(200);
    another
}

#[tokio::test]
async fn a_calendar_follows_what_becomes_of_bookings_and_offers() {
    let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
    let manager = seed.practice_manager("Mo Example", &[practice]).await;
    sqlx::query(
        "insert into practice_guide (bank_id, practice_id, version, phone, parking, arrival, contact_name, contact_phone,
                                     changed_at)
         select bank_id, id, 1, '', 'Behind the building', '', 'Sue', '01305 000002', now() from practice",
    )
    .execute(seed.connection())
    .await
    .expect("a guide");
    let mut offered = Vec::new();
    for date in ["2026-11-10", "2026-11-11"] {
        let session = seed.session(practice, "gp", date, "08:30", "12:40").await;
        offered.push(offer(&world, seed.bank, administrator.account, session, ann.id).await);
    }
    let link = link_of(&world, offered[0]);
    world.visitor().post_without_token(&link, &[("answer", "accept")]).await.expect(303);
    world.work().await;

    let own = world.signed_in(&ann.person.email).await;
    own.get("/bookings").await.expect(200).says("Show them in your own calendar");
    own.get("/bookings/calendar").await.expect(200).says("Make an address");
    own.post("/bookings/calendar", &[]).await.expect(303);
    let at = address(&own).await;
    own.get("/bookings/calendar").await.expect(200).says("Give it to your calendar");

    // No cookie is needed.
    let fetched = world.visitor().get(&at).await.expect(200);
    let found = entries(&fetched.body);
    let booking: String = sqlx::query_scalar("select id::text from booking")
        .fetch_one(seed.connection())
        .await
        .expect("the booking");
    let uid = format!("booking-{booking}@locumbank");
    let firm = &found[&uid];
    assert_eq!((firm.status.as_str(), firm.sequence, firm.alarms), ("CONFIRMED", 0, 1));
    assert_eq!(firm.starts, "20261110T083000Z");
    for said in ["£88 an hour", "Behind the building", "Sue, 01305 000002", "/bookings/"] {
        assert!(firm.description.contains(said), "{said} is missing in {}", firm.description);
    }
    let tentative = &found[&format!("offer-{}@locumbank", offered[1])];
    assert_eq!((tentative.status.as_str(), tentative.alarms), ("TENTATIVE", 0));
    assert_eq!(found.len(), 2);

    let mo = world.signed_in(&manager.email).await;
    mo.get("/bookings/calendar").await.expect(404);
    mo.post(&format!("/bookings/{booking}/cancel"), &[("reason", "own_cover")]).await.expect(303);
    own.post(&format!("/offers/{}", offered[1]), &[("answer", "decline")]).await.expect(303);
    let after = entries(&world.visitor().get(&at).await.expect(200).body);
    let cancelled = &after[&uid];
    assert_eq!((cancelled.status.as_str(), cancelled.sequence, cancelled.alarms), ("CANCELLED", 1, 0));
    assert_eq!(cancelled.organiser, firm.organiser);
    assert!(!cancelled.description.contains("01305"), "whom to ask for is no longer their business");
    assert_eq!(after.len(), 1);

    let another = ended_and_another(&world, &own, &at).await;
    let mut refused = 0;
    for _ in 0..40 {
        refused += usize::from(world.visitor().get(&another).await.status == 429);
    }
    assert_eq!(refused, 11, "thirty in a quarter of an hour are answered");
    sqlx::query("update membership set ended_at = now() where kind = 'clinician'")
        .execute(seed.connection())
        .await
        .expect("Ann leaves");
    world.app.clock.advance(chrono::TimeDelta::minutes(16));
    world.visitor().get(&another).await.expect(404);
    assert_sound(seed.connection()).await;
    world.stop().await;
}
