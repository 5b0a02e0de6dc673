//! A backup is restored after its mail has left: nobody gets it again unless an administrator says so.

use std::path::PathBuf;
use std::process::Command;

use locumbank::ground::actor::Actor;
use locumbank::ground::db::DbError;
use locumbank::ground::id::BankId;
use locumbank::ground::mail::{NewMail, store};
use locumbank::ground::sign_in::PersonKind;

use crate::support::seed::{Person, Seed};
use crate::support::{Visitor, World, mail_to};

const SUBJECTS: [&str; 2] = ["First of two", "Second of two"];

/// A service whose backup was made while two mails waited, which have left since.
struct Lost {
    world: World,
    administrator: Person,
    stranger: Person,
    backup: PathBuf,
    _folder: tempfile::TempDir,
}

#[tokio::test]
async fn restored_mail_waits_for_an_administrator() {
    let lost = given_mail_that_left_after_the_backup().await;
    let restored = when_it_is_restored(&lost).await;
    let said = operate(&restored, &["admin", "begin-epoch"]);
    assert!(said.contains("Epoch 2 has begun") && said.contains("decide about: 2"), "{said}");

    restored.work().await;
    assert_eq!(lost.world.inbox.all().len(), 2, "nothing is sent again");

    let administrator = restored.signed_in(&lost.administrator.email).await;
    administrator.get("/mail").await.expect(200).says("2 emails wait");
    then_one_is_sent_after_all(&lost, &restored, &administrator).await;
    then_one_is_given_up(&lost, &restored, &administrator).await;
}

#[tokio::test]
async fn another_banks_administrator_decides_nothing() {
    let lost = given_mail_that_left_after_the_backup().await;
    let restored = when_it_is_restored(&lost).await;
    operate(&restored, &["admin", "begin-epoch"]);
    let own = restored.signed_in(&lost.administrator.email).await;
    let id = held_mail(&own, SUBJECTS[0]).await;

    let stranger = restored.signed_in(&lost.stranger.email).await;
    stranger.get("/mail/held").await.expect(200).says("Nothing is held back");
    stranger.post("/mail/held", &[("send", &id)]).await.expect(404);
    stranger.post("/mail/held", &[("drop", &id)]).await.expect(404);
    own.get("/mail/held").await.expect(200).says("2 emails wait");
}

/// The control: it is the new epoch that holds the mail back, and nothing else.
#[tokio::test]
async fn without_a_new_epoch_everybody_gets_the_mail_again() {
    let lost = given_mail_that_left_after_the_backup().await;
    let restored = when_it_is_restored(&lost).await;
    restored.work().await;
    assert_eq!(lost.world.inbox.all().len(), 4);
}

async fn given_mail_that_left_after_the_backup() -> Lost {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let administrator = seed.person(PersonKind::BankAdministrator, "Ada Example").await;
    let mut other_seed = Seed::bank(&world, "Other bank").await;
    let stranger = other_seed.person(PersonKind::BankAdministrator, "Otto Example").await;
    for subject in SUBJECTS {
        write_mail(&world, seed.bank, subject).await;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let backup = folder.path().join("backup");
    postgres(
        "pg_dump",
        &["--format=custom", "--file", &backup.to_string_lossy(), "--dbname", world.owner_url()],
    );
    world.work().await;
    assert_eq!(world.inbox.all().len(), 2);
    Lost { world, administrator, stranger, backup, _folder: folder }
}

async fn when_it_is_restored(lost: &Lost) -> World {
    let database_url = crate::support::empty_database().await;
    postgres(
        "pg_restore",
        &["--no-owner", "--exit-on-error", "--dbname", &database_url, &lost.backup.to_string_lossy()],
    );
    World::start_on(&database_url, lost.world.inbox.clone(), lost.world.app.clock.clone()).await
}

async fn then_one_is_sent_after_all(lost: &Lost, restored: &World, administrator: &Visitor) {
    let id = held_mail(administrator, SUBJECTS[0]).await;
    administrator.post("/mail/held", &[("send", &id)]).await.expect(303);
    administrator.post("/mail/held", &[("send", &id)]).await.expect(404);
    restored.work().await;
    let mails = lost.world.inbox.all();
    let ids: Vec<_> = mails.iter().filter(|mail| mail.header("Subject") == SUBJECTS[0]).collect();
    assert_eq!((mails.len(), ids.len()), (3, 2));
    assert_eq!(ids[0].header("Message-ID"), ids[1].header("Message-ID"), "mailboxes know the copy");
}

async fn then_one_is_given_up(lost: &Lost, restored: &World, administrator: &Visitor) {
    let id = held_mail(administrator, SUBJECTS[1]).await;
    administrator.post("/mail/held", &[("drop", &id)]).await.expect(303);
    administrator.get("/mail/held").await.expect(200).says("Nothing is held back");
    restored.work().await;
    assert_eq!(lost.world.inbox.all().len(), 3);
}

/// The id of the mail that is held back under that subject.
async fn held_mail(administrator: &Visitor, subject: &str) -> String {
    let page = administrator.get("/mail/held").await.expect(200);
    let row = page.body.split("<tr").find(|row| row.contains(subject)).expect("the mail is listed");
    let button = row.split("<button").find(|button| button.contains("name=\"send\"")).expect("a button");
    button.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an id").to_owned()
}

async fn write_mail(world: &World, bank: BankId, subject: &'static str) {
    let written = world.app.db.change(Actor::SERVICE, async |tx| {
        let mail = NewMail {
            dedup_key: subject.to_owned(),
            subject: subject.to_owned(),
            ..mail_to(bank, "sam@people.test", "A session")
        };
        store::insert_mail(tx, &mail).await
    });
    let written: Result<_, DbError> = written.await;
    assert!(written.expect("the mail is written").is_some());
}

/// Runs one of PostgreSQL's own tools.
fn postgres(tool: &str, arguments: &[&str]) {
    let path = std::env::var_os("POSTGRES_BIN").map_or(tool.into(), |bin| PathBuf::from(bin).join(tool));
    let done = Command::new(path).args(arguments).output().expect("PostgreSQL's tools are installed");
    assert!(done.status.success(), "{tool}: {}", String::from_utf8_lossy(&done.stderr));
}

/// Runs the binary on the database of `world` and gives what it prints.
fn operate(world: &World, arguments: &[&str]) -> String {
    let done = Command::new(env!("CARGO_BIN_EXE_locumbank"))
        .args(arguments)
        .env("DATABASE_URL", world.database_url())
        .output()
        .expect("the binary runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8_lossy(&done.stdout).into_owned()
}
