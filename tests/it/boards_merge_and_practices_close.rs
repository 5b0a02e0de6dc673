//! Practices close, open later and lie dormant, boards merge, and banks with them: nothing is posted, planned or open where
//! it should not be, and nobody's id changes.

use std::path::Path;
use std::process::{Command, Output};

use locumbank::ground::actor::Actor;
use locumbank::ground::id::{BankId, PracticeId};
use locumbank::insight::fill_rate::store::list_counts;
use locumbank::work::booking::actions::book::book;
use locumbank::work::booking::{Desk, WayIn, Wish};

use crate::support::desk::{assert_sound, offer};
use crate::support::opening::Opening;
use crate::support::seed::Seed;
use crate::support::{World, on_behalf_of};

pub(crate) const MAP: &str = "\
PRACTICE_CODE,PCN_CODE,PCN_NAME,ICB_CODE,ICB_NAME,SUPPLIER_NAME
J81001,U,,QVV,NHS Dorset Integrated Care Board,TPP
J81002,U,,QVV,NHS Dorset Integrated Care Board,TPP
G81001,U,,QKS,NHS Kent and Medway Integrated Care Board,EMIS
";

/// A register of three practices, of which the first has this status and these dates.
pub(crate) fn ods(status: &str, opened: &str, closed: &str) -> String {
    let line = |code: &str, name: &str, postcode: &str, days: &str| {
        format!("{code},{name},Y58,QVV,1 HIGH STREET,,,,,{postcode},{days},B,11J,20200401,,,,,,0,,11J,,4,\n")
    };
    line("J81001", "ORCHID HOUSE SURGERY", "BH15 1AA", &format!("{opened},{closed},{status}"))
        + &line("J81002", "HARBOUR PRACTICE", "DT4 8AA", "19740401,,A")
        + &line("G81001", "ST MARY'S SURGERY", "CT14 6AA", "19740401,,A")
}

pub(crate) struct Files {
    folder: tempfile::TempDir,
}

impl Files {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub(crate) fn path(&self, name: &str, text: &str) -> String {
        let path: &Path = &self.folder.path().join(name);
        std::fs::write(path, text).expect(name);
        path.display().to_string()
    }

    pub(crate) fn import(&self, world: &World, ods: &str, map: &str, which: &[&str]) -> Output {
        let (ods, map) = (self.path("ods.csv", ods), self.path("map.csv", map));
        operate(world, &[&["import", "practices", "--ods", &ods, "--map", &map], which].concat())
    }
}

pub(crate) fn operate(world: &World, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_locumbank"))
        .args(arguments)
        .env_remove("REDIS_URL")
        .env("DATABASE_URL", world.database_url())
        .env("SMTP_URL", world.inbox.url())
        .env("LOCUMBANK__SECRETS__LINK_KEY", "11".repeat(32))
        .output()
        .expect("the binary runs")
}

#[track_caller]
pub(crate) fn said(output: &Output) -> String {
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{error}");
    out.into_owned()
}

#[track_caller]
fn refused(output: &Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Bank, code, first day, last day of each practice.
async fn practices(world: &World) -> Vec<(String, String, String, String)> {
    sqlx::query_as(
        "select b.name, p.ods_code, coalesce(p.opened_on::text, ''), coalesce(p.closed_on::text, '')
           from practice p join bank b on b.id = p.bank_id order by p.ods_code, b.created_at",
    )
    .fetch_all(&mut world.connection().await)
    .await
    .expect("practices")
}

/// Codes of practices that are open on some day in two banks.
async fn open_twice(world: &World) -> Vec<String> {
    sqlx::query_scalar(
        "select a.ods_code from practice a join practice b on b.ods_code = a.ods_code and b.bank_id > a.bank_id
          where daterange(a.opened_on, a.closed_on, '[]') && daterange(b.opened_on, b.closed_on, '[]')",
    )
    .fetch_all(&mut world.connection().await)
    .await
    .expect("codes")
}

#[tokio::test]
async fn a_practice_that_closes_keeps_no_session_beyond_and_people_settle_what_is_booked() {
    let Opening { world, mut seed, administrator, practice, ann } = Opening::begin().await;
    let files = Files::new();
    sqlx::query("update bank set icb_code = 'QVV'").execute(seed.connection()).await.unwrap();
    let manager = seed.practice_manager("Mo Example", &[practice]).await;
    let ben = seed.clinician("gp", "Ben Example", &administrator).await;
    let before = seed.session(practice, "gp", "2028-06-06", "08:30", "12:40").await;
    let after = seed.session(practice, "gp", "2028-07-04", "08:30", "12:40").await;
    let offered = seed.session(practice, "gp", "2028-07-05", "08:30", "12:40").await;
    let booked = seed.session(practice, "gp", "2028-07-06", "08:30", "12:40").await;
    offer(&world, seed.bank, administrator.account, offered, ann.id).await;
    let wish = Wish {
        session: booked,
        clinician: ben.id,
        way_in: WayIn::Administrator { rate_pence_per_hour: 8_800 },
        key: "the key".to_owned(),
    };
    let desk = Desk::of(&world.app);
    let actor = on_behalf_of(seed.bank, administrator.account);
    seed.cleared_until(&ben, "2029-12-31", &administrator).await;
    world.app.db.change(actor, async |tx| book(tx, &desk, &wish).await).await.expect("booked");

    // Its closing is announced: active, with a close date to come.
    let closing = ods("A", "19740401", "20280630");
    let tried = said(&files.import(&world, &closing, MAP, &["--icb=QVV", "--dry-run"]));
    assert!(tried.ends_with("Nothing was changed: this was a dry run.\n"), "{tried}");
    let done = said(&files.import(&world, &closing, MAP, &["--icb=QVV"]));
    assert_eq!(format!("{done}Nothing was changed: this was a dry run.\n"), tried);
    for line in [
        "Test bank: days of work changed for 1 practice; 2 sessions withdrawn; 1 booking to settle by people; 1 manager \
         concerned.",
        "Test bank: 1 person is booked at Orchid House Surgery on Thursday 6 July 2028, 8:30am to 12:40pm. The practice’s \
         last day is 30 June 2028. Agree with them, and cancel the booking.",
        &format!("tell Mo Example <{}>", manager.email),
        "1 other board of the mapping has no bank here, and none was made.",
    ] {
        assert!(done.contains(line), "{line}\n{done}");
    }
    let states: Vec<(locumbank::ground::id::SessionId, String, Option<String>)> =
        sqlx::query_as("select id, state, withdrawn_reason from session order by starts_at")
            .fetch_all(seed.connection())
            .await
            .unwrap();
    let gone = || Some("The practice’s last day is 30 June 2028.".to_owned());
    assert_eq!(
        states,
        [
            (before, "open".to_owned(), None),
            (after, "withdrawn".to_owned(), gone()),
            (offered, "withdrawn".to_owned(), gone()),
            (booked, "open".to_owned(), None),
        ]
    );
    let offers: Vec<String> =
        sqlx::query_scalar("select state from offer").fetch_all(seed.connection()).await.unwrap();
    assert_eq!(offers, ["withdrawn"]);
    let doctor = String::from_utf8_lossy(&operate(&world, &["doctor"]).stdout).into_owned();
    assert!(
        doctor.contains("1 person is booked at Orchid House Surgery on Thursday 6 July 2028"),
        "{doctor}"
    );

    // The page says so, and nothing can be posted beyond.
    let visitor = world.signed_in(&administrator.email).await;
    visitor.get(&format!("/practices/{practice}")).await.expect(200).says("Open until 30 June 2028");
    assert_sound(&mut world.connection().await).await;
    world.work().await;
    world.stop().await;
}

#[tokio::test]
async fn what_is_dormant_or_opens_later_can_not_be_posted_to() {
    let Opening { world, mut seed, practice, .. } = Opening::begin().await;
    let files = Files::new();
    sqlx::query("update bank set icb_code = 'QVV'").execute(seed.connection()).await.unwrap();
    let manager = seed.practice_manager("Mo Example", &[practice]).await;
    let manager = world.signed_in(&manager.email).await;
    let id = practice.to_string();
    let fields = |month: &'static str, year: &'static str| {
        [("on-day", "14"), ("on-month", month), ("on-year", year), ("start", "8:30am"), ("end", "12:40pm")]
    };
    let check = async |month, year| {
        let mut form: Vec<(&str, &str)> = fields(month, year).to_vec();
        form.extend([("role", "gp"), ("places", "1"), ("rate-min", "80"), ("practice", &id)]);
        manager.post("/sessions/check", &form).await
    };
    check("12", "2026").await.expect(200);
    said(&files.import(&world, &ods("P", "20271201", ""), MAP, &["--icb=QVV"]));
    check("12", "2026")
        .await
        .expect(422)
        .says("Orchid House Surgery opens on 1 December 2027: choose a date from then on");
    check("1", "2028").await.expect(200);
    manager.get("/practice").await.expect(200).says("Opens 1 December 2027");
    said(&files.import(&world, &ods("D", "19740401", "20261101"), MAP, &["--icb=QVV"]));
    check("12", "2026").await.expect(422).says("Orchid House Surgery is dormant in the NHS register");
    manager.get("/practice").await.expect(200).says("Dormant");
    said(&files.import(&world, &ods("C", "19740401", "20261101"), MAP, &["--icb=QVV"]));
    check("12", "2026").await.expect(422).says("Orchid House Surgery closed on 1 November 2026");
    said(&files.import(&world, &ods("A", "19740401", ""), MAP, &["--icb=QVV"]));
    check("12", "2026").await.expect(200);
    world.stop().await;
}

#[tokio::test]
async fn a_bank_goes_on_under_another_name_and_board_and_keeps_every_id() {
    let world = World::start().await;
    let files = Files::new();
    let register = ods("A", "19740401", "");
    said(&files.import(&world, &register, MAP, &["--all"]));
    let ids = async || -> Vec<(PracticeId, BankId)> {
        sqlx::query_as("select id, bank_id from practice order by ods_code")
            .fetch_all(&mut world.connection().await)
            .await
            .expect("ids")
    };
    let before = ids().await;

    // Dorset and Kent become one board, with a new code.
    let merged =
        MAP.replace("QVV,NHS Dorset", "QZZ,NHS South").replace("QKS,NHS Kent and Medway", "QZZ,NHS South");
    let why = refused(&files.import(&world, &register, &merged, &["--icb=QZZ"]));
    for line in [
        "QZZ has no bank, and 2 of its 3 practices are in NHS Dorset Integrated Care Board",
        "locumbank admin add-board --icb QVV --board QZZ",
    ] {
        assert!(why.contains(line), "{line}\n{why}");
    }
    assert_eq!(ids().await, before);

    let added = said(&operate(&world, &["admin", "add-board", "--icb=qvv", "--board=qzz"]));
    assert!(added.contains("has the boards QVV and QZZ now"), "{added}");
    let renamed =
        said(&operate(&world, &["admin", "rename-bank", "--icb=QZZ", "--name=NHS South locum bank"]));
    assert_eq!(renamed, "NHS Dorset Integrated Care Board is NHS South locum bank now.\n");
    let ended = ["admin", "close-bank", "--icb=QKS", "--into=QZZ", "--last-day=2099-03-31"];
    let tried = said(&operate(&world, &[&ended[..], &["--dry-run"]].concat()));
    assert!(tried.contains("has the boards QKS, QVV and QZZ now") && tried.contains("dry run"), "{tried}");
    said(&operate(&world, &ended));
    let told = said(&files.import(&world, &register, &merged, &["--icb=QZZ"]));
    assert!(told.contains("NHS South locum bank (QZZ)"), "{told}");
    let again = said(&files.import(&world, &register, &merged, &["--icb=QZZ"]));
    assert!(again.contains("NHS South locum bank (QZZ)        0        0        0          3"), "{again}");

    let row = |bank: &str, code: &str, first: &str, last: &str| {
        (bank.to_owned(), code.to_owned(), first.to_owned(), last.to_owned())
    };
    let (south, kent) = ("NHS South locum bank", "NHS Kent and Medway Integrated Care Board");
    let mut found = practices(&world).await;
    found.sort_by(|a, b| (&a.1, &a.2).cmp(&(&b.1, &b.2)));
    assert_eq!(
        found,
        [
            row(kent, "G81001", "1974-04-01", "2099-03-31"),
            row(south, "G81001", "2099-04-01", ""),
            row(south, "J81001", "1974-04-01", ""),
            row(south, "J81002", "1974-04-01", ""),
        ]
    );
    assert_eq!(open_twice(&world).await, Vec::<String>::new());
    let kept = ids().await;
    assert!(before.iter().all(|old| kept.contains(old)), "nothing was re-keyed");
    let why = refused(&operate(
        &world,
        &["admin", "close-bank", "--icb=QVV", "--into=QKS", "--last-day=2099-03-31"],
    ));
    assert!(why.contains("both codes belong to NHS South locum bank"), "{why}");
    world.stop().await;
}

#[tokio::test]
async fn a_practice_that_moves_to_another_board_is_open_in_one_bank_on_each_day() {
    let world = World::start().await;
    let files = Files::new();
    let register = ods("A", "19740401", "");
    said(&files.import(&world, &register, MAP, &["--all"]));
    let moved = MAP.replace("J81002,U,,QVV,NHS Dorset", "J81002,U,,QKS,NHS Kent and Medway");
    // One board is named, and the practice that it got ends in the other bank.
    said(&files.import(&world, &register, &moved, &["--icb=QKS"]));
    assert_eq!(open_twice(&world).await, Vec::<String>::new());
    said(&files.import(&world, &register, &moved, &["--all"]));
    assert_eq!(open_twice(&world).await, Vec::<String>::new());
    let of_it = practices(&world).await.into_iter().filter(|row| row.1 == "J81002").count();
    assert_eq!(of_it, 2);
    // And back: the practice that was there before is open again, on the day after.
    said(&files.import(&world, &register, MAP, &["--all"]));
    assert_eq!(open_twice(&world).await, Vec::<String>::new());
    let mut tx = world.app.db.begin(Actor::Operator).await.unwrap();
    let open: i64 =
        sqlx::query_scalar("select count(*) from practice where ods_code = 'J81002' and closed_on is null")
            .fetch_one(tx.connection())
            .await
            .unwrap();
    tx.give_up().await.unwrap();
    assert_eq!(open, 1);
    world.stop().await;
}

#[tokio::test]
async fn figures_of_a_bank_read_those_that_became_part_of_it() {
    let Opening { world, mut seed, practice, .. } = Opening::begin().await;
    seed.session(practice, "gp", "2026-10-06", "08:30", "12:40").await;
    let mut other = Seed::bank(&world, "Other bank").await;
    let (same, alone) =
        (other.practice("J81001", "Orchid House").await, other.practice("K81009", "Quay Practice").await);
    other.session(same, "gp", "2026-10-07", "08:30", "12:40").await;
    other.session(alone, "gp", "2026-10-08", "08:30", "12:40").await;
    let span = ("2026-10-01".parse().unwrap(), "2026-10-31".parse().unwrap());
    let counts = async |bank| {
        let mut tx = world.app.db.look(Actor::job_of(bank)).await.unwrap();
        let counts = list_counts(&mut tx, span).await.unwrap();
        assert_eq!(tx.bank(), bank, "and goes on in its own bank");
        counts.into_iter().map(|count| (count.practice_name, count.requested)).collect::<Vec<_>>()
    };
    let orchid = |requested| ("Orchid House Surgery".to_owned(), requested);
    assert_eq!(counts(seed.bank).await, [orchid(1)], "nothing of another bank");
    sqlx::query("update bank set closed_on = '2026-10-31', closed_into = $1 where id = $2")
        .bind(seed.bank)
        .bind(other.bank)
        .execute(seed.connection())
        .await
        .unwrap();
    assert_eq!(counts(seed.bank).await, [orchid(2), ("Quay Practice".to_owned(), 1)]);
    assert_eq!(counts(other.bank).await.len(), 2, "and not the other way round");
    world.stop().await;
}
