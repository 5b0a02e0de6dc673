//! PostgreSQL can't keep a NUL, so none gets past the edge: not in an address, not in a query, not in a form.

use locumbank::ground::sign_in::PersonKind;
use locumbank::site::routes::ROUTES;

use crate::support::World;
use crate::support::seed::Seed;

#[tokio::test]
async fn no_address_with_a_nul_is_a_fault_of_ours() {
    let world = World::start().await;
    let mut seed = Seed::bank(&world, "Test bank").await;
    let mut asked = 0;
    for kind in PersonKind::ALL {
        let person = seed.person(kind, "Sam Example").await;
        let mut visitor = world.visitor();
        visitor.sign_in(&person.email).await;
        for route in ROUTES.iter().filter(|route| route.method == "GET") {
            let in_query = format!("{}?page=%00&search=%00&week=%00", route.path.replace(['{', '}'], ""));
            visitor.get(&in_query).await.expect(400).says("Check the web address");
            asked += 1;
            if let Some((before, _)) = route.path.split_once('{') {
                visitor.get(&format!("{before}a%00b")).await.expect(400);
                asked += 1;
            }
        }
    }
    assert!(asked > 300, "only {asked} addresses were asked for");
}

#[tokio::test]
async fn a_form_with_a_nul_is_not_understood() {
    let world = World::start().await;
    let form = [("email", "sam\0@people.test"), ("password", "wrong")];
    let page = world.visitor().post_without_token("/sign-in", &form).await;
    page.expect(400).says("check what you entered");
}
