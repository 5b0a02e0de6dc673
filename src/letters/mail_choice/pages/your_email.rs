//! `/your-email`: what somebody wants to have by email, and when.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::mail::kinds::{Audience, Messages};
use crate::ground::sign_in::{PersonKind, SignedIn};
use crate::ground::web::components;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words::time_of_day;
use crate::letters::digest::messages::DIGEST;
use crate::letters::mail_choice::actions::choose;
use crate::letters::mail_choice::forms::{self, ChoiceField, asked_about};
use crate::letters::mail_choice::{Choice, Nature, QUIET_RULE, QuietHours, store};
use crate::letters::stopped_address;
use crate::letters::stopped_address::actions::clear_own_address;

/// A kind of message with the choices for it.
struct Asked {
    name: &'static str,
    title: &'static str,
    choices: Vec<components::Choice>,
}

#[derive(Template)]
#[template(path = "letters/mail_choice/pages/your_email.html")]
struct YourEmailPage {
    page: PageFrame,
    address: String,
    stopped_because: String,
    asked: Vec<Asked>,
    at_once: Vec<&'static str>,
    has_alerts: bool,
    quiet_rule: &'static str,
    raw: RawForm,
    errors: FieldErrors<ChoiceField>,
}

/// What is known of somebody's email.
struct Known {
    address: String,
    chosen: Vec<(String, Choice)>,
    quiet: Option<QuietHours>,
    stopped: Option<stopped_address::StoppedAddress>,
}

async fn load(app: &App, who: &SignedIn) -> Result<Known, AppError> {
    let account = who.account;
    let tx = &mut app.db.look(who).await?;
    let address = crate::people::account::store::find_email(tx, account).await?;
    let address = address.ok_or(AppError::NotFound)?;
    Ok(Known {
        chosen: store::list_choices(tx, account).await?,
        quiet: store::find_quiet_hours(tx, account).await?,
        stopped: stopped_address::store::find_stopped(tx, &address).await?,
        address,
    })
}

fn your_email(
    who: &SignedIn,
    messages: Messages,
    page: PageFrame,
    known: Known,
    raw: RawForm,
    errors: FieldErrors<ChoiceField>,
) -> YourEmailPage {
    let audience = Audience::Acting(who.kind);
    let has_declined = |(name, choice): &(String, Choice)| name == DIGEST.name && *choice == Choice::Never;
    let wants_digest = !known.chosen.iter().any(has_declined);
    let asked = asked_about(messages, audience).map(|kind| {
        let nature = Nature::of(kind);
        let entered = nature.choices().iter().find(|choice| choice.code() == raw.get(kind.name)).copied();
        let kept = known.chosen.iter().find(|(name, _)| name == kind.name).map(|(_, choice)| *choice);
        // The page shows what counts, also where there is no daily email to put it in.
        let chosen = entered.unwrap_or_else(|| nature.effective(kept, wants_digest));
        let label = |choice: Choice| match choice {
            Choice::AtOnce if kind.name == DIGEST.name => "At 6am, when there is something in it",
            choice => choice.name(),
        };
        let choices = nature.choices().iter();
        let choices =
            choices.map(|each| components::Choice::new(each.code(), label(*each), *each == chosen)).collect();
        Asked { name: kind.name, title: kind.title, choices }
    });
    let at_once = messages
        .all()
        .filter(|kind| [audience, Audience::Everybody].contains(&kind.audience))
        .filter(|kind| Nature::of(kind).choices().len() == 1)
        .map(|kind| kind.title);
    YourEmailPage {
        page,
        address: known.address,
        stopped_because: known.stopped.map_or(String::new(), |stopped| stopped.reason.sentence().to_owned()),
        asked: asked.collect(),
        at_once: at_once.collect(),
        has_alerts: audience == Audience::Acting(PersonKind::Clinician),
        quiet_rule: QUIET_RULE,
        raw,
        errors,
    }
}

/// The quiet hours as the form shows them.
fn as_entered(quiet: Option<QuietHours>) -> RawForm {
    let pairs = quiet.map(|quiet| {
        vec![
            ("quiet_from".to_owned(), time_of_day(quiet.starts_at)),
            ("quiet_until".to_owned(), time_of_day(quiet.ends_at)),
        ]
    });
    RawForm::from_pairs(pairs.unwrap_or_default())
}

/// `GET /your-email`.
pub async fn show(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let known = load(app, &who).await?;
    let frame = who.frame(&request);
    let raw = as_entered(known.quiet);
    page(&your_email(&who, app.site.messages, frame, known, raw, FieldErrors::none()))
}

/// `POST /your-email`.
pub async fn save(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    match forms::parse(&form, app.site.messages, Audience::Acting(who.kind)) {
        Ok(entered) => {
            app.db.change(&who, async |tx| choose(tx, &entered).await).await?;
            let said = "Your choices are saved. They count for emails that are waiting too.";
            Ok(see_told("/your-email", said))
        }
        Err(errors) => {
            let known = load(app, &who).await?;
            let frame = who.frame(&request);
            page_with_errors(&your_email(&who, app.site.messages, frame, known, form, errors))
        }
    }
}

/// `POST /your-email/send-again`: somebody whose address took no mail says that it does again.
pub async fn send_again(
    AdmittedForm { who, form: _ }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    app.db.change(&who, async |tx| clear_own_address(tx).await).await?;
    Ok(see_told("/your-email", "We send emails to your address again."))
}
