//! What a refusal means for the address: there is no such mailbox, or something that may pass.
//!
//! RFC 3463 gives each reason a code, and servers use them loosely: Microsoft says of a recipient it does not know that
//! access is denied (5.4.1), Exim writes 5.0.0 whatever was said, filters refuse unwanted mail under 5.1.1. So the code is
//! read together with the words. Where they disagree the address goes on getting mail: an address that is stopped
//! wrongly costs somebody their offers, one more mail to a mailbox that is gone costs nothing.

use crate::letters::stopped_address::ReportKind;

/// Codes that say by themselves that there is no such mailbox, unless the words give another reason.
const NO_SUCH_MAILBOX: [&str; 5] = [
    // Bad destination mailbox address.
    "5.1.1",  // Its syntax is none.
    "5.1.3",  // It has moved, and nobody says where.
    "5.1.6",  // Exchange: recipient not found. RFC 7505: the domain takes no mail at all.
    "5.1.10", // Disabled, not accepting messages, for good.
    "5.2.1",
];

/// Codes that do so only with these words, which mean something else under other codes.
const NO_SUCH_MAILBOX_BY_CODE_AND_WORDS: [(&str, &str); 2] = [
    // Microsoft 365, of a recipient its directory does not know. Postfix says the same under 5.7.1 of a policy.
    ("5.4.1", "recipient address rejected access denied "),
    // Outlook.com. Without a code these words stand for any refusal (RFC 5321, 550).
    ("5.5.0", "mailbox unavailable "),
];

/// What is said where there is no such mailbox, whatever the code. As in [`plain`]: a space at the end ends a word, without
/// one words may go on.
const NO_SUCH_MAILBOX_IN_WORDS: [&str; 32] = [
    "no such user ",
    "no such mailbox ",
    "no such recipient ",
    "no such address ",
    "no such account ",
    "no such person ",
    "no mailbox ",
    "no account by that name ",
    "user unknown ",
    "unknown user ",
    "unknown recipient ",
    "recipient unknown ",
    "unknown address ",
    "address unknown ",
    "unknown mailbox ",
    "mailbox unknown ",
    "user not found ",
    "recipient not found ",
    "mailbox not found ",
    "address not found ",
    "account not found ",
    "user does not exist ",
    "user doesnt exist ",
    "user doesnt have ",
    "mailbox does not exist ",
    "address does not exist ",
    "recipient does not exist ",
    "account that you tried to reach does not exist ",
    "invalid recipient ",
    "invalid mailbox ",
    "mailbox is disabled ",
    "account is disabled ",
];

/// What is said of anything else: of us, of the mail, of a mailbox that is full, of now.
const OTHER_REASONS: [&str; 47] = [
    "spam",
    "unsolicited ",
    "junk ",
    "bulk ",
    "blocked ",
    "blocking ",
    "block list ",
    "blocklist",
    "blacklist",
    "black list",
    "denylist",
    "listed ",
    "banned ",
    "reputation ",
    "policy ",
    "policies ",
    "prohibit",
    "virus",
    "malware ",
    "suspicious ",
    "content ",
    "dmarc ",
    "dkim ",
    "spf ",
    "authenticat",
    "unauthenticated ",
    "relay ",
    "relaying ",
    "sender ",
    "full ",
    "quota",
    "overquota ",
    "storage ",
    "too large ",
    "too big ",
    "size ",
    "too many ",
    "rate ",
    "limit",
    "exceed",
    "throttl",
    "greylist",
    "graylist",
    "temporar",
    "try again ",
    "timed out ",
    "suspended ",
];

/// What a refusal with this enhanced status, where it has one, and these words means for the address.
#[must_use]
pub fn kind_of(status: Option<&str>, words: &str) -> ReportKind {
    let plain = plain(words);
    let says = |reason: &str| plain.contains(&format!(" {reason}"));
    let says_any = |reasons: &[&str]| reasons.iter().any(|reason| says(reason));
    let by_code = status.is_some_and(|status| NO_SUCH_MAILBOX.contains(&status));
    let by_both =
        NO_SUCH_MAILBOX_BY_CODE_AND_WORDS.iter().any(|(code, reason)| status == Some(*code) && says(reason));
    let is_missing = by_code || by_both || says_any(&NO_SUCH_MAILBOX_IN_WORDS);
    if is_missing && is_for_good(status, words) && !says_any(&OTHER_REASONS) {
        ReportKind::Hard
    } else {
        ReportKind::Soft
    }
}

/// The more exact of the status a report gives and the one in the words it quotes: a last number of 0 says that there is
/// no more to say, and is what Exim writes of everything.
#[must_use]
pub fn more_exact(given: Option<String>, quoted: Option<String>) -> Option<String> {
    match (given, quoted) {
        (Some(given), Some(quoted)) if given.ends_with(".0") && given[..1] == quoted[..1] => Some(quoted),
        (given, quoted) => given.or(quoted),
    }
}

/// Whether it is refused for good: by the status, or else by the reply code that the words begin with.
fn is_for_good(status: Option<&str>, words: &str) -> bool {
    let is_reply = |word: &&str| word.len() == 3 && word.bytes().all(|letter| letter.is_ascii_digit());
    let reply = || words.split(|letter: char| !letter.is_ascii_alphanumeric()).find(is_reply);
    status.or_else(reply).is_none_or(|code| code.starts_with('5'))
}

/// Words to look reasons up in: small letters, one space between, before and after them; without addresses, hosts and
/// links, whose names may say anything.
fn plain(words: &str) -> String {
    let is_name = |word: &&str| {
        let word = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        word.contains('@')
            || word.contains("://")
            || word.split('.').filter(|part| !part.is_empty()).count() > 1
    };
    let mut plain = String::from(" ");
    for word in words.split_whitespace().filter(|word| !is_name(word)) {
        let kept = word.chars().filter(|letter| *letter != '\'' && *letter != '’');
        let spaced: String = kept.map(|letter| if letter.is_alphanumeric() { letter } else { ' ' }).collect();
        for part in spaced.split_whitespace() {
            plain.push_str(&part.to_lowercase());
            plain.push(' ');
        }
    }
    plain
}

#[cfg(test)]
mod tests;
