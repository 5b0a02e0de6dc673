//! Every field of every form, and every parameter of every page, is given what nobody means to type. No page breaks, and
//! nothing of it is kept: what reaches the database has been through a reader.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;
use sqlx::PgConnection;

use crate::support::holdings::{Bank, Record};
use crate::support::{Visitor, World};

/// What is sent, as bytes: some of it is no text at all.
const HOSTILE: [&[u8]; 14] = [
    "\u{200b}".as_bytes(),
    "A\u{200b}\u{feff}nn\u{2060}".as_bytes(),
    "\u{202e}Ann\u{200f}".as_bytes(),
    "\u{2800}\u{3164}".as_bytes(),
    b"Ann\r\nBcc: sam@people.test",
    "Ann\u{2028}Sam\u{85}".as_bytes(),
    b"Ann\0Sam",
    b"Ann\x1b[2J\x07",
    b"\xff\xfeAnn",
    b"\xed\xa0\x80",
    "\u{fffd}\u{fffe}".as_bytes(),
    "sam\u{200b}@people.test".as_bytes(),
    b"12,5",
    b"'; drop table account; --",
];

/// What fits a field of that name, where the page proposes nothing.
const FITTING: [(&str, &str); 22] = [
    ("day", "14"),
    ("month", "12"),
    ("year", "2026"),
    ("start", "8:30am"),
    ("end", "12:40pm"),
    ("rate", "88"),
    ("rate-min", "80"),
    ("rate-max", "90"),
    ("floor", "70"),
    ("ceiling", "100"),
    ("places", "1"),
    ("notes", "By the back door"),
    ("reason", "Agreed with the practice"),
    ("place", "DT1"),
    ("home", "DT1"),
    ("miles", "10"),
    ("travel", "10"),
    ("rest", "11"),
    ("people", "New Person <new.person@people.test>"),
    ("practices", "J81001"),
    ("name", "Sam Example"),
    ("email", "sam.example@people.test"),
];

/// A form as it stands on a page, filled in as somebody would.
#[derive(Debug, Clone)]
struct Form {
    method: Method,
    action: String,
    fields: Vec<(String, String)>,
}

fn attribute(head: &str, name: &str) -> Option<String> {
    let value = head.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?;
    let plain =
        [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&"), ("&amp;", "&")];
    Some(plain.iter().fold(value.to_owned(), |text, (written, meant)| text.replace(written, meant)))
}

fn fitting(name: &str, value: String) -> String {
    let last = name.rsplit('-').next().unwrap_or(name);
    let known = FITTING.iter().find(|(known, _)| *known == name || *known == last);
    if value.is_empty() { known.map_or(value, |(_, fits)| (*fits).to_owned()) } else { value }
}

/// The forms of a page. Of each choice the first is taken, and every box is ticked once.
fn forms(path: &str, body: &str) -> Vec<Form> {
    let mut found = Vec::new();
    for part in body.split("<form").skip(1) {
        let inside = part.split("</form").next().unwrap_or_default();
        let head = inside.split('>').next().unwrap_or_default();
        let is_post = head.contains("method=\"post\"");
        let action = attribute(head, "action").unwrap_or_else(|| path.to_owned());
        let mut fields: BTreeMap<String, String> = BTreeMap::new();
        let mut list = String::new();
        for tag in inside.split('<').skip(1) {
            let (head, text) = tag.split_once('>').unwrap_or((tag, ""));
            let name = attribute(head, "name");
            let value = attribute(head, "value").unwrap_or_default();
            if head.starts_with("option") {
                let chosen = fields.entry(list.clone()).or_default();
                if chosen.is_empty() || head.contains(" selected") {
                    *chosen = value;
                }
            } else if let Some(name) = name {
                if head.starts_with("select") {
                    list.clone_from(&name);
                }
                let value = if head.starts_with("textarea") { text.to_owned() } else { value };
                fields.entry(name.clone()).or_insert_with(|| fitting(&name, value));
            }
        }
        let method = if is_post { Method::POST } else { Method::GET };
        found.push(Form { method, action, fields: fields.into_iter().collect() });
    }
    found
}

/// The address without ids and without what follows it: "/sessions/{}".
fn shape(path: &str) -> String {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let is_named = |part: &&str| part.len() >= 32 || part.bytes().filter(u8::is_ascii_digit).count() > 5;
    path.split('/').map(|part| if is_named(&part) { "{}" } else { part }).collect::<Vec<_>>().join("/")
}

/// Every form that somebody comes upon when they follow every kind of link, from `/` and `starts` on, and on the page that
/// asks whether what was entered is right.
async fn forms_of(visitor: &Visitor, starts: &[String]) -> Vec<Form> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let mut found: BTreeMap<(String, Vec<String>), Form> = BTreeMap::new();
    let mut waiting: VecDeque<String> = starts.iter().cloned().collect();
    waiting.push_back("/".to_owned());
    while let Some(path) = waiting.pop_front() {
        let visits = seen.entry(shape(&path)).or_default();
        *visits += 1;
        if *visits > 2 || path.starts_with("/assets/") {
            continue;
        }
        let page = visitor.get(&path).await;
        assert!(page.status.as_u16() < 500, "{path} answers {}", page.status);
        waiting.extend(Some(page.location.clone()).filter(|location| location.starts_with('/')));
        let links = page.body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        waiting.extend(links.filter(|link| link.starts_with('/')).map(|link| link.replace("&#38;", "&")));
        let mut on_page = forms(&path, &page.body);
        let checks: Vec<Form> =
            on_page.iter().filter(|form| form.action.ends_with("/check")).cloned().collect();
        for form in checks {
            on_page.extend(forms(&form.action, &sent(visitor, &form, "", b"").await.1));
        }
        for form in on_page {
            let names = form.fields.iter().map(|(name, _)| name.clone()).collect();
            found.entry((format!("{} {}", form.method, shape(&form.action)), names)).or_insert(form);
        }
    }
    found.into_values().collect()
}

fn encoded(bytes: &[u8]) -> String {
    percent_encoding::percent_encode(bytes, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// Sends a form with one field as it should not be; gives the status and the page that came back.
async fn sent(visitor: &Visitor, form: &Form, field: &str, hostile: &[u8]) -> (u16, String) {
    let pair = |(name, value): &(String, String)| {
        let value = if name == field { encoded(hostile) } else { encoded(value.as_bytes()) };
        format!("{}={value}", encoded(name.as_bytes()))
    };
    let text = form.fields.iter().map(pair).collect::<Vec<_>>().join("&");
    let request = if form.method == Method::POST {
        let request = visitor.request(Method::POST, &form.action);
        request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(text)
    } else {
        visitor.request(Method::GET, &format!("{}?{text}", form.action))
    };
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.text().await.expect("a page"))
}

/// Columns of the database in which something stands that no reader lets through. A command's text may have tabs and line
/// ends where its kind has them; nothing has control characters, marks of direction or letters that nobody sees.
async fn kept(connection: &mut PgConnection) -> Vec<String> {
    let columns: Vec<(String, String, String)> = sqlx::query_as(
        "select c.table_name, c.column_name, c.data_type from information_schema.columns c
           join information_schema.tables t using (table_schema, table_name)
          where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and t.table_name not like '\\_sqlx%'
            and c.data_type in ('text', 'json', 'jsonb', 'ARRAY', 'character varying')",
    )
    .fetch_all(&mut *connection)
    .await
    .expect("the columns");
    assert!(columns.len() > 100, "only {} columns", columns.len());
    let unseen = "[\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}\u{fffd}\u{fffe}\u{2800}\u{3164}\u{2028}\u{85}]";
    let control = "[\u{1}-\u{8}\u{b}\u{c}\u{e}-\u{1f}\u{7f}]|\\\\u00[01]";
    let one_line =
        ["name", "email", "subject", "reason", "recipient", "address", "ods_code", "registration_number"];
    let mut found = Vec::new();
    for (table, column, _) in columns {
        let broken = if one_line.contains(&column.as_str()) { "|[\\n\\r]" } else { "" };
        let text = format!("select \"{column}\"::text from \"{table}\" where \"{column}\"::text ~ $1");
        let texts: Vec<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(text))
            .bind(format!("{unseen}|{control}{broken}"))
            .fetch_all(&mut *connection)
            .await
            .expect("texts");
        found.extend(texts.into_iter().map(|text| format!("{table}.{column}: {}", text.escape_debug())));
    }
    found
}

#[tokio::test]
async fn no_field_of_any_form_lets_through_what_nobody_sees() {
    let world = World::start().await;
    let bank = Bank::furnished(&world, "Test bank", "J").await;
    let mut connection = world.connection().await;
    assert_eq!(kept(&mut connection).await, Vec::<String>::new(), "before anything was sent");
    let (mut count, mut fields) = (0, BTreeSet::new());
    let own = |record: Record, path: &str| path.replace("{}", &bank.own[&record]);
    let (practice, clinician) = (&bank.own[&Record::Practice], &bank.own[&Record::Clinician]);
    let starts = vec![
        own(Record::Session, "/sessions/{}"),
        own(Record::OfferLink, "/offer-link/{}"),
        own(Record::InvitationLink, "/invitation/{}"),
        own(Record::StopLink, "/unsubscribe/{}"),
        own(Record::RenewLink, "/renew-alert/{}"),
        own(Record::PasswordLink, "/new-password/{}"),
        format!("/practice/{practice}/refusals/new?clinician={clinician}"),
    ];
    let mut askers: Vec<Visitor> = bank.people.iter().map(|(_, visitor, _)| visitor.clone()).collect();
    askers.push(world.visitor());
    for visitor in askers {
        for form in forms_of(&visitor, &starts).await {
            if form.action == "/sign-out" {
                continue;
            }
            for (field, _) in form.fields.iter().filter(|(name, _)| name != "csrf_token") {
                fields.insert(format!("{} {}", shape(&form.action), field));
                for hostile in HOSTILE {
                    let (status, _) = sent(&visitor, &form, field, hostile).await;
                    assert!(status < 500, "{} {field}={} answers {status}", form.action, encoded(hostile));
                    count += 1;
                }
            }
        }
    }
    world.work().await;
    assert!(fields.len() > 120 && count > 1_500, "only {} fields, {count} forms: {fields:#?}", fields.len());
    assert_eq!(kept(&mut connection).await, Vec::<String>::new(), "after {count} forms");

    // What would be found.
    sqlx::query("update account set name = E'A\\u200bnn' where email like 'ann.%'")
        .execute(&mut connection)
        .await
        .expect("a name");
    assert_eq!(kept(&mut connection).await.len(), 1);
    world.stop().await;
}
