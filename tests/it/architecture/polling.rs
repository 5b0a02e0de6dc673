//! Work and mail are polled for with `skip locked`. `notify` would lock the whole database at each commit, one commit
//! after the other, and a listener that lags behind would keep its queue from being emptied.

use super::source::{Source, project};
use super::{assert_allows_each, assert_finds_each, assert_none};

fn announces(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("pg_notify") || text.contains("pglistener") || text.trim_start().starts_with("notify ")
}

fn announcements(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources {
        offences.extend(source.lines_where(announces));
        let strings = source.strings.iter().filter(|(_, text)| announces(text));
        offences.extend(strings.map(|(line, text)| format!("{}:{line}: {text}", source.path)));
    }
    offences
}

#[test]
fn nothing_is_announced_through_the_database() {
    let mut sources = project(&["src"], "rs");
    sources.extend(project(&["migrations"], "sql"));
    assert_none("poll for it with skip locked", &announcements(&sources));
}

#[test]
fn announcements_are_found() {
    assert_finds_each(
        announcements,
        &[
            ("migrations/x.sql", "    perform pg_notify('job', new.id::text);"),
            ("migrations/x.sql", "notify job;"),
            ("src/ground/queue/x.rs", "    let listener = PgListener::connect_with(pool).await?;"),
            ("src/ground/queue/x.rs", "        \"notify job\","),
        ],
    );
    assert_allows_each(announcements, &[("src/ground/queue/x.rs", "/// Notifies nobody: the worker asks.")]);
}
