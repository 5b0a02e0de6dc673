//! What most stories begin with.

use locumbank::ground::id::PracticeId;
use locumbank::ground::sign_in::PersonKind;

use super::World;
use super::seed::{Clinician, Person, Seed};

/// A bank with an administrator, a practice nobody manages yet, and a GP.
pub struct Opening {
    /// The service, on a fresh database.
    pub world: World,
    /// Makes more records of the bank.
    pub seed: Seed,
    /// Abi, who administers the bank.
    pub administrator: Person,
    /// Orchid House Surgery.
    pub practice: PracticeId,
    /// Ann, a GP whom Abi has cleared.
    pub ann: Clinician,
}

impl Opening {
    /// All of it.
    pub async fn begin() -> Self {
        let world = World::start().await;
        let mut seed = Seed::bank(&world, "Test bank").await;
        let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
        let practice = seed.practice("J81001", "Orchid House Surgery").await;
        let ann = seed.clinician("gp", "Ann Example", &administrator).await;
        Self { world, seed, administrator, practice, ann }
    }
}
