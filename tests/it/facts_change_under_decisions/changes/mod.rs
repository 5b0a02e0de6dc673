//! Everything that can change a fact on which offers and bookings rest, as those it concerns do it.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::id::{BookingId, SessionId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::people::clinician::actions::{change_details, change_preference, change_rates};
use locumbank::people::clinician::store::find_clinician;
use locumbank::people::clinician::{Clinician, Details, Engagement, PreferenceKind, Rates};
use locumbank::people::credential::Held;
use locumbank::people::credential::actions::clearance::{After, Decision, DecisionError, decide};
use locumbank::people::credential::actions::document::{declare_skills, record_document, remove_document};
use locumbank::people::membership::actions::{add_membership, end_membership};
use locumbank::people::practice::actions::{refuse_clinician, take_clinician_again};
use locumbank::terms::bank::Band;
use locumbank::work::booking::actions::answer::lapse;

/// Does an action in one transaction of somebody; whether it was done.
macro_rules! done {
    ($story:ident, $actor:expr, $tx:ident => $action:expr) => {{
        let actor = $actor;
        is_done($story.world.app.db.change(actor, async |$tx| $action.await).await)
    }};
}

mod free;
mod register;
mod work;

use super::Story;
use crate::support::seed::{self, day};

/// Something that happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    GivesAnotherNumber,
    IsClearedOnTheNumber,
    IsEmployed,
    IsSelfEmployed,
    MovesHome,
    TravelsLess,
    WorksFewerHoursAWeek,
    WorksFewerHoursADay,
    RestsLonger,
    AsksMore,
    AsksLess,
    AsksNothing,
    PrefersAPractice,
    WillNotWorkThere,
    WillWorkThereAgain,
    DropsSkills,
    ClaimsSkills,
    DocumentLastsLonger,
    DocumentEndsSooner,
    DocumentIsRemoved,
    IsClearedLonger,
    IsClearedShorter,
    ClearanceEnds,
    RegistrationLapses,
    IsRegisteredAgain,
    PracticeRefuses,
    PracticeTakesAgain,
    HasAnotherWeek,
    OffersADate,
    GoesAway,
    ComesBack,
    CeilingFalls,
    CeilingRises,
    FloorRises,
    SessionPaysOtherwise,
    SessionMoves,
    SessionIsWithdrawn,
    SessionIsPosted,
    Offers,
    OffersTwoAtOnce,
    OffersTheNext,
    OfferIsTakenBack,
    Accepts,
    Declines,
    AsksForItAgain,
    ClinicianCancels,
    PracticeCancels,
    IsBookedByHand,
    FlaggedBookingIsCancelled,
    PracticeCloses,
    PracticeOpensLater,
    PracticeIsOpenAfterAll,
    RoleNeedsADocument,
    RoleNeedsNoDocument,
    DateIsTakenBack,
    HolidayIsProclaimed,
    ActsNoMore,
    ActsAgain,
    BankRestsLonger,
    BankRestsAsTheLawWants,
    TimePasses,
}

impl Change {
    pub const ALL: [Self; 61] = [
        Self::GivesAnotherNumber,
        Self::IsClearedOnTheNumber,
        Self::IsEmployed,
        Self::IsSelfEmployed,
        Self::MovesHome,
        Self::TravelsLess,
        Self::WorksFewerHoursAWeek,
        Self::WorksFewerHoursADay,
        Self::RestsLonger,
        Self::AsksMore,
        Self::AsksLess,
        Self::AsksNothing,
        Self::PrefersAPractice,
        Self::WillNotWorkThere,
        Self::WillWorkThereAgain,
        Self::DropsSkills,
        Self::ClaimsSkills,
        Self::DocumentLastsLonger,
        Self::DocumentEndsSooner,
        Self::DocumentIsRemoved,
        Self::IsClearedLonger,
        Self::IsClearedShorter,
        Self::ClearanceEnds,
        Self::RegistrationLapses,
        Self::IsRegisteredAgain,
        Self::PracticeRefuses,
        Self::PracticeTakesAgain,
        Self::HasAnotherWeek,
        Self::OffersADate,
        Self::GoesAway,
        Self::ComesBack,
        Self::CeilingFalls,
        Self::CeilingRises,
        Self::FloorRises,
        Self::SessionPaysOtherwise,
        Self::SessionMoves,
        Self::SessionIsWithdrawn,
        Self::SessionIsPosted,
        Self::Offers,
        Self::OffersTwoAtOnce,
        Self::OffersTheNext,
        Self::OfferIsTakenBack,
        Self::Accepts,
        Self::Declines,
        Self::AsksForItAgain,
        Self::ClinicianCancels,
        Self::PracticeCancels,
        Self::IsBookedByHand,
        Self::FlaggedBookingIsCancelled,
        Self::PracticeCloses,
        Self::PracticeOpensLater,
        Self::PracticeIsOpenAfterAll,
        Self::RoleNeedsADocument,
        Self::RoleNeedsNoDocument,
        Self::DateIsTakenBack,
        Self::HolidayIsProclaimed,
        Self::ActsNoMore,
        Self::ActsAgain,
        Self::BankRestsLonger,
        Self::BankRestsAsTheLawWants,
        Self::TimePasses,
    ];
}

/// Refusals are part of the story; what nobody foresaw is not.
#[expect(clippy::needless_pass_by_value, reason = "what an action gave is asked for nothing else")]
fn is_done<T: std::fmt::Debug, E: std::fmt::Debug>(outcome: Result<T, E>) -> bool {
    if let Err(error) = &outcome {
        let said = format!("{error:?}");
        let unforeseen = ["Database", "Unjudged", "Unwritten", "Unsettled", "Failed("];
        assert!(!unforeseen.iter().any(|word| said.contains(word)), "{said}");
    }
    outcome.is_ok()
}

impl Story {
    /// Has it happen to whom and what chance chooses; whether it did.
    pub async fn make(&mut self, change: Change) -> bool {
        match change {
            Change::GivesAnotherNumber
            | Change::IsEmployed
            | Change::IsSelfEmployed
            | Change::MovesHome
            | Change::TravelsLess
            | Change::WorksFewerHoursAWeek
            | Change::WorksFewerHoursADay
            | Change::RestsLonger => self.has_other_details(change).await,
            Change::AsksMore | Change::AsksLess | Change::AsksNothing => self.asks_otherwise(change).await,
            Change::PrefersAPractice | Change::WillNotWorkThere | Change::WillWorkThereAgain => {
                self.says_of_a_practice(change).await
            }
            Change::DropsSkills | Change::ClaimsSkills => {
                let (_, actor) = self.person();
                let codes =
                    if change == Change::ClaimsSkills { vec!["systmone".to_owned()] } else { Vec::new() };
                let reliants = self.desk.reliants.clone();
                done!(self, actor, tx => declare_skills(tx, &reliants, &codes))
            }
            Change::DocumentLastsLonger | Change::DocumentEndsSooner | Change::DocumentIsRemoved => {
                self.has_another_document(change).await
            }
            Change::IsClearedOnTheNumber
            | Change::IsClearedLonger
            | Change::IsClearedShorter
            | Change::ClearanceEnds => self.is_decided_about(change).await,
            Change::RegistrationLapses | Change::IsRegisteredAgain => self.is_looked_up(change).await,
            Change::PracticeRefuses | Change::PracticeTakesAgain => self.practice_says(change).await,
            Change::HasAnotherWeek
            | Change::OffersADate
            | Change::DateIsTakenBack
            | Change::GoesAway
            | Change::ComesBack => self.is_free_otherwise(change).await,
            Change::CeilingFalls | Change::CeilingRises | Change::FloorRises => self.range_is(change).await,
            Change::SessionPaysOtherwise
            | Change::SessionMoves
            | Change::SessionIsWithdrawn
            | Change::SessionIsPosted => self.session_is(change).await,
            Change::Offers | Change::OffersTwoAtOnce | Change::OffersTheNext | Change::OfferIsTakenBack => {
                self.offers(change).await
            }
            Change::Accepts | Change::Declines | Change::AsksForItAgain => self.answers(change).await,
            Change::ClinicianCancels
            | Change::PracticeCancels
            | Change::IsBookedByHand
            | Change::FlaggedBookingIsCancelled => self.booking_is(change).await,
            Change::PracticeCloses | Change::PracticeOpensLater | Change::PracticeIsOpenAfterAll => {
                self.register_says(change).await
            }
            Change::RoleNeedsADocument
            | Change::RoleNeedsNoDocument
            | Change::HolidayIsProclaimed
            | Change::BankRestsLonger
            | Change::BankRestsAsTheLawWants => self.bank_decides(change).await,
            Change::ActsNoMore | Change::ActsAgain => self.acts_otherwise(change).await,
            Change::TimePasses => {
                self.world.app.clock.advance(TimeDelta::hours(5));
                let letterhead = self.world.app.letterhead();
                done!(self, Actor::SERVICE, tx => lapse(tx, &letterhead))
            }
        }
    }

    fn person(&mut self) -> (seed::Clinician, Actor) {
        let person = self.people[self.below(2)].clone();
        let actor = self.member(&person.person, PersonKind::Clinician);
        (person, actor)
    }

    fn abi(&self) -> Actor {
        self.member(&self.administrator, PersonKind::BankAdministrator)
    }

    fn mo(&self) -> Actor {
        self.member(&self.manager, PersonKind::PracticeManager)
    }

    fn session(&mut self) -> SessionId {
        let at = self.below(self.sessions.len());
        self.sessions[at]
    }

    async fn has_other_details(&mut self, change: Change) -> bool {
        let (person, actor) = self.person();
        let number = format!("{}", 1_000_000 + self.below(9));
        let mut tx = self.world.app.db.look(actor).await.expect("a look");
        let now: Clinician = find_clinician(&mut tx, person.id).await.expect("the person").expect("a person");
        drop(tx);
        let mut details = Details {
            engagement: now.engagement,
            registration_number: now.registration_number,
            home_district: now.home_district,
            home_microdegrees: (now.latitude_microdegrees, now.longitude_microdegrees),
            max_travel_metres: now.max_travel_metres,
            max_minutes_per_week: now.max_minutes_per_week,
            max_minutes_per_day: now.max_minutes_per_day,
            rest_minutes: now.rest_minutes,
        };
        match change {
            Change::GivesAnotherNumber => details.registration_number = Some(number),
            Change::IsEmployed => {
                details.engagement = Engagement::Employed;
                details.rest_minutes = details.rest_minutes.max(660);
            }
            Change::IsSelfEmployed => details.engagement = Engagement::SelfEmployed,
            Change::MovesHome => details.home_microdegrees.0 += 200_000,
            Change::TravelsLess => details.max_travel_metres = 1_000,
            Change::WorksFewerHoursAWeek => details.max_minutes_per_week = Some(240),
            Change::WorksFewerHoursADay => details.max_minutes_per_day = Some(120),
            _ => details.rest_minutes = 900,
        }
        let reliants = self.desk.reliants.clone();
        done!(self, actor, tx => change_details(tx, &reliants, &details))
    }

    async fn asks_otherwise(&mut self, change: Change) -> bool {
        let (_, actor) = self.person();
        let rates = match change {
            Change::AsksMore => Rates::from([(Band::Core, 9_900)]),
            Change::AsksLess => Rates::from([(Band::Core, 7_200)]),
            _ => Rates::new(),
        };
        done!(self, actor, tx => change_rates(tx, &rates))
    }

    async fn says_of_a_practice(&mut self, change: Change) -> bool {
        let (_, actor) = self.person();
        let kind = match change {
            Change::PrefersAPractice => Some(PreferenceKind::Preferred),
            Change::WillNotWorkThere => Some(PreferenceKind::Refused),
            _ => None,
        };
        let said = (self.practices[self.below(2)], kind);
        let reliants = self.desk.reliants.clone();
        done!(self, actor, tx => change_preference(tx, &reliants, said))
    }

    async fn has_another_document(&mut self, change: Change) -> bool {
        let (person, _) = self.person();
        let (id, reliants, actor) = (person.id, self.desk.reliants.clone(), self.abi());
        let until = if change == Change::DocumentEndsSooner { "2026-11-06" } else { "2028-03-31" };
        let held = Held { competency: "basic_life_support".to_owned(), valid_through: Some(day(until)) };
        if change == Change::DocumentIsRemoved {
            return done!(self, actor, tx => remove_document(tx, &reliants, id, "basic_life_support"));
        }
        done!(self, actor, tx => record_document(tx, &reliants, id, &held))
    }

    async fn is_decided_about(&mut self, change: Change) -> bool {
        let (person, _) = self.person();
        let until = match change {
            Change::IsClearedShorter => "2026-11-08",
            Change::ClearanceEnds => "2026-11-01",
            _ => "2029-01-31",
        };
        let (reliants, actor) = (self.desk.reliants.clone(), self.abi());
        let mut decision = Decision {
            clinician: person.id,
            role: person.role.clone(),
            cleared_until: day(until),
            reason: "Looked at again".to_owned(),
            by_name: "Abi Example".to_owned(),
            cancels: Vec::new(),
            after: After::Whichever,
        };
        let first = self.world.app.db.change(actor, async |tx| decide(tx, &reliants, &decision).await).await;
        let Err(DecisionError::WouldUncover(bookings)) = first else { return is_done(first) };
        decision.cancels = bookings.iter().map(|fallen| BookingId(fallen.id)).collect();
        done!(self, actor, tx => decide(tx, &reliants, &decision))
    }

    async fn acts_otherwise(&mut self, change: Change) -> bool {
        let (person, _) = self.person();
        let (account, membership) = (person.person.account, person.person.membership);
        let (reliants, actor) = (self.desk.reliants.clone(), self.abi());
        if change == Change::ActsNoMore {
            return done!(self, actor, tx => end_membership(tx, &reliants, account, membership));
        }
        let kind = (PersonKind::Clinician, &[][..]);
        done!(self, actor, tx => add_membership(tx, &reliants, account, kind))
    }

    async fn practice_says(&mut self, change: Change) -> bool {
        let (person, _) = self.person();
        let (practice, actor) = (self.practices[self.below(2)], self.mo());
        let (id, reliants) = (person.id, self.desk.reliants.clone());
        if change == Change::PracticeTakesAgain {
            return done!(self, actor, tx => take_clinician_again(tx, practice, id));
        }
        done!(self, actor, tx => refuse_clinician(tx, &reliants, (practice, id), "A complaint"))
    }
}
