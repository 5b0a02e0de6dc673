//! Vacancies, and what they are described by.

use super::{Rows, Table, Whose, nobodys, of_people, plain, words};

/// Adverts name people to ask, among what else they say: the person's name and address are taken out of them.
const NAMES_THEM: Whose = Whose::OfBank("(t.typed::text ~* $3 or t.advert::text ~* $3)");

pub(super) const TABLES: &[Table] = &[
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
