use proptest::prelude::{any, proptest};

use super::{Said, report};
use crate::letters::stopped_address::ReportKind;

/// The Message-ID of the mail that every sample is about.
const OURS: &str = "019a4c10-0000-7000-8000-000000000001.0b6a6f0e-1111-4222-8333-444455556666@locumbank";

/// Reports in the shapes of the mail servers that send most of them.
const SAMPLES: [(&str, &[u8]); 9] = [
    ("postfix_unknown_user", include_bytes!("../samples/postfix_unknown_user.eml")),
    ("postfix_delayed", include_bytes!("../samples/postfix_delayed.eml")),
    ("exim_report", include_bytes!("../samples/exim_report.eml")),
    ("exim_words_alone", include_bytes!("../samples/exim_words_alone.eml")),
    ("exchange_in_base64", include_bytes!("../samples/exchange_in_base64.eml")),
    ("gmail_full_mailbox", include_bytes!("../samples/gmail_full_mailbox.eml")),
    ("two_recipients_one_failed", include_bytes!("../samples/two_recipients_one_failed.eml")),
    ("complaint", include_bytes!("../samples/complaint.eml")),
    ("out_of_office", include_bytes!("../samples/out_of_office.eml")),
];

fn sample(name: &str) -> &'static [u8] {
    SAMPLES.iter().find(|(known, _)| *known == name).unwrap().1
}

fn only(name: &str) -> Said {
    let report = report(sample(name)).unwrap_or_else(|| panic!("{name} is a report"));
    assert_eq!(report.message_ids, [OURS], "{name}");
    assert_eq!(report.said.len(), 1, "{name}: {:?}", report.said);
    report.said[0].clone()
}

#[test]
fn what_each_server_reports_is_understood() {
    let table = [
        ("postfix_unknown_user", ReportKind::Hard, Some("5.1.1"), "User unknown"),
        ("exim_report", ReportKind::Hard, Some("5.0.0"), "550 No such mailbox"),
        ("exim_words_alone", ReportKind::Hard, Some("5.1.1"), "550 5.1.1 Unknown user"),
        ("exchange_in_base64", ReportKind::Hard, Some("5.1.10"), "RecipientNotFound"),
        ("gmail_full_mailbox", ReportKind::Soft, Some("5.2.2"), "out of storage space"),
        ("two_recipients_one_failed", ReportKind::Soft, Some("4.4.7"), "message expired"),
        ("complaint", ReportKind::Complaint, None, "abuse"),
    ];
    for (name, kind, status, explanation) in table {
        let said = only(name);
        // A mail server pipes a message with its own line ends.
        let with_returns = String::from_utf8_lossy(sample(name)).replace('\n', "\r\n");
        assert_eq!(report(with_returns.as_bytes()), report(sample(name)), "{name}");
        assert_eq!((said.kind, said.status.as_deref()), (kind, status), "{name}");
        assert!(said.explanation.contains(explanation), "{name}: {}", said.explanation);
        assert_eq!(said.addresses.first().map(String::as_str), Some("ann@practice.example"), "{name}");
    }
}

#[test]
fn what_was_said_counts_beside_the_code_in_whichever_shape_it_comes() {
    for (name, said, instead) in [
        ("exim_report", "550 No such mailbox", "550 5.2.2 mailbox full"),
        ("exim_words_alone", "550 5.1.1 Unknown user", "550 5.1.1 blocked as spam"),
        ("postfix_unknown_user", "User unknown", "mailbox full"),
    ] {
        let report = |text: &str| report(text.as_bytes()).unwrap().said[0].kind;
        let sample = String::from_utf8_lossy(sample(name));
        assert_eq!(report(&sample), ReportKind::Hard, "{name}");
        assert!(sample.contains(said), "{name}");
        assert_eq!(report(&sample.replace(said, instead)), ReportKind::Soft, "{name}: {instead}");
    }
    let refused = |words| super::refusal("ann@practice.example", words).kind;
    assert_eq!(refused("permanent error (550): 5.4.1 no such user"), ReportKind::Hard);
    assert_eq!(refused("permanent error (550): 5.1.1 blocked as spam"), ReportKind::Soft);
}

#[test]
fn a_warning_and_an_answer_from_a_person_are_no_reports() {
    assert_eq!(report(sample("postfix_delayed")), None, "the server is still trying");
    assert_eq!(report(sample("out_of_office")), None);
    assert_eq!(report(b""), None);
    let not_spam = String::from_utf8_lossy(sample("complaint"))
        .replace("Feedback-Type: abuse", "Feedback-Type: not-spam");
    assert_eq!(report(not_spam.as_bytes()), None);
}

#[test]
fn a_foreign_message_id_is_no_mail_of_ours() {
    let foreign =
        String::from_utf8_lossy(sample("postfix_unknown_user")).replace("@locumbank", "@elsewhere.example");
    assert_eq!(report(foreign.as_bytes()).unwrap().message_ids, Vec::<String>::new());
}

/// Cut off anywhere, and with bytes changed anywhere: never a panic, and never a report of another address.
#[test]
fn damaged_reports_are_read_without_harm() {
    for (name, bytes) in SAMPLES {
        for end in (0..bytes.len()).step_by(7) {
            let cut = report(&bytes[..end]);
            let strangers = cut.iter().flat_map(|report| &report.said).flat_map(|said| &said.addresses);
            for address in strangers {
                assert!(
                    "ann@practice.example".starts_with(address.as_str()),
                    "{name} cut at {end}: {address}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn random_bytes_are_read_without_harm(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        drop(report(&bytes));
    }

    #[test]
    fn reports_with_random_changes_are_read_without_harm(
        which in 0..SAMPLES.len(),
        changes in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..40),
    ) {
        let mut bytes = SAMPLES[which].1.to_vec();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        drop(report(&bytes));
    }
}
