//! Vacancies for stories to begin with.

use chrono::{DateTime, TimeDelta, Utc};
use locumbank::ground::id::{PracticeId, VacancyId};
use locumbank::hiring::vacancy::Contract;
use locumbank::hiring::vacancy::advert::{Advert, Contact};
use locumbank::hiring::vacancy::hours::{Hours, HoursUnit};
use locumbank::hiring::vacancy::pay::{Pay, PayUnit};
use sqlx::types::Json;

use super::seed::Seed;

/// An advert of a GP's post, of six sessions a week, that closes then.
pub fn advert(title: &str, closes_at: DateTime<Utc>) -> Advert {
    Advert {
        title: title.to_owned(),
        role: Some("gp".to_owned()),
        staff_group: "01".to_owned(),
        contract: Contract::Permanent,
        months: None,
        hours: Hours { unit: HoursUnit::Sessions, least_hundredths: 600, most_hundredths: 600 },
        pay: Pay { band: None, unit: PayUnit::Session, least_pence: 1_100_000, most_pence: 1_200_000 },
        starts_on: None,
        closes_at,
        interviews: None,
        duties: "You see patients of all ages.".to_owned(),
        about: "We are a team of twelve.".to_owned(),
        pattern: String::new(),
        essential: vec!["Registered with the GMC".to_owned(), "On the Performers List".to_owned()],
        desirable: Vec::new(),
        benefits: vec!["Six weeks of holidays".to_owned()],
        mentoring: String::new(),
        sponsors_visa: true,
        is_disability_confident: true,
        contact: Contact {
            name: "Mo Example".to_owned(),
            email: "mo@people.test".to_owned(),
            phone: String::new(),
        },
    }
}

/// The fields that the form of such an advert has, which closes at 5pm on 30 November 2026.
pub fn fields(title: &'static str) -> Vec<(&'static str, &'static str)> {
    vec![
        ("title", title),
        ("role", "gp"),
        ("staff_group", "01"),
        ("contract", "permanent"),
        ("hours_unit", "sessions"),
        ("hours_least", "6"),
        ("pay_unit", "session"),
        ("pay_least", "11,000"),
        ("pay_most", "12,000"),
        ("closes-day", "30"),
        ("closes-month", "11"),
        ("closes-year", "2026"),
        ("closes_time", "5pm"),
        ("duties", "You see patients of all ages."),
        ("essential", "Registered with the GMC\r\nOn the Performers List"),
        ("contact_name", "Mo Example"),
        ("contact_email", "mo@people.test"),
    ]
}

/// A vacancy of a practice, open since now and for 28 days.
pub async fn open_vacancy(seed: &mut Seed, practice: PracticeId, title: &str) -> VacancyId {
    let (bank, id, now) = (seed.bank, VacancyId::new(), seed.now());
    let advert = advert(title, now + TimeDelta::days(28));
    let ((least, most), (least_pence, most_pence)) = (advert.hours.minutes(), advert.pay.pence_per_year());
    sqlx::query(
        "with posted as (
             insert into vacancy (bank_id, id, practice_id, version, typed, title, created_at, changed_at, advert, role,
                                  staff_group, contract, least_minutes_a_week, most_minutes_a_week, least_pence_per_year,
                                  most_pence_per_year, words, published_at, opens_at, closes_at)
             values ($1, $2, $3, 1, '[]', $4, $5, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $5, $5, $15))
         insert into vacancy_place (bank_id, vacancy_id, position, practice_id) values ($1, $2, 1, $3)",
    )
    .bind(bank)
    .bind(id)
    .bind(practice)
    .bind(title)
    .bind(now)
    .bind(Json(&advert))
    .bind(&advert.role)
    .bind(&advert.staff_group)
    .bind(advert.contract)
    .bind(least)
    .bind(most)
    .bind(least_pence)
    .bind(most_pence)
    .bind(advert.words())
    .bind(advert.closes_at)
    .execute(seed.connection())
    .await
    .expect("a vacancy");
    id
}
