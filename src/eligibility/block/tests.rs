//! Each rule of what blocks somebody, by itself: a profile nothing blocks, with one thing changed.

use chrono::NaiveDate;
use chrono_tz::Europe::London;

use super::{Block, Reach, blocks};
use crate::ground::id::AvailabilityId;
use crate::people::availability::TimeAway;
use crate::people::profile::Profile;
use crate::people::profile::examples::{after, before, cleared_until, document, range, ready, today};
use crate::terms::bank::Band;
use crate::terms::rate::RateTable;

fn found(change: impl FnOnce(&mut Profile)) -> Vec<Block> {
    let mut profile = ready();
    change(&mut profile);
    blocks(&profile, London, today())
}

/// The one block that comes of a change.
fn only(change: impl FnOnce(&mut Profile)) -> (Reach, String) {
    let mut blocks = found(change);
    assert_eq!(blocks.len(), 1, "{blocks:?}");
    let block = blocks.remove(0);
    assert_eq!(block.mend().is_some(), block.advice().is_empty(), "one next step: {block:?}");
    (block.reach(), block.sentence())
}

#[test]
fn nothing_blocks_somebody_who_is_ready() {
    assert_eq!(found(|_| {}), []);
}

#[test]
fn somebody_never_cleared_is_told_who_clears_them() {
    let (reach, sentence) = only(|profile| profile.record.clearance = None);
    assert_eq!((reach, sentence.as_str()), (Reach::Everything, "You are not cleared to work yet."));
}

#[test]
fn a_clearance_counts_through_its_last_day() {
    let (reach, sentence) = only(|profile| profile.record.clearance = Some(cleared_until(before(1))));
    assert_eq!((reach, sentence.as_str()), (Reach::Everything, "Your clearance ended on 21 November 2026."));
    let (reach, _) = only(|profile| profile.record.clearance = Some(cleared_until(today())));
    assert_eq!(reach, Reach::Soon);
    let (reach, sentence) = only(|profile| profile.record.clearance = Some(cleared_until(after(30))));
    assert_eq!(reach, Reach::Soon);
    assert!(sentence.starts_with("Your clearance ends on 22 December 2026."), "{sentence}");
}

#[test]
fn a_document_counts_through_its_last_day() {
    let with = |last| {
        move |profile: &mut Profile| {
            profile.record.held = vec![document("basic_life_support", "Basic life support", last)];
        }
    };
    let (reach, sentence) = only(with(NaiveDate::from_ymd_opt(2026, 11, 3).unwrap()));
    assert_eq!(reach, Reach::Something);
    assert_eq!(sentence, "Your basic life support certificate ended on 3 November 2026.");
    let (reach, sentence) = only(with(today()));
    assert_eq!(reach, Reach::Soon);
    assert_eq!(sentence, "Your basic life support certificate ends on 22 November 2026.");
    assert_eq!(found(with(after(31))), []);
}

#[test]
fn a_document_that_does_not_expire_never_blocks() {
    assert_eq!(found(|profile| profile.record.held[0].valid_through = None), []);
}

#[test]
fn a_document_of_the_banks_own_is_named_by_its_name() {
    let (_, sentence) =
        only(|profile| profile.record.held.push(document("fire_safety", "Fire safety training", before(1))));
    assert_eq!(sentence, "Your “Fire safety training” ended on 21 November 2026.");
}

#[test]
fn a_registration_number_is_asked_for_where_the_role_has_a_register() {
    let (_, missing) = only(|profile| profile.record.clinician.registration_number = None);
    assert_eq!(missing, "Your GMC number is missing, so your clearance can't be renewed.");
    let (_, odd) = only(|profile| profile.record.clinician.registration_number = Some("70123".to_owned()));
    assert!(odd.starts_with("Your GMC number, 70123, does not look right"), "{odd}");
    let unregistered = |profile: &mut Profile| {
        profile.record.clinician.registration_number = None;
        (profile.record.role.regulator, profile.record.role.register_pattern) = (None, None);
    };
    assert_eq!(found(unregistered), []);
}

#[test]
fn availability_is_looked_for_over_four_weeks() {
    let from = |days| move |profile: &mut Profile| profile.availability.patterns[0].from_date = after(days);
    assert_eq!(found(from(22)), []);
    let (reach, sentence) = only(from(23));
    assert_eq!(reach, Reach::Everything);
    assert_eq!(sentence, "You have given no time when you can work in the next four weeks.");
    let (reach, _) = only(|profile| {
        let (from_date, until_date) = (today(), after(40));
        profile.availability.away.push(TimeAway { id: AvailabilityId::new(), from_date, until_date });
    });
    assert_eq!(reach, Reach::Everything);
}

#[test]
fn a_band_without_a_rate_is_named() {
    let (reach, sentence) = only(|profile| {
        profile.record.rates.remove(&Band::Evening);
    });
    assert_eq!(reach, Reach::Something);
    assert_eq!(sentence, "You have given no rate for evening work, so you are offered none.");
    let (reach, sentence) = only(|profile| profile.record.rates.clear());
    assert_eq!((reach, sentence.as_str()), (Reach::Everything, "You have not said what you work for."));
}

#[test]
fn a_rate_may_be_as_high_as_the_range_and_no_higher() {
    let asking = |pence| {
        move |profile: &mut Profile| {
            profile.record.rates.insert(Band::Core, pence);
        }
    };
    assert_eq!(found(asking(9_800)), []);
    let (reach, sentence) = only(asking(9_801));
    assert_eq!(reach, Reach::Something);
    assert_eq!(
        sentence,
        "Your rate for work in core hours, £98.01 an hour, is above the highest the commissioner allows, £98 an hour."
    );
}

#[test]
fn rates_above_every_range_keep_everything_away() {
    let blocks = found(|profile| profile.record.rates = [(Band::Core, 20_000)].into());
    assert_eq!(blocks.len(), 2);
    assert!(blocks.iter().all(|block| block.reach() == Reach::Everything), "{blocks:?}");
}

#[test]
fn bands_without_a_published_range_are_left_alone() {
    let (reach, _) = only(|profile| {
        profile.ranges = RateTable::new(vec![range(Band::Core, 7_600, 9_800)]);
        profile.record.rates = [(Band::Core, 20_000), (Band::Night, 90_000)].into();
    });
    assert_eq!(reach, Reach::Everything);
}

#[test]
fn somebody_out_of_reach_of_every_practice_is_told_so() {
    let (reach, sentence) = only(|profile| profile.practices_within_reach = 0);
    assert_eq!(reach, Reach::Everything);
    assert_eq!(sentence, "No practice of the bank lies within 20 miles of BH1 by road.");
    let (_, sentence) = only(|profile| {
        (profile.practices_within_reach, profile.record.clinician.max_travel_metres) = (0, 0);
    });
    assert_eq!(sentence, "You have not said how far you travel.");
}

#[test]
fn a_limit_of_no_hours_blocks_everything() {
    let (reach, sentence) = only(|profile| profile.record.clinician.max_minutes_per_week = Some(0));
    assert_eq!(
        (reach, sentence.as_str()),
        (Reach::Everything, "You have set your limit to no hours a week.")
    );
    let (_, sentence) = only(|profile| profile.record.clinician.max_minutes_per_day = Some(0));
    assert_eq!(sentence, "You have set your limit to no hours a day.");
}

#[test]
fn the_worst_comes_first() {
    let blocks = found(|profile| {
        profile.record.held[0].valid_through = Some(before(1));
        profile.record.clinician.registration_number = None;
        profile.practices_within_reach = 0;
    });
    let reaches: Vec<Reach> = blocks.iter().map(Block::reach).collect();
    assert_eq!(reaches, [Reach::Everything, Reach::Something, Reach::Soon]);
}
