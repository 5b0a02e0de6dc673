//! What may be paid for a session.

/// What may be paid, in pence an hour, the least and the most, where the practice pays from `asked.0` to `asked.1`, the
/// commissioner allows `range.0` to `range.1`, and an approved exception for the session lifts that to `exception`. Upside
/// down where the two have nothing in common.
#[must_use]
pub fn payable(asked: (i32, i32), range: (i32, i32), exception: Option<i32>) -> (i32, i32) {
    let ceiling = exception.map_or(range.1, |most| most.max(range.1));
    (asked.0.max(range.0), asked.1.min(ceiling))
}

#[cfg(test)]
mod tests {
    use super::payable;

    #[test]
    fn an_approved_exception_lifts_the_ceiling() {
        assert_eq!(payable((7_600, 10_500), (7_000, 9_800), None), (7_600, 9_800));
        assert_eq!(payable((7_600, 10_500), (7_000, 9_800), Some(10_200)), (7_600, 10_200));
        assert_eq!(payable((7_600, 10_500), (7_000, 9_800), Some(9_000)), (7_600, 9_800));
        assert_eq!(payable((6_000, 6_500), (7_000, 9_800), None), (7_000, 6_500));
    }
}
