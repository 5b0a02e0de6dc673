//! Pages ask no other host for anything, and URLs are named in one table.

use super::source::{Source, project};
use super::{assert_allows_each, assert_finds_each, assert_none};

/// What a page loads by itself, unlike a link, which a person follows.
const LOADING: [&str; 6] = ["src=", "srcset=", "<link", "@import", "url(", "action="];

fn remote_hosts(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources {
        for (at, line) in source.text.lines().enumerate() {
            let remote = ["\"//", "'//", "http://", "https://"].iter().any(|start| line.contains(start));
            if remote && LOADING.iter().any(|loads| line.contains(loads)) {
                offences.push(format!("{}:{}: {}", source.path, at + 1, line.trim()));
            }
        }
    }
    offences
}

/// A mail carries its style with it: mail programs drop style sheets.
fn is_mail(source: &Source) -> bool {
    source.text.contains("extends \"ground/mail/layout.html\"")
        || ["src/ground/mail/layout.html", "src/ground/mail/parts.html", "src/ground/mail/foot.html"]
            .contains(&source.path.as_str())
}

/// The pages' policy refuses these, so a page that has them looks broken in a browser.
fn inline_code(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources.iter().filter(|source| !is_mail(source)) {
        for (at, line) in source.text.lines().enumerate() {
            let inline = line.contains(" style=\"")
                || line.contains("<style")
                || line.contains("javascript:")
                || line.contains(" onclick=")
                || line.contains(" onchange=")
                || (line.contains("<script")
                    && !line.contains("src=")
                    // Data, which no browser runs.
                    && !line.contains("type=\"application/ld+json\""));
            if inline {
                offences.push(format!("{}:{}: {}", source.path, at + 1, line.trim()));
            }
        }
    }
    offences
}

fn routes_elsewhere(sources: &[Source]) -> Vec<String> {
    let adds_a_route = |line: &str| {
        [".route(", "web::resource(", "web::scope(", ".service(", "#[get(", "#[post(", "#[route("]
            .iter()
            .any(|call| line.contains(call))
    };
    // The second tells actix what the first lists, and names no path itself.
    let table = ["src/site/routes.rs", "src/ground/web/resource.rs"];
    let others = sources.iter().filter(|source| !table.contains(&source.path.as_str()));
    others.flat_map(|source| source.lines_where(adds_a_route)).collect()
}

/// Page lengths and page numbers beside the one place that knows them, where a page beyond the last is the last.
fn paged_elsewhere(sources: &[Source]) -> Vec<String> {
    let own = ["src/ground/web/paging.rs", "src/ground/web/components/mod.rs", "src/ground/web/showcase.rs"];
    let counts_pages = |line: &str| {
        let line = line.trim_start();
        let field = line.strip_prefix("pub ").unwrap_or(line);
        let typed = ["String", "u32", "i64", "usize", "Option<"];
        let is_number = typed.iter().any(|of| field.starts_with(&format!("page: {of}")));
        let is_length = line.contains("const ")
            && ["PAGE", "PER_PAGE"].iter().any(|part| line.contains(part))
            && line.contains("= 50");
        is_number || is_length || line.contains("Pagination::new(")
    };
    let others = sources.iter().filter(|source| !own.contains(&source.path.as_str()));
    others.flat_map(|source| source.lines_where(counts_pages)).collect()
}

/// Ids in addresses that are text: they are read where the address is, into the id's own type. Links' tokens and messages'
/// names are text.
fn untyped_ids(sources: &[Source]) -> Vec<String> {
    let is_untyped = |line: &str| {
        line.contains("web::Path<String>") && !["token: ", "name: "].iter().any(|text| line.contains(text))
    };
    sources.iter().flat_map(|source| source.lines_where(is_untyped)).collect()
}

/// Text that comes in from outside as a `String`: in what follows the `?` of an address, and in the arguments of a command.
/// It is `Typed`, so that nothing that nobody sees comes in with it.
fn raw_text(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    let edges = |source: &&Source| source.path.contains("/pages") || source.path.starts_with("src/command/");
    for source in sources.iter().filter(edges) {
        let mut is_read = false;
        for (at, line) in source.text.lines().enumerate() {
            if line.starts_with("#[derive(") {
                is_read =
                    ["Deserialize", "Args", "Subcommand", "Parser"].iter().any(|name| line.contains(name));
            } else if line.starts_with('}') {
                is_read = false;
            }
            let is_raw = ["String,", "Option<String>,", "Vec<String>,"]
                .iter()
                .any(|raw| line.trim_end().ends_with(&format!(": {raw}")));
            if is_read && is_raw {
                offences.push(format!("{}:{}: {}", source.path, at + 1, line.trim()));
            }
        }
    }
    offences
}

#[test]
fn what_comes_in_is_typed() {
    assert_none("take form_fields::Typed", &raw_text(&project(&["src"], "rs")));
    let planted = [
        (
            "src/people/practice/pages/practices.rs",
            "#[derive(Debug, Deserialize)]\nstruct Q {\n    search: String,\n}",
        ),
        ("src/command/admin.rs", "#[derive(Debug, Args)]\nstruct P {\n    practices: Vec<String>,\n}"),
    ];
    assert_finds_each(raw_text, &planted);
    let page = "#[derive(Template)]\nstruct P {\n    search: String,\n}";
    assert_allows_each(raw_text, &[("src/people/practice/pages/practices.rs", page)]);
}

/// Searches of a store's own: `migrations/0050_search.sql` says what finds what, for every list.
fn searched_elsewhere(sources: &[Source]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources.iter().filter(|source| source.path.contains("store")) {
        for (at, text) in &source.strings {
            let own = ["strpos(", "position(", "starts_with(", " like ", " ilike ", " similar to ", " ~* "];
            if own.iter().any(|way| text.contains(way)) {
                offences.push(format!("{}:{at}", source.path));
            }
        }
    }
    offences
}

#[test]
fn lists_are_searched_in_one_way() {
    assert_none("ask practices_found and the like", &searched_elsewhere(&project(&["src"], "rs")));
    let planted = [
        (
            "src/people/practice/store/mod.rs",
            "fn f() { \"select id from practice where strpos(name, $1) > 0\" }",
        ),
        ("src/people/profile/store/a.rs", "fn f() { \"select id from account where name ilike $1\" }"),
    ];
    assert_finds_each(searched_elsewhere, &planted);
}

#[test]
fn addresses_name_records_by_typed_ids() {
    assert_none("take web::Path<SessionId> or the like", &untyped_ids(&project(&["src"], "rs")));
    assert_finds_each(untyped_ids, &[("src/work/session/pages/time.rs", "    id: web::Path<String>,")]);
    let allowed = [
        ("src/work/booking/pages/link.rs", "    token: web::Path<String>,"),
        ("src/work/session/pages/time.rs", "    id: web::Path<SessionId>,"),
    ];
    assert_allows_each(untyped_ids, &allowed);
}

#[test]
fn lists_are_paged_in_one_way() {
    assert_none("ask ground::web::paging", &paged_elsewhere(&project(&["src"], "rs")));
    assert_finds_each(
        paged_elsewhere,
        &[
            ("src/work/booking/pages/list.rs", "const A_PAGE: i64 = 50;"),
            ("src/work/booking/pages/list.rs", "    page: u32,"),
            ("src/terms/rate/pages.rs", "    page: Option<u32>,"),
            ("src/terms/rate/pages.rs", "    pages: Pagination::new(number, last, |number| String::new()),"),
        ],
    );
    let allowed = [
        ("src/terms/rate/pages.rs", "    page: AskedPage,"),
        ("src/terms/rate/pages.rs", "    page: PageFrame,"),
    ];
    assert_allows_each(paged_elsewhere, &allowed);
}

#[test]
fn pages_load_nothing_from_another_host() {
    let pages = project(&["src", "web/styles"], "html");
    assert!(!pages.is_empty(), "the pages were not found");
    assert_none("serve these ourselves", &remote_hosts(&pages));
    assert_none("serve these ourselves", &remote_hosts(&project(&["web/styles", "web/scripts"], "scss")));
}

#[test]
fn remote_hosts_are_found() {
    let planted = [
        ("src/ground/web/layout.html", "<script src=\"https://cdn.example/app.js\"></script>"),
        ("src/ground/web/layout.html", "<link rel=\"stylesheet\" href=\"//fonts.example/a.css\">"),
        ("web/styles/app.scss", "@import url('http://fonts.example/a.css');"),
    ];
    assert_finds_each(remote_hosts, &planted);
    assert_allows_each(
        remote_hosts,
        &[("src/ground/web/layout.html", "<a href=\"https://www.nhs.uk/\">NHS</a>")],
    );
}

#[test]
fn pages_hold_no_inline_style_or_script() {
    assert_none("use a class or a file of web/scripts", &inline_code(&project(&["src"], "html")));
}

#[test]
fn inline_style_and_script_are_found() {
    let planted = [
        ("src/ground/web/layout.html", "<p style=\"color: red\">"),
        ("src/ground/web/layout.html", "<script>start()</script>"),
        ("src/ground/web/layout.html", "<button onclick=\"go()\">"),
    ];
    assert_finds_each(inline_code, &planted);
    let mail = "{% extends \"ground/mail/layout.html\" %}<p style=\"margin:0\">";
    assert_allows_each(inline_code, &[("src/work/booking/offered.html", mail)]);
}

/// Pages that say from their own address, or without anybody having acted, that something was done.
fn told_by_pages(sources: &[Source]) -> Vec<String> {
    let elsewhere = sources.iter().filter(|source| !source.path.starts_with("src/ground/web/"));
    let tells = |line: &str| line.contains(".with_success(") || line.contains("?done=");
    elsewhere
        .flat_map(|source| {
            let strings = source.strings.iter().filter(|(_, text)| text.contains("?done="));
            let in_strings = strings.map(|(line, text)| format!("{}:{line}: {text}", source.path));
            source.lines_where(tells).into_iter().chain(in_strings).collect::<Vec<_>>()
        })
        .collect()
}

#[test]
fn what_was_done_is_told_once_by_whoever_did_it() {
    assert_none("lead there by told::see_told", &told_by_pages(&project(&["src"], "rs")));
}

#[test]
fn pages_that_tell_by_themselves_are_found() {
    let planted = [
        ("src/work/booking/pages.rs", "let frame = frame.with_success(words);"),
        ("src/work/booking/pages.rs", "see_other(\"/bookings?done=booked\")"),
    ];
    assert_finds_each(told_by_pages, &planted);
}

#[test]
fn urls_are_named_in_one_table_with_their_policy() {
    // The table's macro wants a policy for each URL, so a URL in the table has one.
    assert_none("move these into src/site/routes.rs", &routes_elsewhere(&project(&["src"], "rs")));
    let table = &project(&["src/site/routes.rs"], "rs")[0];
    assert!(
        table.code.contains("$method:ident $path:literal $who:ident"),
        "the table names a policy for each URL"
    );
}

#[test]
fn routes_elsewhere_are_found() {
    let planted = [
        ("src/work/booking/pages.rs", "config.route(\"/bookings\", web::get().to(list));"),
        ("src/work/booking/pages.rs", "#[post(\"/bookings\")]"),
    ];
    assert_finds_each(routes_elsewhere, &planted);
}
