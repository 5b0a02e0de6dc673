//! Managers, administrators, commissioners, and whoever is several of them, get a copy of what is held about them and have it
//! erased: wherever people can write a name, theirs is gone afterwards.

use chrono::TimeDelta;
use locumbank::ground::id::AccountId;
use locumbank::ground::sign_in::PersonKind;
use locumbank::rights::held::tables;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Executor as _, PgConnection};

use crate::people_have_themselves_erased::dump::mentions;
use crate::people_have_themselves_erased::{entry, fetched};
use crate::support::holdings::Bank;
use crate::support::seed::{PASSWORD, Person, Seed};
use crate::support::{Visitor, World};

struct Story {
    world: World,
    seed: Seed,
    bank: Bank,
}

impl Story {
    /// A bank with two of everything, and a second administrator.
    async fn begin() -> Self {
        let world = World::start().await;
        let bank = Bank::furnished(&world, "North bank", "N").await;
        let mut seed = Seed::bank(&world, "Other bank").await;
        let account = account_of(&mut seed, &bank, PersonKind::BankAdministrator).await;
        let second = seed.person(PersonKind::BankAdministrator, "Zoe Example").await;
        let statement = "insert into membership (bank_id, id, account_id, kind, created_at)
                         select m.bank_id, gen_random_uuid(), $2, m.kind, m.created_at from membership m where m.account_id = $1";
        let query = sqlx::query(statement).bind(account).bind(second.account);
        query.execute(seed.connection()).await.expect("a second administrator");
        world.work().await;
        Self { world, seed, bank }
    }

    /// The person of a kind, who is called so from now on, and whose name others have written wherever names can stand.
    async fn known_everywhere(&mut self, kind: PersonKind, name: &str) -> Subject {
        let account = account_of(&mut self.seed, &self.bank, kind).await;
        let email: String = sqlx::query_scalar("update account set name = $2 where id = $1 returning email")
            .bind(account)
            .bind(name)
            .fetch_one(self.seed.connection())
            .await
            .expect("a person");
        let written = write_everywhere(self.seed.connection(), name).await;
        for column in ["session.notes", "clearance.reason", "request.note", "vacancy.title"] {
            assert!(written.iter().any(|known| known == column), "{column} is not among {written:?}");
        }
        Subject { account, email, name: name.to_owned() }
    }

    /// Has a copy made, and gives the headings under which something stands in it.
    async fn copy(&self, who: &Subject) -> (Visitor, Vec<String>) {
        let visitor = self.world.signed_in_anywhere(&who.email).await;
        visitor.post("/your-data", &[]).await.expect(303);
        self.world.work().await;
        let archive = fetched(&visitor, "/your-data/fetch").await;
        let page = String::from_utf8(entry(&archive, "data.html")).expect("a page");
        assert!(page.contains(&who.name) && page.contains(&who.email), "they are not on their own page");
        for words in ["argon2", "7012345", "quarrelled"] {
            assert!(!page.contains(words), "{words} is on the page");
        }
        let json: Value = serde_json::from_slice(&entry(&archive, "data.json")).expect("JSON");
        let parts = json["parts"].as_array().expect("parts").iter();
        let filled = parts.filter(|part| part["rows"].as_array().is_some_and(|rows| !rows.is_empty()));
        let headings = filled.map(|part| part["heading"].as_str().expect("a heading").to_owned());
        (visitor, headings.collect())
    }

    /// Erases them by their own page, which lists what is kept, and gives where the database still names them a day later.
    async fn erased(&mut self, visitor: &Visitor, who: &Subject) -> Vec<String> {
        let before = mentions(&mut self.seed, &who.name, &who.email).await;
        assert!(before.len() > 5 && before.iter().any(|table| table == "session"), "{before:?}");
        let page = visitor.get("/your-data/erase").await.expect(200);
        page.says("Lines of the log").does_not_say("It can’t be erased yet");
        let form = [("what", "account"), ("password", PASSWORD)];
        visitor.post("/your-data/erase", &form).await.expect(200).says("Your account is closed and erased");
        self.world.work().await;
        self.world.app.clock.advance(TimeDelta::days(1));
        self.world.work().await;
        mentions(&mut self.seed, &who.name, &who.email).await
    }
}

struct Subject {
    account: AccountId,
    email: String,
    name: String,
}

async fn account_of(seed: &mut Seed, bank: &Bank, kind: PersonKind) -> AccountId {
    let email = &bank.people.iter().find(|(known, ..)| *known == kind).expect("one of each kind").2;
    let query = sqlx::query_scalar("select id from account where email = $1").bind(email);
    query.fetch_one(seed.connection()).await.expect("an account")
}

/// Writes a name behind whatever people have written, past every rule but those of shape. Gives in which columns it stands.
async fn write_everywhere(connection: &mut PgConnection, name: &str) -> Vec<String> {
    connection.execute("set session_replication_role = replica").await.expect("no triggers");
    let mut written = Vec::new();
    for table in tables() {
        for column in table.columns.iter().filter(|column| column.is_written) {
            let (table, column) = (table.name, column.name);
            // A mail that waits is sent as it is; who gets it is another matter.
            let which = if table == "mail" { "state = 'sent'" } else { "true" };
            let behind = format!("coalesce(nullif({column}, ''), 'Said') || ' by {name}'");
            let alone = format!("{column} || ' by {name}' ");
            for value in [behind, alone] {
                let statement = format!("update {table} set {column} = {value} where {which}");
                let done = sqlx::query(AssertSqlSafe(statement)).execute(&mut *connection).await;
                if done.is_ok_and(|done| done.rows_affected() > 0) {
                    written.push(format!("{table}.{column}"));
                    break;
                }
            }
        }
    }
    connection.execute("set session_replication_role = origin").await.expect("triggers again");
    written
}

#[tokio::test]
async fn a_manager_and_a_commissioner_are_erased_wherever_their_names_were_written() {
    let mut story = Story::begin().await;
    for (kind, name, own) in [
        (PersonKind::PracticeManager, "Marit Quillfeather", "Practices you manage"),
        (PersonKind::Commissioner, "Cosmo Quillfeather", "Your account"),
    ] {
        let who = story.known_everywhere(kind, name).await;
        let (visitor, headings) = story.copy(&who).await;
        for heading in ["Your account", "What you do, and where", "What the log says you did", own] {
            assert!(headings.iter().any(|known| known == heading), "{heading} is not in {headings:?}");
        }
        assert_eq!(story.erased(&visitor, &who).await, Vec::<String>::new(), "{name} is still named");
    }
    story.world.stop().await;
}

#[tokio::test]
async fn an_administrator_is_erased_and_what_they_decided_stands() {
    let mut story = Story::begin().await;
    let who = story.known_everywhere(PersonKind::BankAdministrator, "Abigail Quillfeather").await;
    let (visitor, headings) = story.copy(&who).await;
    for heading in ["Your account", "What you do, and where", "What the log says you did"] {
        assert!(headings.iter().any(|known| known == heading), "{heading} is not in {headings:?}");
    }
    let decided = "select count(*) from clearance where decided_by = $1";
    let count = async |story: &mut Story| -> i64 {
        let query = sqlx::query_scalar(decided).bind(who.account);
        query.fetch_one(story.seed.connection()).await.expect("a count")
    };
    let before = count(&mut story).await;
    assert!(before > 0);
    assert_eq!(story.erased(&visitor, &who).await, Vec::<String>::new());
    assert_eq!(count(&mut story).await, before, "decisions stand, by a number");
    story.world.stop().await;
}

#[tokio::test]
async fn whoever_is_several_things_in_two_banks_is_erased_in_both() {
    let mut story = Story::begin().await;
    let who = story.known_everywhere(PersonKind::PracticeManager, "Manifold Quillfeather").await;
    let person = Person {
        account: who.account,
        membership: locumbank::ground::id::MembershipId::new(),
        email: who.email.clone(),
    };
    story.seed.also(&person, PersonKind::Commissioner).await;
    let administrator = story.seed.also(&person, PersonKind::BankAdministrator).await;
    let as_clinician = story.seed.also(&person, PersonKind::Clinician).await;
    story.seed.clinician_of(as_clinician, "gp", &administrator).await;
    let name = who.name.clone();
    write_everywhere(story.seed.connection(), &name).await;
    let (visitor, headings) = story.copy(&who).await;
    for heading in [
        "What you do, and where",
        "Practices you manage",
        "What you said of yourself",
        "Until when you were cleared",
    ] {
        assert!(headings.iter().any(|known| known == heading), "{heading} is not in {headings:?}");
    }
    assert_eq!(story.erased(&visitor, &who).await, Vec::<String>::new());
    let memberships = "select count(*) from membership where account_id = $1 and ended_at is null";
    let left: i64 = sqlx::query_scalar(memberships)
        .bind(who.account)
        .fetch_one(story.seed.connection())
        .await
        .expect("a count");
    assert_eq!(left, 0);
    story.world.stop().await;
}
