//! RFC 8058: a mail that can be declined says how, its link works without signing in, and whoever only looks changes
//! nothing.

use chrono::TimeDelta;
use reqwest::Method;
use reqwest::header::CONTENT_TYPE;

use crate::support::World;
use crate::support::desk::{link_of, offer};
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    practice: locumbank::ground::id::PracticeId,
    ann: Clinician,
    /// The path of the link in Ann's daily email.
    link: String,
}

/// Ann has had a daily email.
async fn begin() -> Story {
    let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
    for date in ["2026-11-04", "2026-11-05", "2026-11-06"] {
        seed.session(practice, "gp", date, "08:30", "12:40").await;
    }
    next_morning(&world).await;
    let mail = world.inbox.last_of(&ann.person.email);
    assert_eq!(mail.header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    let address = mail.header("List-Unsubscribe");
    let address = address.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).expect("an address");
    let link = address.strip_prefix(&world.base_url).expect("of this service").to_owned();
    assert!(mail.text().contains(address), "the link stands in the foot too");
    Story { world, seed, administrator, practice, ann, link }
}

/// 6:01am on the next day, and what is due then.
async fn next_morning(world: &World) {
    let now = world.app.clock.now();
    let next = (now.date_naive() + chrono::Days::new(1)).and_hms_opt(6, 1, 0).expect("a time").and_utc();
    world.app.clock.advance(next - now);
    world.work().await;
}

impl Story {
    /// The practice posts a session, so that there is something new to write of.
    async fn posts(&mut self, date: &str) {
        self.seed.session(self.practice, "gp", date, "08:30", "12:40").await;
    }

    fn daily_emails(&self) -> usize {
        let mails = self.world.inbox.of(&self.ann.person.email);
        mails.iter().filter(|mail| mail.header("Subject").contains("that fit you")).count()
    }

    async fn choices(&mut self) -> i64 {
        sqlx::query_scalar("select count(*) from mail_choice")
            .fetch_one(self.seed.connection())
            .await
            .expect("a count")
    }

    /// What a mail program sends from its own server: no cookie, and perhaps the name of another site.
    async fn one_click(&self, link: &str, body: &'static str) -> u16 {
        let request = reqwest::Client::new().post(format!("{}{link}", self.world.base_url));
        let request = request.header("sec-fetch-site", "cross-site").header("origin", "https://mail.example");
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        request.send().await.expect("an answer").status().as_u16()
    }
}

#[tokio::test]
async fn one_press_in_a_mail_program_ends_the_daily_email_and_nothing_else() {
    let mut story = begin().await;
    assert_eq!(story.daily_emails(), 1);
    assert_eq!(story.one_click(&story.link, "List-Unsubscribe=One-Click").await, 200);
    assert_eq!(story.choices().await, 1);
    story.posts("2026-11-09").await;
    next_morning(&story.world).await;
    assert_eq!(story.daily_emails(), 1, "no more of them");
    let page = story.world.signed_in(&story.ann.person.email).await.get("/your-email").await.expect(200);
    assert!(page.body.contains("name=\"digest\" type=\"radio\" value=\"never\" checked"), "{}", page.body);

    let session: locumbank::ground::id::SessionId =
        sqlx::query_scalar("select id from session order by local_date desc limit 1")
            .fetch_one(story.seed.connection())
            .await
            .expect("a session");
    // Before 7am nobody is told of an offer.
    story.world.app.clock.advance(TimeDelta::hours(1));
    offer(&story.world, story.seed.bank, story.administrator.account, session, story.ann.id).await;
    story.world.work().await;
    let mail = story.world.inbox.last_of(&story.ann.person.email);
    assert!(mail.header("Subject").contains("offered to you"));
    assert_eq!(mail.header("List-Unsubscribe"), "", "an offer can't be declined as such");
    assert!(mail.text().contains("/your-email"), "but every foot leads to the choices");

    assert_eq!(story.one_click(&story.link, "take-back=yes").await, 200);
    story.posts("2026-11-10").await;
    next_morning(&story.world).await;
    assert_eq!(story.daily_emails(), 2, "they come again");
    story.world.stop().await;
}

#[tokio::test]
async fn looking_at_the_link_changes_nothing() {
    let mut story = begin().await;
    for method in [Method::GET, Method::HEAD, Method::OPTIONS, Method::PUT, Method::DELETE] {
        let address = format!("{}{}", story.world.base_url, story.link);
        let request = reqwest::Client::new().request(method.clone(), address);
        request.header("origin", "https://scanner.example").send().await.expect("an answer");
        assert_eq!(story.choices().await, 0, "{method}");
    }
    let page = story.world.visitor().get(&story.link).await.expect(200);
    page.says("Stop these emails").says("Test bank");
    assert_eq!(page.hidden("List-Unsubscribe"), "One-Click", "the button sends what mail programs send");
    for body in ["", "List-Unsubscribe=", "something=else"] {
        assert_eq!(story.one_click(&story.link, body).await, 400, "{body}");
        assert_eq!(story.choices().await, 0, "{body}");
    }
    story.world.stop().await;
}

#[tokio::test]
async fn a_link_that_was_changed_opens_nothing() {
    let mut story = begin().await;
    let token = story.link.trim_start_matches("/unsubscribe/");
    let other = if token.starts_with('A') { "B" } else { "A" };
    for wrong in [format!("{other}{}", &token[1..]), token[..40].to_owned(), "x".to_owned()] {
        let link = format!("/unsubscribe/{wrong}");
        story.world.visitor().get(&link).await.expect(404);
        assert_eq!(story.one_click(&link, "List-Unsubscribe=One-Click").await, 404);
    }
    assert_eq!(story.choices().await, 0);
    story.world.stop().await;
}

/// The guard against forms of other sites lets this one address through, and no other that needs no sign-in.
#[tokio::test]
async fn other_sites_can_send_no_other_form() {
    let mut story = begin().await;
    let session: locumbank::ground::id::SessionId =
        sqlx::query_scalar("select id from session order by local_date desc limit 1")
            .fetch_one(story.seed.connection())
            .await
            .expect("a session");
    let made = offer(&story.world, story.seed.bank, story.administrator.account, session, story.ann.id).await;
    let offer_link = link_of(&story.world, made);
    for path in [offer_link.as_str(), "/sign-in", "/your-email", "/unsubscribe", "/your-email/send-again"] {
        let request = reqwest::Client::new().post(format!("{}{path}", story.world.base_url));
        let request = request.header("sec-fetch-site", "cross-site").form(&[("answer", "accept")]);
        let answer = request.send().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 403, "{path}");
    }
    story.world.stop().await;
}
