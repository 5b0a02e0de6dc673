//! Every message of the catalogue, on plain, long and strange data, through real SMTP, read by Python's `email`.

pub mod parsed;
mod specimens;

use std::collections::BTreeMap;

use locumbank::ground::actor::Actor;
use locumbank::ground::db::DbError;
use locumbank::ground::id::{BankId, OfferId};
use locumbank::ground::mail::fresh::keep_all;
use locumbank::ground::mail::{NewMail, store};
use locumbank::ground::sign_in::PersonKind;
use locumbank::site::messages::MESSAGES;

use self::parsed::{CalendarPart, Parsed, entry_faults, parse};
use self::specimens::{Named, specimens};
use crate::support::World;
use crate::support::desk::offer;
use crate::support::inbox::Received;
use crate::support::seed::Seed;

/// An offer, so that mails can carry one.
async fn real_offer(world: &World, seed: &mut Seed) -> OfferId {
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let practice = seed.practice("J81001", "Orchid House Surgery").await;
    let ann = seed.clinician("gp", "Ann Example", &administrator).await;
    let session = seed.session(practice, "gp", "2026-11-03", "08:30", "12:40").await;
    offer(world, seed.bank, administrator.account, session, ann.id).await
}

/// Writes the mail as a journey does, without the records it would be about but an offer, where it carries one.
async fn write(world: &World, bank: BankId, mail: &NewMail, key: String, offer: Option<OfferId>) {
    let mail = mail.clone();
    let mut mail = NewMail { bank, dedup_key: key, booking: None, not_after: None, ..mail };
    for invented in std::mem::take(&mut mail.offers) {
        let real = offer.unwrap_or(invented);
        mail.text = mail.text.replace(&invented.to_string(), &real.to_string());
        mail.html = mail.html.replace(&invented.to_string(), &real.to_string());
        mail.offers.push(real);
    }
    let written = world.app.db.change(Actor::SERVICE, async |tx| {
        let id = store::insert_mail(tx, &mail).await?;
        // Each of several offers has a mail of its own, which stands in this one.
        for offer in mail.offers.iter().filter(|_| mail.offers.len() > 1) {
            let dedup_key = format!("{} {}", mail.dedup_key, OfferId::new());
            let own = NewMail { dedup_key, offers: vec![*offer], ..mail.clone() };
            let own = store::insert_mail(tx, &own).await?;
            let stands =
                "update mail set state = 'digested', digest_id = $1, finished_at = now() where id = $2";
            sqlx::query(stands).bind(id).bind(own).execute(tx.connection()).await.expect("it stands in it");
        }
        Ok::<_, DbError>(id)
    });
    assert!(written.await.expect("the mail is written").is_some());
}

/// What is wrong with a mail as it arrived, one line each.
fn faults(mail: &NewMail, named: &Named, arrived: &Received, parsed: &Parsed) -> Vec<String> {
    let mut wanted: Vec<String> = mail.to.iter().map(|to| to.address.clone()).collect();
    wanted.sort();
    let mut envelope = arrived.to.clone();
    envelope.sort();
    let mut faults = Vec::new();
    let mut check = |holds: bool, fault: String| {
        if !holds {
            faults.push(fault);
        }
    };
    check(envelope == wanted, format!("its envelope is to {envelope:?}"));
    check(parsed.recipients == wanted, format!("it says it is to {:?}", parsed.recipients));
    // Python keeps the space between two encoded words of a name, which RFC 2047 (section 6.2) says to leave out.
    let names: Vec<String> = mail.to.iter().map(|to| header_words(&to.name).replace(' ', "")).collect();
    let read: Vec<String> = parsed.names.iter().map(|name| words(name).replace(' ', "")).collect();
    check(read == names, format!("it names {read:?}"));
    check(parsed.defects.is_empty(), format!("Python finds defects: {:?}", parsed.defects));
    check(parsed.subjects.len() == 1, format!("it has {} subjects", parsed.subjects.len()));
    let subject = parsed.subjects.first().map(String::as_str).unwrap_or_default();
    check(words(subject) == header_words(&mail.subject), format!("its subject is {subject:?}"));
    check(parsed.message_ids.len() == 1, format!("its Message-IDs are {:?}", parsed.message_ids));
    let id = parsed.message_ids.first().map(String::as_str).unwrap_or_default();
    check(id.starts_with('<') && id.ends_with("@locumbank>"), format!("its Message-ID is {id}"));
    check(parsed.extra_headers.is_empty(), format!("headers crept in: {:?}", parsed.extra_headers));
    check(
        parsed.plain.len() == 1 && parsed.html.len() == 1,
        "it has not one text and one HTML part".to_owned(),
    );
    let plain = parsed.plain.first().map(String::as_str).unwrap_or_default();
    let html = parsed.html.first().map(String::as_str).unwrap_or_default();
    check(
        words(plain).contains(&words(&named.specimen.bank_name)),
        "its text lacks the bank's name".to_owned(),
    );
    let is_left = |part: &str| part.get(..36).is_some_and(|id| id.parse::<OfferId>().is_ok());
    let left = plain.split("[[offer-link:").chain(html.split("[[offer-link:")).skip(1).any(is_left);
    check(!left, "a placeholder was left in it".to_owned());
    for planted in ["<script", "<img", "<b>"] {
        check(!html.contains(planted), format!("{planted} of somebody's name became markup"));
    }
    faults.extend(calendar_faults(mail, parsed, &wanted));
    faults
}

/// A mail that agrees or cancels a date has its entry twice, beside the texts and attached, and the same both times.
fn calendar_faults(mail: &NewMail, parsed: &Parsed, wanted: &[String]) -> Vec<String> {
    let Some(entry) = &mail.calendar else {
        return parsed
            .calendars
            .iter()
            .map(|part| format!("it has a calendar part: {}", part.body))
            .collect();
    };
    let method = entry.method.name();
    let same = |part: &CalendarPart| part.method == method && part.body == entry.body;
    if parsed.calendars.len() != 2 || !parsed.calendars.iter().all(same) {
        return vec![format!("its calendar parts are {:?}", parsed.calendars)];
    }
    // Samples of a change or a cancellation are what calendars are told after the booking itself.
    let sequence = u32::from(!mail.kind.name.starts_with("booking_confirmed"));
    parsed.calendars.iter().flat_map(|part| entry_faults(part, method, sequence, wanted)).collect()
}

/// The words of a text, however its lines were broken: a header is one line.
fn words(text: &str) -> String {
    text.split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// The words of a text as a header may hold them: what would be decoded as an encoded word is broken up.
fn header_words(text: &str) -> String {
    words(text).replace("=?", "= ?")
}

/// What the outbox knows of the mails it holds: kind and key, and the Message-ID each leaves under.
async fn message_ids(world: &World) -> BTreeMap<String, String> {
    let rows: Vec<(String, String)> =
        sqlx::query_as("select '<' || message_id || '>', dedup_key from mail where state = 'sent'")
            .fetch_all(&mut world.connection().await)
            .await
            .expect("the outbox");
    rows.into_iter().collect()
}

#[tokio::test]
async fn every_message_arrives_whole_whatever_people_typed() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Orchid bank").await;
    let offer = real_offer(&world, &mut seed).await;
    world.work().await;
    let before = world.inbox.all().len();
    let mut written = BTreeMap::new();
    for named in specimens(seed.bank, world.app.clock.now()) {
        for kind in MESSAGES.all() {
            let mail = (kind.sample)(&named.specimen).expect("the message is written");
            // As when every session it tells of still wants somebody.
            let mail = NewMail { text: keep_all(&mail.text), html: keep_all(&mail.html), ..mail };
            let key = format!("{} on {} data", kind.name, named.name);
            write(&world, seed.bank, &mail, key.clone(), Some(offer)).await;
            written.insert(key, (named.clone(), mail));
        }
    }
    world.work().await;
    let (ids, arrived) = (message_ids(&world).await, world.inbox.all().split_off(before));
    assert_eq!((ids.len(), arrived.len()), (before + written.len(), written.len()));
    let raw: Vec<&str> = arrived.iter().map(|mail| mail.raw.as_str()).collect();
    let mut found = Vec::new();
    for (arrived, parsed) in arrived.iter().zip(parse(&raw)) {
        let key = parsed.message_ids.first().and_then(|id| ids.get(id));
        let Some((key, (named, mail))) = key.and_then(|key| written.remove_entry(key)) else {
            found.push(format!("nobody wrote a mail with the Message-IDs {:?}", parsed.message_ids));
            continue;
        };
        let faults = faults(&mail, &named, arrived, &parsed);
        found.extend(faults.into_iter().map(|fault| format!("{key}: {fault}")));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(written.is_empty(), "never arrived: {:?}", written.keys());
    world.stop().await;
}

#[tokio::test]
async fn a_mail_that_is_spoilt_on_its_way_is_noticed() {
    let world = World::start().await;
    let seed = Seed::bank(&world, "Orchid bank").await;
    let named = specimens(seed.bank, world.app.clock.now()).into_iter().next().expect("a specimen");
    let kind = MESSAGES.find("booking_confirmed_clinician").expect("a kind");
    let mail = (kind.sample)(&named.specimen).expect("the message is written");
    write(&world, seed.bank, &mail, "once".to_owned(), None).await;
    world.work().await;
    let arrived = world.inbox.all().pop().expect("a mail");
    let spoilt = |from: &str, to: &str| {
        let raw = arrived.raw.replacen(from, to, 1);
        assert_ne!(raw, arrived.raw, "{from} is not in the mail");
        Received { to: arrived.to.clone(), raw }
    };
    let unspoilt = parse(&[&arrived.raw]);
    assert_eq!(faults(&mail, &named, &arrived, &unspoilt[0]), Vec::<String>::new());
    for spoilt in [
        spoilt("Subject: ", "Subject: Another\r\nSubject: "),
        spoilt("\r\nTo: ", "\r\nTo: eve@example.org, "),
        spoilt("\r\nTo: ", "\r\nBcc: eve@example.org\r\nTo: "),
        spoilt("text/html", "text/plain"),
        spoilt("method=REQUEST", "method=PUBLISH"),
        spoilt("@locumbank>", "@elsewhere>"),
        Received { to: vec!["eve@example.org".to_owned()], raw: arrived.raw.clone() },
    ] {
        let parsed = parse(&[&spoilt.raw]);
        assert!(!faults(&mail, &named, &spoilt, &parsed[0]).is_empty(), "went unnoticed:\n{}", spoilt.raw);
    }
    world.stop().await;
}
