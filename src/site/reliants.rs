//! Who relies on facts that others keep ([`FactChange`](crate::ground::facts::FactChange)).

use crate::ground::app::means_of;
use crate::ground::facts::{Consent, Reliant, Reliants};
use crate::ground::settings::Settings;
use crate::work::booking::reliance;

/// Everybody who does, for a command that serves no pages and whose operator agrees to all that falls.
#[must_use]
pub fn of_settings(settings: &Settings) -> Reliants {
    Reliants { all: RELIANTS, means: means_of(settings), consent: Consent::ToAll }
}

/// Everybody who does.
pub const RELIANTS: &[Reliant] = &[Reliant {
    lock: |tx, change| Box::pin(reliance::lock(tx, change)),
    settle: |tx, means, change| Box::pin(reliance::settle(tx, means, change)),
}];
