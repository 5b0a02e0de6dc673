//! The pages of applicants: where they ask for a link, and where the link leads.

pub mod ask;
pub mod follow;
pub mod own;
pub mod with_record;
pub mod write;

use actix_web::HttpRequest;

use super::actions::NotChanged;
use super::forms::ApplicationField;
use crate::ground::app::App;
use crate::ground::db::{DbError, Tx};
use crate::ground::form_fields::RawForm;
use crate::ground::id::VacancyId;
use crate::ground::web::components::Choice;
use crate::ground::web::errors::AppError;
use crate::ground::web::frame::PageFrame;
use crate::ground::web::guard::visitor_frame;
use crate::ground::words::london_date;
use crate::hiring::search::store::{Advertised, find_advertised};
use crate::terms::bank::Role;
use crate::terms::bank::store::list_roles_in_use;

/// A vacancy that somebody applies to.
async fn vacancy_of(tx: &mut Tx, id: VacancyId) -> Result<Advertised, AppError> {
    find_advertised(tx, id).await?.ok_or(AppError::NotFound)
}

/// The frame of a page about a vacancy, for whoever sees it.
fn frame(request: &HttpRequest, vacancy: &Advertised) -> PageFrame {
    let frame = visitor_frame(request);
    if frame.signed_in.is_some() { frame } else { frame.of_bank(&vacancy.bank_name, vacancy.invented) }
}

/// The role of a vacancy, in the bank that the transaction is in.
async fn role_of(tx: &mut Tx, vacancy: &Advertised) -> Result<Option<Role>, DbError> {
    let today = london_date(tx.now());
    let roles = list_roles_in_use(tx, today).await?;
    Ok(roles.into_iter().find(|role| Some(&role.code) == vacancy.advert.role.as_ref()))
}

/// That a vacancy takes no application any more.
fn closed() -> AppError {
    AppError::conflict(
        "This vacancy is closed",
        "Nobody can apply any more. Its page shows what is like it. Nothing was sent.",
    )
}

/// A criterion with what is typed to it.
struct Statement {
    name: &'static str,
    criterion: String,
    typed: String,
}

fn statements(vacancy: &Advertised, raw: &RawForm) -> Vec<Statement> {
    use crate::ground::form_fields::Field as _;
    let statement = |(place, criterion): (usize, &String)| {
        let name = ApplicationField::Statement(place).name();
        Statement { name, criterion: criterion.clone(), typed: raw.get(name).to_owned() }
    };
    vacancy.advert.essential.iter().enumerate().map(statement).collect()
}

/// Choices of a question that nobody has to answer.
fn optional_choices(all: &[(&'static str, &'static str)], chosen: &str) -> Vec<Choice> {
    let none = Choice::new("", "I prefer not to say", chosen.is_empty());
    std::iter::once(none)
        .chain(all.iter().map(|(code, name)| Choice::new(*code, *name, *code == chosen)))
        .collect()
}

/// Whether the service takes files.
fn takes_files(app: &App) -> Result<bool, AppError> {
    Ok(crate::people::document::pages::hand_in::keys_of(app)?.can_seal())
}

impl From<NotChanged> for AppError {
    fn from(error: NotChanged) -> Self {
        match error {
            NotChanged::NotDone(error) => error.into(),
            NotChanged::Database(error) => error.into(),
            NotChanged::Mail(error) => Self::internal("writing a mail about an application", error),
            NotChanged::Closed => closed(),
            NotChanged::Sent => Self::conflict(
                "This application can’t be changed any more",
                "Open its page again to see where it stands.",
            ),
            NotChanged::OtherStep(from, to) => Self::conflict(
                format!("An application that is “{}” can’t become “{}”", from.name(), to.name()),
                "Somebody may have been quicker. Nothing was changed: open the page again to see what stands.",
            ),
            NotChanged::Twice => Self::conflict(
                "You have applied for this post already",
                "The email that you got then has the link to your application.",
            ),
        }
    }
}
