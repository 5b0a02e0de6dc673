//! A year of vacancies, each drafted, published and settled by its practice's manager through the actions that pages use.

use std::fmt::Display;

use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Europe::London;
use matching::example::chance::Chance;

use crate::demonstration::context::{Context, LoadError};
use crate::demonstration::store::{Managing, list_managing};
use crate::ground::actor::Actor;
use crate::ground::db::Tx;
use crate::ground::sign_in::PersonKind;
use crate::ground::words::london_date;
use crate::hiring::vacancy::actions::decide::settle;
use crate::hiring::vacancy::actions::draft::begin_draft;
use crate::hiring::vacancy::actions::publish::publish;
use crate::hiring::vacancy::advert::{Advert, Contact, NewAdvert};
use crate::hiring::vacancy::filled::filled_in;
use crate::hiring::vacancy::hours::{Hours, HoursUnit};
use crate::hiring::vacancy::pay::{Pay, PayUnit};
use crate::hiring::vacancy::store::Draft;
use crate::hiring::vacancy::{Contract, NotFilled, Outcome};
use crate::terms::bank::calendar::start_of_day;

/// Days that a vacancy is open.
const DAYS_OPEN: i64 = 28;
/// Days after it closed within which its practice says what came of it.
const DAYS_UNTIL_SETTLED: (i64, i64) = (3, 24);
/// Of a thousand vacancies so many stay unfilled: 18 of 400 in the first year of Doorway to Dorset.
const UNFILLED_PER_MILLE: usize = 45;
/// Vacancies of a year to each hundred sessions to come: 400 beside 800.
const VACANCIES_PER_CENT: usize = 50;

/// A kind of post.
struct Post {
    title: &'static str,
    role: Option<&'static str>,
    staff_group: &'static str,
    contract: Contract,
    hours: (HoursUnit, i64, i64),
    pay: (Option<&'static str>, PayUnit, i64, i64),
    duties: &'static str,
    essential: &'static [&'static str],
}

const CARE: &str = "You look after people of all ages, with a team around you that shares the day’s work.";
const DESK: &str =
    "You are the first whom people speak to, on the phone and at the desk, and find the right help for them.";

const POSTS: [Post; 9] = [
    Post {
        title: "Salaried GP",
        role: Some("gp"),
        staff_group: "01",
        contract: Contract::Permanent,
        hours: (HoursUnit::Sessions, 400, 800),
        pay: (None, PayUnit::Session, 1_050_000, 1_200_000),
        duties: CARE,
        essential: &["Registered with the GMC, with a licence to practise", "On the Performers List"],
    },
    Post {
        title: "GP partner",
        role: Some("gp"),
        staff_group: "01",
        contract: Contract::Partner,
        hours: (HoursUnit::Sessions, 600, 800),
        pay: (None, PayUnit::Session, 1_300_000, 1_500_000),
        duties: CARE,
        essential: &["Registered with the GMC, with a licence to practise", "On the Performers List"],
    },
    Post {
        title: "Practice nurse",
        role: Some("practice_nurse"),
        staff_group: "03",
        contract: Contract::Permanent,
        hours: (HoursUnit::Hours, 2_000, 3_000),
        pay: (Some("5"), PayUnit::Year, 3_207_300, 3_904_300),
        duties: CARE,
        essential: &["Registered with the NMC", "Cervical screening and immunisation"],
    },
    Post {
        title: "First contact physiotherapist",
        role: Some("msk_practitioner"),
        staff_group: "04",
        contract: Contract::Portfolio,
        hours: (HoursUnit::WholeTime, 60, 100),
        pay: (Some("7"), PayUnit::Year, 4_938_700, 5_651_500),
        duties: CARE,
        essential: &["Registered with the HCPC", "Stage 1 of the first contact practitioner roadmap"],
    },
    Post {
        title: "Clinical pharmacist",
        role: Some("pharmacist"),
        staff_group: "05",
        contract: Contract::Permanent,
        hours: (HoursUnit::WholeTime, 80, 100),
        pay: (Some("7"), PayUnit::Year, 4_938_700, 5_651_500),
        duties: CARE,
        essential: &["Registered with the GPhC", "Independent prescriber, or in training"],
    },
    Post {
        title: "Healthcare assistant",
        role: Some("healthcare_assistant"),
        staff_group: "07",
        contract: Contract::Apprenticeship,
        hours: (HoursUnit::Hours, 2_500, 3_000),
        pay: (Some("3"), PayUnit::Year, 2_576_000, 2_747_600),
        duties: CARE,
        essential: &["Care for people", "Blood tests, or the wish to learn them"],
    },
    Post {
        title: "Receptionist",
        role: None,
        staff_group: "08",
        contract: Contract::Permanent,
        hours: (HoursUnit::Hours, 1_600, 2_400),
        pay: (None, PayUnit::Hour, 1_260, 1_320),
        duties: DESK,
        essential: &["Patience with people who are worried", "Sure with a computer"],
    },
    Post {
        title: "Care navigator",
        role: None,
        staff_group: "08",
        contract: Contract::FixedTerm,
        hours: (HoursUnit::Hours, 3_000, 3_000),
        pay: (Some("4"), PayUnit::Year, 2_839_200, 3_115_700),
        duties: DESK,
        essential: &["Knowledge of help in the neighbourhood"],
    },
    Post {
        title: "Practice manager",
        role: None,
        staff_group: "08",
        contract: Contract::Permanent,
        hours: (HoursUnit::WholeTime, 100, 100),
        pay: (None, PayUnit::Year, 4_600_000, 5_400_000),
        duties: "You lead the team, keep the accounts, and see that everybody has what they need to look after people.",
        essential: &["Leading a team of ten or more", "Keeping a budget"],
    },
];

fn advert(post: &Post, manager: &Managing, closes_at: DateTime<Utc>) -> Advert {
    let (unit, least_hundredths, most_hundredths) = post.hours;
    let (band, pay_unit, least_pence, most_pence) = post.pay;
    let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    Advert {
        title: post.title.to_owned(),
        role: post.role.map(str::to_owned),
        staff_group: post.staff_group.to_owned(),
        contract: post.contract,
        months: (post.contract == Contract::FixedTerm).then_some(12),
        hours: Hours { unit, least_hundredths, most_hundredths },
        pay: Pay { band: band.map(str::to_owned), unit: pay_unit, least_pence, most_pence },
        starts_on: None,
        closes_at,
        interviews: None,
        duties: post.duties.to_owned(),
        about: "We are a practice of ten people who like to work together.".to_owned(),
        pattern: "Monday to Friday; which days, and when they begin, is agreed with you.".to_owned(),
        essential: lines(post.essential),
        desirable: lines(&["Work in primary care"]),
        benefits: lines(&[
            "NHS pension",
            "Six weeks of holidays and bank holidays",
            "A day a month to learn",
        ]),
        mentoring: "Somebody of the team has an hour a week for you in the first three months.".to_owned(),
        sponsors_visa: post.role.is_some(),
        is_disability_confident: true,
        contact: Contact { name: manager.name.clone(), email: manager.email.clone(), phone: String::new() },
    }
}

/// Writes them, each as the manager of its practice, the oldest first. Those of the last weeks are open, and those that
/// have closed just now wait for somebody to say what came of them.
pub(crate) async fn write(tx: &mut Tx, context: &Context, chance: &mut Chance) -> Result<(), LoadError> {
    (context.steps)("Vacancies");
    let (whoever_acts, managers) = (tx.actor(), list_managing(tx).await?);
    let count = i64::try_from(context.size.sessions * VACANCIES_PER_CENT / 100).unwrap_or(0);
    for number in (0..count).filter(|_| !managers.is_empty()) {
        let opens_at = context.now - TimeDelta::minutes((count - number - 1) * 365 * 24 * 60 / count.max(1));
        let weights = [6, 2, 4, 2, 2, 3, 6, 2, 1];
        let (post, manager) = (&POSTS[chance.weighted(&weights)], chance.pick(&managers));
        let last_day = london_date(opens_at) + Days::new(u64::try_from(DAYS_OPEN).unwrap_or(0));
        let closes_at = start_of_day(London, last_day) + TimeDelta::hours(17);
        let (account, membership) = (manager.account, manager.membership);
        let kind = PersonKind::PracticeManager;
        tx.go_on_as(Actor::Member { account, bank: context.bank.id, membership, kind });
        tx.go_to_time(opens_at);
        let new = NewAdvert { advert: advert(post, manager, closes_at), places: vec![manager.practice] };
        let typed = filled_in(&new.advert);
        let draft = Draft { practice: manager.practice, title: post.title.to_owned(), typed };
        let id = begin_draft(tx, &draft).await.map_err(failed)?;
        publish(tx, (id, 1), &new, opens_at).await.map_err(failed)?;
        let settled_at =
            closes_at + TimeDelta::days(chance.between(DAYS_UNTIL_SETTLED.0, DAYS_UNTIL_SETTLED.1));
        let came = outcome(chance);
        if settled_at < context.now {
            tx.go_to_time(settled_at);
            settle(tx, id, came).await.map_err(failed)?;
        }
    }
    tx.go_to_time(context.now);
    tx.go_on_as(whoever_acts);
    Ok(())
}

fn outcome(chance: &mut Chance) -> (Outcome, Option<NotFilled>) {
    if chance.per_mille(UNFILLED_PER_MILLE) {
        let reasons =
            [NotFilled::NobodyApplied, NotFilled::CriteriaNotMet, NotFilled::Declined, NotFilled::Pay];
        return (Outcome::NotFilled, Some(*chance.pick(&reasons)));
    }
    let filled = [Outcome::FilledHere, Outcome::FilledElsewhere, Outcome::FilledFromBank, Outcome::Stopped];
    (filled[chance.weighted(&[70, 15, 13, 2])], None)
}

fn failed(error: impl Display) -> LoadError {
    LoadError::Vacancies(error.to_string())
}
