//! Every component on one page, rendered and held to what every page must keep: nothing inline, nothing from
//! another host, each id once, each field with its label, one first heading.

use std::collections::BTreeSet;

use askama::Template;

use super::components::{BarChart, BarValue, Choice, Link, Pagination, Tag, TagColour};
use super::frame::{AssetUrls, PRACTICE_DATA_ATTRIBUTION, PageFrame};
use crate::ground::form_fields::{Field, FieldErrors, RawDate};
use crate::ground::sign_in::PersonKind;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asked {
    Rate,
    On,
}

impl Field for Asked {
    fn name(self) -> &'static str {
        match self {
            Self::Rate => "rate",
            Self::On => "on",
        }
    }
}

#[derive(Template)]
#[template(path = "ground/web/showcase.html")]
struct Showcase {
    page: PageFrame,
    errors: FieldErrors<Asked>,
    links: Vec<Link>,
    choices: Vec<Choice>,
    date: RawDate,
    state: Tag,
    pages: Pagination,
    chart: BarChart,
}

fn frame() -> PageFrame {
    let assets = AssetUrls {
        css: "/assets/1/app.css".into(),
        js: "/assets/1/app.js".into(),
        icon: "/assets/1/images/icon.svg".into(),
    };
    PageFrame::for_visitor("locumbank", assets, "a-token".into())
}

fn showcase() -> String {
    let page = frame()
        .of_bank("Wealdshire", true)
        .signed_in_as("A \"Practice\" Manager", PersonKind::PracticeManager, "/sessions/new")
        .with_success("The session is posted.")
        .with_attribution(PRACTICE_DATA_ATTRIBUTION)
        .refreshing(5);
    let mut errors = FieldErrors::one(Asked::Rate, "Hourly rate must be between £80 and £95");
    errors.add(Asked::On, "Date must include a year");
    let value = |label: &str, value: u64| BarValue {
        label: label.into(),
        value,
        value_text: format!("{value}%"),
        mood: "good",
    };
    let showcase = Showcase {
        page,
        errors,
        links: vec![Link::new("Sessions", "/sessions")],
        choices: vec![
            Choice::new("gp", "GP", true).with_hint("General practitioner"),
            Choice::new("paramedic", "Paramedic", false),
        ],
        date: RawDate { day: "2".into(), month: "11".into(), year: String::new() },
        state: Tag::new("Filled", TagColour::Green),
        pages: Pagination::new(2, 9, |number| format!("?page={number}")),
        chart: BarChart::new(
            "Fill rate by role",
            "Role",
            "Filled",
            100,
            vec![value("GP", 87), value("Nurse", 92)],
        ),
    };
    showcase.render().unwrap()
}

/// The values of an attribute, wherever it stands.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let begins = format!(" {attribute}=\"");
    html.split(begins.as_str()).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// Elements that are unknown, closed in the wrong order, or left open.
fn nesting_faults(html: &str) -> Vec<String> {
    const EMPTY: [&str; 7] = ["meta", "link", "input", "br", "hr", "img", "!DOCTYPE"];
    let mut faults = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    for tag in html.split('<').skip(1) {
        let name = tag.split([' ', '>', '\n']).next().unwrap_or_default();
        if let Some(closed) = name.strip_prefix('/') {
            if open.pop() != Some(closed) {
                faults.push(format!("closes {closed} before what is inside it"));
            }
        } else if name.contains('_') {
            faults.push(format!("has the unknown element {name}"));
        } else if !EMPTY.contains(&name) {
            open.push(name);
        }
    }
    faults.extend(open.into_iter().map(|name| format!("leaves {name} open")));
    faults
}

/// What a page does that no page may.
fn faults(html: &str) -> Vec<String> {
    let mut faults = nesting_faults(html);
    for banned in [" style=", "<style", "javascript:", "//", " onclick=", " onload=", " onsubmit="] {
        if html.contains(banned) {
            faults.push(format!("has {banned}"));
        }
    }
    if html.matches("<script").count() != html.matches("<script src=\"/").count() {
        faults.push("has a script of its own".to_owned());
    }
    if html.matches("<h1").count() != 1 {
        faults.push("has not one first heading".to_owned());
    }
    let mut ids = BTreeSet::new();
    for id in values(html, "id") {
        if !ids.insert(id) {
            faults.push(format!("has the id {id} twice"));
        }
    }
    let referred = ["for", "aria-labelledby", "aria-describedby"].iter().flat_map(|name| values(html, name));
    for id in referred.flat_map(str::split_whitespace) {
        if !ids.contains(id) {
            faults.push(format!("refers to {id}, which is not there"));
        }
    }
    let labelled: BTreeSet<&str> = values(html, "for").into_iter().collect();
    for tag in
        html.split('<').filter(|tag| ["input ", "select ", "textarea "].iter().any(|t| tag.starts_with(t)))
    {
        let id = values(tag, "id");
        if !tag.contains("type=\"hidden\"") && !id.iter().any(|id| labelled.contains(id)) {
            faults.push(format!("has a field without a label: <{}", tag.trim()));
        }
    }
    faults
}

#[test]
fn every_component_keeps_the_rules_of_all_pages() {
    assert_eq!(faults(&showcase()), Vec::<String>::new());
}

#[test]
fn a_page_that_breaks_a_rule_is_noticed() {
    let page = showcase();
    let spoilt = [
        page.replacen("<p>", "<p style=\"color: red\">", 1),
        page.replacen("</main>", "<script>alert(1)</script></main>", 1),
        page.replacen("</main>", "<h1>Again</h1></main>", 1),
        page.replacen("id=\"rate\"", "id=\"start\"", 1),
        page.replacen("</main>", "<input name=\"x\" type=\"text\"></main>", 1),
        page.replacen("/assets/1/app.css", "https://example.com/app.css", 1),
        page.replacen("</caption>", "", 1),
        page.replacen("</li>", "</ol>", 1),
    ];
    for spoilt in spoilt {
        assert!(!faults(&spoilt).is_empty());
    }
}

#[test]
fn what_people_typed_is_shown_and_never_run() {
    let page = showcase();
    assert!(page.contains("Orchid &#60;House&#62;") && !page.contains("<House>"));
    assert!(page.contains("A &#34;Practice&#34; Manager"));
}

#[test]
fn errors_stand_in_the_summary_and_beside_their_fields() {
    let page = showcase();
    assert!(page.contains("<a href=\"#rate\">Hourly rate must be between £80 and £95</a>"));
    assert!(page.contains("id=\"rate-error\"") && page.contains("aria-describedby=\"rate-error\""));
    assert!(page.contains("aria-describedby=\"on-hint on-error\""));
}

#[test]
fn the_frame_says_who_is_signed_in_where_they_are_and_that_people_are_invented() {
    let page = showcase();
    assert!(page.contains("people and sessions are invented"));
    assert!(page.contains("href=\"/sessions\" aria-current=\"true\""));
    assert!(page.contains("<body data-refresh-seconds=\"5\">") && !page.contains("http-equiv"));
    assert!(page.contains(PRACTICE_DATA_ATTRIBUTION));
}

#[derive(Template)]
#[template(path = "ground/web/problem.html")]
struct Problem {
    page: PageFrame,
    heading: &'static str,
    sentences: Vec<String>,
    next: Option<Link>,
    reference: Option<String>,
}

#[test]
fn a_problem_page_says_what_to_do_and_keeps_the_rules() {
    let problem = Problem {
        page: frame(),
        heading: "Sorry, there is a problem with the service",
        sentences: vec!["Try again in a few minutes.".into()],
        next: Some(Link::new("Go to your first page", "/")),
        reference: Some("0198c0de".into()),
    };
    let html = problem.render().unwrap();
    assert_eq!(faults(&html), Vec::<String>::new());
    assert!(html.contains("0198c0de") && html.contains("Go to your first page"));
    assert!(html.contains("href=\"/sign-in\"") && !html.contains("are invented"));
}
