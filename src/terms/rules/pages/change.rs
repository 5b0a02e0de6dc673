//! A section of the bank's rules is changed: the form, what it touches, and the decision.

use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use chrono::{DateTime, Utc};
use matching_model::policy::Policy;

use super::overview::standing;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::web::ask_first::{ask_first, seen};
use crate::ground::web::components::{Choice, Link};
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::terms::rules::actions::{NotDecided, Wish, decide_rule};
use crate::terms::rules::fields::{Asked, Takes, differences, fields_of};
use crate::terms::rules::forms::{self, RuleField};
use crate::terms::rules::{Rule, Section, Version, store};

#[derive(Template)]
#[template(path = "terms/rules/pages/change.html")]
struct ChangePage {
    page: PageFrame,
    section: Section,
    inputs: Vec<Input>,
    why: String,
    /// The number of the version that it was filled in from.
    version: String,
    errors: FieldErrors<RuleField>,
}

struct Input {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    value: String,
    suffix: &'static str,
    width: &'static str,
    inputmode: &'static str,
    /// So many rows, where it takes lines; "" where it takes one.
    rows: &'static str,
    /// Yes and no, where it takes one of them.
    choices: Vec<Choice>,
}

impl Input {
    fn of(field: &Asked, value: String) -> Self {
        let (suffix, width, inputmode) = match field.takes {
            Takes::Number(_, _, unit) => (unit, "10", "numeric"),
            Takes::Hour(..) => (":00", "3", "numeric"),
            Takes::Phone => ("", "20", "tel"),
            _ => ("", "", ""),
        };
        let rows = match field.takes {
            Takes::Words(most) | Takes::NeededWords(most) if most > 10_000 => "20",
            Takes::Words(_) | Takes::NeededWords(_) | Takes::Steps => "5",
            _ => "",
        };
        let choice = |code: &str, label: &str| Choice::new(code, label, value == code);
        let choices = match field.takes {
            Takes::YesNo => vec![choice("yes", "Yes"), choice("no", "No")],
            _ => Vec::new(),
        };
        let (name, label, hint) = (field.name, field.label, field.hint);
        Self { name, label, hint, value, suffix, width, inputmode, rows, choices }
    }
}

impl ChangePage {
    /// The form with what each field holds.
    fn new(
        page: PageFrame,
        section: Section,
        (version, why): (String, String),
        value: impl Fn(&'static str) -> String,
        errors: FieldErrors<RuleField>,
    ) -> Self {
        let input = |field: &Asked| Input::of(field, value(field.name));
        let inputs = fields_of(section).iter().map(input).collect();
        Self { page, section, inputs, why, version, errors }
    }

    /// The form as it was sent.
    fn again(page: PageFrame, section: Section, form: &RawForm, errors: FieldErrors<RuleField>) -> Self {
        let said = (form.get("version").to_owned(), form.get("why").to_owned());
        Self::new(page, section, said, |name| form.get(name).to_owned(), errors)
    }
}

/// `GET /bank/{section}`: the form, filled in with what counts.
pub async fn change_page(
    who: Admitted,
    section: web::Path<Section>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, section) = (app_of(&request)?, *section);
    let tx = &mut app.db.look(&who).await?;
    let (rule, newest) = standing(tx, app, section, &who.bank_name).await?;
    let version = newest.map_or(0, |version| version.number).to_string();
    let value = |name| {
        let field = fields_of(section).iter().find(|field| field.name == name);
        field.map(|field| field.typed(&rule)).unwrap_or_default()
    };
    let frame = who.frame(&request);
    page(&ChangePage::new(frame, section, (version, String::new()), value, FieldErrors::none()))
}

#[derive(Template)]
#[template(path = "terms/rules/pages/check.html")]
struct CheckPage {
    page: PageFrame,
    section: Section,
    changes: Vec<String>,
    effects: Vec<String>,
    why: String,
    sent: Vec<(String, String)>,
}

/// `POST /bank/{section}/check`: what the change would touch, before it is made.
pub async fn check(
    AdmittedForm { who, form }: AdmittedForm,
    section: web::Path<Section>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, section) = (app_of(&request)?, *section);
    let frame = who.frame(&request);
    let (rule, why) = match forms::parse(section, &form) {
        Ok(entered) => entered,
        Err(errors) => return page_with_errors(&ChangePage::again(frame, section, &form, errors)),
    };
    let tx = &mut app.db.look(&who).await?;
    let (before, newest) = standing(tx, app, section, &who.bank_name).await?;
    if newest.as_ref().map_or(0, |version| version.number).to_string() != form.get("version") {
        return Err(changed_since(newest.as_ref(), section, app.clock.now()));
    }
    let touched = store::count_touched(tx).await?;
    page(&CheckPage {
        page: frame,
        section,
        changes: differences(&before, &rule),
        effects: effects(&rule, touched),
        why,
        sent: form.without(&["csrf_token", "seen"]),
    })
}

/// What a rule touches, a sentence each. `touched` are the offers that are out, the people whom the bank employs, and what
/// they are booked for.
fn effects(rule: &Rule, (offers, employed, bookings): (i64, i64, i64)) -> Vec<String> {
    match rule {
        Rule::About(_) => vec!["Pages and emails show it from now on. Emails that were sent keep what they say.".to_owned()],
        Rule::Answers(_) => vec![match offers {
            0 => "No offer is out. Offers made from now on follow it.".to_owned(),
            out => format!(
                "{} out and can be answered as long as was said. Offers made from now on follow the change.",
                words::capitalised(&words::count(out, "offer is", "offers are"))
            ),
        }],
        Rule::Cancelling(_) => vec![
            "Bookings that are made from now on keep these terms, whatever is decided later. Bookings that are there keep theirs.".to_owned(),
            "Both sides see them on the offer, in the confirmation, and before anybody cancels.".to_owned(),
        ],
        Rule::Hours(_) => vec![
            format!(
                "The bank employs {}, with {} to come.",
                words::count(employed, "person", "people"),
                words::count(bookings, "booking", "bookings")
            ),
            "Offers that the change leaves no rest or hours for end, and bookings are put on the list of bookings to look at. They are listed before anything is changed.".to_owned(),
        ],
        Rule::Retention(_) => vec![
            "The first night after the change only counts what it would erase. The night after that erases it: look at the count before.".to_owned(),
            "What is erased does not come back. Backups hold it until they are replaced themselves.".to_owned(),
        ],
        Rule::Registers(_) => vec!["Whose number was looked up longer ago than that is listed under “Clinicians” as to be looked up again. What they are offered and booked for stays.".to_owned()],
        Rule::Weights(weights) => in_pounds(weights),
        Rule::Rounds(_) => vec![
            "Rounds that are announced keep their terms. The round after them is announced by these, with its terms and a sealed lot, before it opens.".to_owned(),
        ],
        Rule::Releasing(_) => vec![
            "Sessions that are posted from now on follow it. Those that were posted before stay as they are.".to_owned(),
        ],
        Rule::Figures(_) => vec!["The pages of figures and their files follow it from now on. What was downloaded before stays.".to_owned()],
        Rule::Joining(joining) if joining.is_open => {
            vec!["The public page says it from now on, and clinicians join from it.".to_owned()]
        }
        Rule::Joining(_) => vec!["The public page says that nobody joins from it now. Links that it has sent already go on working until they lapse.".to_owned()],
        Rule::Terms(_) => vec!["Everybody in the bank is asked to accept it when they next sign in, and whoever joins before they do. Offers can be answered by the links in emails without it.".to_owned()],
        Rule::Privacy(_) => vec!["The privacy notice says it from now on.".to_owned()],
    }
}

/// What weights come to in money and distance.
fn in_pounds(weights: &Policy) -> Vec<String> {
    let mut sentences =
        vec!["Plans made from now on follow it. Plans that are there stay as they are.".to_owned()];
    let pounds = |points: i64| points.checked_div(weights.pay_points_per_pound).map(words::number);
    if let Some(pounds) = pounds(weights.fill_points) {
        sentences.push(format!("A plan pays up to £{pounds} more to fill one place more."));
    }
    if let Some(pounds) = pounds(weights.incumbent_points) {
        sentences.push(format!(
            "It takes a session from whom it is offered to where that saves more than £{pounds}."
        ));
    }
    if let Some(km) = weights.preferred_practice_points.checked_div(weights.travel_points_per_km) {
        let km = words::number(km);
        sentences.push(format!("Somebody is sent up to {km} km farther to a practice that they prefer."));
    }
    sentences
}

/// `POST /bank/{section}`: decides it, or says what somebody else has decided since.
pub async fn save(
    AdmittedForm { who, form }: AdmittedForm,
    section: web::Path<Section>,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let (app, section) = (app_of(&request)?, *section);
    let (rule, why) = match forms::parse(section, &form) {
        Ok(entered) => entered,
        Err(errors) => {
            return page_with_errors(&ChangePage::again(who.frame(&request), section, &form, errors));
        }
    };
    let version = form.get("version").parse().map_err(|_no_number| AppError::ForeignForm)?;
    let (wish, reliants) = (Wish { rule, seen: version, why }, app.reliants().with_consent_to(seen(&form)));
    let decided = app.db.change(&who, async |tx| decide_rule(tx, &reliants, &wish).await).await;
    match decided {
        Ok(_) => Ok(see_told("/bank", format!("{}: changed", section.title()))),
        Err(NotDecided::Same) => Ok(see_told("/bank", format!("{}: it says that already", section.title()))),
        Err(NotDecided::Since(newest)) => Err(changed_since(Some(&newest), section, app.clock.now())),
        Err(NotDecided::Fact(error)) => {
            ask_first(error, &request, (&who, &form), Link::new("The bank", "/bank"))
        }
        Err(NotDecided::Database(error)) => Err(error.into()),
    }
}

/// Somebody has changed the section since the form was opened.
fn changed_since(newest: Option<&Version>, section: Section, now: DateTime<Utc>) -> AppError {
    let by = newest.map_or_else(
        || "It".to_owned(),
        |version| {
            format!(
                "{} changed it {}: “{}”. It",
                version.by_name,
                words::when(version.decided_at, now),
                version.why
            )
        },
    );
    AppError::conflict(
        format!("Somebody has changed {} meanwhile", section.within_a_sentence()),
        format!(
            "{by} was not changed by you. Open it again from “Bank” in the menu, see what it says now, and decide then."
        ),
    )
}
