//! Readers: text in, value or [`Wrong`] out.

use chrono::{NaiveDate, NaiveTime};

use super::{RawDate, Wrong, is_unshowable};
use crate::ground::words;

/// The most letters of a person's name.
const MOST_LETTERS_OF_A_NAME: usize = 100;

/// A time typed as people write it: "8:30am", "8.30 am", "08:30", "8am", "midday", "midnight". Hours without
/// "am" or "pm" are those of a 24-hour clock and need their minutes, since "8" alone could be either.
pub fn time_of_day(typed: &str) -> Result<NaiveTime, Wrong> {
    let wrong = Wrong::NotLike { example: "8:30am" };
    let typed: String =
        typed.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_lowercase();
    match typed.as_str() {
        "midday" | "noon" | "12noon" => return NaiveTime::from_hms_opt(12, 0, 0).ok_or(wrong),
        "midnight" => return Ok(NaiveTime::MIN),
        _ => {}
    }
    let (clock, half) = match (typed.strip_suffix("am"), typed.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (typed.as_str(), None),
    };
    let (hour, minute) =
        clock.split_once([':', '.']).unwrap_or((clock, if half.is_some() { "00" } else { "" }));
    let (Some(hour), 2, Some(minute)) = (figures(hour, 2), minute.len(), figures(minute, 2)) else {
        return Err(wrong);
    };
    let hour = match half {
        None => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return Err(wrong),
    };
    NaiveTime::from_hms_opt(hour, minute, 0).ok_or(wrong)
}

/// A time of day at which something ends: as any other, and "24:00" is the midnight that ends the day. Midnight is given
/// as 00:00, and is the end of the day before.
pub fn end_time(typed: &str) -> Result<NaiveTime, Wrong> {
    if matches!(typed.trim(), "24:00" | "24.00") { Ok(NaiveTime::MIN) } else { time_of_day(typed) }
}

/// A sum in pounds as pence: "88", "£88.50", "1,200". Between `least` and `most` pence. A comma stands before three figures
/// or nowhere: elsewhere "8,5" means something else than it says.
pub fn pounds_as_pence(typed: &str, least: i64, most: i64) -> Result<i64, Wrong> {
    let wrong = Wrong::NotLike { example: "88 or 88.50" };
    let typed = typed.trim();
    let typed = typed.strip_prefix('£').unwrap_or(typed).trim_start();
    let (whole, rest) = typed.split_once('.').unwrap_or((typed, "00"));
    if rest.len() != 2 {
        return Err(wrong);
    }
    let whole = without_thousands(whole);
    let (Some(whole), Some(rest)) = (whole.and_then(|whole| figures(&whole, 7)), figures(rest, 2)) else {
        return Err(wrong);
    };
    within(i64::from(whole) * 100 + i64::from(rest), least, most, words::pounds)
}

/// A whole number between `least` and `most`: "20", "1,200".
pub fn whole_number(typed: &str, least: i64, most: i64) -> Result<i64, Wrong> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Wrong::Missing);
    }
    let (least_read, most_read) = (words::number(least), words::number(most));
    let whole = without_thousands(typed).filter(|_| !typed.contains('.'));
    let Some(whole) = whole else {
        return Err(Wrong::NotWhole { least: least_read, most: most_read });
    };
    let outside = || Wrong::OutOfRange { least: least_read, most: most_read };
    let value: i64 = whole.parse().map_err(|_| outside())?;
    within(value, least, most, words::number)
}

/// A number's whole part without the commas before each three figures; none where a comma stands elsewhere.
fn without_thousands(typed: &str) -> Option<String> {
    let mut groups = typed.split(',');
    let first = groups.next().unwrap_or_default();
    let is_grouped = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let rest: Vec<&str> = groups.collect();
    let fits =
        rest.is_empty() || ((1..=3).contains(&first.len()) && rest.iter().all(|group| is_grouped(group)));
    fits.then(|| typed.replace(',', ""))
}

/// One line of text, without the space around it, of at most `most` letters.
pub fn text(typed: &str, most: usize) -> Result<String, Wrong> {
    let typed = typed.trim();
    if typed.chars().any(is_unshowable) {
        return Err(Wrong::Unshowable);
    }
    filled(typed.to_owned(), most)
}

/// A person's name as they write it: one line with a letter in it.
pub fn name_of_person(typed: &str) -> Result<String, Wrong> {
    let name = text(typed, MOST_LETTERS_OF_A_NAME)?;
    if name.chars().any(char::is_alphabetic) {
        Ok(name)
    } else {
        Err(Wrong::NotLike { example: "Sam Example" })
    }
}

/// Several lines of text, their ends written as one kind, of at most `most` letters.
pub fn text_of_lines(typed: &str, most: usize) -> Result<String, Wrong> {
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    let typed = typed.trim();
    if typed.chars().any(|letter| is_unshowable(letter) && letter != '\n' && letter != '\t') {
        return Err(Wrong::Unshowable);
    }
    filled(typed.to_owned(), most)
}

/// "yes" or "no", as radios send them.
pub fn yes_or_no(typed: &str) -> Result<bool, Wrong> {
    match typed {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(Wrong::NotYesOrNo),
    }
}

/// Nothing when nothing was typed, and otherwise what `read` makes of it.
pub fn optional<T>(typed: &str, read: impl FnOnce(&str) -> Result<T, Wrong>) -> Result<Option<T>, Wrong> {
    if typed.trim().is_empty() { Ok(None) } else { read(typed).map(Some) }
}

/// A code of the Organisation Data Service in capital letters. Only its shape is read here: merged bodies have
/// longer codes, so whether it exists is asked of the table of practices.
pub fn ods_code(typed: &str) -> Result<String, Wrong> {
    let code = without_spaces_in_capitals(typed);
    let fits = (3..=12).contains(&code.len()) && code.chars().all(|letter| letter.is_ascii_alphanumeric());
    if fits { Ok(code) } else { Err(Wrong::NotLike { example: "J81001" }) }
}

/// The first half of a postcode, "BH1" or "EC1A", also taken from a whole postcode.
pub fn postcode_district(typed: &str) -> Result<String, Wrong> {
    let postcode = without_spaces_in_capitals(typed);
    let shape: String = postcode
        .chars()
        .map(|letter| match letter {
            'A'..='Z' => 'a',
            '0'..='9' => '9',
            _ => '?',
        })
        .collect();
    let is_district = |shape: &str| matches!(shape, "a9" | "a99" | "aa9" | "aa99" | "a9a" | "aa9a");
    if is_district(&shape) {
        return Ok(postcode);
    }
    match shape.strip_suffix("9aa") {
        Some(district) if is_district(district) => Ok(postcode.chars().take(district.len()).collect()),
        _ => Err(Wrong::NotLike { example: "BH1" }),
    }
}

/// An e-mail address that mail can be sent to, as far as its shape tells, in small letters. Quoted local parts and letters
/// beyond ASCII are addresses by the book, and nobody's: two of them can look the same.
pub fn email(typed: &str) -> Result<String, Wrong> {
    let wrong = Wrong::NotLike { example: "name@example.com" };
    let address = typed.trim();
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    let has_dot = domain.split('.').count() > 1 && domain.split('.').all(|label| !label.is_empty());
    let is_plain = address.chars().all(|letter| letter.is_ascii_graphic() && !"<>,;\"".contains(letter));
    if address.len() > 254 || !has_dot || !is_plain || address.parse::<lettre::Address>().is_err() {
        return Err(wrong);
    }
    Ok(address.to_ascii_lowercase())
}

impl RawDate {
    /// The boxes filled in with a date.
    #[must_use]
    pub fn of(date: NaiveDate) -> Self {
        let part = |pattern: &str| date.format(pattern).to_string();
        Self { day: part("%-d"), month: part("%-m"), year: part("%Y") }
    }

    /// Whether all three boxes are empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [&self.day, &self.month, &self.year].iter().all(|part| part.trim().is_empty())
    }

    /// The date, with the month in figures or by name.
    pub fn read(&self) -> Result<NaiveDate, Wrong> {
        if self.is_empty() {
            return Err(Wrong::Missing);
        }
        let boxes = [("day", &self.day), ("month", &self.month), ("year", &self.year)];
        let empty = boxes.iter().filter(|(_, typed)| typed.trim().is_empty());
        let parts: Vec<&'static str> = empty.map(|(part, _)| *part).collect();
        if !parts.is_empty() {
            return Err(Wrong::DatePartsMissing { parts });
        }
        if self.year.trim().len() != 4 {
            return Err(Wrong::YearNotFourFigures);
        }
        let year = figures(self.year.trim(), 4).and_then(|year| i32::try_from(year).ok());
        let date = year.zip(month_number(&self.month)).zip(figures(self.day.trim(), 2));
        date.and_then(|((year, month), day)| NaiveDate::from_ymd_opt(year, month, day)).ok_or(Wrong::NotADate)
    }
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// 11 from "11", "nov" or "November".
fn month_number(typed: &str) -> Option<u32> {
    let typed = typed.trim().to_lowercase();
    figures(&typed, 2).or_else(|| {
        let named = MONTHS.iter().position(|name| typed.len() >= 3 && name.starts_with(&typed))?;
        u32::try_from(named + 1).ok()
    })
}

/// The number that one to `most` figures make.
fn figures(typed: &str, most: usize) -> Option<u32> {
    let fits = (1..=most).contains(&typed.len()) && typed.bytes().all(|byte| byte.is_ascii_digit());
    if fits { typed.parse().ok() } else { None }
}

fn within(value: i64, least: i64, most: i64, written: fn(i64) -> String) -> Result<i64, Wrong> {
    if (least..=most).contains(&value) {
        Ok(value)
    } else {
        Err(Wrong::OutOfRange { least: written(least), most: written(most) })
    }
}

fn filled(typed: String, most: usize) -> Result<String, Wrong> {
    match typed.chars().count() {
        0 => Err(Wrong::Missing),
        letters if letters > most => Err(Wrong::TooLong { most }),
        _ => Ok(typed),
    }
}

fn without_spaces_in_capitals(typed: &str) -> String {
    typed.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_uppercase()
}

#[cfg(test)]
mod tests {
    use super::{
        RawDate, Wrong, email, ods_code, optional, postcode_district, pounds_as_pence, text, text_of_lines,
        time_of_day, whole_number,
    };
    use chrono::{NaiveDate, NaiveTime};

    #[test]
    fn times_are_read_as_people_write_them() {
        let table = [
            ("8:30", 8, 30),
            ("08:30", 8, 30),
            ("8.30am", 8, 30),
            (" 8:30 AM ", 8, 30),
            ("8am", 8, 0),
            ("5pm", 17, 0),
            ("12:40pm", 12, 40),
            ("12:05am", 0, 5),
            ("12pm", 12, 0),
            ("midday", 12, 0),
            ("Midnight", 0, 0),
            ("18:30", 18, 30),
        ];
        for (typed, hour, minute) in table {
            assert_eq!(time_of_day(typed), Ok(NaiveTime::from_hms_opt(hour, minute, 0).unwrap()), "{typed}");
        }
        for typed in
            ["", "8", "13pm", "0am", "24:00", "8:60", "8:3am", "half eight", "8:30:15", "-1:30", "é:30"]
        {
            assert_eq!(time_of_day(typed), Err(Wrong::NotLike { example: "8:30am" }), "{typed}");
        }
    }

    #[test]
    fn sums_are_read_as_pence() {
        let read = |typed| pounds_as_pence(typed, 1, 100_000_000);
        assert_eq!([read("88"), read("£88.50"), read(" 1,200 ")], [Ok(8_800), Ok(8_850), Ok(120_000)]);
        for typed in [
            "", "£", "88.5", "88.505", "-88", "eighty", "88p", "8e3", "99999999", "8,5", "£8,5", "12,34",
            "1,2345", "1 200", "8 5", ",500", "1,,200", "1200,", "88,50", "8,50.00", "£ £8",
        ] {
            assert_eq!(read(typed), Err(Wrong::NotLike { example: "88 or 88.50" }), "{typed}");
        }
        let outside = pounds_as_pence("200", 4_000, 15_000).unwrap_err();
        assert_eq!(outside.sentence("hourly rate"), "Hourly rate must be between £40 and £150");
    }

    #[test]
    fn whole_numbers_keep_their_bounds() {
        let read = |typed| whole_number(typed, 1, 20);
        assert_eq!([read("1"), read(" 20 ")], [Ok(1), Ok(20)]);
        for typed in ["0", "21", "two", "99999999999999999999", "1 2"] {
            assert_eq!(
                read(typed),
                Err(Wrong::OutOfRange { least: "1".into(), most: "20".into() }),
                "{typed}"
            );
        }
        for typed in ["1.5", "1,5", "12,5", "1,2,3", "12,50"] {
            let wrong = read(typed).unwrap_err();
            let said = "Places must be a whole number between 1 and 20, without a comma or a point";
            assert_eq!(wrong.sentence("places"), said, "{typed}");
        }
        assert_eq!(whole_number("1,200", 0, 9_999), Ok(1_200));
        assert_eq!(read(""), Err(Wrong::Missing));
    }

    #[test]
    fn dates_are_read_from_three_boxes() {
        let read = |day: &str, month: &str, year: &str| {
            RawDate { day: day.into(), month: month.into(), year: year.into() }.read()
        };
        let second = NaiveDate::from_ymd_opt(2026, 11, 2).unwrap();
        assert_eq!([read("2", "11", "2026"), read("02", "Nov", " 2026 ")], [Ok(second), Ok(second)]);
        assert_eq!(RawDate::of(second).read(), Ok(second));
        assert_eq!(read("29", "2", "2028").map(|date| date.to_string()), Ok("2028-02-29".to_owned()));
        assert_eq!(
            [read("29", "2", "2027"), read("31", "ma", "2027")],
            [Err(Wrong::NotADate), Err(Wrong::NotADate)]
        );
        assert_eq!(read("", "11", ""), Err(Wrong::DatePartsMissing { parts: vec!["day", "year"] }));
        assert_eq!(read("2", "11", "26"), Err(Wrong::YearNotFourFigures));
        assert_eq!(read("", " ", ""), Err(Wrong::Missing));
    }

    #[test]
    fn codes_and_districts_are_read_in_any_writing() {
        assert_eq!(ods_code(" j81001 "), Ok("J81001".to_owned()));
        assert!(ods_code("J8").is_err() && ods_code("J81-001").is_err());
        let read = |typed: &str| postcode_district(typed).ok();
        assert_eq!(read("bh1"), Some("BH1".into()));
        assert_eq!(read("BH1 1AA"), Some("BH1".into()));
        assert_eq!(read("ec1a1bb"), Some("EC1A".into()));
        assert_eq!(read("m1"), Some("M1".into()));
        assert_eq!(
            [read(""), read("BH"), read("123"), read("BH1 1A"), read("É1")],
            [None, None, None, None, None]
        );
    }

    #[test]
    fn addresses_that_no_mail_reaches_are_refused() {
        assert_eq!(email(" Name.O'Neil@example.com "), Ok("name.o'neil@example.com".to_owned()));
        for typed in
            ["", "name", "name@", "@example.com", "name@example", "a b@example.com", "a@example..com"]
        {
            assert!(email(typed).is_err(), "{typed}");
        }
        for typed in ["s\u{430}m@example.com", "\"a b\"@example.com", "a\0@example.com", "a@exämple.com"] {
            assert!(email(typed).is_err(), "{typed}");
        }
        assert!(email("name@example.com\r\nBcc: other@example.com").is_err());
    }

    #[test]
    fn text_has_an_end_and_no_control_characters() {
        assert_eq!(text("  Dŵr 💧 ", 10), Ok("Dŵr 💧".to_owned()));
        assert_eq!(text("one\r\ntwo", 10), Err(Wrong::Unshowable));
        assert_eq!(text_of_lines("one\r\ntwo\rthree", 20), Ok("one\ntwo\nthree".to_owned()));
        assert_eq!(text("ŵŵŵ", 2), Err(Wrong::TooLong { most: 2 }));
        assert_eq!(optional("  ", |typed| text(typed, 5)), Ok(None));
        assert_eq!(optional("a", |typed| text(typed, 5)), Ok(Some("a".to_owned())));
    }
}
