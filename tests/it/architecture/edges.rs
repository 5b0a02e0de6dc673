//! Edges are thin: a page admits, parses, acts and answers, and what it does is an action, which knows no HTTP and no
//! forms.

use super::source::{Source, project};
use super::{assert_allows_each, assert_finds_each, assert_none};

/// Pages that still write by themselves: signing in and out is a matter of cookies.
const SIGN_IN: [&str; 2] = ["src/people/account/pages/cookies.rs", "src/people/account/pages/sign_in.rs"];

/// What a page may not name: the log's writing, and the database.
const PAGES_MAY_NOT: [&str; 4] = ["sqlx", "audit::record", "audit::store::insert", "AuditEvent"];

/// How the store functions that write or lock begin.
const WRITING: [&str; 8] =
    ["insert_", "upsert_", "update_", "delete_", "replace_", "mark_", "lock_", "change_terms"];

/// What only edges may name: the web, and what was typed.
const OF_EDGES: [&str; 7] =
    ["actix_web", "ground::web", "FieldErrors", "RawForm", "RawDate", "::forms::", "super::forms"];

fn is_page(source: &Source) -> bool {
    source.path.contains("/pages/") || source.path.contains("/api/") || source.file_name() == "pages.rs"
}

/// Whether a file may know HTTP: pages, what pages stand on, and what puts the service together.
fn is_edge(source: &Source) -> bool {
    // The walk through the demonstration is a browser.
    let made_of_it = ["src/ground/web/", "src/site/", "src/command/", "src/demonstration/walk/"];
    is_page(source)
        || made_of_it.iter().any(|folder| source.path.starts_with(folder))
        || source.path == "src/ground/app/route.rs"
}

/// Whether a file reads what was typed.
fn reads_forms(source: &Source) -> bool {
    source.path.contains("/forms/")
        || source.file_name() == "forms.rs"
        || source.path.starts_with("src/ground/form_fields/")
}

/// Whether the line calls a function whose name begins like this, in whatever module.
fn calls(line: &str, start: &str) -> bool {
    line.match_indices(start).any(|(at, _)| {
        let is_begun =
            line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '.');
        let rest = line[at..].trim_start_matches(|c: char| c.is_alphanumeric() || c == '_');
        is_begun && rest.starts_with('(')
    })
}

fn pages_that_write(sources: &[Source]) -> Vec<String> {
    let writes = |line: &str| {
        PAGES_MAY_NOT.iter().any(|name| line.contains(name))
            || WRITING.iter().any(|start| calls(line, start) && line.contains("store"))
            || line.contains("insert_mail")
            || line.contains("insert_job")
    };
    let pages = sources.iter().filter(|source| is_page(source) && !SIGN_IN.contains(&source.path.as_str()));
    pages.flat_map(|source| source.lines_where(writes)).collect()
}

fn insides_that_know_edges(sources: &[Source]) -> Vec<String> {
    let inside = sources.iter().filter(|source| !is_edge(source));
    inside
        .flat_map(|source| {
            let may_read_forms = reads_forms(source);
            source.lines_where(|line| {
                let line = line.replace("pub mod forms;", "");
                OF_EDGES.iter().any(|name| {
                    let is_of_http = ["actix_web", "ground::web"].contains(name);
                    (is_of_http || !may_read_forms) && line.contains(name)
                })
            })
        })
        .collect()
}

fn all() -> Vec<Source> {
    project(&["src"], "rs")
}

#[test]
fn pages_write_no_audit_no_mail_and_no_sql() {
    assert_none("make an action of it, in the slice's actions", &pages_that_write(&all()));
}

#[test]
fn a_page_that_writes_is_found() {
    let planted = [
        (
            "src/work/booking/pages/list.rs",
            "    audit::record(tx, Action::BookingMade, id, json!({})).await?;",
        ),
        ("src/work/booking/pages/list.rs", "    mail::store::insert_mails(tx, &mails).await?;"),
        ("src/work/booking/pages/list.rs", "    queue::store::insert_job(tx, &job).await?;"),
        ("src/work/booking/pages/list.rs", "    let row = sqlx::query(\"select 1\");"),
        ("src/terms/rate/pages.rs", "    store::insert_range(tx, &range).await?;"),
        ("src/work/session/pages/x.rs", "    if !store::mark_session_withdrawn(tx, id, reason).await? {"),
        ("src/ground/outbox/api/x.rs", "    held::store::lock_mail(tx, id).await?;"),
    ];
    assert_finds_each(pages_that_write, &planted);
    let allowed = [
        (
            "src/work/booking/pages/list.rs",
            "    app.db.change(&who, async |tx| decline(tx, &offer).await).await?;",
        ),
        ("src/work/booking/pages/list.rs", "    .insert_header((header::CACHE_CONTROL, \"no-store\"))"),
        ("src/ground/audit/pages.rs", "    let mut found = store::list_events(tx, before, limit).await?;"),
        (
            "src/work/booking/actions/book.rs",
            "    audit::record(tx, Action::BookingMade, id, json!({})).await?;",
        ),
    ];
    assert_allows_each(pages_that_write, &allowed);
}

#[test]
fn what_is_inside_knows_no_web_and_no_forms() {
    assert_none("let the page translate it", &insides_that_know_edges(&all()));
}

#[test]
fn an_inside_that_knows_an_edge_is_found() {
    let planted = [
        ("src/work/booking/actions/book.rs", "use crate::ground::web::errors::AppError;"),
        ("src/work/booking/error.rs", "use crate::ground::web::errors::AppError;"),
        ("src/work/booking/jobs.rs", "use actix_web::web;"),
        ("src/work/booking/actions/book.rs", "use crate::ground::form_fields::FieldErrors;"),
        ("src/work/session/store/mod.rs", "use super::forms::Terms;"),
        ("src/work/session/actions/post.rs", "use crate::work::session::forms::Wanted;"),
        ("src/work/session/forms/mod.rs", "use actix_web::web::Form;"),
    ];
    assert_finds_each(insides_that_know_edges, &planted);
    let allowed = [
        ("src/work/booking/pages/book.rs", "use crate::ground::web::errors::AppError;"),
        ("src/work/booking/forms.rs", "use crate::ground::form_fields::{FieldErrors, RawForm};"),
        ("src/work/booking/mod.rs", "pub mod forms;"),
        ("src/work/booking/mod.rs", "/// Answered by crate::ground::web.\npub struct Booking;"),
        ("src/site/routes.rs", "use actix_web::web;"),
    ];
    assert_allows_each(insides_that_know_edges, &allowed);
}

/// A handler admits, parses, acts and answers; what it shows is made by what is shown.
const HANDLER_LINES_AT_MOST: usize = 30;

/// Each handler of a page with the line where it begins and how many it has.
fn handlers(source: &Source) -> Vec<(usize, usize)> {
    let lines: Vec<&str> = source.code_without_tests().lines().collect();
    let is_handler = |line: &str| line.starts_with("pub") && line.contains("async fn ");
    let begins = (0..lines.len()).filter(|at| is_handler(lines[*at]));
    let length = |at: usize| lines[at..].iter().take_while(|line| **line != "}").count() + 1;
    begins.map(|at| (at + 1, length(at))).collect()
}

fn long_handlers(sources: &[Source]) -> Vec<String> {
    let of = |source: &Source| {
        let long = handlers(source).into_iter().filter(|(_, lines)| *lines > HANDLER_LINES_AT_MOST);
        let told = |(at, lines)| format!("{}:{at}: {lines} lines, over {HANDLER_LINES_AT_MOST}", source.path);
        long.map(told).collect::<Vec<_>>()
    };
    sources.iter().filter(|source| is_page(source)).flat_map(of).collect()
}

#[test]
fn handlers_admit_parse_act_and_answer() {
    let sources = all();
    let found: usize = sources.iter().filter(|source| is_page(source)).map(|page| handlers(page).len()).sum();
    assert!(found > 80, "only {found} handlers were found");
    let advice =
        "give what builds the page a function that says what it is, or make an action of what is decided";
    assert_none(advice, &long_handlers(&sources));
}

#[test]
fn a_handler_of_31_lines_is_found() {
    let handler = |kind: &str, lines: usize| {
        let body = "    let line = 1;\n".repeat(lines - 2);
        format!("{kind}async fn show(who: Admitted) -> Result<HttpResponse, AppError> {{\n{body}}}\n")
    };
    let (public, within) = (handler("pub ", 31), handler("pub(super) ", 31));
    let planted = [
        ("src/work/booking/pages/list.rs", public.as_str()),
        ("src/work/booking/pages/list.rs", within.as_str()),
        ("src/terms/rate/pages.rs", public.as_str()),
    ];
    assert_finds_each(long_handlers, &planted);
    let (most, inside) = (handler("pub ", 30), handler("", 31));
    let allowed = [
        ("src/work/booking/pages/list.rs", most.as_str()),
        ("src/work/booking/pages/list.rs", inside.as_str()),
        ("src/work/booking/actions/book.rs", public.as_str()),
    ];
    assert_allows_each(long_handlers, &allowed);
}
