//! Vacancies, what they are described by, and who applied.

use super::{Rows, Table, Whose, nobodys, of_people, plain, said, secret, shown, words};

/// Adverts name people to ask, among what else they say: the person's name and address are taken out of them.
const NAMES_THEM: Whose = Whose::OfBank("(t.typed::text ~* $3 or t.advert::text ~* $3)");

/// SQL: whether the application of the row `t` is the person's, by their account or their address.
macro_rules! applied {
    ($application:literal) => {
        concat!(
            "exists (select from applicant own where own.bank_id = t.bank_id and own.application_id = t.",
            $application,
            " and (own.account_id = $1 or own.email = $4))"
        )
    };
}

/// SQL: the post that the row `t` applies for.
const POST: &str = "(select v.title || ', ' || p.name
     from vacancy v join practice p on p.bank_id = v.bank_id and p.id = v.practice_id
    where v.bank_id = t.bank_id and v.id = t.vacancy_id)";

pub(super) const TABLES: &[Table] = &[
    of_people(
        "application_move",
        "What was decided about what you applied for",
        Whose::Anywhere(applied!("application_id")),
        Rows::Go,
        &[
            plain("bank_id"),
            plain("application_id"),
            plain("number"),
            said("from_state", "From"),
            said("to_state", "To"),
            plain("moved_by"),
            said("moved_at", "When"),
            said("said", "What you were told"),
        ],
    ),
    of_people(
        "application_file",
        "Your CVs",
        Whose::Anywhere(applied!("application_id")),
        Rows::Go,
        &[
            plain("bank_id"),
            plain("application_id"),
            said("kind", "Kind"),
            said("file_name", "File"),
            said("bytes", "Bytes"),
            plain("virus_checked"),
            plain("key_id"),
            plain("nonce"),
            secret("sealed"),
        ],
    ),
    of_people(
        "application",
        "Posts you applied for",
        Whose::Anywhere(applied!("id")),
        Rows::Go,
        &[
            plain("bank_id"),
            plain("id"),
            shown("vacancy_id", "Post", POST),
            secret("link_id"),
            secret("token_hash"),
            plain("link_sent_at"),
            said("state", "Where it stands"),
            said("begun_at", "Begun"),
            said("changed_at", "Changed"),
            said("sent_at", "Sent"),
            said("is_late", "After closing"),
            said("statements", "What you said"),
            said("starts_on", "First day"),
            said("right_to_work", "Right to work"),
            said("wants_interview", "Guaranteed interview"),
            said("on_record", "On record"),
            said("moved_at", "Stands so since"),
            plain("reminded_at"),
            said("reason", "Why not"),
        ],
    ),
    of_people(
        "applicant",
        "As whom you applied",
        Whose::Anywhere("t.account_id = $1 or t.email = $4"),
        Rows::Go,
        &[
            plain("bank_id"),
            plain("application_id"),
            shown("vacancy_id", "Post", POST),
            said("email", "Email"),
            said("name", "Name"),
            said("phone", "Phone"),
            said("registration", "Registration number"),
            plain("account_id"),
            said("typed", "Written and not sent"),
        ],
    ),
    nobodys(
        "equal_opportunity_count",
        &[plain("bank_id"), plain("vacancy_id"), plain("question"), plain("answer"), plain("number")],
    ),
    nobodys(
        "vacancy_change",
        &[
            plain("bank_id"),
            plain("vacancy_id"),
            plain("version"),
            plain("changed_by"),
            plain("changed_at"),
            plain("what"),
        ],
    ),
    nobodys(
        "vacancy_place",
        &[plain("bank_id"), plain("vacancy_id"), plain("position"), plain("practice_id")],
    ),
    of_people(
        "vacancy",
        "",
        NAMES_THEM,
        Rows::Stay,
        &[
            plain("bank_id"),
            plain("id"),
            plain("practice_id"),
            plain("version"),
            plain("typed").becomes("regexp_replace(t.typed::text, $3, '[erased]', 'gi')::jsonb"),
            words("title"),
            plain("created_by"),
            plain("created_at"),
            plain("changed_at"),
            plain("advert").becomes("regexp_replace(t.advert::text, $3, '[erased]', 'gi')::jsonb"),
            plain("role"),
            plain("staff_group"),
            plain("contract"),
            plain("least_minutes_a_week"),
            plain("most_minutes_a_week"),
            plain("least_pence_per_year"),
            plain("most_pence_per_year"),
            words("words"),
            plain("published_at"),
            plain("opens_at"),
            plain("closes_at"),
            plain("closed_at"),
            plain("outcome"),
            plain("outcome_reason"),
            plain("outcome_at"),
            plain("asked_times"),
            plain("asked_at"),
            plain("title_searched"),
            plain("searched"),
        ],
    ),
    nobodys(
        "pay_band",
        &[
            plain("band"),
            plain("valid_from"),
            plain("valid_until"),
            plain("entry_pence_per_year"),
            plain("top_pence_per_year"),
            plain("source"),
            plain("checked_on"),
        ],
    ),
    nobodys(
        "staff_group",
        &[plain("code"), plain("name"), plain("source"), plain("valid_from"), plain("valid_until")],
    ),
];
