//! Mail servers report what came back, and readers complain: the address is marked, an administrator is told, and it
//! gets no more mail until somebody says that it works.

use std::io::Write as _;
use std::process::{Command, Stdio};

use locumbank::ground::id::{PracticeId, SessionId};
use locumbank::ground::sign_in::PersonKind;
use locumbank::letters::bounce::receive::{Taken, receive};

use crate::support::World;
use crate::support::desk::offer;
use crate::support::opening::Opening;
use crate::support::seed::{Clinician, Person, Seed};

struct Story {
    world: World,
    seed: Seed,
    administrator: Person,
    practice: PracticeId,
    ann: Clinician,
    days: u32,
}

impl Story {
    async fn begin() -> Self {
        let Opening { world, seed, administrator, practice, ann } = Opening::begin().await;
        Self { world, seed, administrator, practice, ann, days: 2 }
    }

    /// Offers Ann another session, and gives the Message-ID of the mail that reached her, if one did.
    async fn mail_to_ann(&mut self) -> Option<String> {
        self.days += 1;
        let date = format!("2026-11-{:02}", self.days);
        let session: SessionId = self.seed.session(self.practice, "gp", &date, "08:30", "12:40").await;
        let before = self.world.inbox.of(&self.ann.person.email).len();
        offer(&self.world, self.seed.bank, self.administrator.account, session, self.ann.id).await;
        self.world.work().await;
        let mails = self.world.inbox.of(&self.ann.person.email);
        (mails.len() > before).then(|| mails.last().expect("a mail").header("Message-ID"))
    }

    async fn receives(&self, report: &str) -> Taken {
        receive(&self.world.app, report.as_bytes()).await.expect("it is taken")
    }

    fn told_to_administrator(&self) -> Vec<String> {
        let mails = self.world.inbox.of(&self.administrator.email);
        mails.iter().map(|mail| mail.header("Subject")).collect()
    }

    async fn marks(&mut self) -> (i64, i64) {
        sqlx::query_as("select (select count(*) from stopped_address), (select count(*) from mail_report)")
            .fetch_one(self.seed.connection())
            .await
            .expect("counts")
    }
}

/// A report as Postfix writes it.
fn bounced(message_id: &str, address: &str, status: &str) -> String {
    format!(
        "From: MAILER-DAEMON@relay.example\r\nTo: bank@bank.example\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; relay.example\r\n\r\n\
         Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: {status}\r\n\
         Diagnostic-Code: smtp; 550 {status} it came back\r\n\r\n\
         --b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--b--\r\n"
    )
}

fn complaint(message_id: &str) -> String {
    format!(
        "From: feedback@mailbox.example\r\nTo: bank@bank.example\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=feedback-report; boundary=\"b\"\r\n\r\n\
         --b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n\
         --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\nbody\r\n--b--\r\n"
    )
}

#[tokio::test]
async fn an_address_that_does_not_exist_gets_no_more_mail_until_it_is_cleared() {
    let mut story = Story::begin().await;
    let id = story.mail_to_ann().await.expect("the first mail arrives");
    let address = story.ann.person.email.clone();
    let report = bounced(&id, &address, "5.1.1");
    assert_eq!(story.receives(&report).await, Taken::Counted { stopped: 1 });
    assert_eq!(story.receives(&report).await, Taken::Again, "reports come twice");
    assert_eq!(story.mail_to_ann().await, None, "nothing more is sent");
    assert_eq!(story.told_to_administrator(), [format!("An address takes no mail: {address}")]);

    let ann = story.world.signed_in(&address).await;
    ann.get("/your-email").await.expect(200).says("We don’t send emails to you");
    let administrator = story.world.signed_in(&story.administrator.email).await;
    let page = administrator.get("/mail/addresses").await.expect(200);
    page.says(&address).says("Ann Example").says("it came back");
    administrator.post("/mail/addresses", &[("address", &address)]).await.expect(303);
    administrator.get("/mail/addresses").await.expect(200).says("Every address works");
    administrator.post("/mail/addresses", &[("address", &address)]).await.expect(404);

    let id = story.mail_to_ann().await.expect("mail is sent again");
    assert_eq!(story.receives(&bounced(&id, &address, "5.1.1")).await, Taken::Counted { stopped: 1 });
    ann.post("/your-email/send-again", &[]).await.expect(303);
    ann.get("/your-email").await.expect(200).does_not_say("We don’t send emails to you");
    assert!(story.mail_to_ann().await.is_some(), "the person can clear it too");
    story.world.stop().await;
}

#[tokio::test]
async fn a_full_mailbox_is_counted_and_stops_at_the_fifth() {
    let mut story = Story::begin().await;
    let address = story.ann.person.email.clone();
    for count in 1..=5 {
        let id = story.mail_to_ann().await.expect("it is still sent");
        let stopped = usize::from(count == 5);
        assert_eq!(
            story.receives(&bounced(&id, &address, "5.2.2")).await,
            Taken::Counted { stopped },
            "{count}"
        );
    }
    assert_eq!(story.mail_to_ann().await, None);
    assert_eq!(story.told_to_administrator().len(), 1, "the administrator is told once");
    story.world.stop().await;
}

/// The relay itself may know that there is no such mailbox, and say so before it takes the mail.
#[tokio::test]
async fn an_address_that_the_relay_refuses_is_stopped_like_one_that_came_back() {
    let mut story = Story::begin().await;
    let address = story.ann.person.email.clone();
    story.world.inbox.does_not_know(&address);
    assert_eq!(story.mail_to_ann().await, None, "it is refused");
    story.world.work().await;
    assert_eq!(story.told_to_administrator(), [format!("An address takes no mail: {address}")]);
    assert_eq!(story.marks().await, (1, 1));
    story.mail_to_ann().await;
    let why = "select last_error from mail where kind = 'session_offered' order by created_at desc, id desc limit 1";
    let why: String =
        sqlx::query_scalar(why).fetch_one(story.seed.connection()).await.expect("the second mail");
    assert!(why.contains("takes no mail"), "the second is not even tried: {why}");
    story.world.stop().await;
}

/// What the relay says against us or the mail, and not of the mailbox, is counted as a mail that came back for now, by the
/// same table.
#[tokio::test]
async fn what_the_relay_refuses_as_spam_or_by_a_policy_stops_no_address_at_once() {
    for words in ["5.7.1 Message blocked as spam", "5.1.1 Blocked by policy", "5.2.2 Mailbox full"] {
        let mut story = Story::begin().await;
        story.world.inbox.refuses(&story.ann.person.email, words);
        assert_eq!(story.mail_to_ann().await, None, "it is refused");
        story.world.work().await;
        let counted: (bool, i32) =
            sqlx::query_as("select stopped_at is not null, failures from stopped_address")
                .fetch_one(story.seed.connection())
                .await
                .expect("what was counted");
        assert_eq!(counted, (false, 1), "{words}");
        assert!(story.told_to_administrator().is_empty(), "{words}");
        story.world.stop().await;
    }
}

#[tokio::test]
async fn a_complaint_turns_off_what_can_be_turned_off() {
    let mut story = Story::begin().await;
    let id = story.mail_to_ann().await.expect("the first mail arrives");
    assert_eq!(story.receives(&complaint(&id)).await, Taken::Counted { stopped: 0 });
    let page = story.world.signed_in(&story.ann.person.email).await.get("/your-email").await.expect(200);
    assert!(page.body.contains("name=\"digest\" type=\"radio\" value=\"never\" checked"), "{}", page.body);
    assert!(story.mail_to_ann().await.is_some(), "offers still come: they were agreed to");
    assert_eq!(story.told_to_administrator(), [format!("A reader complained: {}", story.ann.person.email)]);
    story.world.stop().await;
}

#[tokio::test]
async fn a_forged_report_changes_nothing() {
    let mut story = Story::begin().await;
    let id = story.mail_to_ann().await.expect("a mail arrives");
    let unknown = "<019a4c10-0000-7000-8000-000000000001.0b6a6f0e-1111-4222-8333-444455556666@locumbank>";
    let forged = [
        bounced(unknown, &story.ann.person.email, "5.1.1"),
        bounced("<guess@locumbank>", &story.ann.person.email, "5.1.1"),
        bounced("", &story.ann.person.email, "5.1.1"),
        complaint(unknown),
    ];
    for report in forged {
        assert_eq!(story.receives(&report).await, Taken::UnknownMail, "{report}");
    }
    assert_eq!(story.receives("Subject: hello\r\n\r\nI am away.").await, Taken::NoReport);
    assert_eq!(story.marks().await, (0, 0));
    assert!(story.mail_to_ann().await.is_some());

    // Whoever has a mail can say that it came back, but only of those it went to: here, of its one reader.
    let administrator = story.administrator.email.clone();
    assert_eq!(story.receives(&bounced(&id, &administrator, "5.1.1")).await, Taken::Counted { stopped: 1 });
    let stopped: Vec<String> = sqlx::query_scalar("select address from stopped_address")
        .fetch_all(story.seed.connection())
        .await
        .expect("addresses");
    assert_eq!(stopped, [story.ann.person.email.clone()]);
    story.world.stop().await;
}

#[tokio::test]
async fn another_banks_administrator_sees_and_clears_nothing_of_it() {
    let mut story = Story::begin().await;
    let id = story.mail_to_ann().await.expect("a mail arrives");
    let address = story.ann.person.email.clone();
    story.receives(&bounced(&id, &address, "5.1.1")).await;
    let mut other = Seed::bank(&story.world, "Other bank").await;
    let stranger = other.person(PersonKind::BankAdministrator, "Oz Example").await;
    let stranger = story.world.signed_in(&stranger.email).await;
    stranger.get("/mail/addresses").await.expect(200).does_not_say(&address);
    stranger.post("/mail/addresses", &[("address", &address)]).await.expect(404);
    assert_eq!(story.mail_to_ann().await, None);
    story.world.stop().await;
}

/// `locumbank bounce` takes a report on standard input, as a mail server pipes it.
#[tokio::test]
async fn a_mail_server_pipes_a_report_into_the_command() {
    let mut story = Story::begin().await;
    let id = story.mail_to_ann().await.expect("a mail arrives");
    let report = bounced(&id, &story.ann.person.email, "5.1.1");
    let pipe = |database: &str, report: &str| {
        let config = concat!(env!("CARGO_MANIFEST_DIR"), "/config/test.toml");
        let mut command = Command::new(env!("CARGO_BIN_EXE_locumbank"));
        command.args(["--config", config, "bounce"]).env("DATABASE_URL", database).env_remove("REDIS_URL");
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command starts");
        // A command that ends before it has read everything is as good: the exit code says what became of it.
        drop(child.stdin.take().expect("its input").write_all(report.as_bytes()));
        let done = child.wait_with_output().expect("it ends");
        (done.status.code(), String::from_utf8_lossy(&done.stdout).trim().to_owned())
    };
    let database = story.world.database_url().to_owned();
    let (code, said) = pipe(&database, &report);
    assert_eq!((code, said.as_str()), (Some(0), "Counted. No more mail is sent to 1 of the addresses."));
    assert_eq!(
        pipe(&database, "Subject: hello\n\nI am away.\n").0,
        Some(0),
        "what is no report is not sent back"
    );
    let away = "postgres://nobody@127.0.0.1:1/nothing";
    assert_eq!(pipe(away, &report).0, Some(75), "the mail server keeps it and tries again");
    assert_eq!(story.mail_to_ann().await, None);
    story.world.stop().await;
}

#[tokio::test]
async fn an_operator_sees_how_much_came_back() {
    let mut story = Story::begin().await;
    let nothing = story.world.visitor().get("/metrics").await.expect(200);
    nothing.says("locumbank_mail_reports_total{kind=\"hard\"} 0").says("locumbank_addresses_stopped 0");
    let first = story.mail_to_ann().await.expect("a mail");
    let second = story.mail_to_ann().await.expect("a mail");
    story.receives(&complaint(&first)).await;
    let address = story.ann.person.email.clone();
    for _ in 0..2 {
        story.receives(&bounced(&second, &address, "5.1.1")).await;
    }
    let figures = story.world.visitor().get("/metrics").await.expect(200);
    figures
        .says("locumbank_mail_reports_total{kind=\"hard\"} 1")
        .says("locumbank_mail_reports_total{kind=\"soft\"} 0")
        .says("locumbank_mail_reports_total{kind=\"complaint\"} 1")
        .says("locumbank_addresses_stopped 1");
    let page = story.world.signed_in(&story.administrator.email).await.get("/system").await.expect(200);
    page.says("1 emails came back").says("1 emails complained of").says("1 addresses take no email");
    story.world.app.clock.advance(chrono::TimeDelta::days(8));
    let later = story.world.signed_in(&story.administrator.email).await.get("/system").await.expect(200);
    later.says("0 emails came back").says("1 addresses take no email");
    let figures = story.world.visitor().get("/metrics").await.expect(200);
    figures.says("locumbank_mail_reports_total{kind=\"hard\"} 1");
}
