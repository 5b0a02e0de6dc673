//! What stands in the cells of a register's file, with what spreadsheets have made of it.

use chrono::{Days, NaiveDate};

use crate::people::lookup::Outcome;

/// A number as numbers are compared: capital letters and figures, without what a spreadsheet adds ("7,012,345", "7012345.0",
/// `="7012345"`) and without the zeros it takes away at the start of figures.
pub fn number_key(typed: &str) -> String {
    let typed = typed.trim();
    let is_figures = |text: &str| text.chars().all(|letter| letter.is_ascii_digit() || ", ".contains(letter));
    let typed = typed.strip_suffix(".0").filter(|whole| is_figures(whole)).unwrap_or(typed);
    let kept = typed.chars().filter(char::is_ascii_alphanumeric);
    let number: String = kept.map(|letter| letter.to_ascii_uppercase()).collect();
    let letters = number.bytes().take_while(u8::is_ascii_uppercase).count();
    let (start, rest) = number.split_at(letters);
    if rest.bytes().all(|letter| letter.is_ascii_digit()) {
        format!("{start}{}", rest.trim_start_matches('0'))
    } else {
        number
    }
}

/// Whether a spreadsheet has shortened a long number beyond reading: "7.01E+06".
pub fn is_shortened(typed: &str) -> bool {
    let Some((figures, power)) = typed.split_once(['E', 'e']) else { return false };
    let is_number = |text: &str, marks: &str| {
        !text.is_empty() && text.chars().all(|letter| letter.is_ascii_digit() || marks.contains(letter))
    };
    power.starts_with(['+', '-']) && is_number(figures, ".") && is_number(power, "+-")
}

/// What a status says, with what other columns say against somebody; or that nobody knows it.
pub fn says(status: &str, is_restricted: bool) -> Result<Outcome, String> {
    let plain = status.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| plain.contains(word));
    // What ends a registration stands first: "interim suspension order" is no condition.
    if has(&[
        "not registered",
        "without",
        "suspen",
        "erase",
        "removed",
        "removal",
        "struck off",
        "lapsed",
        "expired",
        "relinquished",
        "deceased",
        "not currently practising",
        "non-practising",
        "deregistered",
    ]) {
        return Ok(Outcome::Lapsed);
    }
    let is_limited = has(&[
        "condition",
        "undertaking",
        "caution",
        "warning",
        "interim",
        "restrict",
        "provisional",
        "temporary",
    ]);
    let is_registered = has(&["registered", "current", "active", "effective", "live"]);
    match (is_limited, is_registered) {
        (true, _) => Ok(Outcome::Conditions),
        (false, true) if is_restricted => Ok(Outcome::Conditions),
        (false, true) => Ok(Outcome::Found),
        (false, false) => Err(format!("“{status}” is no status that is known here")),
    }
}

/// When a registration ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// The file says nothing of it.
    Never,
    /// The last day.
    On(NaiveDate),
}

/// Reads a last day as files have them, the day before the month, or as the number of days that spreadsheets count.
pub fn ends(typed: &str) -> Result<Ends, String> {
    if typed.is_empty() {
        return Ok(Ends::Never);
    }
    let day = typed.split(['T', ' ']).next().unwrap_or_default();
    let formats = ["%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d-%b-%Y", "%d.%m.%Y", "%d-%b-%y"];
    let written = formats
        .iter()
        .find_map(|format| NaiveDate::parse_from_str(day, format).ok())
        .or_else(|| NaiveDate::parse_from_str(typed, "%d %B %Y").ok())
        .or_else(|| NaiveDate::parse_from_str(typed, "%d %b %Y").ok());
    let date = written.or_else(|| of_figures(typed));
    date.map(Ends::On).ok_or_else(|| format!("“{typed}” is no date"))
}

/// "31032027", as the GMC writes dates, without its first zero too; or the days since 30 December 1899, as spreadsheets do.
fn of_figures(typed: &str) -> Option<NaiveDate> {
    if !typed.bytes().all(|letter| letter.is_ascii_digit()) {
        return None;
    }
    match typed.len() {
        7 | 8 => NaiveDate::parse_from_str(&format!("{typed:0>8}"), "%d%m%Y").ok(),
        5 => NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(typed.parse().ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{Ends, ends, is_shortened, number_key};

    #[test]
    fn numbers_are_the_same_however_they_are_written() {
        for (one, other) in [
            ("PH012345", "ph 12345"),
            ("0123456", "123456"),
            ("A7012345", "a7012345"),
            ("12A3456E", "12a 3456e"),
        ] {
            assert_eq!(number_key(one), number_key(other), "{one}");
        }
        assert_ne!(number_key("A7012345"), number_key("7012345"), "an associate is no doctor");
        assert_ne!(number_key("12A3456E"), number_key("12A3457E"));
        assert!(is_shortened("7.01E+06") && !is_shortened("12E3456E") && !is_shortened("7012345"));
    }

    #[test]
    fn dates_are_read_with_the_day_first() {
        let day = |text: &str| ends(text).unwrap();
        let on = |y, m, d| Ends::On(NaiveDate::from_ymd_opt(y, m, d).unwrap());
        for text in
            ["03/04/2027", "2027-04-03", "3 April 2027", "03-Apr-2027", "03042027", "3042027", "46480"]
        {
            assert_eq!(day(text), on(2027, 4, 3), "{text}");
        }
        assert_eq!(day("2027-04-03 00:00:00"), on(2027, 4, 3));
        assert_eq!(day(""), Ends::Never);
        assert!(ends("soon").is_err() && ends("99999999").is_err());
    }
}
