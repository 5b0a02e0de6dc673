//! People are invited into a bank, and join by a link that works once, or do not.

use chrono::TimeDelta;
use locumbank::ground::actor::Actor;
use locumbank::ground::db::Tx;
use locumbank::ground::id::{InvitationId, PracticeId};
use locumbank::ground::sign_in::{PersonKind, TokenHash};
use locumbank::people::invitation::actions::accept::{AcceptError, Acceptance, Joined, Joiner, accept};
use locumbank::people::invitation::actions::invite::{Sent, examine, invite};
use locumbank::people::invitation::actions::send_again::send_again;
use locumbank::people::invitation::actions::withdraw::withdraw;
use locumbank::people::invitation::actions::{InvitationError, find_own};
use locumbank::people::invitation::{Invite, Invitee};

use crate::support::seed::{PASSWORD, Person, Seed};
use crate::support::visitor::Page;
use crate::support::{Visitor, World};

/// A password that stands guessing.
const NEW_PASSWORD: &str = "lantern osprey gravel teapot";

struct Story {
    world: World,
    seed: Seed,
    practice: PracticeId,
    administrator: Visitor,
}

impl Story {
    async fn begin() -> Self {
        let world = World::start().await;
        let mut seed = Seed::bank(&world, "Test bank").await;
        let practice = seed.practice("J81001", "Orchid House Surgery").await;
        let abi = seed.person(PersonKind::BankAdministrator, "Abi Example").await;
        let administrator = world.signed_in(&abi.email).await;
        Self { world, seed, practice, administrator }
    }

    /// Abi invites these people, and the mails leave.
    async fn invites(&self, kind: &str, people: &str) -> Page {
        let form = [("kind", kind), ("practices", "J81001"), ("people", people)];
        let sent = self.administrator.post("/invitations", &form).await.expect(303);
        self.world.work().await;
        self.administrator.get(&sent.location).await.expect(200)
    }

    /// The link in the last mail for that address.
    fn link(&self, email: &str) -> String {
        link_in(&self.world, email)
    }

    /// Joins as somebody without an account.
    async fn joins(&self, link: &str, name: &str) -> (Visitor, Page) {
        let mut visitor = self.world.visitor();
        let page = visitor.join(link, &[("name", name), ("password", NEW_PASSWORD)]).await;
        (visitor, page)
    }

    async fn count(&mut self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement).fetch_one(self.seed.connection()).await.expect("a count")
    }

    async fn invited_by_action(&self, email: &str, kind: PersonKind) -> Sent {
        let people = vec![Invitee { email: email.to_owned(), name: String::new() }];
        let practices = if kind == PersonKind::PracticeManager { vec![self.practice] } else { Vec::new() };
        let wish = Invite { kind, practices, people };
        let (bank, link_key) = (self.seed.bank, &self.world.app.link_key);
        let sent = self.world.app.db.change(Actor::Operator, async |tx| {
            tx.go_to_bank(bank).await?;
            invite(tx, link_key, &wish).await
        });
        sent.await.expect("an invitation").remove(0)
    }

    async fn accepts(&self, sent: &Sent, joiner: Joiner) -> Result<Joined, AcceptError> {
        let acceptance =
            Acceptance { link: TokenHash::of(&sent.token), joiner, profession: None, terms: None };
        let holder = Actor::link_holder(self.seed.bank);
        let reliants = self.world.app.reliants();
        self.world.app.db.change(holder, async |tx| accept(tx, &reliants, &acceptance).await).await
    }

    async fn withdraws(&self, id: InvitationId) -> Result<(), InvitationError> {
        let bank = self.seed.bank;
        let work = async |tx: &mut Tx| {
            tx.go_to_bank(bank).await?;
            withdraw(tx, id).await
        };
        self.world.app.db.change(Actor::Operator, work).await
    }
}

/// The link in the last mail for that address.
pub fn link_in(world: &World, email: &str) -> String {
    let text = world.inbox.last_of(email).text();
    let link = text.split_whitespace().find(|word| word.contains("/invitation/")).expect("a link");
    link.strip_prefix(&world.base_url).expect("a link to this service").to_owned()
}

fn new_person(name: &str) -> Joiner {
    Joiner::New { name: name.to_owned(), password_hash: "no hash".to_owned() }
}

const MEMBERS: &str = "select count(*) from membership where kind = 'practice_manager' and ended_at is null";

#[tokio::test]
async fn a_list_is_looked_at_before_it_is_sent_and_each_bad_line_is_named() {
    let mut story = Story::begin().await;
    story.invites("clinician", "ann@people.test").await.says("ann@people.test").says("Waiting");
    let cas = story.seed.person(PersonKind::Clinician, "Cas Example").await;
    let list =
        format!("Ben Example <ben@people.test>\nnobody\nann@people.test\n{}\nBen@people.test", cas.email);
    let form = [("kind", "clinician"), ("people", list.as_str())];
    let page = story.administrator.post("/invitations/check", &form).await.expect(200);
    page.says("Line 2: “nobody” Enter an email address, like name@example.com");
    page.says("Line 3: “ann@people.test” They have an invitation: send it again from the list");
    page.says("They are here already").says("Line 5: “Ben@people.test” The same address as in line 1");
    page.says("Send the invitation").says("Ben Example");
    assert_eq!(page.hidden("people").lines().count(), 5, "the list can still be changed");
    assert_eq!(story.count("select count(*) from invitation").await, 1, "looking invites nobody");
    let change = [&form[..], &[("change", "yes")]].concat();
    story.administrator.post("/invitations", &change).await.expect(200).says("Check before sending");

    for said in ["1 invitation is on its way", "Nobody was invited now"] {
        let done = story.administrator.post("/invitations", &form).await.expect(303);
        story.administrator.get(&done.location).await.expect(200).says(said);
    }
    story.world.work().await;
    assert_eq!(story.world.inbox.of("ben@people.test").len(), 1, "pressed twice, it is sent once");
    assert!(story.world.inbox.of(&cas.email).is_empty());
    let form = [("kind", "practice_manager"), ("practices", "Fern Lane"), ("people", "dee@people.test")];
    let page = story.administrator.post("/invitations/check", &form).await.expect(422);
    page.says("“Fern Lane” is no practice of the bank");
    story.world.stop().await;
}

#[tokio::test]
async fn a_link_works_once_and_looking_at_it_changes_nothing() {
    let mut story = Story::begin().await;
    story.invites("practice_manager", "Pat Example <pat@people.test>").await;
    let mail = story.world.inbox.last_of("pat@people.test");
    assert_eq!(mail.header("Subject"), "Test bank: join as a practice manager");
    assert!(mail.text().contains(
        "Abi Example invites you to join Test bank as a practice manager of Orchid House Surgery."
    ));
    let link = story.link("pat@people.test");
    let kept = "select count(*) from mail where text_body like '%/invitation/%'";
    assert_eq!(story.count(kept).await, 0, "the link stands nowhere but in the mail that left");

    let visitor = story.world.visitor();
    for _ in 0..2 {
        let page = visitor.get(&link).await.expect(200);
        page.says("Practice manager of Orchid House Surgery").says("pat@people.test");
        assert!(page.body.contains("value=\"Pat Example\""), "the name can be kept");
    }
    let page = visitor.post_without_token(&link, &[]).await.expect(422);
    page.says("Enter a name").says("Enter a new password");
    let page = story.joins(&link, "Pat").await.1;
    assert_eq!(page.location, "/sessions");
    let (_, again) = story.joins(&link, "Eve").await;
    again.expect(404).says("This link can’t be used").says("ask whoever invited you for a new one");
    visitor.get(&link).await.expect(404).says("This link can’t be used");
    assert_eq!(story.count(MEMBERS).await, 1);
    assert_eq!(story.count("select count(*) from practice_manager").await, 1);
    story.administrator.get("/invitations").await.expect(200).says("Joined");
    let events =
        "select count(*) from audit_event where action in ('invitation.sent', 'invitation.accepted')";
    assert_eq!(story.count(events).await, 2);

    let fields = [("email", "pat@people.test"), ("password", NEW_PASSWORD)];
    story.world.visitor().post_without_token("/sign-in", &fields).await.expect(303);
    story.world.stop().await;
}

#[tokio::test]
async fn a_link_that_lapsed_was_sent_again_or_withdrawn_shows_one_page_and_changes_nothing() {
    let mut story = Story::begin().await;
    story.invites("commissioner", "cora@people.test").await;
    let first = story.link("cora@people.test");
    let again = story.administrator.get("/invitations").await.address("/invitations/0");
    let (again, withdraw) = (again.clone(), again.replace("/send-again", "/withdraw"));
    story.world.app.clock.advance(TimeDelta::days(7));
    // Abi has been idle for a week.
    let abi = story.seed.person(PersonKind::BankAdministrator, "Bo Example").await;
    let bo = story.world.signed_in(&abi.email).await;
    bo.get("/invitations").await.expect(200).says("Lapsed");
    let unknown = story.world.visitor().get("/invitation/nonsense").await.expect(404);
    let lapsed = story.joins(&first, "Cora").await.1.expect(404);
    assert_eq!(lapsed.text(), unknown.text(), "nobody learns which it was");

    bo.post(&again, &[]).await.expect(303);
    bo.post(&again, &[]).await.expect(303);
    story.world.work().await;
    assert_eq!(story.world.inbox.of("cora@people.test").len(), 2, "pressed twice, it is sent once");
    let second = story.link("cora@people.test");
    assert_ne!(first, second);
    story.joins(&first, "Cora").await.1.expect(404);
    story.world.visitor().get(&second).await.expect(200);

    bo.get(&withdraw).await.expect(200).says("Withdraw the invitation of cora@people.test?");
    bo.post(&withdraw, &[]).await.expect(303);
    story.joins(&second, "Cora").await.1.expect(404);
    bo.post(&again, &[]).await.expect(409).says("withdrawn already");
    assert_eq!(story.count("select count(*) from account where email = 'cora@people.test'").await, 0);
    bo.get("/invitations").await.expect(200).says("Withdrawn");
    story.world.stop().await;
}

#[tokio::test]
async fn who_has_an_account_joins_with_its_password_and_acts_in_the_new_bank() {
    let mut story = Story::begin().await;
    let mut elsewhere = Seed::bank(&story.world, "Other bank").await;
    let cora: Person = elsewhere.person(PersonKind::Commissioner, "Cora Example").await;
    story.invites("commissioner", &cora.email).await;
    let link = story.link(&cora.email);
    let mut visitor = story.world.visitor();
    visitor.get(&link).await.expect(200).says("You have an account under").does_not_say("Choose a password");
    let wrong = visitor.join(&link, &[("password", NEW_PASSWORD), ("name", "Eve")]).await.expect(422);
    wrong.says("This is not the password of your account");
    assert_eq!(visitor.join(&link, &[("password", PASSWORD)]).await.location, "/fill-rate");
    visitor.get("/fill-rate").await.expect(200).says("Test bank").says("Cora Example");
    assert_eq!(story.count("select count(*) from account where name like 'Cora%'").await, 1);

    story.invites("clinician", "guess@people.test").await;
    let other: Person = elsewhere.person(PersonKind::Commissioner, "Dee Example").await;
    story.invites("commissioner", &other.email).await;
    let link = story.link(&other.email);
    let mut statuses = Vec::new();
    for _ in 0..30 {
        statuses.push(visitor.post_without_token(&link, &[("password", "guess")]).await.status.as_u16());
    }
    assert_eq!(statuses.last(), Some(&429), "nobody guesses for long");
    story.world.stop().await;
}

#[tokio::test]
async fn a_practice_manager_invites_a_colleague_to_their_own_practice_alone() {
    let mut story = Story::begin().await;
    let fern = story.seed.practice("J81002", "Fern Lane Surgery").await;
    let pat = story.seed.practice_manager("Pat Example", &[story.practice]).await;
    let flo = story.seed.practice_manager("Flo Example", &[fern]).await;
    let (pat, flo) = (story.world.signed_in(&pat.email).await, story.world.signed_in(&flo.email).await);
    pat.get("/practice").await.expect(200).says("Invite a colleague");
    pat.get("/invitations/new").await.expect(200).does_not_say("Bank administrator");
    let (own, other) = (story.practice.to_string(), fern.to_string());
    let form =
        |practice| [("kind", "bank_administrator"), ("practices", practice), ("people", "quin@people.test")];
    pat.post("/invitations", &form(other.as_str())).await.expect(422).says("Select at least one practice");
    pat.post("/invitations", &form(own.as_str())).await.expect(303);
    flo.post("/invitations", &form(other.as_str())).await.expect(303);
    let seen = flo.get("/invitations").await.expect(200);
    seen.says("1 invitation").says("Fern Lane Surgery").does_not_say("Orchid House");
    let pats = pat.get("/invitations").await.expect(200).address("/invitations/0");
    flo.post(&pats, &[]).await.expect(404);
    story.world.work().await;
    for mail in story.world.inbox.of("quin@people.test") {
        let text = mail.text();
        let link = text.split_whitespace().find(|word| word.contains("/invitation/")).expect("a link");
        let mut quin = story.world.visitor();
        quin.join(link, &[("name", "Quin Example"), ("password", NEW_PASSWORD)]).await.expect(303);
    }
    assert_eq!(story.count(MEMBERS).await, 3, "one membership, for both practices");
    assert_eq!(story.count("select count(*) from practice_manager").await, 4);
    story.administrator.get("/invitations").await.expect(200).says("2 invitations");
    story.world.stop().await;
}

#[tokio::test]
async fn no_action_of_a_practice_manager_reaches_another_practice() {
    let mut story = Story::begin().await;
    let fern = story.seed.practice("J81002", "Fern Lane Surgery").await;
    let flo = story.seed.practice_manager("Flo Example", &[fern]).await;
    let sent = story.invited_by_action("pat@people.test", PersonKind::PracticeManager).await;
    let flo = Actor::Member {
        account: flo.account,
        bank: story.seed.bank,
        membership: flo.membership,
        kind: PersonKind::PracticeManager,
    };
    let people = vec![Invitee { email: "quin@people.test".to_owned(), name: String::new() }];
    let wish = |kind, practices| Invite { kind, practices, people: people.clone() };
    let (theirs, ours) = (
        wish(PersonKind::PracticeManager, vec![story.practice]),
        wish(PersonKind::PracticeManager, vec![fern]),
    );
    let (upwards, link_key) = (wish(PersonKind::BankAdministrator, Vec::new()), &story.world.app.link_key);
    let mut tx = story.world.app.db.begin(flo).await.expect("a transaction");
    let tx = &mut tx;
    assert_eq!(examine(tx, &ours).await.expect("her own practice"), [None]);
    let refusals = [
        examine(tx, &theirs).await.err(),
        examine(tx, &upwards).await.err(),
        find_own(tx, sent.id).await.err(),
        send_again(tx, link_key, sent.id).await.err(),
        withdraw(tx, sent.id).await.err(),
    ];
    for refusal in refusals {
        assert!(matches!(refusal, Some(InvitationError::NotTheirs)), "{refusal:?}");
    }
}

#[tokio::test]
async fn of_two_acceptances_one_joins() {
    let mut story = Story::begin().await;
    for round in 0..crate::support::desk::rounds(5, 100) {
        let sent =
            story.invited_by_action(&format!("pat{round}@people.test"), PersonKind::PracticeManager).await;
        let (one, other) =
            tokio::join!(story.accepts(&sent, new_person("Pat")), story.accepts(&sent, new_person("Pat")));
        assert_eq!([one.is_ok(), other.is_ok()].into_iter().filter(|joined| *joined).count(), 1);
        let refused = one.err().or(other.err()).expect("one is refused");
        assert!(matches!(refused, AcceptError::Gone), "{refused}");
        let joined = i64::try_from(round).expect("few") + 1;
        assert_eq!(story.count(MEMBERS).await, joined);
    }
    story.world.stop().await;
}

#[tokio::test]
async fn where_a_withdrawal_meets_an_acceptance_one_of_them_is_told() {
    let mut story = Story::begin().await;
    let mut members = 0;
    for round in 0..crate::support::desk::rounds(6, 100) {
        let sent =
            story.invited_by_action(&format!("pat{round}@people.test"), PersonKind::PracticeManager).await;
        let (joined, withdrawn) = if round % 2 == 0 {
            tokio::join!(story.accepts(&sent, new_person("Pat")), story.withdraws(sent.id))
        } else {
            let (withdrawn, joined) =
                tokio::join!(story.withdraws(sent.id), story.accepts(&sent, new_person("Pat")));
            (joined, withdrawn)
        };
        assert_ne!(joined.is_ok(), withdrawn.is_ok(), "{joined:?} {withdrawn:?}");
        members += i64::from(joined.is_ok());
        assert_eq!(story.count(MEMBERS).await, members);
    }
    story.world.stop().await;
}
