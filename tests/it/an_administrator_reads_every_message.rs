//! An administrator reads every message the service writes, with a preview on invented data.

use locumbank::ground::sign_in::PersonKind;
use locumbank::site::messages::MESSAGES;
use reqwest::Method;
use reqwest::header::CONTENT_SECURITY_POLICY;

use crate::support::seed::Seed;
use crate::support::{Visitor, World};

#[tokio::test]
async fn every_message_is_listed_and_previewed() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let visitor = world.signed_in(&administrator.email).await;
    let list = visitor.get("/mail/messages").await.expect(200);
    for kind in MESSAGES.all() {
        let path = format!("/mail/messages/{}", kind.name);
        list.says(kind.title);
        assert!(list.body.contains(&format!("href=\"{path}\"")), "{path} is not linked");
        let page = visitor.get(&path).await.expect(200);
        page.says(kind.title).says("Test bank").says("Subject");
        let html = visitor.get(&format!("{path}/html")).await.expect(200);
        html.says("Test bank");
        assert!(!html.body.contains("href=\"http"), "{path}: a link leads to a record that is not there");
        assert!(!page.body.contains("[[") && !html.body.contains("[["), "{path}: a placeholder was left");
    }
    visitor.get("/mail/messages/nothing").await.expect(404);
    visitor.get("/mail/messages/nothing/html").await.expect(404);
    let sent: i64 =
        sqlx::query_scalar("select count(*) from mail").fetch_one(seed.connection()).await.expect("a count");
    assert_eq!(sent, 0, "a preview sends nothing");
    world.stop().await;
}

/// What the answer lets a browser load.
async fn policy(visitor: &Visitor, path: &str) -> String {
    let answer = visitor.request(Method::GET, path).send().await.expect("an answer");
    let policy = answer.headers().get(CONTENT_SECURITY_POLICY).expect("a policy");
    policy.to_str().expect("a policy in letters").to_owned()
}

#[tokio::test]
async fn a_preview_may_have_style_and_nothing_else() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
    let visitor = world.signed_in(&administrator.email).await;
    let preview = policy(&visitor, "/mail/messages/session_offered/html").await;
    let wanted = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                  frame-ancestors 'none'";
    assert_eq!(preview, wanted);
    assert!(!policy(&visitor, "/mail/messages/session_offered").await.contains("unsafe-inline"));
    world.stop().await;
}
