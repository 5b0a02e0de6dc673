//! An operator imports practices as published: all or nothing, and again without doubling.

use locumbank::ground::actor::Actor;
use locumbank::ground::id::PracticeId;
use locumbank::ground::sign_in::PersonKind;
use locumbank::people::practice::import::{BankReport, File, Files, ImportError, Register, import_practices};

use crate::support::World;
use crate::support::seed::Seed;

const ODS: &str = "\
J81001,THE ORCHID SURGERY,Y58,QVV,1 HIGH STREET,POOLE,,,,BH15 1AA,19740401,,A,B,11J,20200401,,01202 000001,,,,0,,11J,,4,
J81002,HARBOUR PRACTICE,Y58,QVV,THE QUAY,WEYMOUTH,,,,DT4 8AA,19740401,,A,B,11J,20200401,,01305 000002,,,,0,,11J,,4,
G81001,ST MARY'S SURGERY,Y59,QKS,CHURCH LANE,DEAL,,,,CT14 6AA,19740401,,A,B,91Q,20200401,,01304 000003,,,,0,,91Q,,4,
";
const MAP: &str = "\
PRACTICE_CODE,PCN_CODE,PCN_NAME,ICB_CODE,ICB_NAME,SUPPLIER_NAME
J81001,U12345,HARBOUR PCN,QVV,NHS Dorset Integrated Care Board,TPP
J81002,U,,QVV,NHS Dorset Integrated Care Board,EMIS
G81001,U54321,DEAL PCN,QKS,NHS Kent and Medway Integrated Care Board,EMIS
";

fn files(ods: &str, map: &str) -> Files {
    let file = |name: &str, text: &str| File { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
    Files {
        ods: file("epraccur.csv", ods),
        map: file("map.csv", map),
        postcodes: None,
        successors: Vec::new(),
    }
}

async fn import(
    world: &World,
    files: &Files,
    icb: Option<&'static str>,
) -> Result<Vec<BankReport>, ImportError> {
    let register = std::sync::Arc::new(Register::read(files)?);
    let reliants = world.app.reliants();
    world
        .app
        .db
        .change(Actor::SERVICE, async |tx| import_practices(tx, &reliants, &register, (icb, false)).await)
        .await
}

async fn practices(world: &World) -> Vec<(PracticeId, String, String)> {
    let mut connection = world.connection().await;
    sqlx::query_as("select id, ods_code, name from practice order by ods_code")
        .fetch_all(&mut connection)
        .await
        .expect("practices")
}

fn counts(reports: &[BankReport]) -> Vec<(&str, usize, usize, usize, usize)> {
    let row = |report: &'_ BankReport| (report.added, report.changed, report.closed, report.unchanged);
    reports
        .iter()
        .map(|report| {
            let (added, changed, closed, unchanged) = row(report);
            (report.icb_code.as_str(), added, changed, closed, unchanged)
        })
        .collect()
}

#[tokio::test]
async fn a_second_import_keeps_every_id_and_what_changed_is_told() {
    let world = World::start().await;
    let first = import(&world, &files(ODS, MAP), None).await.unwrap();
    assert_eq!(counts(&first), [("QKS", 1, 0, 0, 0), ("QVV", 2, 0, 0, 0)]);
    assert!(first.iter().all(|report| report.is_new));
    let before = practices(&world).await;
    assert_eq!(before[0].2, "St Mary's Surgery");

    let second = import(&world, &files(ODS, MAP), None).await.unwrap();
    assert_eq!(counts(&second), [("QKS", 0, 0, 0, 1), ("QVV", 0, 0, 0, 2)]);
    assert_eq!(practices(&world).await, before);

    let renamed = ODS.replace("HARBOUR PRACTICE", "QUAY PRACTICE");
    let third = import(&world, &files(&renamed, MAP), Some("QVV")).await.unwrap();
    assert_eq!(counts(&third), [("QVV", 0, 1, 0, 1)]);
    let after = practices(&world).await;
    let ids = |rows: &[(PracticeId, String, String)]| rows.iter().map(|row| row.0).collect::<Vec<_>>();
    assert_eq!(ids(&after), ids(&before));
    assert_eq!(after[2].2, "Quay Practice");

    let closed = ODS.replacen(
        "THE QUAY,WEYMOUTH,,,,DT4 8AA,19740401,,A",
        "THE QUAY,WEYMOUTH,,,,DT4 8AA,19740401,20260930,C",
        1,
    );
    let without = MAP.replace("J81002,U,,QVV,NHS Dorset Integrated Care Board,EMIS\n", "");
    let fourth = import(&world, &files(&closed, &without), Some("QVV")).await.unwrap();
    assert_eq!(counts(&fourth), [("QVV", 0, 0, 1, 1)]);
}

#[tokio::test]
async fn one_bad_line_imports_nothing_at_all() {
    let world = World::start().await;
    let wrong = files(&ODS.replacen("CT14 6AA,19740401", "CT14 6AA,1974-04-01", 1), MAP);
    let error = import(&world, &wrong, None).await.unwrap_err().to_string();
    let place = "epraccur.csv, line 3, column open_date: \"1974-04-01\" can't be used; expected a date written YYYYMMDD";
    assert!(error.starts_with(place) && error.ends_with("Nothing was imported."), "{error}");
    let unknown = import(&world, &files(ODS, MAP), Some("QXX")).await.unwrap_err().to_string();
    assert_eq!(unknown, "no practice of the mapping belongs to QXX; the boards it knows are QKS, QVV");
    assert_eq!(practices(&world).await, []);
    let mut connection = world.connection().await;
    let banks: i64 =
        sqlx::query_scalar("select count(*) from bank").fetch_one(&mut connection).await.unwrap();
    assert_eq!(banks, 0);
}

#[tokio::test]
async fn an_administrator_finds_the_practices_of_their_own_bank_only() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let own = seed.practice("J81009", "Orchid House Surgery").await;
    for number in 0..55 {
        seed.practice(&format!("H81{number:03}"), &format!("Branch {number:02}")).await;
    }
    let administrator = seed.person(PersonKind::BankAdministrator, "Robin Administrator").await;
    import(&world, &files(ODS, MAP), None).await.unwrap();
    let foreign = practices(&world).await.into_iter().find(|row| row.1 == "J81001").unwrap().0;
    let visitor = world.signed_in(&administrator.email).await;
    let all = visitor.get("/practices").await.expect(200);
    all.says("56 practices").says("Branch 49").does_not_say("Orchid House Surgery");
    visitor.get("/practices?page=2").await.expect(200).says("Orchid House Surgery");
    let found = visitor.get("/practices?search=orchid").await.expect(200);
    found.says("1 practice").says("Orchid House Surgery").does_not_say("The Orchid Surgery");
    visitor.get(&format!("/practices/{own}")).await.expect(200).says("J81009");
    visitor.get(&format!("/practices/{foreign}")).await.expect(404);
}

#[tokio::test]
async fn a_manager_sees_their_own_practices_and_who_gets_their_mail() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let own = seed.practice("J81001", "Orchid House Surgery").await;
    seed.practice("J81002", "Harbour Practice").await;
    let manager = seed.practice_manager("Alex Manager", &[own]).await;
    let visitor = world.signed_in(&manager.email).await;
    let page = visitor.get("/practice").await.expect(200);
    page.says("Orchid House Surgery").says(&manager.email).does_not_say("Harbour Practice");
}
