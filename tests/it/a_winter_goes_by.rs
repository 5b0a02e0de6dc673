//! A bank goes through a winter, day by day to 15 April 2027, over a leap of the clocks and Easter (`./dev soak`: from
//! 1 December 2026, over Christmas too): invented people post, plan, accept, decline, cancel, go away and come back as people
//! do. No page fails, and what pages and mails promised has come true.

mod people;
mod promises;
mod questions;
mod rare;
mod rounds;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc, Weekday};
use locumbank::ground::clock::Clock;
use sqlx::{AssertSqlSafe, PgConnection};

use self::people::Bank;
use self::promises::PROMISES;
use crate::architecture::source::project;
use crate::support::World;
use crate::support::desk::is_soak;

/// A Tuesday at 7am.
fn first_morning() -> DateTime<Utc> {
    let first = if is_soak() { "2026-12-01T07:00:00Z" } else { "2027-02-16T07:00:00Z" };
    first.parse().expect("a date")
}

fn last_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 4, 15).expect("a date")
}

/// How many hundredths of the winter are over on that day.
fn hundredths_gone(day: NaiveDate) -> i64 {
    let first = first_morning().date_naive();
    100 * (day - first).num_days() / (last_day() - first).num_days()
}

/// Chance that comes the same in each run: a linear congruential generator (Knuth, MMIX).
#[derive(Debug)]
pub struct Chance(u64);

impl Chance {
    /// A number below `most`.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % most.max(1)
    }

    /// Whether something happens that happens so often in a hundred.
    pub fn happens(&mut self, in_a_hundred: usize) -> bool {
        self.below(100) < in_a_hundred
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_promised_through_a_winter_came_true() {
    let world = World::start_at(Clock::standing_at(first_morning())).await;
    let mut bank = Bank::begin(&world).await;
    let mut chance = Chance(2);
    let mut day = first_morning().date_naive();
    while day <= last_day() {
        one_day(&world, &mut bank, &mut chance, day).await;
        day = day + Days::new(1);
    }
    // What is out is answered or lapses, and what waits leaves.
    world.app.clock.advance(TimeDelta::days(4));
    world.work().await;
    world.app.clock.advance(TimeDelta::hours(12));
    world.work().await;
    assert!(bank.failures.is_empty(), "{}", bank.failures.join("\n"));
    let broken = broken(&mut world.connection().await).await;
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    world.stop().await;
}

async fn one_day(world: &World, bank: &mut Bank, chance: &mut Chance, day: NaiveDate) {
    let seven = world.app.clock.now();
    world.work().await;
    world.app.clock.advance(TimeDelta::hours(2));
    let is_working_day = !matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    match day.weekday() {
        Weekday::Mon => bank.practices_post(world, chance, day).await,
        Weekday::Tue => bank.administrator_plans(world, chance, day).await,
        Weekday::Wed => bank.everybody_looks_round(world).await,
        Weekday::Thu => bank.administrator_tidies_up(world, chance, day).await,
        _ => {}
    }
    world.work().await;
    world.app.clock.advance(TimeDelta::hours(3));
    bank.clinicians_answer(world, chance).await;
    bank.sessions_are_requested(world, chance).await;
    bank.questions_are_asked(world, day).await;
    if is_working_day {
        bank.plans_change(world, chance, day).await;
        bank.rare_business(world, day, hundredths_gone(day)).await;
    }
    world.work().await;
    let rest = seven + TimeDelta::days(1) - world.app.clock.now();
    world.app.clock.advance(rest);
}

/// The promises of the table that were not kept, or that nobody had occasion to make.
async fn broken(connection: &mut PgConnection) -> Vec<String> {
    let mut broken = Vec::new();
    for promise in PROMISES {
        let count = async |sql: &str, connection: &mut PgConnection| -> i64 {
            let counted = sqlx::query_scalar(AssertSqlSafe(sql.to_owned())).fetch_one(connection).await;
            counted.unwrap_or_else(|error| panic!("{}: {error}", promise.words))
        };
        if count(promise.made, connection).await == 0 {
            broken.push(format!("nobody had occasion to be promised “{}”", promise.words));
        }
        let not_kept = count(promise.not_kept, connection).await;
        if not_kept > 0 {
            broken.push(format!("“{}” was not kept {not_kept} times", promise.words));
        }
    }
    broken
}

/// Phrases with which a text of the work promises that something will happen.
const PROMISING: [&str; 9] = [
    "gets an email",
    "get an email",
    "has been told",
    "is told",
    "are told",
    "not be offered",
    "No session is offered to you on",
    "asks before it ends",
    "do not propose",
];

/// Sentences of the work that promise and that no line of the table holds. Whoever writes one says there how it is kept.
fn not_in_the_table(texts: &[(String, String)]) -> Vec<String> {
    let promises = |line: &str| PROMISING.iter().any(|phrase| line.contains(phrase));
    let plain = |text: &str| text.replace('’', "'");
    let is_known = |line: &str| PROMISES.iter().any(|promise| plain(line).contains(&plain(promise.words)));
    let lines = texts.iter().flat_map(|(path, text)| text.lines().map(move |line| (path, line)));
    let unknown = lines.filter(|(_, line)| promises(line) && !is_known(line));
    unknown.map(|(path, line)| format!("{path}: {}", line.trim())).collect()
}

#[test]
fn every_promise_stands_in_the_table() {
    let mut texts = Vec::new();
    for area in ["src/work", "src/people/availability", "src/people/clinician", "src/people/practice"] {
        for ending in ["html", "txt"] {
            texts.extend(project(&[area], ending).into_iter().map(|source| (source.path, source.text)));
        }
        for source in project(&[area], "rs") {
            let words: Vec<String> = source.strings.iter().map(|(_, text)| text.clone()).collect();
            texts.push((source.path.clone(), words.join("\n")));
        }
    }
    let plain = |text: &str| text.replace('’', "'");
    let all: String = texts.iter().map(|(_, text)| plain(text)).collect::<Vec<_>>().join("\n");
    for promise in PROMISES {
        assert!(all.contains(&plain(promise.words)), "nothing says “{}” any more", promise.words);
    }
    texts.retain(|(path, _)| !path.ends_with("tests.rs"));
    let unknown = not_in_the_table(&texts);
    assert!(unknown.is_empty(), "say in promises.rs how these are kept:\n{}", unknown.join("\n"));
    let planted = [("src/work/x.html".to_owned(), "The practice gets an email by pigeon.".to_owned())];
    assert_eq!(not_in_the_table(&planted).len(), 1);
}
