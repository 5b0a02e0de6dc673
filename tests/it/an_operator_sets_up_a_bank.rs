//! An operator adds the first people and asks what is wrong.

use std::process::{Command, Output};

use crate::support::seed::Seed;
use crate::support::{World, empty_database};

/// Every command that works on the database, but for `migrate` and `doctor`.
const ON_THE_DATABASE: [&[&str]; 6] = [
    &["import", "practices", "--ods=epraccur.csv", "--map=map.csv", "--icb=QVV"],
    &["admin", "invite", "--kind=commissioner", "--icb=QVV", "--name=Cora", "--email=cora@people.test"],
    &["admin", "begin-epoch"],
    &["serve"],
    &["worker"],
    &["bounce"],
];

#[tokio::test]
async fn before_the_schema_is_there_every_command_says_what_to_do_in_one_line() {
    let world = World::start().await;
    let on = |database: &str, arguments: &[&str]| {
        let mut command = command(&world, arguments);
        command.env("DATABASE_URL", database).env("PORT", "0").output().expect("the binary runs")
    };
    let empty = empty_database().await;
    for arguments in ON_THE_DATABASE {
        let refused = on(&empty, arguments);
        assert!(!refused.status.success());
        assert_eq!(
            text(&refused.stderr),
            "locumbank: the database is empty: run locumbank migrate first\n",
            "{arguments:?}"
        );
    }
    assert!(
        text(&on(&empty, &["doctor"]).stdout)
            .contains("wrong  The database is empty: run locumbank migrate first.")
    );
    assert_eq!(text(&on(&empty, &["migrate"]).stdout), "The database is up to date.\n");
    assert!(on(&empty, &["admin", "begin-epoch"]).status.success());

    let mut connection = world.connection().await;
    sqlx::query("delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)")
        .execute(&mut connection)
        .await
        .expect("a migration is forgotten");
    for arguments in ON_THE_DATABASE {
        let refused = on(world.database_url(), arguments);
        assert!(text(&refused.stderr).ends_with("back it up, then run locumbank migrate\n"), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_binary_of_the_version_before_leaves_a_later_schema_alone() {
    let world = World::start().await;
    let mut connection = world.connection().await;
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (9999, 'later', true, '', 0)",
    )
    .execute(&mut connection)
    .await
    .expect("a later migration");
    let migrated = operate(&world, &["migrate"]);
    assert!(migrated.status.success(), "it runs before each start of a process: {}", text(&migrated.stderr));
    assert!(text(&migrated.stdout).contains("at 9999, of a later version. Nothing was changed."));
    assert!(operate(&world, &["admin", "begin-epoch"]).status.success());
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named_with_what_the_network_said() {
    let world = World::start().await;
    let away = "postgres://locumbank:secret@127.0.0.1:1/locumbank";
    let wanted = "database at 127.0.0.1:1 can't be reached: Connection refused (os error 111)";
    let waits_for_it = |arguments: &[&str]| ["serve", "worker"].contains(&arguments[0]);
    for arguments in ON_THE_DATABASE.into_iter().filter(|arguments| !waits_for_it(arguments)) {
        let refused = command(&world, arguments).env("DATABASE_URL", away).output().expect("the binary runs");
        let said = text(&refused.stderr);
        assert!(said.contains(wanted) && !said.contains("secret"), "{arguments:?}: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
    let ill = command(&world, &["doctor"]).env("DATABASE_URL", away).output().expect("the binary runs");
    assert!(text(&ill.stdout).contains(&format!("wrong  The {wanted}")), "{}", text(&ill.stdout));
}

#[tokio::test]
async fn a_setting_nobody_can_work_with_stops_every_command_and_the_doctor_names_it_with_the_rest() {
    let world = World::start().await;
    let with = |arguments: &[&str]| {
        let mut command = command(&world, arguments);
        command
            .env("LOCUMBANK__SMTP__FROM_ADDRESS", "bank@")
            .env("LOCUMBANK__OFFERS__ANSWER_WITHIN_HOURS", "0");
        command.env_remove("LOCUMBANK__SECRETS__LINK_KEY").output().expect("the binary runs")
    };
    for arguments in ON_THE_DATABASE {
        let refused = with(arguments);
        assert!(!refused.status.success());
        assert!(
            text(&refused.stderr).starts_with("locumbank: smtp.from_address is \"bank@\": "),
            "{arguments:?}"
        );
        assert!(
            text(&refused.stderr).contains("offers.answer_within_hours is 0: it has to be from 1 to 336")
        );
    }
    let ill = with(&["doctor"]);
    let said = text(&ill.stdout);
    for wanted in [
        "wrong  smtp.from_address is \"bank@\"",
        "wrong  offers.answer_within_hours is 0",
        "wrong  Links in mails: secrets.link_key must be",
        "ok     The schema is up to date.",
        "ok     The mail relay answers.",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert!(text(&ill.stderr).contains("3 things do not work"));
}

#[tokio::test]
async fn the_doctor_says_what_a_bank_lacks_before_work_can_be_posted() {
    let world = World::start().await;
    assert!(text(&operate(&world, &["doctor"]).stdout).contains("look   There is no bank yet: "));
    let bare = "insert into bank (id, name, created_at) values (gen_random_uuid(), 'Bare bank', now())";
    sqlx::query(bare).execute(&mut world.connection().await).await.expect("a bank with nothing in it");
    let said = text(&operate(&world, &["doctor"]).stdout);
    let begins = "look   Bare bank has no practices (locumbank import practices); no bank administrator (";
    assert!(said.contains(begins), "{said}");
    for lacking in ["no commissioner", "no rate ranges", "no practice manager", "no clinicians"] {
        assert!(said.contains(lacking), "{lacking}: {said}");
    }
    given_a_bank_with_code(&world, "QVV").await.practice("J81006", "Example Surgery").await;
    let said = text(&operate(&world, &["doctor"]).stdout);
    let lacks =
        said.lines().find(|line| line.contains("Test bank has no bank administrator (")).expect("a line");
    assert!(!lacks.contains("rate ranges") && !lacks.contains("no practices"), "{lacks}");
}

#[tokio::test]
async fn whoever_was_invited_joins_by_the_link_that_was_printed() {
    let world = World::start().await;
    given_a_bank_with_code(&world, "QVV").await;
    let cora = ["--kind=commissioner", "--icb=qvv", "--name=Cora Example", "--email=Cora@People.test"];
    let invited = operate(&world, &[&["admin", "invite", "--print-link"][..], &cora].concat());
    assert!(invited.status.success(), "{}", text(&invited.stderr));
    let printed = text(&invited.stdout);
    let (_, link) = printed.split_once("/invitation/").expect("a link");
    let link = format!("/invitation/{}", link.trim());
    let fields = [("name", "Cora Example"), ("password", "lantern osprey gravel teapot")];
    world.visitor().post_without_token(&link, &fields).await.expect(303);
    let fields = [("email", "cora@people.test"), fields[1]];
    let page = world.visitor().post_without_token("/sign-in", &fields).await.expect(303);
    assert_eq!(page.location, "/fill-rate");
}

#[tokio::test]
async fn a_practice_manager_is_invited_with_their_practices_or_not_at_all() {
    let world = World::start().await;
    let mut seed = given_a_bank_with_code(&world, "QVV").await;
    seed.practice("J81006", "Example Surgery").await;
    let invite = |practice: &str| {
        let practice = format!("--practice={practice}");
        let person = ["--icb=QVV", "--name=Pat Example", "--email=pat@people.test"];
        let mut arguments = vec!["admin", "invite", "--kind=practice-manager", &practice];
        arguments.extend(person);
        operate(&world, &arguments)
    };
    let refused = invite("J99999");
    assert!(
        !refused.status.success()
            && text(&refused.stderr).contains("no practice of this bank has the ODS code J99999")
    );
    assert!(invite("j81006").status.success(), "nothing was left of the refused one");
    let again = invite("J81006");
    assert!(text(&again.stderr).contains("a moment ago"), "{}", text(&again.stderr));

    let to_manage: i64 = sqlx::query_scalar("select count(*) from invitation_practice where bank_id = $1")
        .bind(seed.bank)
        .fetch_one(seed.connection())
        .await
        .expect("a count");
    assert_eq!(to_manage, 1);
}

#[tokio::test]
async fn a_bank_that_is_not_there_is_named() {
    let world = World::start().await;
    let refused = operate(
        &world,
        &["admin", "invite", "--kind=commissioner", "--icb=QQQ", "--name=Cora", "--email=cora@people.test"],
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

const ODS: &str = "\
J81001,THE ORCHID SURGERY,Y58,QVV,1 HIGH STREET,POOLE,,,,BH15 1AA,19740401,,A,B,11J,20200401,,01202 000001,,,,0,,11J,,4,
G81001,ST MARY'S SURGERY,Y59,QKS,CHURCH LANE,DEAL,,,,CT14 6AA,19740401,,A,B,91Q,20200401,,01304 000003,,,,0,,91Q,,4,
";
const MAP: &str = "\
PRACTICE_CODE,PCN_CODE,PCN_NAME,ICB_CODE,ICB_NAME,SUPPLIER_NAME
J81001,U12345,HARBOUR PCN,QVV,NHS Dorset Integrated Care Board,TPP
G81001,U54321,DEAL PCN,QKS,NHS Kent and Medway Integrated Care Board,EMIS
";

#[tokio::test]
async fn a_bank_is_made_for_the_boards_that_were_named_and_taken_back_while_nobody_is_in_it() {
    let world = World::start().await;
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, text: &str| {
        std::fs::write(folder.path().join(name), text).expect(name);
        format!("{}", folder.path().join(name).display())
    };
    let (ods, map) = (format!("--ods={}", file("ods.csv", ODS)), format!("--map={}", file("map.csv", MAP)));
    let import = |which: &[&str]| operate(&world, &[&["import", "practices", &ods, &map], which].concat());
    let banks = || async {
        sqlx::query_scalar::<_, String>(
            "select b.name || ' ' || (select count(*) from practice p where p.bank_id = b.id)
               from bank b where b.removed_at is null order by b.name",
        )
        .fetch_all(&mut world.connection().await)
        .await
        .expect("the banks")
    };

    let asked = import(&[]);
    assert!(!asked.status.success());
    let known = "  QKS  NHS Kent and Medway Integrated Care Board (1 practice)\n  QVV  NHS Dorset";
    assert!(text(&asked.stderr).contains(known), "{}", text(&asked.stderr));
    assert!(banks().await.is_empty(), "nobody who names no board gets a bank for each of them");

    assert!(import(&["--all"]).status.success());
    assert_eq!(
        banks().await,
        ["NHS Dorset Integrated Care Board 1", "NHS Kent and Medway Integrated Care Board 1"]
    );
    let removed = operate(&world, &["admin", "remove-bank", "--icb=qks"]);
    assert_eq!(
        text(&removed.stdout),
        "NHS Kent and Medway Integrated Care Board was removed, with its practices: 1.\n"
    );
    assert_eq!(banks().await, ["NHS Dorset Integrated Care Board 1"]);
    let doctor = text(&operate(&world, &["doctor"]).stdout);
    assert!(!doctor.contains("Kent") && doctor.contains("NHS Dorset"), "{doctor}");
    assert!(
        text(&operate(&world, &["admin", "remove-bank", "--icb=QKS"]).stderr)
            .contains("no bank has the code QKS")
    );

    assert!(import(&["--icb=qks"]).status.success(), "its board can have a bank again");
    assert_eq!(banks().await.len(), 2);
    let statement = "with a as (insert into account (id, email, name, password_hash, created_at)
                                values (gen_random_uuid(), 'cora@people.test', 'Cora', 'x', now()) returning id)
                     insert into membership (bank_id, id, account_id, kind, created_at)
                     select b.id, gen_random_uuid(), a.id, 'commissioner', now() from bank b, a where b.icb_code = 'QVV'";
    sqlx::query(statement).execute(&mut world.connection().await).await.expect("a commissioner");
    let kept = text(&operate(&world, &["admin", "remove-bank", "--icb=QVV"]).stderr);
    assert!(kept.contains("NHS Dorset Integrated Care Board has people (1)"), "{kept}");
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
