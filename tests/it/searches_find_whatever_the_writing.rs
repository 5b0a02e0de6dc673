//! Whoever looks for a person or a place finds them, with or without accents, apostrophes, titles, and in any order; and
//! two practices of one name can be told apart wherever they are shown.

use locumbank::ground::sign_in::PersonKind;

use crate::support::opening::Opening;
use crate::support::visitor::Visitor;

/// People, and what finds them.
const PEOPLE: [(&str, &[&str]); 7] = [
    ("Łukasz Wójcik", &["lukasz", "ŁUKASZ", "wojcik", "Wójcik, Łukasz", "Dr Wojcik", "woj lukasz"]),
    ("Siân O’Neill", &["Sian", "SIÂN", "O'Neill", "O’Neill", "oneill", "o neill", "O`Neill Siân", "neill"]),
    ("Padraig O'Brien", &["O’Brien", "o'brien, padraig", "Mr. O Brien", "Prof O'Brien"]),
    ("Anne-Marie Dubois", &["anne marie", "annemarie", "Anne-Marie", "dubois anne"]),
    ("Zoë Brontë", &["zoe", "Zoe\u{308}", "bronte", "Ms Brontë"]),
    ("Nguyễn Văn An", &["nguyen", "Van An", "an van nguyen"]),
    ("Weiß Jørgensen", &["weiss", "jorgensen", "Jørgensen"]),
];

#[tokio::test]
async fn a_person_is_found_however_they_are_written() {
    let Opening { world, mut seed, administrator, practice, .. } = Opening::begin().await;
    let mut addresses = Vec::new();
    for (name, _) in PEOPLE {
        addresses.push(seed.clinician("gp", name, &administrator).await.person.email);
    }
    let manager = seed.practice_manager("Mo Example", &[practice]).await;
    let (administrator, manager) =
        (world.signed_in(&administrator.email).await, world.signed_in(&manager.email).await);
    let refusals = format!("/practice/{practice}/refusals");
    for (name, ways) in PEOPLE {
        for typed in ways {
            let lists =
                [(&administrator, "/clinicians"), (&administrator, "/people"), (&manager, refusals.as_str())];
            for (reader, path) in lists {
                let page = search(reader, path, typed).await;
                assert!(page.contains(name), "{path}: {typed} does not find {name}\n{page}");
                let others = PEOPLE.iter().filter(|(other, _)| other != &name);
                assert!(others.clone().all(|(other, _)| !page.contains(other)), "{path}: {typed}\n{page}");
            }
        }
    }
    // A practice knows people by their names, the bank by their addresses as well.
    assert!(search(&administrator, "/clinicians", &addresses[1]).await.contains("Siân O’Neill"));
    assert!(!search(&manager, &refusals, &addresses[1]).await.contains("Siân O’Neill"));
    for nothing in ["???", "%", "_", "\\", "'", "nobody", "lukasz dubois"] {
        let page = search(&administrator, "/clinicians", nothing).await;
        assert!(page.contains("No clinician found"), "{nothing}\n{page}");
    }
    world.stop().await;
}

async fn search(reader: &Visitor, path: &str, typed: &str) -> String {
    let query = serde_html_form::to_string([("search", typed)]).expect("a query");
    reader.get(&format!("{path}?{query}")).await.expect(200).text()
}

#[tokio::test]
async fn practices_of_one_name_are_told_apart_wherever_they_are_shown() {
    let Opening { world, mut seed, administrator, ann, .. } = Opening::begin().await;
    let first = seed.practice("K81001", "The Surgery").await;
    let second = seed.practice("K81002", "The Surgery").await;
    let third = seed.practice("K81003", "The surgery").await;
    for (practice, postcode) in [(first, "DT2 7AA"), (second, "DT3 8BB"), (third, "DT3 8BB")] {
        sqlx::query("update practice set postcode = $2 where id = $1")
            .bind(practice)
            .bind(postcode)
            .execute(seed.connection())
            .await
            .expect("a postcode");
    }
    let names = ["The Surgery (DT2 7AA)", "The Surgery (K81002)", "The surgery (K81003)"];
    let manager = seed.practice_manager("Mo Example", &[first, second, third]).await;
    let (office, ann, manager) = (
        world.signed_in(&administrator.email).await,
        world.signed_in(&ann.person.email).await,
        world.signed_in(&manager.email).await,
    );
    let pages = [
        search(&office, "/practices", "the surgery").await,
        search(&ann, "/me/practices", "surgery").await,
        manager.get("/practice").await.expect(200).text(),
        manager.get("/sessions/new").await.expect(200).text(),
        manager.get("/invitations/new").await.expect(200).text(),
    ];
    for page in pages {
        for name in names {
            assert!(page.contains(name), "{name} is not on\n{page}");
        }
    }
    // What the register calls it finds it too, by code and postcode as well; and an invitation says what is missing.
    assert!(search(&office, "/practices", "dt38bb").await.contains("2 practices"));
    let form = |practices: &'static str| {
        [("kind", "practice_manager"), ("practices", practices), ("people", "new@people.test")]
    };
    let page = office.post("/invitations/check", &form("the surgery")).await.expect(422);
    page.says("3 practices are called “the surgery”. Enter the ODS code");
    office
        .post("/invitations/check", &form("The Surgery (DT2 7AA)"))
        .await
        .expect(200)
        .says("The Surgery (DT2");

    // Who is alone with a name needs nothing beside it.
    sqlx::query("update practice set name = 'Quay Practice' where id = any($1)")
        .bind([second, third])
        .execute(seed.connection())
        .await
        .expect("new names");
    let page = search(&office, "/practices", "k81").await;
    assert!(page.contains("The Surgery ") && !page.contains("The Surgery ("), "{page}");
    assert!(page.contains("Quay Practice (K81002)") && page.contains("Quay Practice (K81003)"), "{page}");
    world.stop().await;
}

#[tokio::test]
async fn an_administrator_is_no_clinician() {
    let Opening { world, mut seed, administrator, .. } = Opening::begin().await;
    seed.person(PersonKind::Commissioner, "Cas Example").await;
    let office = world.signed_in(&administrator.email).await;
    assert!(search(&office, "/clinicians", "cas").await.contains("No clinician found"));
    world.stop().await;
}
