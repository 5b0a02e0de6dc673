//! The fields of what a bank says in its own words.

use super::fields::{Asked, Takes, asked};

/// Joining from the public page.
pub(super) const JOINING: [Asked; 4] = [
    asked(
        "is_open",
        "Clinicians join from the public page",
        "Whoever joins waits until they are cleared. Invitations work either way",
        Takes::YesNo,
    ),
    asked(
        "about",
        "What the bank is",
        "For somebody who reads of it for the first time. Each line is a paragraph",
        Takes::NeededWords(2_000),
    ),
    asked(
        "who",
        "Who may join",
        "Beside the roles, which the page lists. Leave it empty to say nothing more",
        Takes::Words(2_000),
    ),
    asked(
        "at_hand",
        "What to have at hand",
        "Beside the documents that each role needs, which the page lists. Leave it empty to say nothing more",
        Takes::Words(2_000),
    ),
];

/// The terms of use.
pub(super) const TERMS: [Asked; 1] = [asked(
    "text",
    "Text",
    "Each line is a paragraph. Everybody accepts it when they join, and a new version when they next sign in",
    Takes::NeededWords(20_000),
)];

/// The privacy notice.
pub(super) const PRIVACY: [Asked; 5] = [
    asked(
        "controller",
        "Controller",
        "The organisation that answers in law for the data. Leave it empty where it is called as the bank is",
        Takes::Line(200),
    ),
    asked(
        "contact",
        "Who answers questions about personal data",
        "A name or an office, such as the data protection officer",
        Takes::Line(200),
    ),
    asked(
        "email",
        "Where they are written to",
        "Leave it empty where it is the email address of the bank",
        Takes::Email,
    ),
    asked(
        "bases",
        "Lawful bases",
        "Why the bank may keep personal data. Each line is a paragraph",
        Takes::NeededWords(4_000),
    ),
    asked(
        "kept",
        "How long it is kept",
        "Beside what the service deletes by itself, which the notice lists. Each line is a paragraph",
        Takes::Words(4_000),
    ),
];
