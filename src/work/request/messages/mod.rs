//! What is written about requests: one folder a message, with its text and its HTML.

pub mod proposals_lapsed;
pub mod request_declined;
pub mod request_ended;
pub mod round_proposals;
pub mod round_results;
pub mod session_requested;

use crate::eligibility::facts::SessionFacts;
use crate::ground::id::{ClinicianId, RequestId};
use crate::ground::mail::kinds::messages;
use crate::ground::mail::specimen::Specimen;
use crate::ground::words::in_sentence;
use crate::work::booking::messages::example::Example;
use crate::work::booking::messages::{Person, SessionWords};
use crate::work::request::{Request, RequestState};

messages! {
    SESSION_REQUESTED session_requested "Somebody asks for a session" PracticeManager AtOnce declinable 3;
    REQUEST_DECLINED request_declined "A practice declines your request" Clinician AtOnce always 3;
    REQUEST_ENDED request_ended "A session you asked for wants nobody any more" Clinician AtOnce declinable 4;
    ROUND_RESULTS round_results "What came of a round that you asked in" Clinician AtOnce always 3;
    ROUND_PROPOSALS round_proposals "A round proposes people for your sessions" PracticeManager AtOnce always 3;
    PROPOSALS_LAPSED proposals_lapsed "What a round gave you was not confirmed" Clinician AtOnce always 3;
}

/// On which occasion a round proposes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    /// It has been decided.
    Decided,
    /// What it gave somebody else came back, and this request is the next in turn.
    CameBack(RequestId),
}

impl Occasion {
    fn came_back(self) -> bool {
        matches!(self, Self::CameBack(_))
    }

    /// By which a mail is known that would be known by `decided` when the round is decided.
    fn key(self, decided: &str) -> String {
        match self {
            Self::Decided => decided.to_owned(),
            Self::CameBack(request) => format!("{decided}:{request}"),
        }
    }
}

/// What a message's templates are given.
#[derive(Debug, Clone)]
struct Letter {
    bank_name: String,
    /// Whom it addresses, or "" for the people of a practice.
    name: String,
    /// Who asks.
    clinician: String,
    /// Their role, as in the middle of a sentence.
    role: String,
    /// What is listed: name and value.
    facts: Vec<(&'static str, String)>,
    /// Why; a sentence, or "".
    reason: String,
    /// Where to go.
    link: String,
}

impl Letter {
    fn about(words: &SessionWords, asker: &Person) -> Self {
        Self {
            bank_name: words.bank_name.clone(),
            name: String::new(),
            clinician: asker.name.clone(),
            role: in_sentence(&asker.role),
            facts: words.facts(),
            reason: String::new(),
            link: String::new(),
        }
    }
}

/// A request for the specimen's session, with what its mails need.
fn example(specimen: &Specimen, state: RequestState) -> (Request, SessionFacts, Person, Vec<Person>) {
    let Example { session, clinician, practice, .. } = Example::of(specimen);
    let request = Request {
        id: RequestId::new(),
        session: session.id,
        clinician: ClinicianId::new(),
        note: specimen.note.clone(),
        requested_at: specimen.now,
        round: None,
        choice: 1,
        state,
    };
    (request, session, clinician, practice)
}
