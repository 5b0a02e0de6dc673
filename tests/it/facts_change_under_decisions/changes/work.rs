//! What changes about ranges, sessions, offers, bookings and practices.

use chrono::{Days, NaiveTime, TimeDelta};
use locumbank::ground::actor::Actor;
use locumbank::ground::db::{DbError, Tx};
use locumbank::ground::id::{BookingId, OfferId, RateRangeId, SessionId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::people::practice::import::{File, Files, Register, import_practices};
use locumbank::terms::bank::Band;
use locumbank::terms::bank::actions::keep_list;
use locumbank::terms::bank::calendar::BankHoliday;
use locumbank::terms::bank::needs::{need_document, need_no_longer};
use locumbank::terms::rate::actions::publish_range;
use locumbank::terms::rate::store::NewRange;
use locumbank::terms::rules::actions::{Wish as RuleWish, decide_rule};
use locumbank::terms::rules::{Rule, WorkHours};
use locumbank::work::booking::actions::answer::{answer_own_offer, take_back};
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::actions::cancel::{cancel_for_side, cancel_own_booking};
use locumbank::work::booking::actions::not_again::ask_again;
use locumbank::work::booking::actions::publish::insert_offers;
use locumbank::work::booking::offer::{Answer, OfferToMake};
use locumbank::work::booking::reason::Reason;
use locumbank::work::booking::{Side, WayIn, Wish};
use locumbank::work::session::actions::change::{change_terms, change_time};
use locumbank::work::session::actions::reband::reband_sessions;
use locumbank::work::session::actions::withdraw::withdraw_session;
use locumbank::work::session::store::find_session;
use locumbank::work::session::{SessionTimes, Terms};

use super::{Change, Story, is_done};
use crate::support::seed::{Clinician, day};

impl Story {
    pub(super) async fn range_is(&mut self, change: Change) -> bool {
        let (floor, ceiling) = match change {
            Change::CeilingFalls => (7_000, 8_700),
            Change::CeilingRises => (7_000, 10_500),
            _ => (8_900, 10_500),
        };
        let range = NewRange {
            id: RateRangeId::new(),
            role: "gp".to_owned(),
            band: Band::Core,
            valid_from: day("2026-11-03"),
            floor_pence_per_hour: floor,
            ceiling_pence_per_hour: ceiling,
        };
        let reliants = self.desk.reliants.clone();
        let actor = self.member(&self.commissioner, PersonKind::Commissioner);
        done!(self, actor, tx => publish_range(tx, &reliants, &range))
    }

    pub(super) async fn session_is(&mut self, change: Change) -> bool {
        if change == Change::SessionIsPosted {
            let (date, practice) = (4 + self.below(10) as u64, self.below(2) as u64);
            self.post(date, practice).await;
            return true;
        }
        let (id, actor, desk) = (self.session(), self.mo(), self.desk.clone());
        match change {
            Change::SessionIsWithdrawn => {
                done!(self, actor, tx => withdraw_session(tx, &desk, id, (Reason::OwnCover, 0)))
            }
            Change::SessionPaysOtherwise => {
                let terms = Terms {
                    rate_min_pence_per_hour: 7_600,
                    rate_max_pence_per_hour: 9_000,
                    notes: "Ring the bell".to_owned(),
                    supervisor: String::new(),
                    changes_rate: true,
                };
                done!(self, actor, tx => change_terms(tx, &desk, id, &terms))
            }
            _ => {
                let mut tx = self.world.app.db.look(actor).await.expect("a look");
                let known = find_session(&mut tx, id).await.expect("the session").expect("a session");
                drop(tx);
                let later = known.asked.times.local_end < NaiveTime::from_hms_opt(23, 0, 0).expect("a time");
                let by = if later { TimeDelta::minutes(45) } else { TimeDelta::minutes(-45) };
                let times = SessionTimes {
                    local_start: known.asked.times.local_start + by,
                    local_end: known.asked.times.local_end + by,
                    starts_at: known.asked.times.starts_at + by,
                    ends_at: known.asked.times.ends_at + by,
                    ..known.asked.times
                };
                done!(self, actor, tx => change_time(tx, &desk, id, (&times, true)))
            }
        }
    }

    /// Offers a session to somebody who could accept it now: whoever makes offers looks first.
    async fn offer(&mut self, session: SessionId, person: &Clinician) -> bool {
        let wanted = [OfferToMake {
            session,
            clinician: person.id,
            rate_pence_per_hour: 8_800,
            pay_pence: 36_667,
            road_metres: 12_900,
            plan: None,
        }];
        let (actor, desk) = (self.abi(), self.desk.clone());
        let mut tx: Tx = self.world.app.db.begin(actor).await.expect("a transaction");
        let Ok(made) = insert_offers(&mut tx, &desk, &wanted).await else {
            tx.give_up().await.expect("undone");
            return false;
        };
        tx.commit().await.expect("an offer");
        if self.try_to_accept(made[0], person.id).await.is_err() || !self.contradictions().await.is_empty() {
            return !done!(self, actor, tx => take_back(tx, (session, made[0]), "It does not fit."));
        }
        true
    }

    pub(super) async fn offers(&mut self, change: Change) -> bool {
        match change {
            Change::Offers => {
                let (session, (person, _)) = (self.session(), self.person());
                self.offer(session, &person).await
            }
            Change::OffersTheNext => {
                let (at, (person, _)) = (1 + self.below(self.sessions.len() - 1), self.person());
                self.offer(self.sessions[at], &person).await
            }
            Change::OffersTwoAtOnce => {
                let (person, _) = self.person();
                self.post(14, 0).await;
                self.post(14, 1).await;
                let [.., one, other] = self.sessions[..] else { return false };
                self.offer(one, &person).await && self.offer(other, &person).await
            }
            _ => {
                let Some((offer, _)) = self.open_offers().await.into_iter().next() else { return false };
                let session: SessionId = sqlx::query_scalar("select session_id from offer where id = $1")
                    .bind(offer)
                    .fetch_one(self.seed.connection())
                    .await
                    .expect("the session");
                let actor = self.abi();
                done!(self, actor, tx => take_back(tx, (session, offer), "It is filled in another way."))
            }
        }
    }

    pub(super) async fn answers(&mut self, change: Change) -> bool {
        if change == Change::AsksForItAgain {
            let (session, (_, actor)) = (self.session(), self.person());
            return done!(self, actor, tx => ask_again(tx, session));
        }
        let open: Vec<(OfferId, _)> = self.open_offers().await;
        if open.is_empty() {
            return false;
        }
        let (offer, holder) = open[self.below(open.len())];
        let person = self.account_of(holder).clone();
        let (actor, desk) = (self.member(&person, PersonKind::Clinician), self.desk.clone());
        let answer =
            if change == Change::Accepts { Answer::Accept } else { Answer::Decline { reason: None } };
        done!(self, actor, tx => answer_own_offer(tx, &desk, offer, &answer))
    }

    pub(super) async fn booking_is(&mut self, change: Change) -> bool {
        let desk = self.desk.clone();
        if change == Change::IsBookedByHand {
            let (session, (person, _), actor) = (self.session(), self.person(), self.abi());
            let way_in = WayIn::Administrator { rate_pence_per_hour: 8_500 };
            let key = format!("by hand {}", BookingId::new());
            let wish = Wish { session, clinician: person.id, way_in, key };
            return done!(self, actor, tx => book(tx, &desk, &wish));
        }
        if change == Change::FlaggedBookingIsCancelled {
            let flagged: Vec<BookingId> = self.ids("select booking_id from booking_flag order by 1").await;
            let Some(booking) = flagged.first().copied() else { return false };
            let actor = self.abi();
            return done!(self, actor, tx => cancel_for_side(tx, &desk, booking, (Side::Bank, Reason::RulesNotMet), 0));
        }
        let live = self.live_bookings().await;
        if live.is_empty() {
            return false;
        }
        let (booking, _, clinician, _) = live[self.below(live.len())];
        let person = self.account_of(clinician).clone();
        let actor = if change == Change::PracticeCancels {
            self.mo()
        } else {
            self.member(&person, PersonKind::Clinician)
        };
        done!(self, actor, tx => cancel_own_booking(tx, &desk, booking, (Reason::Another, ""), 0))
    }

    /// The register says that the first practice closed on 3 November, that it opens on the 7th, or that it is open.
    pub(super) async fn register_says(&mut self, change: Change) -> bool {
        let line = |code: &str, name: &str, (opened, closed, state): (&str, &str, &str)| {
            format!(
                "{code},{name},Y58,QVV,1 HIGH STREET,DORCHESTER,,,,DT1 1AA,{opened},{closed},{state},B,11J,20200401,,\
                 01202 000001,,,,0,,11J,,4,\n"
            )
        };
        let days = match change {
            Change::PracticeCloses => ("19740401", "20261103", "C"),
            Change::PracticeOpensLater => ("20261107", "", "P"),
            _ => ("19740401", "", "A"),
        };
        let ods = line("J81001", "ORCHID HOUSE SURGERY", days)
            + &line("J81002", "FERN LANE SURGERY", ("19740401", "", "A"));
        let map = "PRACTICE_CODE,PCN_CODE,PCN_NAME,ICB_CODE,ICB_NAME,SUPPLIER_NAME\n\
                   J81001,U,,QVV,NHS Dorset Integrated Care Board,TPP\n\
                   J81002,U,,QVV,NHS Dorset Integrated Care Board,EMIS\n";
        let file = |name: &str, text: &str| File { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
        let files = Files {
            ods: file("epraccur.csv", &ods),
            map: file("map.csv", map),
            postcodes: None,
            successors: Vec::new(),
        };
        let register = Register::read(&files).expect("a register");
        let reliants = self.desk.reliants.clone();
        done!(self, Actor::SERVICE, tx => import_practices(tx, &reliants, &register, (Some("QVV"), false)))
    }

    /// What the bank decides about the documents of a role, and what is decided about its calendar.
    pub(super) async fn bank_decides(&mut self, change: Change) -> bool {
        let (actor, reliants) = (Actor::job_of(self.seed.bank), self.desk.reliants.clone());
        let (needed, from) = (("gp", "indemnity"), day("2026-11-04") + Days::new(self.below(9) as u64));
        match change {
            Change::RoleNeedsADocument => {
                done!(self, actor, tx => need_document(tx, &reliants, needed, from))
            }
            Change::RoleNeedsNoDocument => done!(self, actor, tx => need_no_longer(tx, &reliants, needed)),
            Change::BankRestsLonger | Change::BankRestsAsTheLawWants => {
                let least_rest_hours = if change == Change::BankRestsLonger { 20 } else { 11 };
                let rule = Rule::Hours(WorkHours { least_rest_hours, ..WorkHours::LAW });
                let seen: i32 = sqlx::query_scalar("select coalesce(max(number), 0) from bank_rule")
                    .fetch_one(self.seed.connection())
                    .await
                    .expect("the newest version");
                let wish = RuleWish { rule, seen, why: "A story".to_owned() };
                done!(self, actor, tx => decide_rule(tx, &reliants, &wish))
            }
            _ => {
                let holiday = [BankHoliday { date: from, title: "A day of thanks".to_owned() }];
                done!(self, actor, tx => proclaim(tx, &holiday))
            }
        }
    }
}

async fn proclaim(tx: &mut Tx, holiday: &[BankHoliday]) -> Result<(), DbError> {
    keep_list(tx, holiday, "a story").await?;
    reband_sessions(tx).await?;
    Ok(())
}
