//! Mail and the queue: what was written to somebody and about them, what they chose, and addresses that take none.

use super::{Rows, SESSION, Table, Whose, nobodys, of_people, plain, said, shown};

const OWN: Whose = Whose::OfBank("t.account_id = $1");

/// SQL: whether the mail of a row named `t.` something is to the person.
macro_rules! to_them {
    ($mail:literal) => {
        concat!(
            "exists (select from mail_recipient r where r.bank_id = t.bank_id and r.mail_id = t.",
            $mail,
            " and (r.account_id = $1 or r.address = $4))"
        )
    };
}

/// SQL: whether the mail `t` is done with.
macro_rules! is_done {
    () => {
        "t.state in ('sent', 'failed', 'dropped', 'digested')"
    };
}

/// SQL: whether the mail `t` waits, and is to nobody but the person: it is not sent any more.
macro_rules! is_dropped {
    () => {
        "t.state in ('pending', 'uncertain', 'for_digest')
         and not exists (select from mail_recipient r where r.bank_id = t.bank_id and r.mail_id = t.id
                            and r.account_id is distinct from $1 and r.address <> $4)"
    };
}

/// SQL: `$emptied` where the mail `t` is done with or dropped, else what it is.
macro_rules! where_done {
    ($emptied:literal, $is:literal) => {
        concat!("case when ", is_done!(), " or ", is_dropped!(), " then ", $emptied, " else t.", $is, " end")
    };
}

pub(super) const TABLES: &[Table] = &[
    of_people(
        "job",
        "",
        // A link to a new password was asked for, for an address that somebody typed.
        Whose::OfAccount("t.state <> 'running' and t.payload::text ~* $3"),
        Rows::Go,
        &[
            plain("id"),
            plain("bank_id"),
            plain("kind"),
            plain("unique_key"),
            plain("payload"),
            plain("priority"),
            plain("state"),
            plain("run_at"),
            plain("fence"),
            plain("attempts"),
            plain("max_attempts"),
            plain("last_error"),
            plain("created_at"),
            plain("finished_at"),
        ],
    ),
    of_people(
        "mail_report",
        "Mail to you that came back",
        Whose::OfBank(
            "exists (select from mail_recipient r where r.bank_id = t.bank_id and r.mail_id = t.mail_id
                        and r.address = t.address and (r.account_id = $1 or r.address = $4))",
        ),
        Rows::Go,
        &[
            plain("bank_id"),
            plain("id"),
            plain("mail_id"),
            said("address", "Address"),
            said("kind", "Kind"),
            said("status", "Code"),
            said("explanation", "What the mail server said"),
            said("received_at", "Received"),
        ],
    ),
    of_people(
        "digest_told",
        "Sessions a daily email told you of",
        OWN,
        Rows::Go,
        &[
            plain("bank_id"),
            plain("account_id"),
            shown("session_id", "Session", SESSION),
            plain("mail_id"),
            said("told_at", "Told"),
        ],
    ),
    of_people(
        "mail",
        "Mail to you",
        Whose::OfBank(to_them!("id")),
        Rows::Stay,
        &[
            plain("bank_id"),
            plain("id"),
            said("kind", "Kind"),
            plain("dedup_key"),
            plain("message_id"),
            plain("environment_id"),
            plain("epoch"),
            said("subject", "Subject").becomes(where_done!("'Erased'", "subject")),
            said("text_body", "Text").becomes(where_done!("''", "text_body")),
            plain("html_body").becomes(where_done!("''", "html_body")),
            plain("calendar_body").becomes(where_done!("null", "calendar_body")),
            plain("calendar_method").becomes(where_done!("null", "calendar_method")),
            plain("booking_id"),
            plain("offer_id"),
            plain("priority"),
            plain("not_after"),
            said("state", "State").becomes(concat!("case when ", is_dropped!(), " then 'dropped' else t.state end")),
            plain("attempts"),
            plain("uncertain_times"),
            plain("next_attempt_at"),
            plain("sending_since"),
            plain("sender_fence"),
            said("finished_at", "Finished")
                .becomes(concat!("case when ", is_dropped!(), " then $5 else t.finished_at end")),
            plain("last_error").becomes("null"),
            plain("digest_id"),
            said("created_at", "Written"),
            plain("empty_when_done").becomes(concat!("not (", is_done!(), " or ", is_dropped!(), ")")),
        ],
    )
    // As far as their name, their bookings or their offers tell.
    .and_telling(
        "t.booking_id in (select b.id from booking b where b.bank_id = t.bank_id and b.account_id = $1)
         or t.offer_id in (select o.id from offer o join clinician own on own.bank_id = o.bank_id and own.id = o.clinician_id
                            where o.bank_id = t.bank_id and own.account_id = $1)
         or t.subject ~* $3 or t.text_body ~* $3 or t.html_body ~* $3",
    ),
    of_people(
        "mail_recipient",
        "",
        Whose::OfBank("t.account_id = $1 or t.address = $4"),
        Rows::Stay,
        // The mails themselves, with their recipients, stand under "Mail to you". Mail that is on its way keeps its address
        // until it has left.
        &[
            plain("bank_id"),
            plain("mail_id"),
            plain("address").becomes(
                "case when exists (select from mail m where m.bank_id = t.bank_id and m.id = t.mail_id and m.empty_when_done)
                      then t.address else 'erased-' || gen_random_uuid() || '@erased.invalid' end",
            ),
            plain("name").becomes(
                "case when exists (select from mail m where m.bank_id = t.bank_id and m.id = t.mail_id and m.empty_when_done)
                      then t.name else '' end",
            ),
            plain("account_id"),
            plain("refusal").becomes("case when t.refusal is not null then '' end"),
            plain("empty_when_done").becomes(
                "exists (select from mail m where m.bank_id = t.bank_id and m.id = t.mail_id and m.empty_when_done)",
            ),
        ],
    ),
    of_people(
        "mail_choice",
        "What you chose to get by email",
        OWN,
        Rows::Go,
        &[
            plain("bank_id"),
            plain("account_id"),
            said("kind", "Kind of message"),
            said("delivery", "When"),
            said("chosen_at", "Chosen"),
        ],
    ),
    of_people(
        "quiet_hours",
        "Your quiet hours",
        OWN,
        Rows::Go,
        &[plain("bank_id"), plain("account_id"), said("starts_at", "From"), said("ends_at", "Until")],
    ),
    of_people(
        "stopped_address",
        "Your addresses that take no mail",
        Whose::OfBank("t.account_id = $1 or t.address = $4"),
        Rows::Go,
        &[
            plain("bank_id"),
            said("address", "Address"),
            plain("account_id"),
            said("reason", "Because"),
            said("explanation", "What the mail server said"),
            plain("failures"),
            said("last_failed_at", "Last failed"),
            said("stopped_at", "Stopped"),
            plain("cleared_at"),
            plain("cleared_by"),
        ],
    ),
    of_people(
        "alert",
        "Your alerts",
        Whose::OfBank(super::of_own_record!("clinician_id")),
        Rows::Go,
        &[
            plain("bank_id"),
            plain("id"),
            plain("clinician_id"),
            said("place", "Near"),
            plain("latitude_microdegrees"),
            plain("longitude_microdegrees"),
            said("within_metres", "Within metres"),
            said("created_at", "Since"),
            plain("told_until"),
            plain("lapses_at"),
            plain("asked_at"),
            said("ended_at", "Ended"),
        ],
    ),
    nobodys(
        "environment",
        &[plain("only_row"), plain("id"), plain("epoch")],
    ),
    nobodys("schedule_run", &[plain("name"), plain("last_due")]),
    nobodys("idempotency_record", &[plain("bank_id"), plain("key"), plain("result"), plain("created_at")]),
];
