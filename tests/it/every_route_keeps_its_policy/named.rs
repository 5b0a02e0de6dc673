//! What addresses and forms name.

use crate::support::holdings::Record;

/// What the changing part of an address names, the longer address before the shorter. A route that is not found here fails the story: add its line.
pub const NAMED: &[(&str, Record)] = &[
    ("/alerts/{id}", Record::Alert),
    ("/application/{token}", Record::ApplicationLink),
    ("/answers/{id}", Record::Question),
    ("/assets/{version}/{path:.*}", Record::Asset),
    ("/availability/away/{id}", Record::TimeAway),
    ("/availability/dates/{id}", Record::Availability),
    ("/bank/{section}", Record::RuleSection),
    ("/rota/bookings/{id}", Record::Booking),
    ("/bookings/{id}", Record::Booking),
    ("/clinicians/{id}/documents/{document}", Record::TheirDocument),
    ("/calendar/{token}", Record::CalendarLink),
    ("/clinicians/{id}", Record::Clinician),
    ("/find-sessions/{id}", Record::Session),
    ("/invitation/{token}", Record::InvitationLink),
    ("/invitations/{id}", Record::Invitation),
    ("/join/{bank}", Record::PublicPage),
    ("/mail/messages/{kind}", Record::Message),
    ("/mail/{mail}/again", Record::FailedMail),
    ("/mail/{mail}", Record::Mail),
    ("/matching/{id}", Record::Plan),
    ("/me/documents/{document}", Record::Document),
    ("/new-address/{token}", Record::AddressLink),
    ("/my-requests/{id}", Record::Request),
    ("/new-password/{token}", Record::PasswordLink),
    ("/offer-link/{token}", Record::OfferLink),
    ("/offers/{id}", Record::Offer),
    ("/people/{id}", Record::Person),
    ("/places/{id}", Record::Practice),
    ("/practice/{id}", Record::Practice),
    ("/practices/{id}", Record::Practice),
    ("/questions/{id}", Record::Session),
    ("/renew-alert/{token}", Record::RenewLink),
    ("/requests/{id}", Record::Request),
    ("/rounds/{id}", Record::Round),
    ("/sessions/{id}", Record::Session),
    ("/system/jobs/{job}", Record::DeadJob),
    ("/unfilled-sessions/{id}", Record::Session),
    ("/unsubscribe/{token}", Record::StopLink),
    ("/vacancies/{id}", Record::Advert),
    ("/your-vacancies/{id}/applications/{application}", Record::TheirApplication),
    ("/your-vacancies/{id}", Record::Vacancy),
];

/// What a field of a form says.
#[derive(Debug, Clone, Copy)]
pub enum Says {
    /// This.
    Text(&'static str),
    /// The id of such a record.
    Names(Record),
}

/// The method and path of a route, and what its form says.
pub type Form = (&'static str, &'static str, &'static [(&'static str, Says)]);

/// What has to be in a form, or after a page's `?`, before it says anything about a record; all others are sent empty.
pub const FORMS: &[Form] = &[
    ("POST", "/clinicians/{id}/documents/remove", &[("competency", Says::Text("indemnity"))]),
    ("POST", "/mail/addresses", &[("address", Says::Names(Record::StoppedAddress))]),
    ("POST", "/mail/held", &[("send", Says::Names(Record::Mail))]),
    ("GET", "/matching/{id}/leave-out", &[("pair", Says::Names(Record::Pair))]),
    (
        "POST",
        "/matching/{id}/leave-out",
        &[("pair", Says::Names(Record::Pair)), ("reason", Says::Text("another"))],
    ),
    ("POST", "/matching/{id}/take-in", &[("pair", Says::Names(Record::Pair))]),
    (
        "POST",
        "/me/practices",
        &[("practice", Says::Names(Record::Practice)), ("kind", Says::Text("preferred"))],
    ),
    ("GET", "/practice/{id}/refusals/new", &[("clinician", Says::Names(Record::Clinician))]),
    (
        "POST",
        "/practice/{id}/refusals",
        &[("clinician", Says::Names(Record::Clinician)), ("reason", Says::Text("Agreed"))],
    ),
    (
        "POST",
        "/practice/{id}/extras/end",
        &[("unit", Says::Text("each")), ("name", Says::Text("Home visit"))],
    ),
    ("POST", "/practice/{id}/trust", &[("clinician", Says::Names(Record::Clinician))]),
    ("POST", "/practice/{id}/preferred/lists", &[("name", Says::Text("Regulars"))]),
    (
        "POST",
        "/practice/{id}/preferred",
        &[("list", Says::Names(Record::PreferredList)), ("clinician", Says::Names(Record::Clinician))],
    ),
    (
        "POST",
        "/practice/{id}/preferred/remove",
        &[("list", Says::Names(Record::PreferredList)), ("clinician", Says::Names(Record::Clinician))],
    ),
    ("POST", "/practice/{id}/preferred/lists/remove", &[("list", Says::Names(Record::PreferredList))]),
    ("POST", "/practice/{id}/trust/end", &[("clinician", Says::Names(Record::Clinician))]),
    ("POST", "/practice/{id}/refusals/remove", &[("clinician", Says::Names(Record::Clinician))]),
    ("POST", "/people/{id}", &[("kind", Says::Text("bank_administrator"))]),
    ("GET", "/people/{id}/end", &[("membership", Says::Names(Record::Membership))]),
    ("POST", "/people/{id}/end", &[("membership", Says::Names(Record::Membership))]),
    ("POST", "/offers/ask-again", &[("session", Says::Names(Record::GivenBack))]),
    ("POST", "/requests/confirm", &[("request", Says::Names(Record::Request))]),
    ("POST", "/sessions/withdraw/check", &[("session", Says::Names(Record::Session))]),
    ("POST", "/sessions/withdraw", &[("session", Says::Names(Record::Session))]),
    ("POST", "/sessions/file/post", &[("file", Says::Text("01a20000-0000-7000-8000-000000000000"))]),
    (
        "POST",
        "/sessions/templates",
        &[("practice", Says::Names(Record::Practice)), ("template", Says::Text("Saturday"))],
    ),
    (
        "POST",
        "/sessions/templates/remove",
        &[("template", Says::Text("01a20000-0000-7000-8000-000000000000"))],
    ),
    ("POST", "/sessions", &[("key", Says::Text("01a20000-0000-7000-8000-000000000000"))]),
    ("GET", "/unfilled-sessions/{id}/book", &[("clinician", Says::Names(Record::Clinician))]),
    ("POST", "/unfilled-sessions/{id}/propose-again", &[("clinician", Says::Names(Record::Clinician))]),
    ("GET", "/unfilled-sessions/{id}/take-back", &[("offer", Says::Names(Record::Offer))]),
    ("POST", "/unfilled-sessions/{id}/take-back", &[("offer", Says::Names(Record::Offer))]),
    ("POST", "/unfilled-sessions/{id}/book", &[("clinician", Says::Names(Record::Clinician))]),
];
