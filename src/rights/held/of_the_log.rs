//! The sealed log, and what was said beside it. First of all tables: which records were somebody's is told by the others.

use super::{Keeping, Lasts, Rows, Table, Whose, nobodys, of_people, plain, said};

const LOG: Keeping = Keeping {
    what: "Lines of the log",
    why: "The log says what was done in the bank and when, and can’t be changed. It holds a number in the place of the name, \
          and what was said of the person is erased.",
    lasts: Lasts::WithoutName,
};

/// SQL: whether the line of the log that a row names is about a record of the person's.
const ABOUT_THEM: &str = "t.erased_at is null and exists (select from audit_event e where e.bank_id = t.bank_id and e.position = t.position and (
      e.subject_id = $1
      or e.subject_id in (select own.id from clinician own where own.bank_id = e.bank_id and own.account_id = $1)
      or e.subject_kind = 'mail' and exists (select from mail_recipient r where r.bank_id = e.bank_id
            and r.mail_id = e.subject_id and (r.account_id = $1 or r.address = $4))
      or e.subject_kind = 'alert' and e.account_id = $1
      or e.subject_kind = 'document' and (t.detail ->> 'clinician') in (
            select own.id::text from clinician own where own.bank_id = e.bank_id and own.account_id = $1)
      or t.detail::text ~* $3))";

pub(super) const TABLES: &[Table] = &[
    of_people(
        "audit_detail",
        "",
        Whose::OfBank(ABOUT_THEM),
        Rows::Stay,
        &[
            plain("bank_id"),
            plain("position"),
            plain("salt").becomes("null"),
            plain("detail").becomes("null"),
            plain("erased_at").becomes("$5"),
        ],
    ),
    of_people(
        "audit_event",
        "What the log says you did",
        Whose::OfBank("t.account_id = $1"),
        Rows::Kept(&LOG),
        &[
            plain("position"),
            plain("bank_id"),
            said("at", "When"),
            plain("account_id"),
            said("action", "What"),
            said("subject_kind", "With a"),
            said("subject_id", "Of the number"),
            plain("detail"),
        ],
    ),
    nobodys("audit_seal", &[plain("position"), plain("hash"), plain("sealed_at"), plain("hash_before")]),
];
