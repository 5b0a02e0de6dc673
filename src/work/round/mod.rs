//! Rounds: requests for sessions that are far enough ahead gather until a time, and are decided together.
//!
//! ```text
//! announced ──▶ open ──▶ closed ──▶ decided
//! ```
//!
//! A bank's rounds follow one another: when one closes, the next opens, and the one after that is announced. Announced is
//! with its terms, which never change, and with the hash of its seed, from which the lot is drawn; the seed itself is
//! published once it is decided, so that anybody can draw the lots again. Nobody is booked by a round: it proposes, and
//! the practices confirm.
//!
//! This slice says when rounds are and in which order people come; what is decided is said by
//! [`request`](crate::work::request), which asks this one.

pub mod actions;
pub mod jobs;
pub mod pages;
pub mod store;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use crate::ground::id::{ClinicianId, RoundId};
use crate::terms::bank::calendar::{WallTime, local_date, wall_time};
use crate::terms::rules::Rounds;

/// A round with its terms.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Round {
    /// Its id.
    pub id: RoundId,
    /// Its number in the bank, from 1.
    pub number: i32,
    /// When its terms and the hash of its seed were published.
    pub announced_at: DateTime<Utc>,
    /// From when on requests gather in it.
    pub opens_at: DateTime<Utc>,
    /// Until when.
    pub closes_at: DateTime<Utc>,
    /// By when practices confirm what it proposes.
    pub confirm_by: DateTime<Utc>,
    /// Sessions that start from then on are in it.
    pub sessions_from: DateTime<Utc>,
    /// What people were given from then on, until it closes, decides whose turn it is.
    pub counted_from: DateTime<Utc>,
    /// What the lot is drawn from. Nobody is shown it before the round is decided.
    pub seed: String,
    /// Its SHA-256, in hexadecimal digits.
    pub seed_hash: String,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
}

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is known, and not open yet.
    Announced,
    /// Requests gather.
    Open,
    /// Nobody can ask in it any more, and it is about to be decided.
    Closed,
    /// It has been decided.
    Decided,
}

impl Round {
    /// Where it stands at `now`.
    #[must_use]
    pub fn stage(&self, now: DateTime<Utc>) -> Stage {
        if self.decided_at.is_some() {
            Stage::Decided
        } else if now >= self.closes_at {
            Stage::Closed
        } else if now >= self.opens_at {
            Stage::Open
        } else {
            Stage::Announced
        }
    }

    /// Whether a session that starts then is in it.
    #[must_use]
    pub fn takes(&self, starts_at: DateTime<Utc>) -> bool {
        starts_at >= self.sessions_from
    }

    /// The round after `last`, or the first, by a bank's rule; none where it holds no rounds. It opens when the last one
    /// closes, or, where there was none or that is over, at the next time at which rounds close.
    #[must_use]
    pub fn next(
        rule: Rounds,
        last: Option<&Self>,
        zone: Tz,
        now: DateTime<Utc>,
        seed: String,
    ) -> Option<Self> {
        let days = u64::try_from(rule.days).ok().filter(|days| *days > 0)?;
        let today = local_date(zone, now);
        let after =
            |date: NaiveDate, days| at_hour(zone, date.checked_add_days(Days::new(days))?, rule.close_hour);
        let opens_at = match last {
            Some(last) if last.closes_at > now => last.closes_at,
            _ => (0..=1).filter_map(|days| after(today, days)).find(|at| *at > now)?,
        };
        let closes_at = after(local_date(zone, opens_at), days)?;
        let sessions_from = closes_at + TimeDelta::days(rule.ahead_days.into());
        Some(Self {
            id: RoundId::new(),
            number: last.map_or(1, |last| last.number + 1),
            announced_at: now,
            opens_at,
            closes_at,
            confirm_by: sessions_from.min(closes_at + TimeDelta::hours(rule.confirm_hours.into())),
            sessions_from,
            counted_from: closes_at - TimeDelta::weeks(rule.ledger_weeks.into()),
            seed_hash: sha256(&seed),
            seed,
            decided_at: None,
        })
    }

    /// A round that closed just now, for a message's sample.
    #[must_use]
    pub fn example(now: DateTime<Utc>) -> Self {
        Self {
            id: RoundId::new(),
            number: 12,
            announced_at: now - TimeDelta::days(14),
            opens_at: now - TimeDelta::days(7),
            closes_at: now,
            confirm_by: now + TimeDelta::hours(48),
            sessions_from: now + TimeDelta::days(14),
            counted_from: now - TimeDelta::weeks(12),
            seed: String::new(),
            seed_hash: sha256(""),
            decided_at: Some(now),
        }
    }

    /// What is drawn for a ticket: the SHA-256 of seed, colon and ticket, in hexadecimal digits.
    #[must_use]
    pub fn lot(&self, ticket: &str) -> String {
        sha256(&format!("{}:{ticket}", self.seed))
    }
}

/// The instant at which the clock shows a full hour of the day, at which clocks are never changed.
fn at_hour(zone: Tz, date: NaiveDate, hour: i32) -> Option<DateTime<Utc>> {
    let time = NaiveTime::from_hms_opt(u32::try_from(hour).ok()?, 0, 0)?;
    match wall_time(zone, date, time) {
        WallTime::Once(at) | WallTime::Twice(at, _) => Some(at),
        WallTime::Never => None,
    }
}

fn sha256(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Somebody who asks in a round.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Entry {
    /// Who.
    pub clinician_id: ClinicianId,
    /// What the lot is drawn for.
    pub ticket: String,
    /// How many sessions they want at most.
    pub most: Option<i16>,
    /// Minutes of work that they were given since the round's terms say.
    pub had_minutes: i64,
}

/// An entry with its lot, in its turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InTurn {
    /// The entry.
    pub entry: Entry,
    /// What was drawn for its ticket.
    pub lot: String,
}

/// In which order people come: who was given the fewest minutes first, and among equals whose lot is the lowest.
#[must_use]
pub fn in_turn(round: &Round, entries: Vec<Entry>) -> Vec<InTurn> {
    let drawn = |entry: Entry| InTurn { lot: round.lot(&entry.ticket), entry };
    let mut turns: Vec<InTurn> = entries.into_iter().map(drawn).collect();
    turns.sort_by(|one, other| {
        let key = |turn: &InTurn| (turn.entry.had_minutes, turn.lot.clone(), turn.entry.ticket.clone());
        key(one).cmp(&key(other))
    });
    turns
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, TimeDelta, Utc};
    use chrono_tz::Europe::London;

    use super::{Entry, Round, Stage, in_turn, sha256};
    use crate::ground::id::ClinicianId;
    use crate::terms::rules::Rounds;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    const WEEKLY: Rounds =
        Rounds { days: 7, close_hour: 12, ahead_days: 14, confirm_hours: 48, ledger_weeks: 12 };

    fn next(last: Option<&Round>, now: &str) -> Round {
        Round::next(WEEKLY, last, London, at(now), "seed".to_owned()).unwrap()
    }

    #[test]
    fn rounds_follow_one_another_by_the_clocks_of_the_bank() {
        // The clocks go back on 25 October 2026.
        let first = next(None, "2026-10-20T11:30:00Z");
        assert_eq!((first.number, first.opens_at), (1, at("2026-10-21T11:00:00Z")), "noon in summer");
        assert_eq!(first.closes_at, at("2026-10-28T12:00:00Z"), "noon in winter");
        assert_eq!(first.confirm_by, at("2026-10-30T12:00:00Z"));
        assert_eq!(first.sessions_from, at("2026-11-11T12:00:00Z"));
        assert!(first.takes(at("2026-11-11T12:00:00Z")) && !first.takes(at("2026-11-11T11:59:00Z")));
        let second = next(Some(&first), "2026-10-21T11:00:00Z");
        assert_eq!((second.number, second.opens_at), (2, first.closes_at));
        // After a pause it begins anew.
        let third = next(Some(&second), "2026-12-01T15:00:00Z");
        assert_eq!((third.number, third.opens_at), (3, at("2026-12-02T12:00:00Z")));
        let none = Rounds { days: 0, ..WEEKLY };
        assert_eq!(Round::next(none, None, London, at("2026-10-20T11:30:00Z"), String::new()), None);
        let short = Rounds { ahead_days: 1, confirm_hours: 48, ..WEEKLY };
        let short = Round::next(short, None, London, at("2026-10-20T11:30:00Z"), String::new()).unwrap();
        assert_eq!(short.confirm_by, short.sessions_from, "nobody confirms what has begun");
    }

    #[test]
    fn a_round_is_announced_open_closed_and_decided() {
        let mut round = next(None, "2026-10-20T11:30:00Z");
        let stages = [
            round.stage(round.announced_at),
            round.stage(round.opens_at),
            round.stage(round.closes_at - TimeDelta::seconds(1)),
            round.stage(round.closes_at),
        ];
        assert_eq!(stages, [Stage::Announced, Stage::Open, Stage::Open, Stage::Closed]);
        round.decided_at = Some(round.closes_at);
        assert_eq!(round.stage(round.closes_at), Stage::Decided);
    }

    #[test]
    fn who_had_least_comes_first_and_the_lot_decides_among_equals() {
        let round = next(None, "2026-10-20T11:30:00Z");
        assert_eq!(round.seed_hash, "19b25856e1c150ca834cffc8b59b23adbd0ec0389e58eb22b3b64768098d002b");
        assert_eq!(round.lot("a"), sha256("seed:a"));
        let entry = |ticket: &str, had_minutes| Entry {
            clinician_id: ClinicianId::new(),
            ticket: ticket.to_owned(),
            most: None,
            had_minutes,
        };
        let turns = in_turn(&round, vec![entry("a", 60), entry("b", 0), entry("c", 0), entry("d", 0)]);
        let tickets: Vec<&str> = turns.iter().map(|turn| turn.entry.ticket.as_str()).collect();
        assert_eq!(tickets[3], "a");
        assert!(turns[..3].is_sorted_by(|one, other| one.lot <= other.lot));
        let again: Vec<Entry> = turns.iter().rev().map(|turn| turn.entry.clone()).collect();
        assert_eq!(in_turn(&round, again), turns, "the order of asking plays no part");
    }
}
