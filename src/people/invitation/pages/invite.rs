//! `/invitations/new`: whom to invite; the list that was entered, looked at before anything is sent.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::invited_as;
use crate::ground::app::App;
use crate::ground::form_fields::{FieldErrors, RawForm};
use crate::ground::sign_in::PersonKind;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::{Admitted, AdmittedForm, app_of};
use crate::ground::web::told::see_told;
use crate::ground::web::upload::AdmittedUpload;
use crate::ground::web::{page, page_with_errors};
use crate::ground::words;
use crate::people::invitation::NotInvited;
use crate::people::invitation::actions::invite::{examine, invite};
use crate::people::invitation::forms::invite::{
    Choosable, InviteEntered, InviteField, parse_invite, with_file,
};
use crate::people::practice::forms::practices_typed;
use crate::people::practice::store::{list_practices_called, list_practices_managed_by};

#[derive(Template)]
#[template(path = "people/invitation/pages/new.html")]
struct NewPage {
    page: PageFrame,
    raw: RawForm,
    /// None for a practice manager, who invites practice managers.
    kinds: Vec<Choice>,
    /// A practice manager's own; none for an administrator, who names them.
    own_practices: Vec<Choice>,
    errors: FieldErrors<InviteField>,
}

/// Among which practices the person chooses, with what they have typed.
async fn choosable(app: &App, who: &Admitted, raw: &RawForm) -> Result<Choosable, AppError> {
    let membership = who.membership;
    let tx = &mut app.db.look(who).await?;
    if who.kind == PersonKind::PracticeManager {
        return Ok(Choosable::Own(list_practices_managed_by(tx, membership).await?));
    }
    Ok(Choosable::Found(list_practices_called(tx, &practices_typed(raw, "practices")).await?))
}

fn form_page(
    page: PageFrame,
    raw: RawForm,
    choosable: &Choosable,
    errors: FieldErrors<InviteField>,
) -> NewPage {
    let kind = |kind: PersonKind| Choice::new(kind.code(), kind.name(), raw.get("kind") == kind.code());
    let (kinds, own_practices) = match choosable {
        Choosable::Found(_) => (PersonKind::ALL.map(kind).to_vec(), Vec::new()),
        Choosable::Own(own) => {
            let is_only = own.len() == 1;
            let practice = |practice: &crate::people::practice::Practice| {
                let id = practice.id.to_string();
                let is_chosen = is_only || raw.is_ticked("practices", &id);
                Choice::new(id, practice.name.clone(), is_chosen)
            };
            (Vec::new(), own.iter().map(practice).collect())
        }
    };
    NewPage { page, raw, kinds, own_practices, errors }
}

/// `GET /invitations/new`.
pub async fn new_page(who: Admitted, request: HttpRequest) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let raw = RawForm::default();
    let choosable = choosable(app, &who, &raw).await?;
    let frame = who.frame(&request);
    page(&form_page(frame, raw, &choosable, FieldErrors::none()))
}

#[derive(Template)]
#[template(path = "people/invitation/pages/check.html")]
struct CheckPage {
    page: PageFrame,
    raw: RawForm,
    /// The values of `practices`, as they were sent.
    practices: Vec<String>,
    /// "Practice manager of Orchid House Surgery".
    invited_as: String,
    /// Name and address of those who get a mail.
    people: Vec<(String, String)>,
    /// "Line 3: “nobody”" and what is wrong with it.
    left_out: Vec<(String, String)>,
    /// "Send 2 invitations"; "" where there is nobody to send one to.
    button: String,
}

/// Reads the form, or answers with the form again.
async fn read(
    app: &App,
    who: &Admitted,
    frame: PageFrame,
    form: &RawForm,
) -> Result<Result<InviteEntered, HttpResponse>, AppError> {
    let choosable = choosable(app, who, form).await?;
    if form.get("change") == "yes" {
        return Ok(Err(page(&form_page(frame, form.clone(), &choosable, FieldErrors::none()))?));
    }
    match parse_invite(form, &choosable) {
        Ok(entered) => Ok(Ok(entered)),
        Err(errors) => Ok(Err(page_with_errors(&form_page(frame, form.clone(), &choosable, errors))?)),
    }
}

/// `POST /invitations/check`: who would get a mail, and each line that can't be used. Nothing is changed.
pub async fn check(
    AdmittedUpload { who, form, file, .. }: AdmittedUpload,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let frame = who.frame(&request);
    let form = match with_file(form, &file) {
        Ok(form) => form,
        Err((form, errors)) => {
            let choosable = choosable(app, &who, &form).await?;
            return page_with_errors(&form_page(frame, form, &choosable, errors));
        }
    };
    let entered = match read(app, &who, frame.clone(), &form).await? {
        Ok(entered) => entered,
        Err(again) => return Ok(again),
    };
    let wish = entered.wish();
    let standing = examine(&mut app.db.look(&who).await?, &wish).await?;
    page(&check_page(frame, form, &entered, &standing))
}

fn check_page(
    page: PageFrame,
    raw: RawForm,
    entered: &InviteEntered,
    standing: &[Option<NotInvited>],
) -> CheckPage {
    let (mut people, mut left_out) = (Vec::new(), Vec::new());
    let mut standing = standing.iter();
    for line in &entered.lines {
        let reason = match &line.read {
            Err(sentence) => Some(sentence.clone()),
            Ok(_) => standing.next().and_then(Option::as_ref).map(hindrance),
        };
        match (&line.read, reason) {
            (Ok(person), None) => people.push((person.name.clone(), person.email.clone())),
            (_, reason) => {
                left_out
                    .push((format!("Line {}: “{}”", line.number, line.typed), reason.unwrap_or_default()));
            }
        }
    }
    let names: Vec<String> = entered.practices.iter().map(|practice| practice.name.clone()).collect();
    let count = i64::try_from(people.len()).unwrap_or(i64::MAX);
    CheckPage {
        page,
        practices: raw.all("practices").into_iter().map(str::to_owned).collect(),
        raw,
        invited_as: invited_as(entered.kind, &names),
        button: match count {
            0 => String::new(),
            1 => "Send the invitation".to_owned(),
            count => format!("Send {}", words::count(count, "invitation", "invitations")),
        },
        people,
        left_out,
    }
}

fn hindrance(reason: &NotInvited) -> String {
    match reason {
        NotInvited::Member => "They are here already".to_owned(),
        NotInvited::Invited(_) => "They have an invitation: send it again from the list".to_owned(),
    }
}

/// `POST /invitations`: invites those on the list who can be. Pressed twice, it sends once.
pub async fn send(
    AdmittedForm { who, form }: AdmittedForm,
    request: HttpRequest,
) -> Result<HttpResponse, AppError> {
    let app = app_of(&request)?;
    let frame = who.frame(&request);
    let entered = match read(app, &who, frame, &form).await? {
        Ok(entered) => entered,
        Err(again) => return Ok(again),
    };
    let wish = entered.wish();
    let sent =
        app.db.change(&who, async |tx| Ok::<_, AppError>(invite(tx, &app.link_key, &wish).await?)).await?;
    Ok(see_told("/invitations", said_of(sent.len())))
}

/// What became of it: in whose way something stood by then, or who was invited by the press before, has no second one.
fn said_of(sent: usize) -> String {
    match i64::try_from(sent).unwrap_or(i64::MAX) {
        0 => "Nobody was invited now: whom you named is here already or has an invitation".to_owned(),
        1 => "1 invitation is on its way".to_owned(),
        many => format!("{} are on their way", words::count(many, "invitation", "invitations")),
    }
}
