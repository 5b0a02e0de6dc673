//! Help says how each kind of person works, and links only what its reader can open.

use crate::support::opening::Opening;

#[tokio::test]
async fn the_pages_that_help_names_are_links_for_whoever_can_open_them() {
    let Opening { world, administrator, ann, .. } = Opening::begin().await;
    let (own, other) = ("href=\"/me/rates\"", "href=\"/matching\"");
    let ann = world.signed_in(&ann.person.email).await;
    let page = ann.get("/help/clinician").await.expect(200);
    assert!(page.body.contains(own), "what is theirs is a link");
    page.says("Sign out");
    let page = ann.get("/help/bank").await.expect(200);
    assert!(!page.body.contains(other), "what is not theirs is a word");
    let page = world.signed_in(&administrator.email).await.get("/help/bank").await.expect(200);
    assert!(page.body.contains(other));
    // Whoever is not signed in yet is asked to where the link leads.
    let page = world.visitor().get("/help/clinician").await.expect(200);
    assert!(page.body.contains(own));
    world.stop().await;
}
