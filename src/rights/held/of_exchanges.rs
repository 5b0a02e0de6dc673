//! What clinicians and practices say to each other.

use super::{Rows, SESSION, Table, Whose, of_people, plain, said, shown};

/// SQL: whether the person gave it, or may read it since both sides have spoken.
macro_rules! readable {
    ($column:literal) => {
        concat!(
            "case when t.side = 'clinician' or exists (select from feedback o where o.bank_id = t.bank_id
                                                        and o.booking_id = t.booking_id and o.side <> t.side)
                  then t.",
            $column,
            " end"
        )
    };
}

pub(super) const TABLES: &[Table] = &[
    of_people(
        "question",
        "Questions you asked about sessions",
        Whose::OfBank(super::of_own_record!("clinician_id")),
        Rows::Stay,
        &[
            plain("bank_id"),
            plain("id"),
            shown("session_id", "Session", SESSION),
            plain("clinician_id"),
            said("words", "Your question").becomes("''").written(),
            said("asked_at", "Asked"),
            plain("answers"),
            said("answer", "The practice’s answer").becomes("''"),
            said("answered_at", "Answered"),
            plain("answered_by"),
        ],
    ),
    of_people(
        "feedback",
        "How your bookings went",
        Whose::OfBank(
            "exists (select from booking b where b.bank_id = t.bank_id and b.id = t.booking_id and b.account_id = $1)",
        ),
        Rows::Stay,
        &[
            plain("bank_id"),
            plain("booking_id"),
            said("side", "Who said it"),
            shown("went", "How it went", readable!("went")),
            shown("would_again", "Again", readable!("would_again::text")),
            shown("words", "In words", readable!("words")).becomes("''").written(),
            plain("given_by"),
            said("given_at", "Said"),
        ],
    ),
];
