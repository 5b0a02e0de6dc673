//! The pages on which a bank's administrators keep its people.

pub mod list;
pub mod person;
pub mod second_factor;

use super::actions::MembershipError;
use crate::ground::web::errors::AppError;
use crate::people::account::actions::second_factor::FactorError;

impl From<MembershipError> for AppError {
    fn from(error: MembershipError) -> Self {
        match error {
            MembershipError::NotFound => Self::NotFound,
            MembershipError::Ended => Self::conflict(
                "They do not act here as this any more",
                "Somebody else has ended it before you pressed the button. Nothing was changed.",
            ),
            MembershipError::LastAdministrator => Self::conflict(
                "They are the last administrator of the bank",
                "A bank keeps an administrator. Add or invite another one first. Nothing was changed.",
            ),
            MembershipError::NoRecord => Self::conflict(
                "Clinicians say themselves what they do",
                "Invite them as a clinician instead. Nothing was changed.",
            ),
            MembershipError::Own => Self::conflict(
                "Nobody resets their own second factor",
                "Use one of your recovery codes, or ask another administrator. Nothing was changed.",
            ),
            MembershipError::Factor(FactorError::None) => Self::conflict(
                "They have no second factor",
                "Somebody else may have reset it already. Nothing was changed.",
            ),
            MembershipError::Factor(error) => error.into(),
            MembershipError::Reliance(error) => error.into(),
            MembershipError::Unwritten(error) => Self::internal("writing a mail about a membership", error),
            MembershipError::Database(error) => error.into(),
        }
    }
}
