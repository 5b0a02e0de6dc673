//! What is sent to do harm, or breaks off: refused in words or harmless, and nothing of it is kept half.

use std::time::Duration;

use flate2::Crc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{INDEMNITY, PDF, Story, open};
use crate::support::World;
use crate::support::desk::ServerProcess;
use crate::support::visitor::{BOUNDARY, Visitor, multipart};

/// A picture that says it has so many points each way.
fn png(side: u32) -> Vec<u8> {
    let chunk = |name: &[u8], body: &[u8]| {
        let mut sum = Crc::new();
        sum.update(name);
        sum.update(body);
        let length = u32::try_from(body.len()).expect("a length").to_be_bytes();
        [&length, name, body, &sum.sum().to_be_bytes()].concat()
    };
    let head = [&side.to_be_bytes()[..], &side.to_be_bytes(), &[8, 0, 0, 0, 0]].concat();
    [
        b"\x89PNG\r\n\x1a\n".to_vec(),
        chunk(b"IHDR", &head),
        chunk(b"tEXt", b"Author\0Ann at home"),
        chunk(b"IDAT", b"points"),
        chunk(b"IEND", b""),
    ]
    .concat()
}

#[tokio::test]
async fn what_is_no_document_is_refused_in_words() {
    let world = World::start().await;
    let mut story = Story::begin(&world).await;
    let svg: &[u8] = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let cut_png = &png(4)[..40];
    let zip: &[u8] = b"PK\x03\x04\x14\0\0\0 42.zip";
    let table: [(&str, &[u8], &str); 9] = [
        ("drawing.pdf", svg, "The file must be a PDF, or a picture as JPEG or PNG"),
        ("bomb.pdf", zip, "What it is called does not count"),
        ("page.png", b"<!doctype html><script>alert(1)</script>", "must be a PDF"),
        ("photo.heic", b"\0\0\0\x18ftypheic", "must be a PDF"),
        ("empty.pdf", b"", "The file is empty"),
        ("", b"", "Choose a file"),
        ("cut.pdf", b"%PDF-1.7 and no end", "The file is not a whole PDF"),
        ("cut.png", cut_png, "The file is not a whole PNG picture"),
        ("bomb.png", &png(60_000), "The picture is too large to be opened"),
    ];
    for (name, bytes, sentence) in table {
        let page = story.hands_in(&INDEMNITY, (name, bytes)).await.expect(422);
        page.says("There is a problem").says(sentence);
        assert!(page.body.contains("<title>Error: "), "{name}");
    }
    let nothing = story.hands_in(&[], ("scan.pdf", PDF)).await.expect(422);
    nothing.says("Select what the document is").says("Enter a last day");
    story.hands_in(&[("competency", "ecg"), ("forever", "yes")], ("scan.pdf", PDF)).await.expect(422);
    assert_eq!((story.files().await, story.states().await.len()), (0, 0));
    world.stop().await;
}

#[tokio::test]
async fn a_file_that_is_two_files_and_a_name_that_is_a_path_do_no_harm() {
    let world = World::start().await;
    let story = Story::begin(&world).await;
    let two = [PDF, b"PK\x03\x04<script>alert(1)</script>PK\x05\x06"].concat();
    story.hands_in(&INDEMNITY, ("..\\\\..\\\\etc\\\\<b>passwd.pdf", &two)).await.expect(303);
    let own = story.at_home.get("/me/documents").await;
    own.says("passwd.pdf (PDF, 1 KB)").does_not_say("etc");
    assert!(!own.body.contains("<b>passwd"), "a name is text");
    assert_eq!(
        open(&story.at_home, &own.address("/me/documents/0")).await.2,
        PDF,
        "what came after is cut off"
    );

    let long = format!("{}.png", "n".repeat(251));
    let dbs = [("competency", "enhanced_dbs"), ("forever", "yes")];
    story.hands_in(&dbs, (&long, &png(4))).await.expect(303);
    let own = story.at_home.get("/me/documents").await;
    own.says(&"n".repeat(100)).does_not_say(&"n".repeat(101));
    let (_, headers, bytes) = open(&story.at_home, &own.address("/me/documents/0")).await;
    assert!(!bytes.windows(6).any(|part| part == b"Author"), "what was written beside the points is cut out");
    assert!(headers.contains(&("content-type".to_owned(), "image/png".to_owned())), "{headers:?}");
    world.stop().await;
}

#[tokio::test]
async fn a_form_of_another_site_or_of_nobody_is_refused_before_its_file_is_read() {
    let world = World::start().await;
    let mut story = Story::begin(&world).await;
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let send = async |visitor: &Visitor, token: &str| {
        let body = multipart(&[&[("csrf_token", token)], &INDEMNITY[..]].concat(), ("scan.pdf", PDF));
        let request = visitor.request(reqwest::Method::POST, "/me/documents").header("content-type", &kind);
        request.body(body).send().await.expect("an answer").status().as_u16()
    };
    assert_eq!(send(&story.at_home, "wrong").await, 403);
    assert_eq!(send(&story.at_home, "").await, 403);
    assert_eq!(send(&world.visitor(), "wrong").await, 401);
    assert_eq!(send(&story.at_desk, story.at_desk.form_token()).await, 404);
    assert_eq!(story.files().await, 0);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_at_once_leave_one_that_waits() {
    let world = World::start().await;
    let mut story = Story::begin(&world).await;
    let (one, other) = tokio::join!(
        story.hands_in(&INDEMNITY, ("one.pdf", PDF)),
        story.hands_in(&INDEMNITY, ("other.pdf", PDF))
    );
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (303, 303));
    let mut states = story.states().await;
    states.sort_unstable();
    assert_eq!((states, story.files().await), (vec!["replaced".to_owned(), "waiting".to_owned()], 2));
    for _ in 0..18 {
        story.hands_in(&INDEMNITY, ("more.pdf", PDF)).await.expect(303);
    }
    story.hands_in(&INDEMNITY, ("more.pdf", PDF)).await.expect(409).says("Hand in the others tomorrow");
    world.stop().await;
}

/// A request whose connection ends in the middle of its file.
async fn cut_off(world: &World, story: &Story, keep_bytes: usize) {
    let body = multipart(&[("csrf_token", story.at_home.form_token())], ("scan.pdf", &vec![b'x'; 400_000]));
    let request = story.at_home.request(reqwest::Method::POST, "/me/documents").build().expect("a request");
    let cookie = request.headers().get("cookie").and_then(|it| it.to_str().ok()).expect("a cookie");
    let address = world.base_url.trim_start_matches("http://");
    let head = format!(
        "POST /me/documents HTTP/1.1\r\nhost: {address}\r\nsec-fetch-site: same-origin\r\ncookie: {cookie}\r\n\
         content-type: multipart/form-data; boundary={BOUNDARY}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.expect("the server answers");
    stream.write_all(head.as_bytes()).await.expect("the head goes out");
    stream.write_all(&body[..keep_bytes]).await.expect("some of the body goes out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_ends_in_the_middle_leaves_nothing() {
    let world = World::start().await;
    let mut story = Story::begin(&world).await;
    for keep_bytes in [0, 100, 300, 200_000, 400_000] {
        cut_off(&world, &story, keep_bytes).await;
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!((story.files().await, story.states().await.len()), (0, 0));
    // And there is room for the next.
    story.hands_in(&INDEMNITY, ("scan.pdf", PDF)).await.expect(303);
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_virus_check_says_counts_and_its_silence_is_no_yes() {
    let world =
        World::start_with(|settings| settings.documents.virus_check = "grep -qv EICAR".to_owned()).await;
    let mut story = Story::begin(&world).await;
    let infected = b"%PDF-1.7 EICAR %%EOF";
    story.hands_in(&INDEMNITY, ("scan.pdf", infected)).await.expect(422).says("has a virus in it");
    assert_eq!(story.files().await, 0);
    story.hands_in(&INDEMNITY, ("scan.pdf", PDF)).await.expect(303);
    story.at_desk.get(&story.waiting().await).await.says("Looked for, and none found");
    for silent in ["/nowhere/clamdscan -", "grep --no-such-option", "sleep 30"] {
        let away = world
            .start_another_with(|settings| {
                settings.documents.virus_check = silent.to_owned();
                settings.documents.virus_check_seconds = 1;
            })
            .await;
        let at_home = away.signed_in(&story.ann.person.email).await;
        let refused = at_home.post_file("/me/documents", &INDEMNITY, ("scan.pdf", PDF)).await.expect(422);
        refused.says("could not be checked for viruses").says("Try again in a few minutes");
        away.stop().await;
    }
    assert_eq!(story.files().await, 1);
    world.stop().await;
}

/// The most memory that a process has had so far, in kilobytes.
fn most_memory(process: u32) -> i64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("its status");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("its peak");
    line.split_whitespace().nth(1).and_then(|kilobytes| kilobytes.parse().ok()).expect("a number")
}

/// A body that says it is so long, and is sent as long as the server reads it; what the server answers.
async fn endless(server: &ServerProcess, visitor: &Visitor, megabytes: usize) -> String {
    let request = visitor.request(reqwest::Method::POST, "/me/documents").build().expect("a request");
    let cookie =
        request.headers().get("cookie").and_then(|it| it.to_str().ok()).expect("a cookie").to_owned();
    let address = server.base_url.trim_start_matches("http://").to_owned();
    let whole = multipart(&[("csrf_token", visitor.form_token())], ("scan.pdf", b"%PDF-1.7"));
    let ending = format!("\r\n--{BOUNDARY}--\r\n");
    let (start, _) = whole.split_at(whole.len() - ending.len());
    let length = start.len() + (megabytes << 20) + ending.len();
    let head = format!(
        "POST /me/documents HTTP/1.1\r\nhost: {address}\r\nsec-fetch-site: same-origin\r\naccept: text/html\r\n\
         cookie: {cookie}\r\nconnection: close\r\ncontent-type: multipart/form-data; boundary={BOUNDARY}\r\n\
         content-length: {length}\r\n\r\n"
    );
    let mut stream = TcpStream::connect(&address).await.expect("the server answers");
    stream.write_all(head.as_bytes()).await.expect("the head goes out");
    stream.write_all(start).await.expect("the fields go out");
    let some = vec![b'x'; 1 << 20];
    for _ in 0..megabytes {
        if stream.write_all(&some).await.is_err() {
            break;
        }
    }
    // Whoever is hung up on reads what was said before.
    let _sent = stream.write_all(ending.as_bytes()).await;
    let mut answer = Vec::new();
    let _read = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_too_large_are_refused_in_words_and_take_no_memory() {
    let world = World::start().await;
    let mut story = Story::begin(&world).await;
    let server = ServerProcess::start(world.database_url()).await;
    let at_home = world.signed_in_on(&server.base_url, &story.ann.person.email).await;
    let before = most_memory(server.id());
    let refusals = tokio::join!(endless(&server, &at_home, 100), endless(&server, &at_home, 100));
    for refusal in [refusals.0, refusals.1] {
        assert!(refusal.contains("The file must be 10 MB or smaller"), "{refusal}");
    }
    let largest = [b"%PDF-1.7\n".to_vec(), vec![b'x'; (10 << 20) - 20], b"%%EOF".to_vec()].concat();
    for _ in 0..2 {
        let (one, other) = tokio::join!(
            at_home.post_file("/me/documents", &INDEMNITY, ("one.pdf", &largest)),
            at_home.post_file("/me/documents", &INDEMNITY, ("other.pdf", &largest))
        );
        assert_eq!((one.status.as_u16(), other.status.as_u16()), (303, 303));
    }
    let more = most_memory(server.id()) - before;
    println!("{} MB more than before", more / 1024);
    assert!(more < 64 * 1024, "{more} KB more than before");
    assert_eq!(story.files().await, 4);
    let hung_up_on = endless(&server, &at_home, 300).await;
    assert!(hung_up_on.is_empty() || hung_up_on.contains("it must be 10 MB or smaller"), "{hung_up_on}");
    world.stop().await;
}
