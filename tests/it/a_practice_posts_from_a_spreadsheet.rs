//! A practice manager posts many sessions from a file: each thing to mend is named by row and column, all of it is posted or
//! nothing, and the same file twice adds nothing.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use std::time::Instant;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::support::World;
use crate::support::seed::Seed;
use crate::support::visitor::{Page, Visitor};

struct Story {
    world: World,
    seed: Seed,
    visitor: Visitor,
}

impl Story {
    /// Monday 2 November 2026, 9am: somebody who acts for two practices.
    async fn begin() -> Self {
        let world = World::start().await;
        let mut seed = Seed::bank(&world, "Test bank").await;
        let orchid = seed.practice("J81001", "Orchid House Surgery").await;
        let harbour = seed.practice("J81002", "Harbour Practice").await;
        let manager = seed.practice_manager("Alex Manager", &[orchid, harbour]).await;
        let visitor = world.signed_in(&manager.email).await;
        Self { world, seed, visitor }
    }

    async fn look_through(&self, name: &str, file: &[u8]) -> Page {
        self.visitor.post_file("/sessions/file", &[], (name, file)).await
    }

    async fn post(&self, check: &Page) -> Page {
        self.visitor.post("/sessions/file/post", &[("file", &check.hidden("file"))]).await
    }

    async fn count(&mut self) -> i64 {
        sqlx::query_scalar("select count(*) from session")
            .fetch_one(self.seed.connection())
            .await
            .expect("a count")
    }
}

/// As Excel writes it in Britain: semicolons, Windows-1252, and the habits of its cells.
const FROM_EXCEL: &[u8] = b"Practice;Day;From;To;Role;Hourly rate;Notes\r\n\
    J81001;1/12/26;0830;12.40;GP;\xa385;Ask for Zo\xeb\r\n\
    harbour practice;2/12/2026;8:30 am;1pm;GP;85.5;\r\n\
    J81002;03.12.2026;18:30;24:00;GPs;90;\r\n";

#[tokio::test]
async fn a_file_as_spreadsheets_write_it_is_shown_posted_and_not_posted_twice() {
    let mut story = Story::begin().await;
    story.visitor.get("/sessions").await.expect(200).says("Post from a spreadsheet");
    let page = story.visitor.get("/sessions/file").await.expect(200);
    page.says("Download a file to fill in").says("Post up to 2,000 sessions at once");
    let check = story.look_through("sessions.csv", FROM_EXCEL).await.expect(200);
    check
        .says("Post 3 sessions")
        .says("1 to 3 December 2026")
        .says("Orchid House Surgery")
        .says("8:30am to 12:40pm");
    check.says("6:30pm to midnight").says("£85.50 an hour");
    assert_eq!(story.count().await, 0, "nothing is posted before it is shown");
    let posted = story.post(&check).await.expect(303);
    assert_eq!(posted.location, "/sessions?week=2026-11-30");
    story.visitor.get(&posted.location).await.expect(200).says("3 sessions are posted");
    assert_eq!(story.count().await, 3);
    let notes: Vec<String> = sqlx::query_scalar("select notes from session where notes <> ''")
        .fetch_all(story.seed.connection())
        .await
        .expect("the notes");
    assert_eq!(notes, ["Ask for Zoë"]);

    // Pressed twice, or looked through again, nothing is added; with one more session that one is.
    story
        .visitor
        .get(&story.post(&check).await.expect(303).location)
        .await
        .expect(200)
        .says("posted already");
    let again = story.look_through("sessions.csv", FROM_EXCEL).await.expect(200);
    again.says("3 sessions stand already").says("There is nothing in this file to post");
    let more = [FROM_EXCEL, b"J81001;4/12/26;0830;12.40;GP;85;\r\n"].concat();
    let check = story.look_through("sessions.csv", &more).await.expect(200);
    check.says("3 sessions stand already").says("Post 1 session");
    story.post(&check).await.expect(303);
    assert_eq!(story.count().await, 4);
    story.world.stop().await;
}

#[tokio::test]
async fn each_thing_to_mend_is_named_by_row_and_column_and_nothing_is_kept() {
    let mut story = Story::begin().await;
    let file = "Practice,Date,Start,End,Role,Places,Rate,Highest rate,Competencies\n\
        J81001,1/12/2026,8:30am,12:40pm,GP,1,85,,\n\
        J99999,1/12/2026,8:30am,12:40pm,GP,1,85,,\n\
        J81001,31/2/2026,8,12:40pm,GP,1,85,,\n\
        J81001,1/11/2026,8:30am,12:40pm,GP,50,85,,\n\
        J81001,2/12/2026,8:30am,12:40pm,Astronaut,1,85,,Juggling\n\
        J81001,3/12/2026,8:30am,12:40pm,GP,1,85,101,\n\
        J81001,1/12/2026,8:30am,12:40pm,GP,1,85,,\n";
    let page = story.look_through("sessions.csv", file.as_bytes()).await.expect(422);
    page.says("Row 3 Column Practice What to do You act for no such practice. Write J81002 (Harbour Practice) or J81001 (Orchid House Surgery)");
    page.says("Row 6 Column Role What to do The bank has no role called “Astronaut”")
        .says("Row 6 Column Competencies What to do The bank has no competency called “Juggling”");
    let file = file.replace("J99999", "J81001").replace("Astronaut", "GP").replace("Juggling", "");
    let page = story.look_through("sessions.csv", file.as_bytes()).await.expect(422);
    page.says("Row 3 Column Date What to do This is row 2 again. For two people, write 2 under Places");
    page.says("Row 4 Column Date What to do Date must be a real date")
        .says("Row 4 Column Start What to do Enter a start time, like 8:30am");
    page.says("Row 5 Column Places What to do Places must be between 1 and 20");
    page.says(
        "Row 7 Column Highest rate What to do The rate must lie inside the range. GP core hours: £70 to £100",
    );
    story
        .look_through("sessions.csv", b"Date,Weather\n")
        .await
        .expect(422)
        .says("Row 1 Column Weather What to do No column of sessions is called so");
    story.visitor.post("/sessions/file", &[]).await.expect(422).says("Choose a file");
    let kept: i64 = sqlx::query_scalar("select count(*) from session_file")
        .fetch_one(story.seed.connection())
        .await
        .expect("a count");
    assert_eq!((kept, story.count().await), (0, 0));
    story.world.stop().await;
}

#[tokio::test]
async fn what_counts_when_it_is_posted_decides_and_somebody_elses_file_is_none() {
    let mut story = Story::begin().await;
    let check = story.look_through("sessions.csv", FROM_EXCEL).await.expect(200);
    let stranger = story.seed.practice_manager("Sam Stranger", &[]).await;
    let stranger = story.world.signed_in(&stranger.email).await;
    let theirs = stranger.post("/sessions/file/post", &[("file", &check.hidden("file"))]).await.expect(303);
    assert_eq!((theirs.location.as_str(), story.count().await), ("/sessions", 0));
    story.seed.rate_range("gp", "core", "2026-11-01", 9_000, 10_000).await;
    let refused = story.post(&check).await.expect(422);
    refused
        .says("Row 2 Column Rate What to do The rate must lie inside the range")
        .says("Row 3 Column Rate What to do The rate must lie inside the range");
    assert_eq!(story.count().await, 0, "all or nothing");
    story.world.stop().await;
}

/// A workbook of one sheet with these rows of text, and other parts.
fn workbook(rows: &str, others: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let links = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
         Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let sheet = format!("<worksheet xmlns=\"{main}\">{rows}</worksheet>");
    let package = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" \
         Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let parts = [
        ("_rels/.rels", package.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ];
    for (name, content) in parts.iter().chain(others) {
        archive.start_file(*name, SimpleFileOptions::default()).expect("a part");
        archive.write_all(content).expect("its content");
    }
    archive.finish().expect("an archive").into_inner()
}

fn sheet(rows: &[&[&str]]) -> String {
    let mut written = String::from("<sheetData>");
    for (number, row) in rows.iter().enumerate() {
        let _ = write!(written, "<row r=\"{}\">", number + 1);
        for (column, cell) in (b'A'..).zip(row.iter()) {
            let place = format!("{}{}", char::from(column), number + 1);
            let _ = write!(written, "<c r=\"{place}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>");
        }
        written.push_str("</row>");
    }
    written + "</sheetData>"
}

#[tokio::test]
async fn a_workbook_is_read_and_a_hostile_one_refused_with_its_place() {
    let mut story = Story::begin().await;
    let right = sheet(&[
        &["Practice", "Date", "Start", "End", "Role", "Rate"],
        &["J81001", "1/12/2026", "8:30am", "12:40pm", "GP", "85"],
    ]);
    let check = story.look_through("sessions.xlsx", &workbook(&right, &[])).await.expect(200);
    check.says("Post 1 session");
    let formula = right.replace("<c r=\"F2\"", "<c r=\"G2\"><f>1+1</f><v>2</v></c><c r=\"F2\"");
    let merged = format!("{right}<mergeCells count=\"1\"><mergeCell ref=\"A1:B1\"/></mergeCells>");
    let wide = right.replace("r=\"F2\"", "r=\"NTP2\"");
    let zeros = vec![0; 30 * 1024 * 1024];
    for (what, file, sentence) in [
        ("a formula", workbook(&formula, &[]), "Cell G2 has a formula"),
        ("merged cells", workbook(&merged, &[]), "Cells A1:B1 are merged"),
        ("10,000 columns", workbook(&wide, &[]), "Row 2 has 10000 columns: a file can have 40"),
        ("macros", workbook(&right, &[("xl/vbaProject.bin", b"x")]), "The spreadsheet has macros"),
        (
            "a bomb",
            workbook(&right, &[("xl/media/picture", &zeros)]),
            "The spreadsheet is too large unpacked",
        ),
        ("no archive", b"PK\x03\x04 nothing".to_vec(), "The spreadsheet can’t be read"),
        ("a picture", b"\x89PNG\r\n\0\0".to_vec(), "The file is not a table"),
        (
            "too many columns of text",
            [b"Date".as_slice(), &b",".repeat(9_999)].concat(),
            "Row 1 has 10000 columns",
        ),
        ("too many rows", b"Date\n".repeat(2_002), "Row 2002 is one too many"),
    ] {
        let page = story.look_through("sessions.xlsx", &file).await.expect(422);
        assert!(page.text().contains(sentence), "{what}: {}", page.text());
    }
    assert_eq!(story.count().await, 0);
    story.world.stop().await;
}

#[tokio::test]
async fn two_thousand_sessions_are_shown_soon_and_posted_together() {
    let mut story = Story::begin().await;
    let mut file = String::from("Practice,Date,Start,End,Role,Rate,Notes\n");
    for number in 0..2_000 {
        let date =
            chrono::NaiveDate::from_ymd_opt(2026, 11, 10).expect("a date") + chrono::Days::new(number % 400);
        let (hour, minute) = (8 + number / 400, 5 * (number % 7));
        let practice = if number % 2 == 0 { "J81001" } else { "J81002" };
        let _ = writeln!(
            file,
            "{practice},{},{hour:02}:{minute:02},20:00,GP,85,Row {number}",
            date.format("%d/%m/%Y")
        );
    }
    let began = Instant::now();
    let check = story.look_through("sessions.csv", file.as_bytes()).await.expect(200);
    let took = began.elapsed();
    eprintln!("2,000 sessions were looked through in {took:?}");
    check.says("Post 2,000 sessions").says("And 1,900 more.");
    assert!(took.as_secs() < 20, "however slow the machine and unoptimised the program: {took:?}");
    story.post(&check).await.expect(303);
    assert_eq!(story.count().await, 2_000);
    let logged: i64 = sqlx::query_scalar("select count(*) from audit_event where action = 'session.posted'")
        .fetch_one(story.seed.connection())
        .await
        .expect("a count");
    assert_eq!(logged, 2_000);
    story.world.stop().await;
}
