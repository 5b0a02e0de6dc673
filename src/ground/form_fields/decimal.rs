//! Numbers with a part: "0.6", "7.5".

use super::Wrong;
use crate::ground::words::decimal;

/// The most letters of such a number.
const MOST_LETTERS: usize = 8;

/// A number with two figures at most after its point, in hundredths, between `least` and `most` of them: "4", "0.6", "7.25".
pub fn hundredths(typed: &str, least: i64, most: i64) -> Result<i64, Wrong> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Wrong::Missing);
    }
    let (whole, part) = typed.split_once('.').unwrap_or((typed, "0"));
    let is_figures = |text: &str| !text.is_empty() && text.bytes().all(|letter| letter.is_ascii_digit());
    let fits = typed.len() <= MOST_LETTERS && is_figures(whole) && is_figures(part) && part.len() <= 2;
    let read = || Some(whole.parse::<i64>().ok()? * 100 + format!("{part:0<2}").parse::<i64>().ok()?);
    let value = read().filter(|_| fits).ok_or(Wrong::NotLike { example: "4 or 0.6" })?;
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(Wrong::OutOfRange { least: decimal(least), most: decimal(most) })
    }
}

#[cfg(test)]
mod tests {
    use super::{Wrong, hundredths};

    #[test]
    fn parts_are_read_as_people_write_them() {
        let read = |typed| hundredths(typed, 1, 4_000);
        assert_eq!(
            ["4", " 0.6 ", "7.25", "0.05", "40.00"].map(read),
            [Ok(400), Ok(60), Ok(725), Ok(5), Ok(4_000)]
        );
        for typed in ["0,6", "1.234", ".5", "5.", "-1", "1e3", "four", "½", "123456789"] {
            assert_eq!(read(typed), Err(Wrong::NotLike { example: "4 or 0.6" }), "{typed}");
        }
        assert_eq!(read(""), Err(Wrong::Missing));
        assert_eq!(read("41"), Err(Wrong::OutOfRange { least: "0.01".to_owned(), most: "40".to_owned() }));
    }
}
