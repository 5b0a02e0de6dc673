//! To whoever has another second factor, or none any more, so that they notice where it was not they who wanted it.

use chrono::{DateTime, Utc};

use crate::ground::mail::specimen::Specimen;
use crate::ground::mail::{Letterhead, NewMail, bodies};
use crate::ground::words::{capitalised, moment};
use crate::people::account::Holder;

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Changed {
    /// It was set up, for the first time or anew.
    SetUp,
    /// Its person turned it off.
    Ended,
    /// An administrator took it away.
    Reset,
    /// A recovery code stood in for it.
    RecoveryCodeUsed,
    /// There are new recovery codes.
    NewRecoveryCodes,
}

impl Changed {
    /// What has happened, for subject and heading.
    fn title(self) -> &'static str {
        match self {
            Self::SetUp => "a second factor was set up",
            Self::Ended => "your second factor was turned off",
            Self::Reset => "your second factor was reset",
            Self::RecoveryCodeUsed => "a recovery code was used",
            Self::NewRecoveryCodes => "you have new recovery codes",
        }
    }

    /// What that means.
    fn sentence(self) -> &'static str {
        match self {
            Self::SetUp => {
                "From now on signing in asks for a code of your app, or for one of your recovery codes. You have been signed out everywhere else."
            }
            Self::Ended => "From now on your password alone signs you in.",
            Self::Reset => {
                "An administrator has done it, as for somebody who has lost their phone. Your password alone signs you in until you set up another one. You have been signed out everywhere."
            }
            Self::RecoveryCodeUsed => {
                "Somebody signed in with your password and a recovery code in place of a code of your app. That recovery code has stopped working."
            }
            Self::NewRecoveryCodes => "Your earlier recovery codes have stopped working.",
        }
    }
}

struct Letter {
    bank_name: String,
    name: String,
    email: String,
    title: String,
    at: String,
    sentence: &'static str,
    link: String,
}

bodies!(Letter "people/account/messages/second_factor_changed/text.txt" "people/account/messages/second_factor_changed/message.html");

/// The mail that says so.
pub fn mail(
    holder: &Holder,
    changed: Changed,
    at: DateTime<Utc>,
    letterhead: &Letterhead,
) -> Result<NewMail, askama::Error> {
    let letter = Letter {
        bank_name: holder.bank_name.clone(),
        name: holder.name.clone(),
        email: holder.email.clone(),
        title: capitalised(changed.title()),
        at: moment(at),
        sentence: changed.sentence(),
        link: format!("{}/your-sign-in", letterhead.base_url),
    };
    Ok(NewMail::new(
        holder.bank,
        &super::SECOND_FACTOR_CHANGED,
        format!("{} {} {changed:?}", holder.account, at.timestamp_micros()),
        vec![holder.recipient()],
        format!("{}: {}", holder.bank_name, changed.title()),
        render(&letter)?,
    ))
}

/// The same with other data.
pub fn sample(specimen: &Specimen) -> Result<NewMail, askama::Error> {
    let mail = mail(&super::example(specimen), Changed::Reset, specimen.now, &specimen.letterhead)?;
    Ok(NewMail { to: vec![specimen.recipient()], ..mail })
}
