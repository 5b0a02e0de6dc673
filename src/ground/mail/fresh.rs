//! Passages of a mail that are told only while they are true: while somebody is wanted for a session, an offer is open, a
//! booking stands. Looked at when the mail leaves, however long it waited, so that no mail speaks of what events have
//! overtaken.
//!
//! In the outbox such a passage stands between two marks. A mail in which no passage is left is not sent, unless it is
//! marked as one that says something else besides.

use std::collections::BTreeSet;
use std::fmt::Display;

use uuid::Uuid;

const OPENS: &str = "[[while-wanted:";
const MARK_ENDS: &str = "]]";
const CLOSES: &str = "[[/while-wanted]]";
const ANYWAY: &str = "[[anyway]]";

/// The mark before a passage about these sessions, offers or bookings, each by its id: it is told while any of them wants
/// somebody, is open or stands.
#[must_use]
pub fn opens<T: Display>(records: &[T]) -> String {
    let records: Vec<String> = records.iter().map(T::to_string).collect();
    format!("{OPENS}{}{MARK_ENDS}", records.join(","))
}

/// The mark after a passage.
#[must_use]
pub fn closes() -> &'static str {
    CLOSES
}

/// The mark of a mail that is sent even if none of its passages is left.
#[must_use]
pub fn anyway() -> &'static str {
    ANYWAY
}

/// What passages of a body are about, each once.
#[must_use]
pub fn records_in(body: &str) -> BTreeSet<Uuid> {
    let marked = body.split(OPENS).skip(1).filter_map(|after| after.split_once(MARK_ENDS));
    marked.flat_map(|(ids, _)| read(ids).unwrap_or_default()).collect()
}

/// What a mark names; none where it is no mark of ours.
fn read(ids: &str) -> Option<Vec<Uuid>> {
    ids.split(',').map(|id| Uuid::try_parse(id).ok()).collect()
}

/// Whether a body says anything once only the passages about what is `wanted` are left.
#[must_use]
pub fn says_anything(body: &str, wanted: &BTreeSet<Uuid>) -> bool {
    body.contains(ANYWAY) || !records_in(body).is_disjoint(wanted)
}

/// The body without its marks, with every passage: how it was written.
#[must_use]
pub fn keep_all(body: &str) -> String {
    keep(body, &records_in(body))
}

/// The body without its marks and without the passages about other sessions than `wanted`.
#[must_use]
pub fn keep(body: &str, wanted: &BTreeSet<Uuid>) -> String {
    let mut kept = String::with_capacity(body.len());
    let mut rest = body;
    while let Some((before, after)) = rest.split_once(OPENS) {
        kept.push_str(before);
        let passage = after.split_once(MARK_ENDS).and_then(|(ids, after)| {
            let (passage, after) = after.split_once(CLOSES)?;
            Some((read(ids)?, passage, after))
        });
        let Some((records, passage, after)) = passage else {
            // No mark of ours: it stays as it was written.
            kept.push_str(OPENS);
            rest = after;
            continue;
        };
        if records.iter().any(|record| wanted.contains(record)) {
            kept.push_str(passage);
        }
        rest = after;
    }
    kept.push_str(rest);
    kept.replace(ANYWAY, "")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use uuid::Uuid;

    use super::{anyway, closes, keep, keep_all, opens, records_in, says_anything};
    use crate::ground::id::{OfferId, SessionId};

    #[test]
    fn passages_about_sessions_that_want_nobody_are_left_out() {
        let (open, filled) = (SessionId::new().0, OfferId::new().0);
        let passage = |records: &[Uuid], text: &str| format!("{}{text}{}", opens(records), closes());
        let body = format!(
            "Hello\n{}{}{}Goodbye",
            passage(&[open, filled], "Sessions:\n"),
            passage(&[open], "One\n"),
            passage(&[filled], "Two\n")
        );
        assert_eq!(records_in(&body), BTreeSet::from([open, filled]));
        assert_eq!(keep(&body, &BTreeSet::from([open])), "Hello\nSessions:\nOne\nGoodbye");
        assert_eq!(keep(&body, &BTreeSet::from([open, filled])), "Hello\nSessions:\nOne\nTwo\nGoodbye");
        assert_eq!(keep(&body, &BTreeSet::new()), "Hello\nGoodbye");
        assert_eq!(keep_all(&body), "Hello\nSessions:\nOne\nTwo\nGoodbye");
        assert!(says_anything(&body, &BTreeSet::from([open])));
        assert!(!says_anything(&body, &BTreeSet::new()));
    }

    #[test]
    fn a_mail_that_says_something_else_besides_is_sent_anyway() {
        let body = format!("{}A message. {}One{}", anyway(), opens(&[SessionId::new()]), closes());
        assert!(says_anything(&body, &BTreeSet::new()));
        assert_eq!(keep(&body, &BTreeSet::new()), "A message. ");
    }

    #[test]
    fn what_only_looks_like_a_mark_stays() {
        for body in ["[[while-wanted:nobody]] x [[/while-wanted]]", "[[while-wanted:", "plain"] {
            assert_eq!(keep(body, &BTreeSet::new()), body);
        }
        let unclosed = format!("{}never closed", opens(&[SessionId::new()]));
        assert_eq!(keep(&unclosed, &BTreeSet::new()), unclosed);
    }
}
