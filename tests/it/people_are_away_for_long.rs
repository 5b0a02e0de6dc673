//! Somebody types, is away for long, and sends what they typed when they have been signed out: it is kept for them, for a
//! day, and offered again once they have signed in.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::sign_in::PersonKind;
use locumbank::ground::sign_in::kept_form::let_form_go;

use crate::support::opening::Opening;
use crate::support::seed::{PASSWORD, Person};
use crate::support::visitor::Page;
use crate::support::{Visitor, World};

/// What an administrator types who lets Ann act as more.
const TYPED: [(&str, &str); 2] =
    [("kind", "practice_manager"), ("practices", "J81001\nOrchid “House” Surgery & more")];

struct Story {
    opening: Opening,
    path: String,
    away: Visitor,
}

impl Story {
    /// Abi is away for an hour with Ann's page open.
    async fn begin() -> Self {
        let opening = Opening::begin().await;
        let path = format!("/people/{}", opening.ann.person.account);
        let away = opening.world.signed_in(&opening.administrator.email).await;
        opening.world.app.clock.advance(TimeDelta::hours(1));
        Self { opening, path, away }
    }

    fn world(&self) -> &World {
        &self.opening.world
    }

    async fn signs_in(&self, person: &Person, next: &str) -> (Visitor, Page) {
        let form = [("email", person.email.as_str()), ("password", PASSWORD), ("next", next)];
        let page = self.world().visitor().post_without_token("/sign-in", &form).await.expect(303);
        let mut visitor = self.world().visitor();
        visitor.sign_in_to(&person.email, "/your-sign-in").await;
        (visitor, page)
    }

    async fn count(&mut self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.opening.seed.connection()).await.expect(statement)
    }
}

/// The address after `next=`.
fn next_of(location: &str) -> String {
    let query = location.split_once('?').expect("a query").1;
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query).expect("pairs");
    pairs.into_iter().find(|(name, _)| name == "next").expect("a next page").1
}

/// The names and values of the hidden fields of a page's form that leads there.
fn fields(page: &Page, action: &str) -> Vec<(String, String)> {
    let form = page
        .body
        .split("<form ")
        .find(|form| form.contains(&format!("action=\"{action}\"")))
        .expect("a form");
    let attribute = |tag: &str, name: &str| {
        let value = tag.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next());
        let value =
            value.unwrap_or_default().replace("&#34;", "\"").replace("&#38;", "&").replace("&amp;", "&");
        value.replace("&quot;", "\"")
    };
    let hidden =
        form.split("<input").filter(|tag| tag.contains("type=\"hidden\"") && !tag.contains("csrf_token"));
    hidden.map(|tag| (attribute(tag, "name"), attribute(tag, "value"))).collect()
}

#[tokio::test]
async fn what_was_typed_survives_signing_in_again() {
    let mut story = Story::begin().await;
    let administrator = story.opening.administrator.clone();
    let refused = story.away.post(&story.path, &TYPED).await.expect(303);
    assert!(refused.location.starts_with("/sign-in?next="), "{}", refused.location);
    story.world().visitor().get(&refused.location).await.says("What you typed is kept for 24 hours");
    let next = next_of(&refused.location);
    let (abi, signed_in) = story.signs_in(&administrator, &next).await;
    assert_eq!(signed_in.location, next);
    let page = abi.get(&next).await.expect(200);
    page.says("What you typed is kept").says("nothing has been done yet").says("Practices J81001");
    let kept = fields(&page, "/kept-form");
    assert_eq!(kept.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["kind", "practices"]);
    // A browser sends what the form carries on to where it is led.
    let kept: Vec<(&str, &str)> = kept.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let led = abi.post("/kept-form", &kept).await.expect(307);
    assert_eq!(led.location, story.path);
    let answer = abi.post(&led.location, &kept).await.expect(422);
    answer.says("“Orchid “House” Surgery").says("is no practice of the bank");
    abi.post("/kept-form", &kept).await.expect(409).says("not kept any more");
    assert_eq!(abi.get("/kept-form").await.expect(303).location, "/today");
    assert_eq!(story.count("select count(*) from kept_form").await, 0);
    story.opening.world.stop().await;
}

#[tokio::test]
async fn it_is_offered_to_the_same_person_in_the_same_membership_alone_for_a_day() {
    let mut story = Story::begin().await;
    let (administrator, ann) = (story.opening.administrator.clone(), story.opening.ann.person.clone());
    let commissioner = story.opening.seed.also(&administrator, PersonKind::Commissioner).await;
    let next = next_of(&story.away.post(&story.path, &TYPED).await.expect(303).location);
    let (stranger, _) = story.signs_in(&ann, &next).await;
    assert_eq!(stranger.get(&next).await.expect(303).location, "/offers");
    stranger.post("/kept-form", &TYPED).await.expect(409);
    let (mut abi, _) = story.signs_in(&administrator, "").await;
    story.world().app.clock.advance(TimeDelta::minutes(1));
    abi.post("/switch", &[("membership", &commissioner.membership.to_string())]).await.expect(303);
    abi.take_token("/switch").await;
    abi.get("/kept-form").await.expect(303);
    assert!(abi.get(&next).await.expect(303).location.starts_with("/switch?next="));
    // The database keeps it sealed.
    let kept =
        "select count(*) from kept_form where position('J81001' in encode(sealed_fields, 'escape')) = 0";
    assert_eq!(story.count(kept).await, 1);
    story.world().app.clock.advance(TimeDelta::hours(23) - TimeDelta::minutes(2));
    let (abi, _) = story.signs_in(&administrator, &next).await;
    abi.get(&next).await.expect(200).says("What you typed is kept");
    story.world().app.clock.advance(TimeDelta::hours(2));
    story.world().work().await;
    let (abi, _) = story.signs_in(&administrator, &next).await;
    abi.get(&next).await.expect(303);
    story.world().app.clock.advance(TimeDelta::hours(24));
    story.world().work().await;
    assert_eq!(story.count("select count(*) from kept_form").await, 0, "it is cleared");
    story.opening.world.stop().await;
}

#[tokio::test]
async fn nothing_is_kept_of_strangers_of_secrets_and_of_who_signed_out() {
    let mut story = Story::begin().await;
    let administrator = story.opening.administrator.clone();
    // A form of another site, without the token of the sign-in that is over.
    story.away.post_without_token(&story.path, &TYPED).await.expect(403);
    story.world().visitor().post_without_token(&story.path, &TYPED).await.expect(401);
    let secret = [("old_password", PASSWORD), ("new_password", "lantern osprey gravel")];
    story.away.post("/your-sign-in/password", &secret).await.expect(401);
    let (abi, _) = story.signs_in(&administrator, "").await;
    abi.post("/sign-out", &[]).await.expect(303);
    abi.post(&story.path, &TYPED).await.expect(401);
    assert_eq!(story.count("select count(*) from kept_form").await, 0);
    story.opening.world.stop().await;
}

#[tokio::test]
async fn of_two_forms_the_later_is_kept_and_whoever_does_not_want_it_lets_it_go() {
    let mut story = Story::begin().await;
    let administrator = story.opening.administrator.clone();
    story.away.post("/matching", &[("from-day", "3")]).await.expect(303);
    let next = next_of(&story.away.post(&story.path, &TYPED).await.expect(303).location);
    assert_eq!(story.count("select count(*) from kept_form").await, 1);
    let (abi, _) = story.signs_in(&administrator, &next).await;
    abi.get(&next).await.expect(200).says("Practices J81001");
    let gone = abi.post("/kept-form/discard", &[]).await.expect(303);
    abi.get(&gone.location).await.says("What you had typed is not sent");
    abi.get(&next).await.expect(303);
    let actor = Actor::job_of(story.opening.seed.bank);
    let none = story.world().app.db.change(actor, async |tx| let_form_go(tx).await).await;
    assert!(!none.expect("it is asked"), "nobody's form is kept");
    story.opening.world.stop().await;
}
