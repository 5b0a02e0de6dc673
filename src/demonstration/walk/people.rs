//! What each kind of person does in the main job.

use std::time::Duration;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::WalkError;
use super::browser::{Browser, Page};
use crate::demonstration::{PASSWORD, SIGN_INS};
use crate::ground::sign_in::PersonKind;

async fn sign_in(base_url: &str, kind: PersonKind) -> Result<Browser, WalkError> {
    let email = SIGN_INS.iter().find(|(known, _)| *known == kind).map_or("", |(_, email)| email);
    Browser::signed_in(base_url, email, PASSWORD).await
}

/// The first such day from a week after `today` on.
fn next(weekday: Weekday, today: NaiveDate) -> NaiveDate {
    let week = (0..7).map(|day| today + Days::new(7 + day));
    week.into_iter().find(|date| date.weekday() == weekday).unwrap_or(today)
}

/// The practice manager posts a session for a GP, repeated once, and finds it in their week.
pub async fn post_session(base_url: &str, today: NaiveDate) -> Result<(), WalkError> {
    let mut browser = sign_in(base_url, PersonKind::PracticeManager).await?;
    let date = next(Weekday::Wed, today);
    let page = browser.get("/sessions/new").await?.expect(200)?;
    let practice = page.first_option("practice").unwrap_or_default();
    let form = page
        .form("/sessions/check")?
        .with("practice", practice)
        .with_date("on", date)
        .with("start", "8:30am")
        .with("end", "12:40pm")
        .with("role", "gp")
        .with("places", "1")
        .with("rate-min", "84")
        .with("rate-max", "96")
        .with("notes", "Park behind the surgery.")
        .with("repeat", "weekly")
        .with_date("until", date + Days::new(7));
    let checked = browser.send(form).await?.expect(200)?;
    let posted = browser.send(checked.form("/sessions")?).await?.expect(303)?;
    browser.get(&posted.location).await?.expect(200)?;
    Ok(())
}

/// The clinician says that they are free on a Saturday, and reads their offers and bookings.
pub async fn offer_a_saturday(base_url: &str, today: NaiveDate) -> Result<(), WalkError> {
    let mut browser = sign_in(base_url, PersonKind::Clinician).await?;
    let form = browser.get("/availability/dates/new").await?.expect(200)?.form("/availability/dates")?;
    let form = form.with_date("on", next(Weekday::Sat, today)).with("start", "8:30am").with("end", "6pm");
    browser.send(form).await?.expect(303)?;
    for path in ["/availability", "/offers", "/bookings", "/me"] {
        browser.get(path).await?.expect(200)?;
    }
    Ok(())
}

/// The commissioner publishes a range for GPs in core hours, from four weeks on.
pub async fn publish_range(base_url: &str, today: NaiveDate) -> Result<(), WalkError> {
    let mut browser = sign_in(base_url, PersonKind::Commissioner).await?;
    let form = browser.get("/rate-ranges/new").await?.expect(200)?.form("/rate-ranges/check")?;
    let form = form
        .with("role", "gp")
        .with("band", "core")
        .with_date("from", today + Days::new(35))
        .with("floor", "74")
        .with("ceiling", "98");
    let checked = browser.send(form).await?.expect(200)?;
    browser.send(checked.form("/rate-ranges")?).await?.expect(303)?;
    Ok(())
}

/// The administrator clears somebody about whom nothing was decided yet.
pub async fn clear_somebody(base_url: &str, today: NaiveDate) -> Result<(), WalkError> {
    let mut browser = sign_in(base_url, PersonKind::BankAdministrator).await?;
    let list = browser.get("/clinicians?state=none").await?.expect(200)?;
    let Some(path) = list.addresses("/clinicians/").into_iter().find(|path| path.len() > 40) else {
        return Err(WalkError::Missing("/clinicians lists nobody who can be cleared".to_owned()));
    };
    let form = browser.get(&format!("{path}/clear")).await?.expect(200)?.form(&format!("{path}/clear"))?;
    let form = form
        .with_date("until", today + Days::new(180))
        .with("reason", "Register checked and documents seen.")
        .with("sure", "yes");
    browser.send(form).await?.expect(303)?;
    Ok(())
}

/// A plan that was published.
pub struct Published {
    /// Its address.
    pub path: String,
    /// The first and last day.
    pub dates: (NaiveDate, NaiveDate),
    /// What its page says of it.
    pub says: Vec<String>,
    /// How far the page says it can be from the best possible.
    pub gap: String,
}

/// The administrator asks for the plan that the page proposes, waits for it, and publishes it.
pub async fn plan_and_publish(base_url: &str, patience: Duration) -> Result<Published, WalkError> {
    let mut browser = sign_in(base_url, PersonKind::BankAdministrator).await?;
    let form = browser.get("/matching").await?.expect(200)?.form("/matching")?;
    let dates = form.dates("from", "until")?;
    let path = browser.send(form).await?.expect(303)?.location;
    let path = path.split('?').next().unwrap_or_default().to_owned();
    let ready = wait_for_plan(&mut browser, &path, patience).await?;
    let publish = format!("{path}/publish");
    let form = browser.get(&publish).await?.expect(200)?.form(&publish)?;
    browser.send(form).await?.expect(303)?;
    let gap = ready
        .text_of("distance")
        .map(|sentence| sentence.trim_end_matches('.').to_owned())
        .ok_or_else(|| WalkError::Missing(format!("{path} does not say how good the plan is")))?;
    Ok(Published { path, dates, says: ready.tiles(), gap })
}

async fn wait_for_plan(browser: &mut Browser, path: &str, patience: Duration) -> Result<Page, WalkError> {
    let mut waited = Duration::ZERO;
    let pause = Duration::from_millis(250);
    loop {
        let page = browser.get(path).await?.expect(200)?;
        if page.address(&format!("{path}/publish")).is_some() {
            return Ok(page);
        }
        if waited >= patience {
            return Err(WalkError::Missing(format!(
                "the plan was not ready after {} s: {}",
                patience.as_secs(),
                page.main_text()
            )));
        }
        tokio::time::sleep(pause).await;
        waited += pause;
    }
}

/// The commissioner reads the fill rate and the unfilled sessions.
pub async fn read_fill_rate(base_url: &str) -> Result<String, WalkError> {
    let mut browser = sign_in(base_url, PersonKind::Commissioner).await?;
    browser.get("/unfilled-sessions").await?.expect(200)?;
    let page = browser.get("/fill-rate").await?.expect(200)?;
    page.tiles().into_iter().next().ok_or_else(|| WalkError::Missing("/fill-rate says no figure".to_owned()))
}
