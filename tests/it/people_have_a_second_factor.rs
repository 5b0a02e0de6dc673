//! Signing in asks for a code of the person's app as well; each code counts once; what is lost is reset by another
//! administrator; and a bank demands it from a date on.

use chrono::{DateTime, TimeDelta, Utc};
use locumbank::ground::actor::Actor;
use locumbank::ground::sign_in::{PersonKind, TokenHash};
use locumbank::people::account::actions::second_factor::{
    FactorError, begin_second_factor, confirm_second_factor, end_second_factor, renew_recovery_codes,
    use_second_factor,
};
use locumbank::people::account::second_factor::{Given, hash_of, written};
use locumbank::people::account::store::password::find_holder;
use locumbank::people::membership::actions::{MembershipError, reset_factor_of_person};
use locumbank::terms::bank::actions::demand_second_factor;
use totp_rs::{Builder, Secret};

use crate::support::desk::rounds;
use crate::support::opening::Opening;
use crate::support::seed::{PASSWORD, Person, Seed};
use crate::support::visitor::Page;
use crate::support::{Visitor, World};

/// An app on somebody's phone.
pub struct Phone(Secret);

impl Phone {
    /// Typed in by hand, from the page that sets it up.
    fn of(page: &Page) -> Self {
        let letters = page.body.split("<code class=\"app-break\">").nth(1).expect("letters");
        Self::typed_in(letters.split('<').next().expect("letters"))
    }

    /// Typed in by hand, letter by letter.
    pub fn typed_in(letters: &str) -> Self {
        let letters: String = letters.chars().filter(|letter| *letter != ' ').collect();
        Self(Secret::try_from_base32(letters).expect("base32"))
    }

    /// The code that it shows at that moment.
    pub fn shows(&self, now: DateTime<Utc>) -> String {
        let clockwork = Builder::new().with_secret(self.0.as_bytes()).build_noncompliant();
        clockwork.generate(u64::try_from(now.timestamp()).expect("after 1970")).to_string()
    }
}

/// Sets it up, and gives the phone with the recovery codes.
async fn set_up(world: &World, visitor: &Visitor) -> (Phone, Vec<String>) {
    let begun = visitor.post("/second-factor/begin", &[("password", PASSWORD)]).await.expect(303);
    let page = visitor.get(&begun.location).await.expect(200);
    let phone = Phone::of(&page);
    let shown = visitor.post("/second-factor/new", &[("code", &phone.shows(world.app.clock.now()))]).await;
    let shown = shown.expect(200);
    let codes = shown.body.split("<code>").skip(1).filter_map(|part| part.split('<').next());
    let codes: Vec<String> = codes.map(str::to_owned).collect();
    assert_eq!(codes.len(), 10);
    // The next code is another one.
    world.app.clock.advance(TimeDelta::seconds(60));
    (phone, codes)
}

/// Gives the password, and what is asked then.
async fn gives_password(visitor: &Visitor, person: &Person) -> Page {
    let form = [("email", person.email.as_str()), ("password", PASSWORD), ("next", "/your-sign-in")];
    visitor.post_without_token("/sign-in", &form).await
}

async fn gives_code(visitor: &Visitor, asked: &Page, code: &str) -> Page {
    let (proof, next) = (asked.hidden("proof"), asked.hidden("next"));
    visitor.post_without_token("/sign-in/code", &[("proof", &proof), ("next", &next), ("code", code)]).await
}

async fn log(seed: &mut Seed) -> Vec<String> {
    sqlx::query_scalar(
        "select action from audit_event where action ~ 'factor|recovery' and account_id is not null order by position",
    )
    .fetch_all(seed.connection())
    .await
    .expect("the log")
}

#[tokio::test]
async fn signing_in_asks_for_a_code_that_counts_once() {
    let Opening { world, mut seed, ann, .. } = Opening::begin().await;
    let (browser, other) =
        (world.signed_in(&ann.person.email).await, world.signed_in(&ann.person.email).await);
    browser.get("/your-sign-in").await.says("None yet");
    browser.get("/second-factor/new").await.expect(303);
    browser
        .post("/second-factor/begin", &[("password", "wrong")])
        .await
        .expect(422)
        .says("Check your password");
    browser.post("/second-factor/begin", &[("password", PASSWORD)]).await.expect(303);
    browser
        .post("/second-factor/new", &[("code", "000000")])
        .await
        .expect(422)
        .says("that your app shows now");
    gives_password(&world.visitor(), &ann.person).await.expect(303);
    let (phone, recovery) = set_up(&world, &browser).await;
    browser.get("/your-sign-in").await.expect(200).says("Codes of your app");
    other.get("/offers").await.expect(303);

    let visitor = world.visitor();
    let asked = gives_password(&visitor, &ann.person).await.expect(200);
    asked.says("Enter a code");
    gives_code(&visitor, &asked, "nonsense").await.expect(422).says("Enter the 6 numbers");
    gives_code(&visitor, &asked, "123456").await.expect(422).says("This is not a code of your app");
    let code = phone.shows(world.app.clock.now());
    assert_eq!(gives_code(&visitor, &asked, &code).await.expect(303).location, "/your-sign-in");
    gives_code(&visitor, &asked, &code).await.expect(422).says("or it was used");
    // One step before or after counts, for clocks that differ, and nothing older than what was used.
    world.app.clock.advance(TimeDelta::seconds(90));
    let (early, late) = (TimeDelta::seconds(-30), TimeDelta::seconds(30));
    gives_code(&visitor, &asked, &phone.shows(world.app.clock.now() + late)).await.expect(303);
    for before in [TimeDelta::zero(), early] {
        let code = phone.shows(world.app.clock.now() + before);
        gives_code(&visitor, &asked, &code).await.expect(422);
    }
    // A recovery code stands in for it, once, however it is written.
    let typed = recovery[0].to_lowercase().replace('-', " ");
    gives_code(&visitor, &asked, &typed).await.expect(303);
    gives_code(&visitor, &asked, &recovery[0]).await.expect(422);
    world.work().await;
    let subjects: Vec<String> =
        world.inbox.of(&ann.person.email).iter().map(|mail| mail.header("Subject")).collect();
    assert_eq!(subjects, ["Test bank: a second factor was set up", "Test bank: a recovery code was used"]);
    assert_eq!(log(&mut seed).await, ["second_factor.set_up", "recovery_code.used"]);
    // What the database keeps opens nothing.
    let kept: Vec<u8> = sqlx::query_scalar("select sealed_secret from second_factor")
        .fetch_one(seed.connection())
        .await
        .expect("a secret");
    assert!(!kept.windows(20).any(|part| part == phone.0.as_bytes()));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_give_the_same_code_at_once_one_is_signed_in() {
    let Opening { world, ann, .. } = Opening::begin().await;
    let (phone, recovery) = set_up(&world, &world.signed_in(&ann.person.email).await).await;
    let (one, other) = (world.visitor(), world.visitor());
    for round in 0..rounds(6, 60) {
        world.app.clock.advance(TimeDelta::seconds(30));
        let asked = gives_password(&one, &ann.person).await.expect(200);
        let code = match round {
            0 => recovery[0].clone(),
            _ => phone.shows(world.app.clock.now()),
        };
        let both = tokio::join!(gives_code(&one, &asked, &code), gives_code(&other, &asked, &code));
        let mut statuses = [both.0.status.as_u16(), both.1.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422], "round {round}");
    }
    world.stop().await;
}

#[tokio::test]
async fn what_opens_an_account_changes_by_its_second_factor_too() {
    let Opening { world, ann, .. } = Opening::begin().await;
    let browser = world.signed_in(&ann.person.email).await;
    browser.get("/your-sign-in/email").await.expect(200).does_not_say("6 numbers");
    let (phone, recovery) = set_up(&world, &browser).await;
    let gives = async |path: &str, code: &str| {
        let form = [("new_email", "ann.new@people.test"), ("password", PASSWORD), ("code", code)];
        browser.post(path, &form).await
    };
    let changes =
        ["/your-sign-in/email", "/second-factor/begin", "/second-factor/codes", "/second-factor/end"];
    for path in changes {
        gives(path, "").await.expect(422).says("Enter the 6 numbers");
        gives(path, "000000").await.expect(422).says("This is not a code of your app");
    }
    browser.get("/your-sign-in/email").await.says("6 numbers").does_not_say("waits to be confirmed");
    let code = phone.shows(world.app.clock.now());
    gives("/your-sign-in/email", &code).await.expect(303);
    gives("/second-factor/end", &code).await.expect(422).says("or it was used");
    // Whoever lost the phone sets up another one by a recovery code.
    assert_eq!(gives("/second-factor/begin", &recovery[0]).await.expect(303).location, "/second-factor/new");
    for _ in 0..10 {
        gives("/second-factor/end", "000000").await;
    }
    gives("/second-factor/end", "000000").await.expect(429);
    world.stop().await;
}

#[tokio::test]
async fn codes_are_not_guessed_on_for_ever() {
    let Opening { world, ann, .. } = Opening::begin().await;
    let browser = world.signed_in(&ann.person.email).await;
    let (phone, _) = set_up(&world, &browser).await;
    let stranger = world.visitor();
    let asked = gives_password(&stranger, &ann.person).await.expect(200);
    for number in 0..10 {
        gives_code(&stranger, &asked, &format!("00000{number}")).await.expect(422);
    }
    let code = phone.shows(world.app.clock.now());
    gives_code(&world.visitor(), &asked, &code).await.expect(429);
    // Ann's own browser counts by itself.
    gives_code(&browser, &asked, &code).await.expect(303);
    world.app.clock.advance(TimeDelta::minutes(15));
    let asked = gives_password(&stranger, &ann.person).await.expect(200);
    gives_code(&stranger, &asked, &phone.shows(world.app.clock.now())).await.expect(303);
    world.stop().await;
}

#[tokio::test]
async fn a_code_follows_its_own_password_within_ten_minutes() {
    let Opening { world, mut seed, ann, .. } = Opening::begin().await;
    let ben = seed.person(PersonKind::Commissioner, "Ben Example").await;
    let (phone, _) = set_up(&world, &world.signed_in(&ann.person.email).await).await;
    let (theirs, _) = set_up(&world, &world.signed_in(&ben.email).await).await;
    let visitor = world.visitor();
    let asked = gives_password(&visitor, &ann.person).await.expect(200);
    let now = world.app.clock.now();
    gives_code(&visitor, &asked, &theirs.shows(now)).await.expect(422);
    for nonsense in ["", "AAAA"] {
        let form = [("proof", nonsense), ("code", &phone.shows(now))];
        visitor.post_without_token("/sign-in/code", &form).await.expect(409).says("Sign in again");
    }
    world.app.clock.advance(TimeDelta::minutes(10));
    gives_code(&visitor, &asked, &phone.shows(world.app.clock.now())).await.expect(409);
    let asked = gives_password(&visitor, &ann.person).await.expect(200);
    sqlx::query("update account set password_hash = 'another' where id = $1")
        .bind(ann.person.account)
        .execute(seed.connection())
        .await
        .expect("another password");
    gives_code(&visitor, &asked, &phone.shows(world.app.clock.now())).await.expect(409);
    world.stop().await;
}

#[tokio::test]
async fn a_bank_demands_it_from_a_date_on_of_everybody_but_clinicians() {
    let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
    let mo = seed.practice_manager("Mo Example", &[practice]).await;
    let (abi, manager) = (world.signed_in(&administrator.email).await, world.signed_in(&mo.email).await);
    abi.get("/people/second-factor").await.expect(200).says("Of nobody").says("0 of 2 people have one");
    let form = |day| [("from-day", day), ("from-month", "11"), ("from-year", "2026"), ("choice", "from")];
    abi.post("/people/second-factor", &form("1")).await.expect(422).says("Date must be today or later");
    abi.post("/people/second-factor", &form("x")).await.expect(422);
    let done = abi.post("/people/second-factor", &form("3")).await.expect(303);
    abi.get(&done.location).await.says("From 3 November 2026, of everybody but clinicians");
    manager.get("/sessions").await.expect(200);

    world.app.clock.advance(TimeDelta::hours(24));
    let (manager, clinician) =
        (world.signed_in_anywhere(&mo.email).await, world.signed_in(&ann.person.email).await);
    clinician.get("/offers").await.expect(200);
    assert_eq!(manager.get("/sessions").await.expect(303).location, "/second-factor");
    assert_eq!(manager.post("/sessions", &[]).await.expect(303).location, "/second-factor");
    manager.get("/second-factor").await.expect(200).says("Set it up to go on");
    let (phone, _) = set_up(&world, &manager).await;
    manager.get("/sessions").await.expect(200);
    manager.post("/second-factor/end", &[("password", PASSWORD)]).await.expect(409).says("demands");
    let asked = gives_password(&world.visitor(), &mo).await.expect(200);
    gives_code(&world.visitor(), &asked, &phone.shows(world.app.clock.now())).await.expect(303);

    // Of nobody any more: then she turns it off.
    let abi = world.signed_in_anywhere(&administrator.email).await;
    set_up(&world, &abi).await;
    abi.post("/people/second-factor", &[("choice", "never")]).await.expect(303);
    world.app.clock.advance(TimeDelta::seconds(60));
    let proof = [("password", PASSWORD), ("code", &phone.shows(world.app.clock.now()))];
    manager.post("/second-factor/end", &proof).await.expect(303);
    gives_password(&world.visitor(), &mo).await.expect(303);
    assert_eq!(
        log(&mut seed).await,
        [
            "second_factor.demanded",
            "second_factor.set_up",
            "second_factor.set_up",
            "second_factor.demanded",
            "second_factor.ended"
        ]
    );
    world.stop().await;
}

#[tokio::test]
async fn another_administrator_resets_what_is_lost() {
    let Opening { world, mut seed, administrator, ann, .. } = Opening::begin().await;
    let bo = seed.person(PersonKind::BankAdministrator, "Bo Example").await;
    let (abi, bos) = (world.signed_in(&administrator.email).await, world.signed_in(&bo.email).await);
    set_up(&world, &bos).await;
    let path = |person: &Person| format!("/people/{}", person.account);
    bos.get(&path(&bo)).await.says("If you lose it, another administrator can reset it");
    bos.post(&format!("{}/second-factor", path(&bo)), &[])
        .await
        .expect(409)
        .says("ask another administrator");
    abi.post(&format!("{}/second-factor", path(&ann.person)), &[])
        .await
        .expect(409)
        .says("They have no second");
    abi.get(&path(&bo)).await.says("Reset their second factor");
    abi.post(&format!("{}/second-factor", path(&bo)), &[]).await.expect(303);
    bos.get("/people").await.expect(303);
    gives_password(&world.visitor(), &bo).await.expect(303);
    world.work().await;
    let mail = world.inbox.last_of(&bo.email);
    assert_eq!(mail.header("Subject"), "Test bank: your second factor was reset");
    assert!(mail.text().contains("An administrator has done it"));
    assert_eq!(log(&mut seed).await, ["second_factor.set_up", "second_factor.reset"]);

    let mut elsewhere = Seed::bank(&world, "Other bank").await;
    let eve = elsewhere.person(PersonKind::BankAdministrator, "Eve Example").await;
    let eves = world.signed_in(&eve.email).await;
    eves.post(&format!("{}/second-factor", path(&bo)), &[]).await.expect(404);
    world.stop().await;
}

#[tokio::test]
async fn whoever_joins_with_a_second_factor_signs_in_by_themselves() {
    let Opening { world, ann, administrator, .. } = Opening::begin().await;
    set_up(&world, &world.signed_in(&ann.person.email).await).await;
    let abi = world.signed_in(&administrator.email).await;
    let form = [("kind", "commissioner"), ("people", ann.person.email.as_str())];
    abi.post("/invitations", &form).await.expect(303);
    world.work().await;
    let link = crate::people_are_invited::link_in(&world, &ann.person.email);
    let mut visitor = world.visitor();
    let joined = visitor.post_without_token(&link, &[("password", PASSWORD)]).await.expect(303);
    assert_eq!(joined.location, "/sign-in");
    visitor.get("/fill-rate").await.expect(303);
    visitor.close();
    world.stop().await;
}

#[tokio::test]
async fn the_actions_refuse_what_is_not_there() {
    let Opening { world, seed, administrator, ann, .. } = Opening::begin().await;
    let actor = |person: &Person, kind| Actor::Member {
        account: person.account,
        bank: seed.bank,
        membership: person.membership,
        kind,
    };
    let (abi, herself) =
        (actor(&administrator, PersonKind::BankAdministrator), actor(&ann.person, PersonKind::Clinician));
    let (db, key, letterhead) = (&world.app.db, &world.app.data_key, world.app.letterhead());
    let holder = find_holder(&mut db.look(herself).await.expect("a look"), ann.person.account).await;
    let holder = holder.expect("a holder").expect("Ann");
    let (codes, kept, means) =
        ([hash_of(holder.account, &[7; 15])], TokenHash::of("hers"), (key, &letterhead));
    let confirm = async |code: &str| {
        let code = (code, &codes[..]);
        db.change(herself, async |tx| confirm_second_factor(tx, means, &holder, code, &kept).await).await
    };
    assert!(matches!(confirm("123456").await, Err(FactorError::NothingPending)));
    let ended = db.change(herself, async |tx| end_second_factor(tx, &letterhead, &holder).await).await;
    assert!(matches!(ended, Err(FactorError::None)));
    let renewed = async || {
        db.change(herself, async |tx| renew_recovery_codes(tx, &letterhead, &holder, &codes).await).await
    };
    assert!(matches!(renewed().await, Err(FactorError::None)));
    let reset = async || {
        let account = holder.account;
        db.change(abi, async |tx| reset_factor_of_person(tx, &letterhead, account).await).await
    };
    assert!(matches!(reset().await, Err(MembershipError::Factor(FactorError::None))));
    let secret = [9; 20];
    let begin = async |tx: &mut _| begin_second_factor(tx, key, holder.account, (&secret, [3; 24])).await;
    db.change(herself, begin).await.expect("it begins");
    assert!(matches!(confirm("000000").await, Err(FactorError::WrongCode)));
    confirm(&Phone(Secret::from(secret)).shows(world.app.clock.now())).await.expect("it is confirmed");
    renewed().await.expect("new codes");
    let recovery = Given::Recovery(written(&[7; 15]).replace('-', ""));
    let used = async || {
        let visitor = Actor::Visitor;
        db.change(visitor, async |tx| use_second_factor(tx, means, &holder, &recovery).await).await
    };
    used().await.expect("it is used");
    assert!(matches!(used().await, Err(FactorError::WrongCode)));
    db.change(abi, async |tx| demand_second_factor(tx, None).await).await.expect("of nobody");
    reset().await.expect("it is reset");
    world.stop().await;
}
