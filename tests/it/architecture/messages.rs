//! Every message of the catalogue has a journey that sends it, and every mail a message of the catalogue.

use locumbank::site::messages::MESSAGES;

use super::assert_none;
use super::source::{Source, project, root};

/// What makes a message of a slice's table.
const MAKER: &str = "src/ground/mail/kinds.rs";
/// The list of those tables.
const LIST: &str = "src/site/messages.rs";

/// Kinds whose folder's `mail` nobody calls but the folder itself.
fn without_a_journey(kinds: &[&str], sources: &[Source]) -> Vec<String> {
    let sends = |kind: &str, source: &Source| {
        !source.path.contains(&format!("/messages/{kind}/"))
            && source.code_without_tests().contains(&format!("{kind}::mail("))
    };
    let lonely = kinds.iter().filter(|kind| !sources.iter().any(|source| sends(kind, source)));
    lonely.map(|kind| format!("{kind}: nothing calls {kind}::mail")).collect()
}

/// Places that write a mail of no message: the type of `NewMail::kind` lets none but those of a table through, so what
/// is left is to make one by hand or to write to the outbox itself.
fn other_ways_into_the_outbox(sources: &[Source]) -> Vec<String> {
    let elsewhere = sources.iter().filter(|source| source.slice() != Some("mail"));
    let writes = elsewhere.flat_map(|source| {
        let statements = source.strings.iter().filter(|(_, text)| text.contains("insert into mail "));
        statements.map(|(line, _)| format!("{}:{line}: writes to the outbox", source.path))
    });
    let makes = sources.iter().filter(|source| source.path != MAKER);
    writes.chain(makes.flat_map(|source| source.lines_where(|line| line.contains("MessageKind {")))).collect()
}

/// Messages that a slice's table has and the site's list has not, and tables that stand where nobody looks for them.
fn outside_the_list(kinds: &[&str], sources: &[Source]) -> Vec<String> {
    let others = sources.iter().filter(|source| source.path != MAKER);
    let with_table = others.filter_map(|source| Some((source, source.code.split_once("messages!")?.1)));
    let outside = with_table.flat_map(|(source, after)| {
        let table = after.trim_start_matches([' ', '{']).split('}').next().unwrap_or_default();
        let rows = table.split(';').filter_map(|row| row.split_whitespace().nth(1));
        let unlisted = rows.filter(|folder| !kinds.contains(folder));
        let elsewhere = !source.path.ends_with("/messages/mod.rs");
        let misplaced = elsewhere.then(|| format!("{}: a table outside messages/mod.rs", source.path));
        let unlisted = unlisted.map(|folder| format!("{}: {LIST} lacks {folder}", source.path));
        unlisted.chain(misplaced).collect::<Vec<_>>()
    });
    outside.collect()
}

/// Folders of messages that the site does not list, and messages without their folder.
fn folders_and_lines_differ(kinds: &[&str], paths: &[String]) -> Vec<String> {
    let mut folders: Vec<&str> = paths.iter().filter_map(|path| folder_of(path)).collect();
    folders.sort_unstable();
    folders.dedup();
    let unlisted = folders.iter().filter(|folder| !kinds.contains(folder));
    let homeless = kinds.iter().filter(|kind| !folders.contains(kind));
    unlisted
        .map(|folder| format!("{folder} is not in {LIST}"))
        .chain(homeless.map(|kind| format!("{kind} has no folder")))
        .collect()
}

/// The folder of the message that a file belongs to.
fn folder_of(path: &str) -> Option<&str> {
    let (_, within) = path.split_once("/messages/")?;
    within.split_once('/').map(|(folder, _)| folder)
}

fn kinds() -> Vec<&'static str> {
    MESSAGES.all().map(|kind| kind.name).collect()
}

#[test]
fn every_message_has_a_journey() {
    assert_none(
        "no message without the journey that sends it",
        &without_a_journey(&kinds(), &project(&["src"], "rs")),
    );
}

#[test]
fn a_message_that_nothing_sends_is_found() {
    let lonely = [
        Source::new("src/work/booking/messages/greeting/mod.rs", "fn sample() { greeting::mail(1) }"),
        Source::new("src/work/booking/jobs.rs", "#[cfg(test)]\nmod tests { fn f() { greeting::mail(1) } }"),
    ];
    assert_eq!(without_a_journey(&["greeting"], &lonely).len(), 1);
    let sent = [Source::new("src/work/booking/jobs.rs", "let mail = greeting::mail(&person)?;")];
    assert_none("it is sent", &without_a_journey(&["greeting"], &sent));
}

#[test]
fn no_mail_is_written_past_the_catalogue() {
    assert_none("write mails by mail::store", &other_ways_into_the_outbox(&project(&["src"], "rs")));
}

#[test]
fn a_mail_written_past_the_catalogue_is_found() {
    let planted = [
        Source::new("src/work/booking/store.rs", "query(\"insert into mail (bank_id) values ($1)\")"),
        Source::new("src/work/booking/jobs.rs", "let kind = MessageKind { name: \"x\" };"),
    ];
    assert_eq!(other_ways_into_the_outbox(&planted).len(), 2);
}

#[test]
fn every_message_has_a_folder_and_a_line() {
    let paths: Vec<String> = ["rs", "txt", "html"]
        .iter()
        .flat_map(|ending| project(&["src"], ending))
        .map(|source| source.path)
        .collect();
    assert_none("a message is one folder and one line", &folders_and_lines_differ(&kinds(), &paths));
    for kind in MESSAGES.all() {
        let has =
            |file: &str| paths.iter().any(|path| path.ends_with(&format!("/messages/{}/{file}", kind.name)));
        assert!(has("text.txt") && has("message.html") && has("mod.rs"), "{}: a file is missing", kind.name);
    }
    assert!([MAKER, LIST].iter().all(|file| root().join(file).is_file()));
}

#[test]
fn every_table_of_messages_is_in_the_sites_list() {
    assert_none(
        "a slice with messages is a line there",
        &outside_the_list(&kinds(), &project(&["src"], "rs")),
    );
}

#[test]
fn a_table_that_the_site_does_not_list_is_found() {
    let table = "messages! {\n    GREETING greeting \"Hello\" Clinician AtOnce always 2;\n}";
    let there = [Source::new("src/work/session/messages/mod.rs", table)];
    assert_eq!(
        outside_the_list(&[], &there),
        ["src/work/session/messages/mod.rs: src/site/messages.rs lacks greeting"]
    );
    assert_none("it is listed", &outside_the_list(&["greeting"], &there));
    let elsewhere = [Source::new("src/work/session/jobs.rs", table)];
    assert_eq!(outside_the_list(&["greeting"], &elsewhere).len(), 1);
}

#[test]
fn a_folder_without_a_line_is_found() {
    let paths = [
        "src/work/booking/messages/greeting/text.txt".to_owned(),
        "src/work/booking/messages/mod.rs".to_owned(),
    ];
    assert_eq!(folders_and_lines_differ(&[], &paths).len(), 1);
    assert_eq!(folders_and_lines_differ(&["farewell", "greeting"], &paths).len(), 1);
    assert_none("both", &folders_and_lines_differ(&["greeting"], &paths));
}
