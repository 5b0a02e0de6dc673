//! docs/ASVS.md has a line for each requirement of the chapters it is about, and the tests and sections that it names are
//! there; and the tests of those requirements that no other story tells.

use std::collections::BTreeSet;

use locumbank::ground::sign_in::{PersonKind, TokenHash};
use reqwest::Method;

use crate::architecture::source::{Source, project, root};
use crate::support::seed::{PASSWORD, Seed};
use crate::support::{Visitor, World};

/// The requirements of levels 1 and 2: of each section, how many it has, without those of level 3.
const REQUIREMENTS: [(&str, &[u32]); 21] = [
    ("5.1", &[1]),
    ("5.2", &[1, 2, 3]),
    ("5.3", &[1, 2]),
    ("5.4", &[1, 2, 3]),
    ("6.1", &[1, 2, 3]),
    ("6.2", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]),
    ("6.3", &[1, 2, 3, 4]),
    ("6.4", &[1, 2, 3, 4]),
    ("6.5", &[1, 2, 3, 4, 5]),
    ("6.6", &[1, 2, 3]),
    ("6.8", &[1, 2, 3, 4]),
    ("7.1", &[1, 2, 3]),
    ("7.2", &[1, 2, 3, 4]),
    ("7.3", &[1, 2]),
    ("7.4", &[1, 2, 3, 4, 5]),
    ("7.5", &[1, 2]),
    ("7.6", &[1, 2]),
    ("8.1", &[1, 2]),
    ("8.2", &[1, 2, 3]),
    ("8.3", &[1]),
    ("8.4", &[1]),
];

/// A line of the document.
struct Line {
    number: String,
    stands: String,
    by: String,
}

fn lines(document: &str) -> Vec<Line> {
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows = document
        .lines()
        .map(cells)
        .filter(|cells| cells.len() == 7 && cells[1].starts_with(|letter: char| letter.is_ascii_digit()));
    rows.map(|cells| Line { number: cells[1].clone(), stands: cells[4].clone(), by: cells[5].clone() })
        .collect()
}

/// The tests that a line names: what stands between backticks and has `::` in it.
fn tests_named(by: &str) -> Vec<(String, String)> {
    let quoted = by.split('`').skip(1).step_by(2);
    quoted
        .filter_map(|name| name.split_once("::"))
        .map(|(file, test)| (file.to_owned(), test.to_owned()))
        .collect()
}

/// Whether a file of that name, in whatever folder, has that test.
fn is_there(sources: &[Source], (file, test): &(String, String)) -> bool {
    let is_of = |source: &&Source| {
        let stem = source.path.trim_end_matches(".rs").trim_end_matches("/mod");
        stem.rsplit('/').next() == Some(file)
    };
    sources.iter().filter(is_of).any(|source| source.text.contains(&format!("fn {test}()")))
}

fn faults(document: &str, sources: &[Source], security: &str) -> Vec<String> {
    let lines = lines(document);
    let mut faults = Vec::new();
    let wanted: BTreeSet<String> = REQUIREMENTS
        .iter()
        .flat_map(|(section, numbers)| numbers.iter().map(move |number| format!("{section}.{number}")))
        .collect();
    let found: BTreeSet<String> = lines.iter().map(|line| line.number.clone()).collect();
    faults.extend(wanted.difference(&found).map(|number| format!("{number} has no line")));
    faults.extend(
        found.difference(&wanted).map(|number| format!("{number} is no requirement of these levels")),
    );
    if found.len() != lines.len() {
        faults.push("a requirement has two lines".to_owned());
    }
    for line in &lines {
        let named = tests_named(&line.by);
        let missing = named.iter().filter(|test| !is_there(sources, test));
        faults.extend(missing.map(|(file, test)| format!("{}: there is no {file}::{test}", line.number)));
        let sections: Vec<&str> = line.by.split('"').skip(1).step_by(2).collect();
        let lost = sections.iter().filter(|section| !security.contains(&format!("## {section}\n")));
        faults.extend(lost.map(|section| format!("{}: SECURITY.md has no section {section}", line.number)));
        let is_backed = !named.is_empty() || !sections.is_empty();
        match line.stands.as_str() {
            "met" if is_backed => {}
            "does not apply" | "not met" if !line.by.is_empty() => {}
            _ => faults.push(format!("{}: say how it stands, and by what", line.number)),
        }
    }
    faults
}

#[test]
fn every_requirement_has_a_line_and_its_tests_are_there() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect(path);
    let (document, security) = (read("docs/ASVS.md"), read("docs/SECURITY.md"));
    let sources = project(&["src", "tests/it"], "rs");
    let found = faults(&document, &sources, &security);
    assert!(found.is_empty(), "{}", found.join("\n"));
    let planted = [
        ("| 5.1.1 | 2 |", "| 5.1.9 | 2 |", "5.1.1 has no line"),
        ("`asvs::no_password_runs_out` |", "`asvs::no_such_test` |", "there is no asvs::no_such_test"),
        ("section \"Files\"", "section \"Fish\"", "SECURITY.md has no section Fish"),
    ];
    for (says, instead, fault) in planted {
        let found = faults(&document.replace(says, instead), &sources, &security).join("\n");
        assert!(found.contains(fault), "{fault} was not noticed: {found}");
    }
}

/// Every field for a password is made by one macro, which masks it and lets whatever helps people fill it in.
#[test]
fn passwords_are_masked_and_can_be_pasted() {
    let macros =
        std::fs::read_to_string(root().join("src/ground/web/components/forms.html")).expect("the macros");
    let (_, rest) = macros.split_once("macro password_input(").expect("the macro");
    let password = rest.split("endmacro").next().unwrap_or_default();
    assert!(password.contains("kind=\"password\"") && password.contains("autocomplete="), "{password}");
    for template in project(&["src"], "html") {
        assert!(!template.text.contains("onpaste"), "{}", template.path);
        let own =
            template.text.contains("type=\"password\"") && !template.path.ends_with("components/forms.html");
        assert!(!own, "{} has a field for a password of its own", template.path);
        assert!(!template.text.contains("autocomplete=\"off\""), "{}", template.path);
    }
}

/// Nothing in an account says from when a password counts no more, or holds the answer to a question.
#[tokio::test]
async fn no_password_runs_out() {
    let world = World::start().await;
    let columns: Vec<String> = sqlx::query_scalar(
        "select column_name::text from information_schema.columns where table_name = 'account' order by 1",
    )
    .fetch_all(&mut world.connection().await)
    .await
    .expect("the columns");
    assert_eq!(
        columns,
        ["created_at", "disabled_at", "email", "id", "name", "name_searched", "password_hash"]
    );
    world.stop().await;
}

#[tokio::test]
async fn a_new_database_has_no_account() {
    let world = World::start().await;
    let accounts: i64 = sqlx::query_scalar("select count(*) from account")
        .fetch_one(&mut world.connection().await)
        .await
        .expect("a count");
    assert_eq!(accounts, 0);
    world.stop().await;
}

/// The cookie of a sign-in that this answer sets.
async fn signed_in(visitor: &Visitor, email: &str) -> String {
    let form = [("email", email), ("password", PASSWORD)];
    let answer = visitor.request(Method::POST, "/sign-in").form(&form).send().await.expect("an answer");
    let mut cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
    let token = cookies.find_map(|cookie| cookie.strip_prefix("__Host-sign_in=")).expect("a sign-in");
    token.split(';').next().expect("a token").to_owned()
}

#[tokio::test]
async fn a_sign_in_is_256_bits_and_another_each_time() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let email = seed.person(PersonKind::Commissioner, "Cas Example").await.email;
    let mut browser = world.visitor();
    let first = signed_in(&browser, &email).await;
    assert_eq!(first.len(), 43, "256 bits in base64: {first}");
    browser.sign_in(&email).await;
    let second = signed_in(&browser, &email).await;
    assert_ne!(first, second);
    assert_eq!(browser.get("/your-sign-in").await.status, 303, "signing in anew ends what the browser had");
    let hashes: Vec<Vec<u8>> = sqlx::query_scalar("select token_hash from sign_in where ended_at is null")
        .fetch_all(seed.connection())
        .await
        .expect("the sign-ins");
    assert!(hashes.contains(&TokenHash::of(&second).0.to_vec()) && hashes.len() == 2);
    world.stop().await;
}

#[tokio::test]
async fn a_password_counts_as_it_was_typed() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let email = seed.person(PersonKind::Commissioner, "Cas Example").await.email;
    let visitor = world.visitor();
    for typed in
        [format!("{PASSWORD} "), format!(" {PASSWORD}"), PASSWORD.to_uppercase(), PASSWORD[1..].to_owned()]
    {
        visitor.post_without_token("/sign-in", &[("email", &email), ("password", &typed)]).await.expect(422);
    }
    visitor.post_without_token("/sign-in", &[("email", &email), ("password", PASSWORD)]).await.expect(303);
    world.stop().await;
}

#[tokio::test]
async fn every_page_of_somebody_signed_in_shows_how_to_sign_out() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let email = seed.person(PersonKind::BankAdministrator, "Abi Example").await.email;
    let administrator = world.signed_in(&email).await;
    for path in ["/matching", "/your-sign-in", "/your-data", "/bank", "/no/such/page"] {
        administrator.get(path).await.says("Sign out");
    }
    world.stop().await;
}
