//! Which offers are unlikely to be accepted, by what the same person answered before; silent where that is too little to tell.

/// From so many answers on, they tell something: of fewer, a third accepted is one or two, which chance gives.
const LEAST_ANSWERS: i64 = 6;

/// "They accepted 1 of their last 8 offers", where that is a third or less; empty otherwise.
#[must_use]
pub fn unlikely(offers: i64, accepted: i64) -> String {
    if offers < LEAST_ANSWERS || accepted * 3 > offers {
        return String::new();
    }
    format!("They accepted {accepted} of the {offers} offers they had in the last year")
}

#[cfg(test)]
mod tests {
    use super::unlikely;

    #[test]
    fn an_offer_is_unlikely_where_there_is_enough_to_tell_by() {
        assert_eq!(unlikely(8, 1), "They accepted 1 of the 8 offers they had in the last year");
        assert!(!unlikely(6, 2).is_empty() && !unlikely(6, 0).is_empty());
        for (offers, accepted) in [(6, 3), (5, 0), (0, 0), (30, 11)] {
            assert_eq!(unlikely(offers, accepted), "", "{accepted} of {offers}");
        }
    }
}
