use super::{
    NO_SUCH_MAILBOX, NO_SUCH_MAILBOX_BY_CODE_AND_WORDS, NO_SUCH_MAILBOX_IN_WORDS, OTHER_REASONS, kind_of,
    more_exact,
};
use crate::letters::bounce::read::{enhanced_status, refusal};
use crate::letters::stopped_address::ReportKind::{self, Hard, Soft};

/// What servers say when there is no such mailbox, and what else they say, as they say it.
const SAID: &[(ReportKind, &str, &str)] = &[
    (
        Hard,
        "Postfix",
        "550 5.1.1 <ann@practice.example>: Recipient address rejected: User unknown in virtual mailbox table",
    ),
    (
        Hard,
        "Postfix, local",
        "550 5.1.1 <ann@practice.example>: Recipient address rejected: User unknown in local recipient table",
    ),
    (Hard, "Postfix, delivering", "550 5.1.1 unknown user: \"ann\""),
    (Hard, "Exim", "550 No such mailbox"),
    (Hard, "Exim", "550-5.1.1 The user does not exist 550 5.1.1 ann@practice.example"),
    (
        Hard,
        "Cyrus",
        "550-Mailbox unknown. Either there is no mailbox associated with this 550-name or you do not have authorization to see it. 550 5.1.1 User unknown",
    ),
    (
        Hard,
        "Gmail",
        "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550-5.1.1 unnecessary spaces. For more information, go to 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser a640c23a62f3a - gsmtp",
    ),
    (
        Hard,
        "Gmail",
        "550-5.2.1 The email account that you tried to reach is inactive. For more information, go to 550 5.2.1 https://support.google.com/mail/?p=DisabledUser",
    ),
    (
        Hard,
        "Microsoft 365",
        "550 5.4.1 Recipient address rejected: Access denied. For more information see https://aka.ms/EXOSmtpErrors [AM0PR.eurprd05.prod.outlook.com 2026-11-02T09:00:03.1Z 08DE]",
    ),
    (
        Hard,
        "Microsoft 365",
        "550 5.4.1 [ann@practice.example]: Recipient address rejected: Access denied. AS(201806281) [DB5.mail.protection.outlook.com]",
    ),
    (
        Hard,
        "Microsoft 365",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ann@practice.example not found by SMTP address lookup",
    ),
    (Hard, "Exchange", "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"),
    (Hard, "Exchange", "550 5.4.1 no such user"),
    (
        Hard,
        "Outlook.com",
        "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [VI1.eop-EUR05.prod.protection.outlook.com]",
    ),
    (
        Hard,
        "Yahoo",
        "554 delivery error: dd This user doesn't have a yahoo.com account (ann@yahoo.example) [0] - mta1234.mail.ir2.yahoo.com",
    ),
    (Hard, "Yahoo", "552 1 Requested mail action aborted, mailbox not found"),
    (
        Hard,
        "Yahoo",
        "554 30 Sorry, your message to ann@yahoo.example cannot be delivered. This mailbox is disabled (554.30).",
    ),
    (Hard, "iCloud", "550 5.1.1 <ann@icloud.example>: user does not exist"),
    (Hard, "Mimecast", "550 Invalid Recipient - https://community.mimecast.com/docs/DOC-1369#550 [abc.uk42]"),
    (Hard, "Proofpoint", "550 5.1.1 User Unknown"),
    (
        Hard,
        "IronPort",
        "5.1.0 - Unknown address error 550-'5.1.1 <ann@practice.example>: Recipient address rejected: User unknown'",
    ),
    (Hard, "a policy that says so", "550 5.7.1 <ann@practice.example>... User unknown"),
    (
        Hard,
        "a host with a telling name",
        "host mx.spam.full.example[192.0.2.25] said: 550 5.1.1 <full@spam.example>: user unknown",
    ),
    (Soft, "blocked under 5.1.1", "550 5.1.1 Message blocked as spam"),
    (Soft, "full under 5.1.1", "550 5.1.1 mailbox full"),
    (Soft, "full under 5.0.0", "550 5.0.0 mailbox full"),
    (
        Soft,
        "Gmail",
        "552-5.2.2 The email account that you tried to reach is over quota and inactive. Please direct 552 5.2.2 the recipient to https://support.google.com/mail/?p=OverQuotaPerm",
    ),
    (
        Soft,
        "Gmail",
        "550-5.2.1 The user you are trying to contact is receiving mail at a rate that 550-5.2.1 prevents additional messages from being delivered.",
    ),
    (
        Soft,
        "Gmail",
        "550-5.7.1 [192.0.2.25] Our system has detected that this message is 550-5.7.1 likely unsolicited mail. To reduce the amount of spam sent to Gmail, 550 5.7.1 this message has been blocked.",
    ),
    (
        Soft,
        "Gmail",
        "550-5.7.26 Unauthenticated email from bank.example is not accepted due to domain's 550-5.7.26 DMARC policy.",
    ),
    (
        Soft,
        "Microsoft 365",
        "550 5.7.1 Unfortunately, messages from [192.0.2.25] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).",
    ),
    (
        Soft,
        "Microsoft 365",
        "550 5.7.606 Access denied, banned sending IP [192.0.2.25]. To request removal from this list please visit https://sender.office.com/",
    ),
    (
        Soft,
        "Microsoft 365",
        "550 5.7.509 Access denied, sending domain bank.example does not pass DMARC verification and has a DMARC policy of reject",
    ),
    (
        Soft,
        "Microsoft 365",
        "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded",
    ),
    (
        Soft,
        "Microsoft 365",
        "550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy",
    ),
    (Soft, "Microsoft 365", "550 5.4.1 All recipient addresses rejected : Sender blocked"),
    (Soft, "Exchange", "550 5.7.1 RESOLVER.RST.AuthRequired; authentication required"),
    (Soft, "Exchange", "550 5.1.8 Access denied, bad outbound sender"),
    (
        Soft,
        "Yahoo",
        "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes",
    ),
    (Soft, "Yahoo", "552 5.2.2 ann@yahoo.example: user is over quota"),
    (Soft, "iCloud", "550 5.7.0 Blocked - see https://support.apple.com/kb/HT204137"),
    (
        Soft,
        "iCloud",
        "554 5.7.1 [CS01] Message rejected due to local policy. Please visit https://support.apple.com/en-us/HT204137",
    ),
    (Soft, "Proofpoint", "554 Blocked - see https://ipcheck.proofpoint.com/?ip=192.0.2.25"),
    (Soft, "Mimecast", "550 Rejected by header based Anti-Spoofing policy: bank@bank.example"),
    (
        Soft,
        "Postfix and Spamhaus",
        "554 5.7.1 Service unavailable; Client host [192.0.2.25] blocked using zen.spamhaus.org",
    ),
    (
        Soft,
        "Postfix, of a policy",
        "554 5.7.1 <ann@practice.example>: Recipient address rejected: Access denied",
    ),
    (
        Soft,
        "Postfix, of our address",
        "550 5.1.7 <bank@bank.example>: Sender address rejected: User unknown in virtual mailbox table",
    ),
    (Soft, "Postfix, relaying", "554 5.7.1 <ann@practice.example>: Relay access denied"),
    (
        Soft,
        "Postfix, of the domain",
        "5.4.4 Host or domain name not found. Name service error for name=practice.example type=A: Host not found",
    ),
    (
        Soft,
        "Postfix, for now",
        "450 4.1.1 <ann@practice.example>: Recipient address rejected: unverified address: user unknown",
    ),
    (Soft, "for now, without a status", "450 user unknown"),
    (Soft, "Dovecot", "552 5.2.2 <ann@practice.example> Quota exceeded (mailbox for user is full)"),
    (Soft, "IronPort, quoting", "5.1.0 - Unknown address error 554-'5.7.1 rejected as spam'"),
    (Soft, "GMX", "550 Requested action not taken: mailbox unavailable"),
    (Soft, "too large", "552 5.3.4 Message size exceeds fixed limit"),
    (Soft, "nothing said", "550 5.0.0"),
    (Soft, "nothing at all", "the mail server gave no reason"),
];

#[test]
fn what_large_providers_say_is_understood() {
    for (kind, who, words) in SAID {
        assert_eq!(kind_of(enhanced_status(words).as_deref(), words), *kind, "{who}: {words}");
    }
}

/// The relay's own answer is read by the same table, in the words in which the mail library passes it on.
#[test]
fn what_the_relay_itself_says_means_the_same() {
    for (kind, who, words) in SAID.iter().filter(|(_, _, words)| words.starts_with("55")) {
        let (code, said) = words.split_at(3);
        let passed_on = format!("permanent error ({code}): {}", said.trim_start_matches(['-', ' ']));
        assert_eq!(refusal("ann@practice.example", &passed_on).kind, *kind, "{who}: {passed_on}");
    }
}

#[test]
fn a_code_is_judged_with_its_words() {
    // Every class of RFC 3463, with words that say nothing, that say that there is no such user, and that say why else.
    for subject in 0..=7 {
        for detail in 0..=12 {
            let code = format!("5.{subject}.{detail}");
            let of = |words: &str| kind_of(Some(&code), words);
            let by_code = NO_SUCH_MAILBOX.contains(&code.as_str());
            assert_eq!(of("refused"), if by_code { Hard } else { Soft }, "{code}");
            assert_eq!(of("no such user here"), Hard, "{code}");
            for other in ["blocked as spam", "the mailbox is full", "no such user; blocked as spam"] {
                assert_eq!(of(other), Soft, "{code} {other}");
            }
            let for_now = format!("4.{subject}.{detail}");
            assert_eq!(kind_of(Some(&for_now), "no such user"), Soft, "{for_now}");
        }
    }
}

#[test]
fn every_line_of_the_tables_counts_and_none_contradicts_another() {
    for reason in NO_SUCH_MAILBOX_IN_WORDS {
        assert_eq!(kind_of(None, &format!("550 {reason}")), Hard, "{reason}");
    }
    for (code, reason) in NO_SUCH_MAILBOX_BY_CODE_AND_WORDS {
        assert_eq!((kind_of(Some(code), reason), kind_of(None, reason)), (Hard, Soft), "{code} {reason}");
    }
    for reason in OTHER_REASONS {
        assert_eq!(kind_of(Some("5.1.1"), &format!("rejected: {reason}")), Soft, "{reason}");
    }
}

#[test]
fn the_more_exact_status_counts() {
    let exact = |given: &str, quoted: &str| {
        let status = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        more_exact(status(given), status(quoted)).unwrap_or_default()
    };
    assert_eq!(exact("5.0.0", "5.2.2"), "5.2.2");
    assert_eq!(exact("5.1.0", "5.1.1"), "5.1.1");
    assert_eq!(exact("5.1.1", "5.2.2"), "5.1.1");
    assert_eq!(exact("4.0.0", "5.1.1"), "4.0.0", "whoever still tries knows better");
    assert_eq!(
        (exact("", "5.1.1"), exact("5.0.0", ""), exact("", "")),
        ("5.1.1".into(), "5.0.0".into(), String::new())
    );
}
