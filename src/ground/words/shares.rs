//! Shares in per cent.

/// A share in whole per cent, halves rounded up: "87%". Nothing of nothing is "–". Only all is "100%" and only nothing is
/// "0%": 299 of 300 is "over 99%", and 1 of 302 "under 1%".
#[must_use]
pub fn share(part: i64, whole: i64) -> String {
    match (share_percent(part, whole), rounded_percent(part, whole)) {
        (Some(99), Some(100)) => "over 99%".to_owned(),
        (Some(1), Some(0)) => "under 1%".to_owned(),
        (Some(percent), _) => format!("{percent}%"),
        (None, _) => "–".to_owned(),
    }
}

/// A share in whole per cent, halves rounded up, but 100 for all alone and 0 for nothing alone; none of nothing.
#[must_use]
pub fn share_percent(part: i64, whole: i64) -> Option<i64> {
    let percent = rounded_percent(part, whole)?;
    Some(match percent {
        100 if part < whole => 99,
        0 if part > 0 => 1,
        percent => percent,
    })
}

/// A share in hundredths of a per cent, by the same rule: 99.67 % is 9967. For files, where it is a number.
#[must_use]
pub fn share_hundredths(part: i64, whole: i64) -> Option<i64> {
    let hundredths = (whole > 0).then(|| (part * 20_000 + whole) / (whole * 2))?;
    Some(match hundredths {
        10_000 if part < whole => 9_999,
        0 if part > 0 => 1,
        hundredths => hundredths,
    })
}

fn rounded_percent(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part * 200 + whole) / (whole * 2))
}

#[cfg(test)]
mod tests {
    use super::{share, share_hundredths, share_percent};

    #[test]
    fn a_file_has_two_figures_more_by_the_same_rule() {
        assert_eq!([share_hundredths(299, 300), share_hundredths(7, 8)], [Some(9_967), Some(8_750)]);
        assert_eq!([share_hundredths(29_999, 30_000), share_hundredths(1, 30_000)], [Some(9_999), Some(1)]);
        assert_eq!(
            [share_hundredths(3, 3), share_hundredths(0, 3), share_hundredths(0, 0)],
            [Some(10_000), Some(0), None]
        );
    }

    #[test]
    fn only_all_is_a_hundred_per_cent_and_only_nothing_is_none() {
        assert_eq!([share(7, 8), share(0, 0), share(1, 200)], ["88%", "–", "1%"]);
        assert_eq!([share(300, 300), share(299, 300), share(298, 300)], ["100%", "over 99%", "99%"]);
        assert_eq!([share(0, 302), share(1, 302), share(3, 302)], ["0%", "under 1%", "1%"]);
        assert_eq!([share_percent(299, 300), share_percent(1, 302)], [Some(99), Some(1)]);
    }
}
