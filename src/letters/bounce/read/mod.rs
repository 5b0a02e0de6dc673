//! Reads what mail servers and mailboxes report: delivery status (RFC 3464) and complaints (RFC 5965), in the shapes in
//! which they really come. What can't be understood is no report; nothing here fails.

pub mod meaning;

use mail_parser::{Message, MessageParser, MimeHeaders, PartType};

use self::meaning::{kind_of, more_exact};
use crate::letters::stopped_address::ReportKind;

/// Parts of a message inside a message are read so deep: a report has the returned mail inside.
const MOST_LEVELS: usize = 4;

/// The most of an explanation that is kept, in letters.
const MOST_LETTERS: usize = 300;

/// What is said about one address, or about whoever the mail went to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What happened.
    pub kind: ReportKind,
    /// The addresses it may be about, the surest first; in lower case.
    pub addresses: Vec<String>,
    /// The enhanced status, "5.1.1" (RFC 3463).
    pub status: Option<String>,
    /// What the server said, for a person to read.
    pub explanation: String,
}

/// A report about a mail of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The Message-IDs it may be about, without angle brackets, the surest first.
    pub message_ids: Vec<String>,
    /// What it says, address by address.
    pub said: Vec<Said>,
}

/// Reads a message as a report. None where it is something else, such as an answer from a person who is away.
#[must_use]
pub fn report(bytes: &[u8]) -> Option<Report> {
    let message = MessageParser::default().parse(bytes)?;
    let mut parts = Vec::new();
    flatten(&message, &mut parts, 0);
    let of_kind = |kind: &'static str| parts.iter().filter(move |part| part.kind == kind);
    let mut said: Vec<Said> =
        of_kind("message/delivery-status").flat_map(|part| delivery_status(&part.text)).collect();
    let delivery_status_seen = of_kind("message/delivery-status").next().is_some();
    said.extend(of_kind("message/feedback-report").filter_map(|part| complaint(&part.text)));
    if said.is_empty() && !delivery_status_seen {
        said.extend(failed_recipients(&message, &parts));
    }
    (!said.is_empty()).then(|| Report { message_ids: message_ids(&parts, bytes), said })
}

/// What a relay says when it refuses a recipient for good, as a report of the same.
#[must_use]
pub fn refusal(address: &str, words: &str) -> Said {
    let status = enhanced_status(words);
    Said {
        kind: kind_of(status.as_deref(), words),
        addresses: vec![address.to_lowercase()],
        explanation: shortened(words),
        status,
    }
}

/// A part that holds text, decoded.
struct TextPart {
    kind: String,
    text: String,
}

fn flatten(message: &Message<'_>, parts: &mut Vec<TextPart>, level: usize) {
    for part in &message.parts {
        let kind = part.content_type().map_or_else(
            || "text/plain".to_owned(),
            |kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()).to_lowercase(),
        );
        match &part.body {
            PartType::Message(inside) if level < MOST_LEVELS => {
                let text = String::from_utf8_lossy(inside.raw_message()).into_owned();
                parts.push(TextPart { kind, text });
                flatten(inside, parts, level + 1);
            }
            PartType::Multipart(_) | PartType::Message(_) => {}
            _ => parts.push(TextPart { kind, text: String::from_utf8_lossy(part.contents()).into_owned() }),
        }
    }
}

/// The fields of one group of a status part, names in lower case, folded lines joined.
fn fields(group: &[&str]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> = Vec::new();
    for line in group {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = fields.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((name, value)) = line.split_once(':') {
            fields.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    fields
}

/// Groups of lines with empty lines between them.
fn groups(text: &str) -> Vec<Vec<&str>> {
    let lines: Vec<&str> = text.lines().collect();
    let groups = lines.split(|line| line.trim().is_empty()).filter(|group| !group.is_empty());
    groups.map(<[&str]>::to_vec).collect()
}

fn value<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The address of a field like `rfc822; someone@example.org`, in lower case.
fn address_of(field: &str) -> Option<String> {
    let address = field.rsplit_once(';').map_or(field, |(_, address)| address);
    let address = address.trim().trim_matches(['<', '>', '"']).to_lowercase();
    (address.contains('@') && address.len() <= 320).then_some(address)
}

/// What a `message/delivery-status` part says of each recipient that failed. What is only delayed is still being tried
/// by whoever reports it, and is no failure.
fn delivery_status(text: &str) -> Vec<Said> {
    let failed = groups(text).into_iter().filter_map(|group| {
        let fields = fields(&group);
        let is_failure =
            value(&fields, "action").is_some_and(|action| action.to_lowercase().starts_with("failed"));
        if !is_failure {
            return None;
        }
        let named = ["original-recipient", "final-recipient"].iter().filter_map(|name| value(&fields, name));
        let diagnostic = value(&fields, "diagnostic-code").unwrap_or_default();
        let given = value(&fields, "status").and_then(enhanced_status);
        let status = more_exact(given, enhanced_status(diagnostic));
        Some(Said {
            kind: kind_of(status.as_deref(), diagnostic),
            addresses: named.filter_map(address_of).collect(),
            explanation: shortened(if diagnostic.is_empty() {
                "the mail server gave no reason"
            } else {
                diagnostic
            }),
            status,
        })
    });
    failed.collect()
}

/// The first status of three numbers in a text: "smtp; 550 5.1.1 no such user" has 5.1.1.
fn enhanced_status(text: &str) -> Option<String> {
    let words = text.split(|letter: char| !letter.is_ascii_digit() && letter != '.');
    let is_status = |word: &&str| {
        let numbers: Vec<&str> = word.split('.').collect();
        numbers.len() == 3
            && matches!(numbers.first(), Some(&"2" | &"4" | &"5"))
            && numbers.iter().all(|number| (1..=3).contains(&number.len()))
    };
    words.map(|word| word.trim_matches('.')).find(is_status).map(str::to_owned)
}

/// What a `message/feedback-report` part says. Somebody who says that a mail is no spam does not complain.
fn complaint(text: &str) -> Option<Said> {
    let fields = fields(&text.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>());
    let kind = value(&fields, "feedback-type")?.to_lowercase();
    if kind.starts_with("not-spam") {
        return None;
    }
    let named = ["original-rcpt-to", "removal-recipient"].iter().filter_map(|name| value(&fields, name));
    Some(Said {
        kind: ReportKind::Complaint,
        addresses: named.filter_map(address_of).collect(),
        status: None,
        explanation: shortened(&format!("reported by its reader: {kind}")),
    })
}

/// A failure told in words alone, as older servers do: the header names the addresses, and a status may stand in the
/// text.
fn failed_recipients(message: &Message<'_>, parts: &[TextPart]) -> Option<Said> {
    let named = message.header_raw("X-Failed-Recipients")?;
    let addresses: Vec<String> = named.split(',').filter_map(address_of).collect();
    let told = parts.iter().find(|part| part.kind == "text/plain").map_or("", |part| part.text.as_str());
    // What follows is a copy of our mail, whose words say nothing about the address.
    let told = told.split("\n---").next().unwrap_or_default().split("Message-ID").next().unwrap_or_default();
    let status = enhanced_status(told);
    let said = told.lines().map(str::trim).find(|line| line.contains("550") || line.contains("5."));
    (!addresses.is_empty()).then(|| Said {
        kind: kind_of(status.as_deref(), told),
        addresses,
        explanation: shortened(said.unwrap_or("the mail server gave no reason")),
        status,
    })
}

/// Our Message-IDs in what was returned, those of a `Message-ID` line first.
fn message_ids(parts: &[TextPart], bytes: &[u8]) -> Vec<String> {
    let whole = String::from_utf8_lossy(bytes);
    let texts = parts.iter().map(|part| part.text.as_str()).chain(std::iter::once(&*whole));
    let (mut surest, mut others) = (Vec::new(), Vec::new());
    for text in texts {
        let mut name = String::new();
        for line in text.lines() {
            if !line.starts_with([' ', '\t']) {
                name = line.split_once(':').map_or(String::new(), |(name, _)| name.trim().to_lowercase());
            }
            let list = if name == "message-id" { &mut surest } else { &mut others };
            list.extend(ids_in(line));
        }
    }
    let mut ids: Vec<String> = Vec::new();
    for id in surest.into_iter().chain(others) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

/// What looks like a Message-ID of ours: two ids with a dot between, at our name.
fn ids_in(line: &str) -> impl Iterator<Item = String> {
    let words = line.split(|letter: char| {
        !letter.is_ascii_alphanumeric() && letter != '-' && letter != '.' && letter != '@'
    });
    let is_ours = |word: &&str| {
        word.split_once('@').is_some_and(|(left, host)| {
            host == "locumbank"
                && left.split_once('.').is_some_and(|(mail, environment)| {
                    uuid::Uuid::try_parse(mail).is_ok() && uuid::Uuid::try_parse(environment).is_ok()
                })
        })
    };
    words.filter(is_ours).map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// One line of at most [`MOST_LETTERS`].
fn shortened(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().filter(|letter| !letter.is_control()).take(MOST_LETTERS).collect()
}

#[cfg(test)]
mod tests;
