//! Each kind of person signs in, sees what is theirs, and is signed out after a while.

use chrono::TimeDelta;
use locumbank::ground::sign_in::PersonKind;

use crate::support::World;
use crate::support::seed::{PASSWORD, Seed};

#[tokio::test]
async fn each_kind_of_person_starts_on_their_own_page() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    for kind in PersonKind::ALL {
        let person = seed.person(kind, "Sam Example").await;
        let page = world
            .visitor()
            .post_without_token("/sign-in", &[("email", &person.email), ("password", PASSWORD)])
            .await;
        assert_eq!((page.status.as_u16(), page.location.as_str()), (303, kind.start_page()));
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_address_get_the_same_answer() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let person = seed.person(PersonKind::Commissioner, "Sam Example").await;
    let wrong = world
        .visitor()
        .post_without_token("/sign-in", &[("email", &person.email), ("password", "wrong")])
        .await;
    let unknown = world
        .visitor()
        .post_without_token("/sign-in", &[("email", "nobody@people.test"), ("password", "wrong")])
        .await;
    wrong.clone().expect(422).says("They do not match an account");
    assert_eq!(wrong.body.replace(&person.email, ""), unknown.body.replace("nobody@people.test", ""));
}

#[tokio::test]
async fn the_eleventh_try_in_a_quarter_of_an_hour_is_refused() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let person = seed.person(PersonKind::Commissioner, "Sam Example").await;
    for _ in 0..10 {
        world
            .visitor()
            .post_without_token("/sign-in", &[("email", &person.email), ("password", "wrong")])
            .await
            .expect(422);
    }
    let right = [("email", person.email.as_str()), ("password", PASSWORD)];
    world.visitor().post_without_token("/sign-in", &right).await.expect(429).says("Wait 15 minutes");
    world.app.clock.advance(TimeDelta::minutes(15));
    world.visitor().post_without_token("/sign-in", &right).await.expect(303);
}

/// The stranger has the address, and as many tries as the network allows; the person has a browser they used before.
#[tokio::test]
async fn a_stranger_cannot_lock_an_owner_out() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let person = seed.person(PersonKind::Commissioner, "Sam Example").await;
    let other = seed.person(PersonKind::Commissioner, "Kim Example").await;
    let mut browser = world.signed_in(&person.email).await;
    browser.close();
    let wrong = [("email", person.email.as_str()), ("password", "wrong")];
    for _ in 0..120 {
        world.visitor().post_without_token("/sign-in", &wrong).await;
    }
    let right = [("email", person.email.as_str()), ("password", PASSWORD)];
    world.visitor().post_without_token("/sign-in", &right).await.expect(429);
    browser.post_without_token("/sign-in", &wrong).await.expect(422);
    browser.post_without_token("/sign-in", &right).await.expect(303);
    let others = [("email", other.email.as_str()), ("password", PASSWORD)];
    for _ in 0..10 {
        let guess = [("email", other.email.as_str()), ("password", "wrong")];
        browser.post_without_token("/sign-in", &guess).await;
    }
    browser.post_without_token("/sign-in", &others).await.expect(429).says("Wait 15 minutes");
    world.stop().await;
}

/// Whoever took a browser's cookie does not guess on for ever either.
#[tokio::test]
async fn a_known_browser_has_a_hundred_tries() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let person = seed.person(PersonKind::Commissioner, "Sam Example").await;
    let browser = world.signed_in(&person.email).await;
    let wrong = [("email", person.email.as_str()), ("password", "wrong")];
    for _ in 0..100 {
        browser.post_without_token("/sign-in", &wrong).await.expect(422);
    }
    browser.post_without_token("/sign-in", &wrong).await.expect(429);
    world.stop().await;
}

#[tokio::test]
async fn right_tries_do_not_count() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let person = seed.person(PersonKind::Commissioner, "Sam Example").await;
    let tried = async |password: &str| {
        let form = [("email", person.email.as_str()), ("password", password)];
        world.visitor().post_without_token("/sign-in", &form).await.status.as_u16()
    };
    for _ in 0..30 {
        assert_eq!(tried(PASSWORD).await, 303);
    }
    for _ in 0..10 {
        assert_eq!(tried("wrong").await, 422, "a right try before takes no wrong one away");
    }
    assert_eq!(tried(PASSWORD).await, 429);
}

#[tokio::test]
async fn signing_in_leads_to_a_page_of_ours_alone() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let person = seed.person(PersonKind::Commissioner, "Sam Example").await;
    for (next, leads) in [
        ("/rate-ranges?page=2", "/rate-ranges?page=2"),
        ("/\t/evil.example", "/fill-rate"),
        ("/..//evil.example", "/fill-rate"),
        ("//evil.example", "/fill-rate"),
    ] {
        let form = [("email", person.email.as_str()), ("password", PASSWORD), ("next", next)];
        let page = world.visitor().post_without_token("/sign-in", &form).await.expect(303);
        assert_eq!(page.location, leads, "{next:?}");
    }
}

#[tokio::test]
async fn a_sign_in_ends_after_half_an_hour_away_after_twelve_hours_and_on_request() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let person = seed.person(PersonKind::BankAdministrator, "Sam Example").await;
    let visitor = world.signed_in(&person.email).await;
    world.app.clock.advance(TimeDelta::minutes(29));
    visitor.get("/mail").await.expect(200);
    world.app.clock.advance(TimeDelta::minutes(30));
    assert_eq!(visitor.get("/mail").await.expect(303).location, "/sign-in?next=%2Fmail");

    let visitor = world.signed_in(&person.email).await;
    for _ in 0..36 {
        world.app.clock.advance(TimeDelta::minutes(19));
        visitor.get("/mail").await.expect(200);
    }
    world.app.clock.advance(TimeDelta::minutes(36));
    visitor.get("/mail").await.expect(303);

    let visitor = world.signed_in(&person.email).await;
    visitor.post("/sign-out", &[]).await.expect(303);
    visitor.get("/mail").await.expect(303);
}

#[tokio::test]
async fn forms_of_other_sites_and_without_a_token_change_nothing() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let person = seed.person(PersonKind::BankAdministrator, "Sam Example").await;
    let visitor = world.signed_in(&person.email).await;
    visitor.post_without_token("/sign-out", &[]).await.expect(403).says("Nothing has been changed");
    visitor.post_without_token("/sign-out", &[("csrf_token", "guessed")]).await.expect(403);
    let foreign = visitor.request(reqwest::Method::POST, "/sign-out").header("sec-fetch-site", "cross-site");
    assert_eq!(foreign.send().await.unwrap().status(), 403);
    visitor.get("/mail").await.expect(200);
}

#[tokio::test]
async fn another_kinds_page_looks_like_none() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let commissioner = seed.person(PersonKind::Commissioner, "Sam Example").await;
    let visitor = world.signed_in(&commissioner.email).await;
    let (other, none) = (visitor.get("/mail").await.expect(404), visitor.get("/nothing").await.expect(404));
    assert_eq!(other.text(), none.text());
}

/// A browser drops the cookie there without a word, so the page says it.
#[tokio::test]
async fn an_address_that_keeps_nobody_signed_in_says_so() {
    let world = World::start().await;
    let asked_at = async |host: &str| {
        let request = world.visitor().request(reqwest::Method::GET, "/sign-in").header("host", host);
        request.send().await.expect("an answer").text().await.expect("a page")
    };
    let words = "This address can’t keep you signed in";
    assert!(asked_at("192.168.1.5:8080").await.contains(words));
    for own in ["127.0.0.1:8080", "localhost:8080"] {
        assert!(!asked_at(own).await.contains(words), "{own}");
    }
    world.stop().await;
}

/// Whoever has the password is told why they can't sign in, and nobody else.
#[tokio::test]
async fn a_closed_account_says_so_to_whoever_knows_its_password() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let person = seed.person(PersonKind::Commissioner, "Sam Example").await;
    let visitor = world.signed_in(&person.email).await;
    sqlx::query("update account set disabled_at = created_at where id = $1")
        .bind(person.account)
        .execute(seed.connection())
        .await
        .expect("it is closed");
    let tried = async |password: &str| {
        let form = [("email", person.email.as_str()), ("password", password)];
        world.visitor().post_without_token("/sign-in", &form).await.expect(422)
    };
    tried(PASSWORD).await.says("Your account is closed").says("ask your bank’s administrator");
    tried("wrong").await.does_not_say("closed").says("They do not match an account");
    visitor.get("/fill-rate").await.expect(303);
    world.stop().await;
}
