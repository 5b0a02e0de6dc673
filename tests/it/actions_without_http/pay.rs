//! What was worked, and what is owed for it.

use chrono::TimeDelta;
use locumbank::ground::id::BookingId;
use locumbank::ground::not_done::NotDone;
use locumbank::pay::worked::actions::NotSaid;
use locumbank::pay::worked::actions::query::{answer, ask_about};
use locumbank::pay::worked::actions::say::say_worked;
use locumbank::pay::worked::actions::sign_off::sign_off;
use locumbank::pay::worked::{Hours, NewSignOff, Outcome, Taken};
use locumbank::people::practice::actions::decide_extra;
use locumbank::people::practice::extras::{Extra, ExtraUnit, NewExtra};
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::{WayIn, Wish};

use super::{Story, is_not_found};
use crate::support::seed::day;

impl Story {
    /// Ann is booked on that date, from 8:30am to 12:40pm.
    pub(super) async fn booked(&mut self, date: &str) -> BookingId {
        let session = self.session(date).await;
        let way_in = WayIn::Administrator { rate_pence_per_hour: 8_800 };
        let wish = Wish { session, clinician: self.who_is_ann.id, way_in, key: format!("test:{date}") };
        let desk = self.desk.clone();
        act!(self, self.administrator, tx => book(tx, &desk, &wish)).expect("a booking").booking
    }

    /// Nine in the morning of so many days later.
    pub(super) fn days_later(&self, days: i64) {
        self.world.app.clock.advance(TimeDelta::days(days));
    }
}

/// A booking is over, said, signed off, asked about and answered.
pub(super) async fn everything_happens_to_work(story: &mut Story) {
    let letterhead = story.world.app.letterhead();
    let booking = story.booked("2026-11-19").await;
    story.days_later(14);
    let starts_at = "2026-11-19T08:30:00Z".parse().expect("done");
    let hours = Hours { starts_at, ends_at: starts_at + TimeDelta::minutes(250), break_minutes: 0 };
    let outcome = Outcome::Attended { hours, extras: Vec::new() };
    let signed = [NewSignOff { booking, seen_version: 0, outcome, reason: String::new() }];
    act!(story, story.ann, tx => say_worked(tx, booking, (hours, &[]), "")).expect("done");
    act!(story, story.manager, tx => sign_off(tx, &letterhead, &signed)).expect("done");
    act!(story, story.ann, tx => ask_about(tx, &letterhead, booking, "Why?")).expect("done");
    act!(story, story.manager, tx => answer(tx, &letterhead, booking, "So")).expect("done");
}

fn is_nobodys<T>(outcome: &Result<T, NotSaid>) -> bool {
    matches!(outcome, Err(NotSaid::NotDone(NotDone::NotFound)))
}

#[tokio::test]
async fn work_is_said_signed_off_and_asked_about_by_its_sides_alone() {
    let mut story = Story::begin().await;
    let letterhead = story.world.app.letterhead();
    let (mo, sam, ann) = (story.manager, story.stranger, story.ann);
    let extra = NewExtra {
        name: "Mileage".to_owned(),
        unit: ExtraUnit::Mile,
        pence_per_unit: Some(55),
        valid_from: day("2026-11-02"),
    };
    let practice = story.practice;
    assert!(is_not_found(&act!(story, sam, tx => decide_extra(tx, practice, &extra))));
    act!(story, mo, tx => decide_extra(tx, practice, &extra)).unwrap();
    let booking = story.booked("2026-11-10").await;
    let starts_at = "2026-11-10T08:30:00Z".parse().unwrap();
    let hours = Hours { starts_at, ends_at: starts_at + TimeDelta::minutes(250), break_minutes: 0 };
    let signed = |seen_version, quantity, reason: &str| {
        let extra = Extra { name: "Mileage".to_owned(), unit: ExtraUnit::Mile, pence_per_unit: 55 };
        let extras = vec![Taken { extra, quantity }];
        vec![NewSignOff {
            booking,
            seen_version,
            outcome: Outcome::Attended { hours, extras },
            reason: reason.to_owned(),
        }]
    };
    let early = act!(story, mo, tx => sign_off(tx, &letterhead, &signed(0, 10, "")));
    assert!(matches!(early, Err(NotSaid::NotOver)), "{early:?}");
    story.days_later(9);
    assert!(is_nobodys(&act!(story, sam, tx => say_worked(tx, booking, (hours, &[]), ""))));
    assert!(is_nobodys(&act!(story, mo, tx => say_worked(tx, booking, (hours, &[]), ""))));
    act!(story, ann, tx => say_worked(tx, booking, (hours, &[]), "")).unwrap();
    assert!(is_nobodys(&act!(story, sam, tx => sign_off(tx, &letterhead, &signed(0, 10, "")))));
    assert!(is_nobodys(&act!(story, ann, tx => sign_off(tx, &letterhead, &signed(0, 10, "")))));
    let none = act!(story, mo, tx => sign_off(tx, &letterhead, &signed(0, 0, "")));
    assert!(matches!(none, Err(NotSaid::NotAgreed)), "{none:?}");
    assert_eq!(act!(story, mo, tx => sign_off(tx, &letterhead, &signed(0, 10, ""))).unwrap(), 37_217);
    let stale = act!(story, mo, tx => sign_off(tx, &letterhead, &signed(0, 12, "More")));
    assert!(matches!(stale, Err(NotSaid::Since)), "{stale:?}");
    let unreasoned = act!(story, mo, tx => sign_off(tx, &letterhead, &signed(1, 12, "")));
    assert!(matches!(unreasoned, Err(NotSaid::Unreasoned)), "{unreasoned:?}");
    let late = act!(story, ann, tx => say_worked(tx, booking, (hours, &[]), ""));
    assert!(matches!(late, Err(NotSaid::SignedOff)), "{late:?}");
    let nothing = act!(story, mo, tx => answer(tx, &letterhead, booking, "Yes"));
    assert!(matches!(nothing, Err(NotSaid::NothingThere)), "{nothing:?}");
    assert!(is_nobodys(&act!(story, mo, tx => ask_about(tx, &letterhead, booking, "Why?"))));
    act!(story, ann, tx => ask_about(tx, &letterhead, booking, "Why?")).unwrap();
    assert!(is_nobodys(&act!(story, ann, tx => answer(tx, &letterhead, booking, "So"))));
    assert!(is_nobodys(&act!(story, sam, tx => answer(tx, &letterhead, booking, "So"))));
    act!(story, mo, tx => answer(tx, &letterhead, booking, "So")).unwrap();
    act!(story, mo, tx => sign_off(tx, &letterhead, &signed(1, 12, "Twelve"))).unwrap();
    let log = story.log().await;
    let expected = [
        "practice.extra_decided",
        "booking.made",
        "work.said",
        "work.signed_off",
        "work.queried",
        "work.query_answered",
        "work.signed_off",
    ];
    assert_eq!(log, expected);
}
