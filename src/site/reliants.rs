//! Who relies on facts that others keep ([`FactChange`](crate::ground::facts::FactChange)).

use crate::ground::app::site::Reliant;
use crate::work::booking::reliance;

/// Everybody who does.
pub const RELIANTS: &[Reliant] = &[Reliant {
    who_relies: |tx, change| Box::pin(reliance::who_relies(tx, change)),
    lock: |tx, change| Box::pin(reliance::lock_reliance(tx, change)),
    end: |tx, app, change, relied| Box::pin(reliance::end(tx, app, change, relied)),
}];
