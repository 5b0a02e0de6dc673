//! A list from a spreadsheet is uploaded, looked at with each bad line named, and sent; what is no list is refused.

use crate::support::opening::Opening;

#[tokio::test]
async fn a_list_from_a_spreadsheet_is_looked_at_and_sent() {
    let Opening { world, administrator, ann, .. } = Opening::begin().await;
    let abi = world.signed_in(&administrator.email).await;
    let file = format!(
        "\u{feff}Name;Email\r\nZoë O’Neill;zoe@people.test\r\n;nobody\r\nAnn;{}\r\nZoë;ZOE@people.test\r\n",
        ann.person.email
    );
    let sent = [("kind", "clinician"), ("people", ""), ("practices", "")];
    let page = abi.post_file("/invitations/check", &sent, ("people.csv", file.as_bytes())).await.expect(200);
    page.says("Zoë O’Neill").says("zoe@people.test").says("Send the invitation");
    page.says("Line 3: “nobody” Enter an email address").says("The same address as in line 2");
    page.says("They are here already");
    let people = page.hidden("people").replace("&#60;", "<").replace("&#62;", ">");
    let form = [("kind", "clinician"), ("practices", ""), ("people", people.as_str())];
    abi.post("/invitations", &form).await.expect(303);
    world.work().await;
    assert_eq!(world.inbox.of("zoe@people.test").len(), 1);
    assert!(world.inbox.of("nobody").is_empty());
    world.stop().await;
}

#[tokio::test]
async fn what_is_no_list_is_refused_with_the_place() {
    let Opening { world, administrator, .. } = Opening::begin().await;
    let abi = world.signed_in(&administrator.email).await;
    let sent = [("kind", "clinician"), ("people", ""), ("practices", "")];
    for (file, says) in [
        (b"PK\x03\x04 a spreadsheet of its own kind".to_vec(), "save it as CSV"),
        (b"ann@people.test\nben\0@people.test".to_vec(), "line 2 has what no text has"),
        (vec![b'x'; 300 * 1024], "256 KB or smaller"),
        (b"ann@people.test\n".repeat(101), "there are 101 lines"),
        (b"Name,Email\n".to_vec(), "Enter at least one email address"),
    ] {
        let page = abi.post_file("/invitations/check", &sent, ("people.csv", &file)).await;
        page.expect(422).says(says);
    }
    let both = [("kind", "clinician"), ("people", "ben@people.test"), ("practices", "")];
    let page =
        abi.post_file("/invitations/check", &both, ("people.csv", b"ann@people.test")).await.expect(422);
    page.says("Paste a list or choose a file, not both");
    // No file chosen: the pasted list is read as before.
    abi.post_file("/invitations/check", &both, ("", b"")).await.expect(200).says("ben@people.test");
    world.stop().await;
}
