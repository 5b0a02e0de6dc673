//! A phone number as it is typed.

use super::Wrong;
use super::read::text;

/// A phone number as people write it in this country: figures, spaces, and what stands between or before them, with an
/// extension where there is one.
pub fn phone(typed: &str) -> Result<String, Wrong> {
    let wrong = Wrong::NotLike { example: "01622 000001 or 01622 000001 ext 12" };
    let number = text(typed, 40)?;
    let (main, extension) = number.split_once(" ext ").unwrap_or((&number, "0"));
    let figures = main.chars().filter(char::is_ascii_digit).count();
    let is_written_so = main.chars().all(|letter| letter.is_ascii_digit() || " +()-".contains(letter))
        && !extension.is_empty()
        && extension.chars().all(|letter| letter.is_ascii_digit());
    if (10..=15).contains(&figures) && is_written_so { Ok(number) } else { Err(wrong) }
}

#[cfg(test)]
mod tests {
    use super::phone;

    #[test]
    fn a_phone_number_is_taken_as_people_write_it() {
        for number in ["01622 000001", "+44 (0)1622 000001", "07700 900123", "01622 000001 ext 12"] {
            assert_eq!(phone(number).as_deref(), Ok(number));
        }
        for typed in ["", "none", "12345", "01622 000001 at lunch", "01622 000001 ext ", "01622 000001 ext x"]
        {
            assert!(phone(typed).is_err(), "{typed}");
        }
    }
}
