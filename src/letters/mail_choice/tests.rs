use chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use chrono_tz::Europe::London;

use super::{Choice, LEAST_LEFT, Nature, QUIET_RULE, QuietHours, Wish, course};
use crate::ground::actor::PersonKind;
use crate::ground::mail::course::Course;
use crate::ground::mail::kinds::{Audience, Urgency};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn hours(from: &str, until: &str) -> QuietHours {
    QuietHours { starts_at: time(from), ends_at: time(until) }
}

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn nature(urgency: Urgency, may_decline: bool) -> Nature {
    Nature { audience: Audience::Acting(PersonKind::Clinician), urgency, may_decline }
}

/// Every nature a message can have.
fn natures() -> Vec<Nature> {
    let urgencies = [Urgency::AtOnce, Urgency::Digestible];
    let kinds = urgencies.into_iter().flat_map(|urgency| [(urgency, false), (urgency, true)]);
    let natures = kinds.flat_map(|(urgency, may_decline)| {
        Audience::all().map(move |audience| Nature { audience, urgency, may_decline })
    });
    natures.collect()
}

const CONTENT: Wish = Wish { chosen: None, wants_digest: true, quiet: None, is_stopped: false };

#[test]
fn quiet_hours_end_where_they_are_on() {
    let table = [
        // Over midnight, in winter.
        ("22:00", "07:00", "2026-11-02T21:59:00Z", None),
        ("22:00", "07:00", "2026-11-02T22:00:00Z", Some("2026-11-03T07:00:00Z")),
        ("22:00", "07:00", "2026-11-03T06:59:59Z", Some("2026-11-03T07:00:00Z")),
        ("22:00", "07:00", "2026-11-03T07:00:00Z", None),
        // Within a day, in summer: 9am in London is 8am universal time.
        ("09:00", "17:00", "2026-07-06T07:59:00Z", None),
        ("09:00", "17:00", "2026-07-06T08:00:00Z", Some("2026-07-06T16:00:00Z")),
        ("09:00", "17:00", "2026-07-06T16:00:00Z", None),
        // 1:30am does not exist on the night the clocks go forward, and comes twice when they go back.
        ("22:00", "01:30", "2027-03-27T23:00:00Z", Some("2027-03-28T01:30:00Z")),
        ("22:00", "01:30", "2026-10-24T22:00:00Z", Some("2026-10-25T01:30:00Z")),
    ];
    for (from, until, now, end) in table {
        assert_eq!(hours(from, until).end_after(London, at(now)), end.map(at), "{from} to {until} at {now}");
    }
}

#[test]
fn what_must_come_at_once_is_never_put_off() {
    let urgent = nature(Urgency::AtOnce, false);
    for chosen in [None, Some(Choice::Digest), Some(Choice::Never)] {
        for wants_digest in [true, false] {
            assert_eq!(urgent.effective(chosen, wants_digest), Choice::AtOnce);
        }
    }
}

#[test]
fn whoever_wants_no_daily_email_has_what_cannot_be_declined_at_once() {
    let (kept, declinable) = (nature(Urgency::Digestible, false), nature(Urgency::Digestible, true));
    assert_eq!((kept.effective(None, true), kept.effective(None, false)), (Choice::Digest, Choice::AtOnce));
    assert_eq!(kept.effective(Some(Choice::Never), true), Choice::Digest, "what can't be declined is kept");
    assert_eq!(
        (declinable.effective(None, true), declinable.effective(None, false)),
        (Choice::Digest, Choice::Never)
    );
    assert_eq!(declinable.effective(Some(Choice::AtOnce), false), Choice::AtOnce);
    assert_eq!(declinable.effective(Some(Choice::Never), true), Choice::Never);
}

#[test]
fn what_is_usual_may_be_chosen_and_is_quiet_for_clinicians() {
    for nature in natures() {
        assert!(nature.choices().contains(&nature.usual()), "{nature:?}");
        let is_quiet = nature.urgency == Urgency::Digestible
            && nature.audience == Audience::Acting(PersonKind::Clinician);
        assert_eq!(nature.usual() == Choice::Digest, is_quiet, "{nature:?}");
    }
}

#[test]
fn mail_waits_for_the_end_of_quiet_hours_unless_it_would_be_nearly_too_late() {
    let urgent = Some(nature(Urgency::AtOnce, false));
    let wish = Wish { quiet: Some(hours("22:00", "07:00")), ..CONTENT };
    let (night, morning) = (at("2026-11-02T23:00:00Z"), at("2026-11-03T07:00:00Z"));
    assert_eq!(course(urgent, &wish, None, London, night), Course::Later(morning));
    assert_eq!(course(urgent, &wish, Some(morning + LEAST_LEFT), London, night), Course::Later(morning));
    let lapses_soon = Some(morning + LEAST_LEFT - TimeDelta::seconds(1));
    assert_eq!(course(urgent, &wish, lapses_soon, London, night), Course::Now);
    assert_eq!(course(urgent, &wish, None, London, morning), Course::Now);
    assert!(QUIET_RULE.contains(&format!("{} hours", LEAST_LEFT.num_hours())));
}

#[test]
fn an_address_that_takes_no_mail_gets_none_whatever_was_chosen() {
    let wish = Wish { is_stopped: true, chosen: Some(Choice::AtOnce), ..CONTENT };
    for nature in natures() {
        assert_eq!(course(Some(nature), &wish, None, London, at("2026-11-02T12:00:00Z")), Course::Stopped);
    }
    assert_eq!(course(None, &CONTENT, None, London, at("2026-11-02T12:00:00Z")), Course::Now);
}
