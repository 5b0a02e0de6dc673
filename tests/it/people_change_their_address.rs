//! Somebody changes the address they sign in with: both mailboxes confirm it, once, by the person's own password; and what
//! is over is cleared.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::sign_in::{PersonKind, TokenHash};
use locumbank::people::account::actions::address::{
    AddressError, Confirmed, ask_for_address, confirm_address,
};
use locumbank::people::account::store::password::find_holder;

use crate::support::seed::{PASSWORD, Person, Seed};
use crate::support::visitor::Page;
use crate::support::{Visitor, World};

struct Story {
    world: World,
    seed: Seed,
    sam: Person,
    browser: Visitor,
}

const NEW: &str = "sam.new@people.test";

impl Story {
    async fn begin() -> Self {
        let world = World::start().await;
        let mut seed = Seed::bank(&world, "Orchid bank").await;
        let sam = seed.person(PersonKind::Commissioner, "Sam Example").await;
        let browser = world.signed_in(&sam.email).await;
        Self { world, seed, sam, browser }
    }

    async fn asks(&self, new: &str) -> Page {
        let form = [("new_email", new), ("password", PASSWORD)];
        let page = self.browser.post("/your-sign-in/email", &form).await;
        self.world.work().await;
        page
    }

    /// The link in the last mail to a mailbox.
    fn link(&self, mailbox: &str) -> String {
        let text = self.world.inbox.last_of(mailbox).text();
        let link = text.split_whitespace().find(|word| word.contains("/new-address/")).expect("a link");
        link.strip_prefix(&self.world.base_url).expect("a link to this service").to_owned()
    }

    async fn confirms(&self, link: &str, password: &str) -> Page {
        self.world.visitor().post_without_token(link, &[("password", password)]).await
    }

    async fn signs_in_as(&self, email: &str) -> u16 {
        let form = [("email", email), ("password", PASSWORD)];
        self.world.visitor().post_without_token("/sign-in", &form).await.status.as_u16()
    }

    async fn email(&mut self) -> String {
        let account = self.sam.account;
        sqlx::query_scalar("select email from account where id = $1")
            .bind(account)
            .fetch_one(self.seed.connection())
            .await
            .expect("an address")
    }
}

#[tokio::test]
async fn an_address_changes_once_both_mailboxes_have_confirmed_it() {
    for new_first in [false, true] {
        let mut story = Story::begin().await;
        let old = story.sam.email.clone();
        let done = story.asks(" Sam.New@People.test ").await.expect(303);
        story.browser.get(&done.location).await.says("on its way to both addresses");
        story.browser.get("/your-sign-in/email").await.says("waits to be confirmed").says(NEW);
        let mut links = [story.link(&old), story.link(NEW)];
        if new_first {
            links.reverse();
        }
        // Scanners follow links and press buttons.
        for link in &links {
            story.world.visitor().get(link).await.expect(200).says(NEW).says(&old);
            story.confirms(link, "").await.expect(422);
            story.confirms(link, "wrong").await.expect(422).says("Check your password");
        }
        story.confirms(&links[0], PASSWORD).await.expect(303);
        assert_eq!(story.email().await, old, "one mailbox alone changes nothing");
        story.confirms(&links[0], PASSWORD).await.expect(410).says("This link has ended");
        story.confirms(&links[1], PASSWORD).await.expect(303);
        assert_eq!(story.email().await, NEW);
        story.confirms(&links[1], PASSWORD).await.expect(410);
        story.world.work().await;
        for mailbox in [&old, NEW] {
            let mail = story.world.inbox.last_of(mailbox);
            assert_eq!(mail.header("Subject"), "Orchid bank: your email address has been changed");
        }
        assert_eq!((story.signs_in_as(NEW).await, story.signs_in_as(&old).await), (303, 422));
        story.browser.get("/your-sign-in").await.expect(200).says(NEW);
        story.world.stop().await;
    }
}

#[tokio::test]
async fn a_change_is_refused_whose_link_is_over_replaced_or_nobodys() {
    let mut story = Story::begin().await;
    let old = story.sam.email.clone();
    for (new, password, says) in [
        ("nobody", PASSWORD, "Enter an email address"),
        (old.as_str(), PASSWORD, "Enter another address"),
        (NEW, "", "Enter your password"),
        (NEW, "wrong", "Check your password"),
    ] {
        let form = [("new_email", new), ("password", password)];
        story.browser.post("/your-sign-in/email", &form).await.expect(422).says(says);
    }
    story.asks(NEW).await.expect(303);
    let (first_old, first_new) = (story.link(&old), story.link(NEW));
    story.asks("sam.other@people.test").await.expect(303);
    for link in [&first_old, &first_new] {
        story.confirms(link, PASSWORD).await.expect(410);
    }
    let (second_old, second_new) = (story.link(&old), story.link("sam.other@people.test"));
    story.confirms(&second_old, PASSWORD).await.expect(303);
    story.world.app.clock.advance(TimeDelta::hours(24));
    story.confirms(&second_new, PASSWORD).await.expect(410);
    story.confirms("/new-address/AAAA", PASSWORD).await.expect(404);
    assert_eq!(story.email().await, old);
    story.world.stop().await;
}

#[tokio::test]
async fn nobody_is_told_that_an_address_has_an_account_but_whoever_reads_its_mail() {
    let mut story = Story::begin().await;
    let kim = story.seed.person(PersonKind::Commissioner, "Kim Example").await;
    let (free, taken) = (story.asks(NEW).await.expect(303), story.asks(&kim.email).await.expect(303));
    assert_eq!(free.location, taken.location);
    let (from_old, from_new) = (story.link(&story.sam.email), story.link(&kim.email));
    story.confirms(&from_old, PASSWORD).await.expect(303);
    story.confirms(&from_new, PASSWORD).await.expect(409).says("That address has an account already");
    assert_eq!(story.email().await, story.sam.email.clone());
    story.world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_mailboxes_at_once_change_it_once() {
    let mut story = Story::begin().await;
    story.asks(NEW).await.expect(303);
    let (from_old, from_new) = (story.link(&story.sam.email), story.link(NEW));
    let answers = tokio::join!(
        story.confirms(&from_old, PASSWORD),
        story.confirms(&from_new, PASSWORD),
        story.confirms(&from_new, PASSWORD),
    );
    let mut statuses = [answers.0, answers.1, answers.2].map(|page| page.status.as_u16());
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 303, 410]);
    assert_eq!(story.email().await, NEW);
    let changed = "select count(*) from audit_event where action = 'address.changed'";
    let changed: i64 = sqlx::query_scalar(changed).fetch_one(story.seed.connection()).await.expect("a count");
    assert_eq!(changed, 1);
    story.world.stop().await;
}

#[tokio::test]
async fn the_actions_refuse_what_has_ended() {
    let story = Story::begin().await;
    let (db, letterhead) = (&story.world.app.db, story.world.app.letterhead());
    let holder = find_holder(&mut db.look(Actor::Visitor).await.expect("a look"), story.sam.account).await;
    let holder = holder.expect("a holder").expect("Sam");
    let actor = Actor::LinkHolder { bank: story.seed.bank, account: Some(story.sam.account) };
    let key = &story.world.app.link_key;
    db.change(actor, async |tx| ask_for_address(tx, key, &holder, NEW).await).await.expect("it is asked");
    story.world.work().await;
    let token = |mailbox: &str| TokenHash::of(story.link(mailbox).rsplit('/').next().expect("a token"));
    let confirm = async |token: &TokenHash| {
        db.change(Actor::Visitor, async |tx| confirm_address(tx, &letterhead, token).await).await
    };
    let (from_old, from_new) = (token(&story.sam.email), token(NEW));
    assert_eq!(confirm(&from_new).await.expect("one"), Confirmed::ByOne);
    assert!(matches!(confirm(&from_new).await, Err(AddressError::LinkEnded)));
    assert_eq!(confirm(&from_old).await.expect("both"), Confirmed::ByBoth);
    story.world.stop().await;
}

#[tokio::test]
async fn what_has_been_over_for_four_weeks_is_cleared() {
    let mut story = Story::begin().await;
    story.asks(NEW).await.expect(303);
    let form = [("email", story.sam.email.as_str())];
    story.world.visitor().post_without_token("/forgotten-password", &form).await.expect(303);
    story.world.work().await;
    let kept = "select (select count(*) from password_reset) + (select count(*) from address_change)
                     + (select count(*) from sign_in)";
    for (days, left) in [(27, 3), (2, 0)] {
        story.world.app.clock.advance(TimeDelta::days(days));
        story.world.work().await;
        let count: i64 = sqlx::query_scalar(kept).fetch_one(story.seed.connection()).await.expect("a count");
        assert_eq!(count, left, "after {days} more days");
    }
    story.world.stop().await;
}
