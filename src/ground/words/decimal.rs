//! Parts of a whole number, as people write them.

/// "0.6", "7.5", "4" of hundredths that are not below none.
#[must_use]
pub fn decimal(hundredths: i64) -> String {
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::decimal;

    #[test]
    fn no_figure_stands_that_says_nothing() {
        assert_eq!([60, 750, 400, 1_000, 5, 0].map(decimal), ["0.6", "7.5", "4", "10", "0.05", "0"]);
    }
}
