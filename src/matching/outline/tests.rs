//! The quick look and the thorough one come to the same.

use crate::matching::eligibility::eligible_pairs;
use crate::matching::example::{Request, Shape, example, read_districts};
use crate::matching::facts::Facts;
use crate::matching::market::{Market, follows};
use crate::matching::prices::worthwhile;
use crate::matching::schedule::Scheduler;
use crate::matching::score::pair_worth;

fn market(seed: u64, weeks: u32) -> Market {
    let request = Request {
        areas: vec!["BH".into(), "DT".into()],
        sessions: 300,
        clinicians: 40,
        weeks,
        start: "2027-01-04".parse().unwrap(),
        seed,
        shape: Shape::Usual,
        bank_holidays: std::collections::BTreeSet::new(),
        booked_per_mille: 50,
        incumbent_per_mille: 0,
    };
    let districts = read_districts(include_str!("../../../config/outcodes.csv")).unwrap();
    let mut problem = example(&request, &districts).unwrap();
    for person in problem.clinicians.iter_mut().step_by(3) {
        person.rest_minutes = 900;
    }
    let facts = Facts::of(&problem);
    Market::of(&facts, &eligible_pairs(&facts), |pair| {
        pair_worth(&facts, pair.clinician, pair.session, pair.road_metres).unwrap().score
    })
}

/// Prices that differ from session to session by up to `spread` hundredths of its highest score.
fn prices(market: &Market, spread: i64) -> Vec<i64> {
    let by_lot = |place: i64| (place * 7_919 + spread * 104_729).rem_euclid(1_000);
    (0..)
        .zip(market.highest_scores())
        .map(|(place, highest)| highest * spread * by_lot(place) / 100_000)
        .collect()
}

#[test]
fn the_quick_look_gains_what_the_thorough_one_does() {
    let (mut looked, mut tied, mut mended) = (0, 0, 0);
    for (seed, weeks) in [(1, 1), (2, 1), (3, 2), (4, 2)] {
        let market = market(seed, weeks);
        for spread in [0, 1, 3, 10, 40, 90, 110] {
            let prices = prices(&market, spread);
            let (mut quick, mut thorough, mut offers) =
                (Scheduler::default(), Scheduler::default(), Vec::new());
            for agent in &market.agents {
                worthwhile(&market, agent, &prices, &mut offers);
                let gain = thorough.best(&market, agent, &offers);
                assert_eq!(quick.best_at(&market, agent, &prices), gain, "seed {seed}, spread {spread}");
                let gains = |session: &u32| {
                    let place = market.choices(agent).binary_search_by_key(session, |choice| choice.session);
                    market.choices(agent)[place.unwrap()].score - prices[*session as usize]
                };
                assert_eq!(quick.chosen().iter().map(gains).sum::<i64>(), gain, "what it chose gains that");
                for pair in quick.chosen().windows(2) {
                    let [one, other] = [pair[0], pair[1]].map(|session| market.timing(session).unwrap());
                    assert!(follows(one, other, agent.rest_minutes, &market.roads));
                }
                looked += 1;
                tied += usize::from(!agent.days_are_free);
                mended += usize::from(market.choices(agent).iter().any(|choice| !choice.goes_with_all));
            }
        }
    }
    assert!(looked > 1_000 && tied > 50 && mended > 50, "{looked} looks, {tied} tied, {mended} with drives");
}
