//! Whatever number stands in the address of a list, there is a page.

use locumbank::ground::sign_in::PersonKind;

use crate::support::opening::Opening;

#[tokio::test]
async fn every_list_answers_whatever_page_is_asked_for() {
    let Opening { world, mut seed, administrator, ann, .. } = Opening::begin().await;
    let commissioner = seed.person(PersonKind::Commissioner, "Cas Example").await;
    let lists: [(&str, &[&str]); 3] = [
        (
            &administrator.email,
            &[
                "/mail",
                "/matching",
                "/unfilled-sessions",
                "/rota?days=91",
                "/clinicians",
                "/practices",
                "/people",
                "/invitations",
            ],
        ),
        (&commissioner.email, &["/rate-ranges", "/unfilled-sessions"]),
        (&ann.person.email, &["/offers", "/bookings", "/bookings?show=past"]),
    ];
    for (email, paths) in lists {
        let reader = world.signed_in(email).await;
        for path in paths {
            let first = reader.get(path).await.expect(200).text();
            let joint = if path.contains('?') { '&' } else { '?' };
            for number in ["", "0", "-1", "two", "1", "99999", "99999999999999999999"] {
                let page = reader.get(&format!("{path}{joint}page={number}")).await.expect(200);
                assert_eq!(page.text(), first, "{path} has one page, whatever {number} is");
            }
        }
    }
    world.stop().await;
}

#[tokio::test]
async fn beyond_the_last_page_lies_the_last() {
    let Opening { world, mut seed, administrator, practice, .. } = Opening::begin().await;
    for number in 0..52 {
        seed.practice(&format!("K81{number:03}"), &format!("Surgery {number:02}")).await;
    }
    for day in 1..=30 {
        for start in ["08:30", "13:30"] {
            seed.session(practice, "gp", &format!("2026-12-{day:02}"), start, "18:00").await;
        }
    }
    let reader = world.signed_in(&administrator.email).await;
    // One list whose length is counted before it is read, and one whose lines tell it.
    for (path, last) in
        [("/practices?", "Surgery 51"), ("/unfilled-sessions?", "30 Dec"), ("/rota?days=91&", "30 Dec")]
    {
        let second = reader.get(&format!("{path}page=2")).await.expect(200);
        second.says(last);
        for number in ["3", "99999", "99999999999999999999"] {
            let page = reader.get(&format!("{path}page={number}")).await.expect(200);
            assert_eq!(page.text(), second.text(), "{path} {number}");
            assert!(page.body.contains("aria-label=\"Page 2\" aria-current=\"page\""), "{path} {number}");
        }
    }
    world.stop().await;
}
