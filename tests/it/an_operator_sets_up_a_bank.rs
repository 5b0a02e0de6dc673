//! An operator adds the first people and asks what is wrong.

use std::process::{Command, Output};

use crate::support::World;
use crate::support::seed::Seed;

#[tokio::test]
async fn people_who_were_added_sign_in_with_the_password_that_was_printed() {
    let world = World::start().await;
    given_a_bank_with_code(&world, "QVV").await;
    let added = operate(
        &world,
        &[
            "admin",
            "add-person",
            "--kind=commissioner",
            "--icb=qvv",
            "--name=Cora Example",
            "--email=Cora@People.test",
        ],
    );
    assert!(added.status.success(), "{}", text(&added.stderr));
    let printed = text(&added.stdout);
    let password = printed.split_whitespace().last().expect("a password").to_owned();
    assert!(password.len() >= 20, "{printed}");

    let fields = [("email", "cora@people.test"), ("password", password.as_str())];
    let page = world.visitor().post_without_token("/sign-in", &fields).await.expect(303);
    assert_eq!(page.location, "/fill-rate");
}

#[tokio::test]
async fn a_practice_manager_is_added_with_their_practices_or_not_at_all() {
    let world = World::start().await;
    let mut seed = given_a_bank_with_code(&world, "QVV").await;
    seed.practice("J81006", "Example Surgery").await;
    let add = |practice: &str| {
        let practice = format!("--practice={practice}");
        let person = ["--icb=QVV", "--name=Pat Example", "--email=pat@people.test"];
        let mut arguments = vec!["admin", "add-person", "--kind=practice-manager", &practice];
        arguments.extend(person);
        operate(&world, &arguments)
    };
    let refused = add("J99999");
    assert!(
        !refused.status.success()
            && text(&refused.stderr).contains("no practice of this bank has the ODS code J99999")
    );
    assert!(add("j81006").status.success(), "nothing was left of the refused one");
    let again = add("J81006");
    assert!(
        text(&again.stderr).contains("pat@people.test has an account already"),
        "{}",
        text(&again.stderr)
    );

    let managed: i64 = sqlx::query_scalar("select count(*) from practice_manager where bank_id = $1")
        .bind(seed.bank)
        .fetch_one(seed.connection())
        .await
        .expect("a count");
    assert_eq!(managed, 1);
}

#[tokio::test]
async fn a_bank_that_is_not_there_is_named() {
    let world = World::start().await;
    let refused = operate(
        &world,
        &[
            "admin",
            "add-person",
            "--kind=commissioner",
            "--icb=QQQ",
            "--name=Cora",
            "--email=cora@people.test",
        ],
    );
    assert!(text(&refused.stderr).contains("no bank has the code QQQ"), "{}", text(&refused.stderr));
}

#[tokio::test]
async fn the_doctor_finds_what_is_wrong_and_nothing_where_all_is_well() {
    let world = World::start().await;
    let well = operate(&world, &["doctor"]);
    assert!(well.status.success(), "{}{}", text(&well.stdout), text(&well.stderr));
    assert!(text(&well.stdout).contains("The mail relay answers."));

    let mut ill = command(&world, &["doctor"]);
    ill.env("SMTP_URL", "smtp://127.0.0.1:1").env("LOCUMBANK__SERVER__BASE_URL", "http://192.168.1.7");
    let ill = ill.output().expect("the binary runs");
    assert_eq!(ill.status.code(), Some(1));
    assert!(text(&ill.stdout).contains("wrong  The mail relay does not answer"), "{}", text(&ill.stdout));
    assert!(
        text(&ill.stdout).contains("wrong  server.base_url is http://192.168.1.7"),
        "{}",
        text(&ill.stdout)
    );
    assert!(text(&ill.stderr).contains("2 things do not work"));
}

async fn given_a_bank_with_code(world: &World, code: &str) -> Seed {
    let mut seed = Seed::bank(world, "Test bank").await;
    let bank = seed.bank;
    sqlx::query("update bank set icb_code = $2 where id = $1")
        .bind(bank)
        .bind(code)
        .execute(seed.connection())
        .await
        .expect("a code");
    seed
}

fn operate(world: &World, arguments: &[&str]) -> Output {
    command(world, arguments).output().expect("the binary runs")
}

/// The binary with the database and the inbox of `world`.
fn command(world: &World, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_locumbank"));
    command
        .args(arguments)
        .env_remove("REDIS_URL")
        .env("DATABASE_URL", world.database_url())
        .env("SMTP_URL", world.inbox.url())
        .env("LOCUMBANK__SECRETS__LINK_KEY", "11".repeat(32))
        .env("LOCUMBANK__SIGN_IN__ARGON2_MEMORY_KIB", "64");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
