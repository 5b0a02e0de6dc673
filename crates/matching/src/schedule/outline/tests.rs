//! The quick look and the thorough one come to the same.

use crate::index::PartSessionIx;
use crate::market::{PartMarket, Prices, follows};
use crate::sample::{market_of, week};
use crate::schedule::Scheduler;
use crate::schedule::worthwhile;

/// A third of the people rest so long that their days are tied to each other.
fn market(seed: u64) -> PartMarket {
    let mut problem = week(300, 40, seed);
    for person in problem.clinicians.iter_mut().step_by(3) {
        person.rest_minutes = 900;
    }
    market_of(&problem)
}

/// Prices that differ from session to session by up to `spread` hundredths of its highest score.
fn prices(market: &PartMarket, spread: i64) -> Prices {
    let by_lot = |place: i64| (place * 7_919 + spread * 104_729).rem_euclid(1_000);
    (0..)
        .zip(market.highest_scores())
        .map(|(place, highest)| highest * spread * by_lot(place) / 100_000)
        .collect()
}

#[test]
fn the_quick_look_gains_what_the_thorough_one_does() {
    let (mut looked, mut tied, mut mended) = (0, 0, 0);
    for seed in 1..=6 {
        let market = market(seed);
        for spread in [0, 1, 3, 10, 40, 90, 110] {
            let prices = prices(&market, spread);
            let (mut quick, mut thorough, mut offers) =
                (Scheduler::default(), Scheduler::default(), Vec::new());
            for agent in &market.agents {
                worthwhile(&market, agent, &prices, &mut offers);
                let gain = thorough.best(&market, agent, &offers);
                assert_eq!(quick.best_at(&market, agent, &prices), gain, "seed {seed}, spread {spread}");
                let gains = |session: &PartSessionIx| {
                    market.choice_of(agent, *session).unwrap().score - prices[*session]
                };
                assert_eq!(quick.chosen().iter().map(gains).sum::<i64>(), gain, "what it chose gains that");
                for pair in quick.chosen().windows(2) {
                    let [one, other] = [pair[0], pair[1]].map(|session| &market.timings[session]);
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
