//! What a clinician still has to do before they are offered work, one thing after the other, each with the sessions that
//! wait for it.

use chrono::{Days, NaiveDate};

use crate::eligibility::block::{Block, DAYS_OF_WARNING};
use crate::eligibility::words::block::{EVERY_SESSION, that_need};
use crate::ground::words::{self, date_without_weekday};
use crate::people::document::{Document, State};
use crate::people::profile::Profile;
use crate::terms::bank::CompetencyKind;
use crate::terms::bank::needs::Need;

/// Something that sessions of somebody's role ask for.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct AskedFor {
    /// The competency's code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What sort of thing it is.
    pub kind: CompetencyKind,
    /// How many sessions asked for it lately.
    pub sessions: i64,
}

/// How far a thing is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Progress {
    /// It is there; until when, or "Done".
    Done(String),
    /// It ends soon, or is not enough: what there is.
    Soon(String),
    /// It was handed in, and waits for an administrator.
    Waits,
    /// It was sent back.
    SentBack,
    /// It is not there.
    Missing,
}

/// One thing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thing {
    /// What it is.
    pub name: String,
    /// How far it is.
    pub progress: Progress,
    /// Which sessions wait for it; empty once it is done.
    pub waiting: String,
    /// Where it is done; empty where the person can do nothing.
    pub href: String,
}

/// What is to be done: first what every session waits for, then what some do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What every session waits for.
    pub for_every_session: Vec<Thing>,
    /// What some sessions ask for.
    pub for_some: Vec<Thing>,
}

/// What decides about somebody's things.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The person.
    pub profile: &'a Profile,
    /// What keeps them from work, whatever the session.
    pub blocks: &'a [Block],
    /// What the bank's roles need.
    pub needs: &'a [Need],
    /// What they have handed in, the newest first.
    pub handed_in: &'a [Document],
    /// What sessions of their role asked for lately.
    pub asked_for: &'a [AskedFor],
    /// The day.
    pub today: NaiveDate,
}

impl Missing {
    /// What is to be done by somebody.
    #[must_use]
    pub fn of(facts: &Facts<'_>) -> Self {
        let role = &facts.profile.record.clinician.role;
        let needs: Vec<&Need> = facts.needs.iter().filter(|need| need.role == *role).collect();
        let mut for_every_session: Vec<Thing> = number(facts).into_iter().chain(register(facts)).collect();
        for_every_session.extend(needs.iter().map(|need| needed(facts, need)));
        for_every_session.extend([
            own(facts, "When you can work", "/availability", |it| matches!(it, Block::NoTime)),
            own(facts, "What you work for", "/me/rates", is_about_rates),
            own(facts, "How far you travel", "/me/details#travel", |it| {
                matches!(it, Block::NoTravel | Block::OutOfReach(..))
            }),
            own(facts, "How many hours you work", "/me/details#week", |it| matches!(it, Block::NoHours(_))),
            clearance(facts),
        ]);
        let is_needed = |asked: &&AskedFor| needs.iter().any(|need| need.document == asked.code);
        let others = facts.asked_for.iter().filter(|asked| !is_needed(asked));
        Self { for_every_session, for_some: others.map(|asked| asked_for(facts, asked)).collect() }
    }

    /// Whether nothing that every session waits for is left to the person.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        let is_left =
            |thing: &Thing| !matches!(thing.progress, Progress::Done(_)) && !thing.waiting.is_empty();
        !self.for_every_session.iter().any(is_left)
    }
}

fn is_about_rates(block: &Block) -> bool {
    matches!(block, Block::NoRates | Block::RateTooHigh { .. } | Block::BandsWithoutRate { .. })
}

fn done() -> Progress {
    Progress::Done("Done".to_owned())
}

/// Something that the person does on a page of theirs: done where no such block is there.
fn own(facts: &Facts<'_>, name: &str, href: &str, is_meant: fn(&Block) -> bool) -> Thing {
    let mut meant = facts.blocks.iter().filter(|block| is_meant(block)).peekable();
    let progress = match meant.peek() {
        None => done(),
        Some(block) if block.keeps_everything_away() => Progress::Missing,
        Some(_) => Progress::Soon("Not enough".to_owned()),
    };
    let waiting: Vec<String> = meant.map(Block::keeps_away).collect();
    Thing { name: name.to_owned(), progress, waiting: waiting.join(", "), href: href.to_owned() }
}

/// The number on the register of their role, where it has one.
fn number(facts: &Facts<'_>) -> Option<Thing> {
    let role = &facts.profile.record.role;
    role.register_pattern.as_ref()?;
    let name = format!("{} number", role.regulator.as_deref().unwrap_or("Registration"));
    let is_meant = |it: &Block| matches!(it, Block::NumberMissing(_) | Block::NumberOdd(..));
    let thing = own(facts, &name, "/me/details#registration", is_meant);
    let is_odd = facts.blocks.iter().any(is_meant);
    Some(if is_odd { Thing { progress: Progress::Missing, ..thing } } else { thing })
}

/// What the register says of that number, which an administrator looks up.
fn register(facts: &Facts<'_>) -> Option<Thing> {
    let record = &facts.profile.record;
    let register = record.role.regulator.as_ref().filter(|_| record.role.register_pattern.is_some())?;
    record.clinician.registration_number.as_ref()?;
    let is_off = facts.blocks.iter().any(|it| matches!(it, Block::OffRegister(_)));
    let progress = match &record.lookup {
        _ if is_off => Progress::Missing,
        Some(lookup) if record.open_on_register(facts.today).is_none() => {
            Progress::Done(format!("On {}", date_without_weekday(lookup.looked_up_on)))
        }
        _ => Progress::Waits,
    };
    Some(Thing {
        name: format!("Your number on the {register} register"),
        waiting: if is_off { EVERY_SESSION.to_owned() } else { String::new() },
        href: if is_off { "/me/details#registration".to_owned() } else { String::new() },
        progress,
    })
}

/// A document that their role needs.
fn needed(facts: &Facts<'_>, need: &Need) -> Thing {
    let from = date_without_weekday(need.valid_from);
    let waiting = if need.valid_from > facts.today {
        format!("{EVERY_SESSION} from {from}")
    } else {
        EVERY_SESSION.to_owned()
    };
    document(facts, (&need.document, &need.document_name), waiting)
}

/// A document, by its code and its name: recorded, handed in, or neither.
fn document(facts: &Facts<'_>, (code, name): (&str, &str), waiting: String) -> Thing {
    let newest = facts.handed_in.iter().find(|it| it.competency == code).map(|it| &it.state);
    let held = facts.profile.record.held.iter().find(|held| held.code == code);
    let progress = match (newest, held.map(|held| held.valid_through)) {
        (_, Some(None)) => done(),
        (_, Some(Some(last))) if last > soon(facts.today) => {
            Progress::Done(format!("Until {}", date_without_weekday(last)))
        }
        (Some(State::Waiting), _) => Progress::Waits,
        (Some(State::SentBack { .. }), _) => Progress::SentBack,
        (_, Some(Some(last))) if last >= facts.today => {
            Progress::Soon(format!("Until {}", date_without_weekday(last)))
        }
        _ => Progress::Missing,
    };
    let waiting = if matches!(progress, Progress::Done(_)) { String::new() } else { waiting };
    Thing { name: name.to_owned(), progress, waiting, href: format!("/me/documents/new?competency={code}") }
}

fn soon(today: NaiveDate) -> NaiveDate {
    today + Days::new(DAYS_OF_WARNING)
}

/// The administrator's decision, for which the person can do nothing but the rest.
fn clearance(facts: &Facts<'_>) -> Thing {
    let is_meant = |it: &Block| {
        matches!(
            it,
            Block::NotCleared | Block::NumberChanged | Block::ClearanceEnded(_) | Block::ClearanceEnds(_)
        )
    };
    let thing = own(facts, "Your bank administrator clears you", "", is_meant);
    let until = facts.profile.record.clearance.as_ref().map(|clearance| clearance.works_until);
    let progress = match (thing.progress, until) {
        (Progress::Done(_), Some(until)) => Progress::Done(format!("Until {}", date_without_weekday(until))),
        (Progress::Missing, _) => Progress::Waits,
        (other, _) => other,
    };
    Thing { progress, ..thing }
}

/// Something that some sessions ask for.
fn asked_for(facts: &Facts<'_>, asked: &AskedFor) -> Thing {
    let waiting = format!("{}: {} lately", that_need(&asked.name), words::number(asked.sessions));
    if asked.kind == CompetencyKind::Document {
        return document(facts, (&asked.code, &asked.name), waiting);
    }
    let held = facts.profile.record.held.iter().find(|held| held.code == asked.code);
    let progress = match held.map(|held| held.valid_through) {
        Some(None) => done(),
        Some(Some(last)) if last >= facts.today => {
            Progress::Done(format!("Until {}", date_without_weekday(last)))
        }
        _ => Progress::Missing,
    };
    let waiting = if matches!(progress, Progress::Done(_)) { String::new() } else { waiting };
    Thing { name: asked.name.clone(), progress, waiting, href: "/me/skills".to_owned() }
}
