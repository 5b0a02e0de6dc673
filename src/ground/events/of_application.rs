//! What can happen to an application.

use serde_json::{Value, json};

use super::EventKind;
use crate::ground::id::{ApplicationId, VacancyId};

/// An application with the vacancy that it is to. The vacancy stands among the facts: it stays when the application has
/// been erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ToVacancy {
    /// The application.
    pub application: ApplicationId,
    /// The vacancy.
    pub vacancy: VacancyId,
}

/// What happened to an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfApplication {
    /// It was sent.
    Sent {
        /// In the minutes after the vacancy closed.
        is_late: bool,
        /// By a clinician of a bank, with their record.
        with_record: bool,
    },
    /// Whoever made it took it back.
    Withdrawn,
    /// It stands elsewhere: from where, and where.
    Moved(&'static str, &'static str),
}

impl OfApplication {
    /// Of which kind it is.
    pub(super) fn kind(&self) -> EventKind {
        match self {
            Self::Sent { .. } => EventKind::ApplicationSent,
            Self::Withdrawn => EventKind::ApplicationWithdrawn,
            Self::Moved(..) => EventKind::ApplicationMoved,
        }
    }

    /// Its facts.
    pub(super) fn detail(&self, vacancy: VacancyId) -> Value {
        match self {
            Self::Sent { is_late, with_record } => {
                json!({ "vacancy": vacancy, "is_late": is_late, "with_record": with_record })
            }
            Self::Withdrawn => json!({ "vacancy": vacancy }),
            Self::Moved(from, to) => json!({ "vacancy": vacancy, "from": from, "to": to }),
        }
    }
}
