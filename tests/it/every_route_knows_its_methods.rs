//! Every route is asked for by every method: HEAD answers as GET does without a body, and a method that is not there is
//! told which are.

use std::collections::BTreeMap;

use locumbank::ground::sign_in::PersonKind;
use locumbank::site::routes::ROUTES;
use reqwest::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Method, StatusCode};

use crate::support::seed::Seed;
use crate::support::{Visitor, World};

/// Every path with its methods, and with something in place of what varies.
fn paths() -> BTreeMap<&'static str, (String, Vec<&'static str>)> {
    let mut paths: BTreeMap<_, (String, Vec<_>)> = BTreeMap::new();
    for route in ROUTES {
        let something = "01a20000-0000-7000-8000-000000000000";
        let filled = route.path.split('/').map(|part| if part.starts_with('{') { something } else { part });
        let filled = filled.collect::<Vec<_>>().join("/");
        let filled = if route.path.starts_with("/assets/") { "/assets/1/app.css".to_owned() } else { filled };
        paths.entry(route.path).or_insert_with(|| (filled, Vec::new())).1.push(route.method);
    }
    paths
}

async fn ask(visitor: &Visitor, method: Method, path: &str) -> (StatusCode, HeaderMap, String) {
    let answer = visitor.request(method, path).send().await.expect("an answer");
    let (status, headers) = (answer.status(), answer.headers().clone());
    (status, headers, answer.text().await.expect("a body"))
}

#[tokio::test]
async fn head_answers_as_get_without_a_body() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let mut askers = vec![world.visitor()];
    for kind in [PersonKind::BankAdministrator, PersonKind::Commissioner] {
        let person = seed.person(kind, kind.text()).await;
        askers.push(world.signed_in(&person.email).await);
    }
    let (mut asked, mut served) = (0, 0);
    for (pattern, (path, methods)) in paths() {
        if !methods.contains(&"GET") {
            continue;
        }
        for asker in &askers {
            let (get, get_headers, page) = ask(asker, Method::GET, &path).await;
            let (head, head_headers, nothing) = ask(asker, Method::HEAD, &path).await;
            assert_eq!((head, nothing.as_str()), (get, ""), "{pattern}");
            for name in [CONTENT_TYPE, LOCATION] {
                assert_eq!(head_headers.get(&name), get_headers.get(&name), "{pattern}: {name}");
            }
            if let Some(length) = head_headers.get(CONTENT_LENGTH).filter(|_| pattern != "/metrics") {
                assert_eq!(length.to_str().unwrap(), page.len().to_string(), "{pattern}");
            }
            asked += 1;
            served += usize::from(get.is_success());
        }
    }
    assert!(asked > 150 && served > 20, "{asked} asked, {served} served");
}

#[tokio::test]
async fn a_method_that_is_not_there_is_told_which_are() {
    let world = World::start().await;
    let visitor = world.visitor();
    for (pattern, (path, methods)) in paths() {
        let mut allowed: Vec<&str> = methods.iter().flat_map(|method| ["HEAD", method]).collect();
        allowed.retain(|method| *method != "HEAD" || methods.contains(&"GET"));
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            let (status, headers, _) = ask(&visitor, method.parse().unwrap(), &path).await;
            if allowed.contains(&method) {
                assert_ne!(status, 405, "{method} {pattern}");
                continue;
            }
            assert_eq!(status, 405, "{method} {pattern}");
            let told = headers.get(ALLOW).unwrap_or_else(|| panic!("{method} {pattern}")).to_str().unwrap();
            let mut told: Vec<&str> = told.split(", ").collect();
            let mut wanted = allowed.clone();
            told.sort_unstable();
            wanted.sort_unstable();
            wanted.dedup();
            assert_eq!(told, wanted, "{method} {pattern}");
        }
    }
    let (nowhere, headers, _) = ask(&visitor, Method::DELETE, "/no/such/path").await;
    assert_eq!(
        (nowhere.as_u16(), headers.get(ALLOW)),
        (404, None),
        "where there is nothing, nothing is allowed"
    );
}
