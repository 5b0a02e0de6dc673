//! What was worked, and what practices pay beside the rate.

use super::of_work::{BOOKINGS, OF_OWN_BOOKING};
use super::{Rows, Table, nobodys, of_people, plain, said, shown};

/// SQL: the session of the booking that the row `t` names.
const SESSION_OF_BOOKING: &str =
    "(select s.local_date || ' ' || to_char(s.local_start, 'HH24:MI') || ', ' || p.name
     from booking b join session s on s.bank_id = b.bank_id and s.id = b.session_id
     join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
    where b.bank_id = t.bank_id and b.id = t.booking_id)";

pub(super) const TABLES: &[Table] = &[
    of_people(
        "sign_off_reminder",
        "",
        OF_OWN_BOOKING,
        Rows::Go,
        &[plain("bank_id"), plain("id"), plain("booking_id"), plain("after_days"), plain("reminded_at")],
    ),
    of_people(
        "work_query",
        "What you asked about sign-offs",
        OF_OWN_BOOKING,
        Rows::Kept(&BOOKINGS),
        &[
            plain("bank_id"),
            plain("id"),
            shown("booking_id", "Session", SESSION_OF_BOOKING),
            plain("version"),
            said("question", "You asked").becomes("'[erased]'").written(),
            said("asked_at", "When"),
            said("answer", "The practice answered")
                .becomes("case when t.answer is not null then '[erased]' end")
                .written(),
            plain("answered_by"),
            said("answered_at", "Answered"),
        ],
    ),
    of_people(
        "work_said",
        "What you said you worked",
        OF_OWN_BOOKING,
        Rows::Kept(&BOOKINGS),
        &[
            plain("bank_id"),
            plain("id"),
            shown("booking_id", "Session", SESSION_OF_BOOKING),
            said("starts_at", "From"),
            said("ends_at", "Until"),
            said("break_minutes", "Minutes of break"),
            said("extras", "Beside the rate"),
            said("note", "Your message").becomes("''").written(),
            said("said_at", "When"),
        ],
    ),
    of_people(
        "work_sign_off",
        "What practices signed off of your work",
        OF_OWN_BOOKING,
        Rows::Kept(&BOOKINGS),
        &[
            plain("bank_id"),
            plain("id"),
            shown("booking_id", "Session", SESSION_OF_BOOKING),
            said("version", "Sign-off"),
            said("attended", "You attended"),
            said("starts_at", "From"),
            said("ends_at", "Until"),
            said("break_minutes", "Minutes of break"),
            said("extras", "Beside the rate"),
            said("pay_pence", "Pence for the hours"),
            said("extras_pence", "Pence beside"),
            said("reason", "Why").becomes("case when t.reason = '' then '' else '[erased]' end").written(),
            plain("signed_by"),
            said("signed_at", "When"),
        ],
    ),
    nobodys(
        "practice_extra",
        &[
            plain("bank_id"),
            plain("id"),
            plain("practice_id"),
            plain("name"),
            plain("unit"),
            plain("pence_per_unit"),
            plain("valid_from"),
            plain("decided_by"),
            plain("decided_at"),
        ],
    ),
];
