//! The practices of an invented county, on real postcode districts so that distances are true.

use crate::ground::id::PracticeId;
use crate::people::practice::store::NewPractice;
use crate::people::practice::{PlacedBy, PracticeKind};
use crate::terms::bank::places::find_place;
use matching::example::chance::Chance;

/// The county's name.
pub const NAME: &str = "Wrenshire locum bank";

const DISTRICTS: [&str; 40] = [
    "DT1", "DT2", "DT3", "DT4", "DT5", "DT6", "DT7", "DT8", "DT9", "DT10", "DT11", "BH1", "BH2", "BH3",
    "BH4", "BH5", "BH6", "BH7", "BH8", "BH9", "BH10", "BH11", "BH12", "BH13", "BH14", "BH15", "BH16", "BH17",
    "BH18", "BH19", "BH20", "BH21", "BH22", "BH23", "BH24", "BH25", "SP7", "SP8", "SP6", "BA8",
];

const FIRST: [&str; 20] = [
    "Alder", "Bramble", "Cuckoo", "Damson", "Elder", "Fallow", "Gorse", "Hazel", "Ivy", "Juniper", "Kestrel",
    "Lapwing", "Meadow", "Nettle", "Orchard", "Plover", "Quarry", "Rowan", "Skylark", "Teasel",
];
const SECOND: [&str; 2] = ["Bank", "Vale"];
const KINDS: [&str; 4] = ["Surgery", "Medical Practice", "Health Centre", "Family Practice"];

/// Names no practice has: a plant or bird, a lie of the land, a kind.
fn name(number: usize) -> String {
    let (first, second) = (FIRST[number % FIRST.len()], SECOND[number / FIRST.len() % SECOND.len()]);
    format!("{first} {second} {}", KINDS[(number * 7 + number / 3) % KINDS.len()])
}

/// The county's practices, the same every time but for their ids.
#[must_use]
pub fn practices(chance: &mut Chance) -> Vec<NewPractice> {
    let placed = DISTRICTS.iter().filter_map(|district| Some((district, find_place(district)?)));
    placed
        .enumerate()
        .map(|(number, (district, place))| NewPractice {
            id: PracticeId::new(),
            // Codes that begin with Z have not been given to practices.
            ods_code: format!("Z{:05}", 90_001 + number),
            name: name(number),
            kind: if number % 13 == 12 { PracticeKind::PcnHub } else { PracticeKind::GpPractice },
            address: format!("{} {} Road", 1 + chance.below(80), FIRST[(number * 3 + 5) % FIRST.len()]),
            postcode: format!("{district} 0ZZ"),
            place,
            placed_by: PlacedBy::PostcodeDistrict,
            pcn: Some((
                format!("U{:05}", 99_001 + number / 5),
                format!("{} Vale network", FIRST[number / 5]),
            )),
            clinical_system: Some(if chance.per_mille(600) { "systmone" } else { "emis_web" }.to_owned()),
            opened_on: None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::practices;
    use matching::example::chance::Chance;

    #[test]
    fn the_county_has_forty_practices_with_names_of_their_own() {
        let practices = practices(&mut Chance::new(1, 1));
        let names: BTreeSet<_> = practices.iter().map(|practice| practice.name.as_str()).collect();
        assert_eq!((practices.len(), names.len()), (40, 40));
    }
}
