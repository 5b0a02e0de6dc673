//! What somebody typed, without what nobody sees. Every way in makes one of these first, a form, an address, a command or a
//! line of a file, so that no other code ever meets a letter that can't be seen: two addresses that look the same are the
//! same, and a reason of nothing is empty.

use std::convert::Infallible;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Text that came from outside, without invisible letters, and with plain spaces for every kind of space. Whether it is
/// filled, one line, or short enough, the readers say.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(from = "String", into = "String")]
pub struct Typed(String);

impl Typed {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Typed {
    fn from(raw: String) -> Self {
        if raw.is_ascii() { Self(raw) } else { Self(seen(&raw)) }
    }
}

impl From<&str> for Typed {
    fn from(raw: &str) -> Self {
        Self(seen(raw))
    }
}

impl FromStr for Typed {
    type Err = Infallible;

    fn from_str(raw: &str) -> Result<Self, Infallible> {
        Ok(raw.into())
    }
}

impl From<Typed> for String {
    fn from(typed: Typed) -> Self {
        typed.0
    }
}

impl Deref for Typed {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Typed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for Typed {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Typed {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl PartialEq<Typed> for &str {
    fn eq(&self, other: &Typed) -> bool {
        *self == other.0
    }
}

impl PartialEq<Typed> for String {
    fn eq(&self, other: &Typed) -> bool {
        *self == other.0
    }
}

/// The letters that are seen. The ends of lines stay, and what can't be shown at all is for the readers to refuse.
fn seen(raw: &str) -> String {
    let letters = raw.chars().filter(|letter| !is_invisible(*letter));
    letters
        .map(|letter| match letter {
            '\u{2028}' | '\u{2029}' => '\n',
            space if space.is_whitespace() && !space.is_control() => ' ',
            other => other,
        })
        .collect()
}

/// Letters that take no room and are drawn as nothing: marks of direction, joiners, fillers, variation selectors, tags.
/// They are the code points that Unicode calls ignorable by default, and those that only mark up other text.
#[must_use]
pub fn is_invisible(letter: char) -> bool {
    matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

/// Letters that can't be shown: control characters, and what stands where something could not be read.
#[must_use]
pub fn is_unshowable(letter: char) -> bool {
    let is_no_letter = (u32::from(letter) & 0xfffe) == 0xfffe || ('\u{fdd0}'..='\u{fdef}').contains(&letter);
    letter.is_control() || letter == '\u{fffd}' || is_no_letter
}

#[cfg(test)]
mod tests {
    use super::{Typed, is_invisible, is_unshowable};

    #[test]
    fn what_nobody_sees_is_left_out() {
        let table = [
            ("sam\u{200b}@people.test", "sam@people.test"),
            ("\u{200b}\u{feff}\u{2060}\u{ad}", ""),
            ("\u{202e}Dr\u{202c} Who\u{200f}", "Dr Who"),
            ("A\u{a0}B\u{3000}C\u{2009}D", "A B C D"),
            ("one\u{2028}two\r\nthree", "one\ntwo\r\nthree"),
            ("Dŵr 💧 שלום", "Dŵr 💧 שלום"),
            ("plain", "plain"),
        ];
        for (raw, typed) in table {
            assert_eq!(Typed::from(raw), *typed);
            assert_eq!(Typed::from(raw.to_owned()), Typed::from(raw));
        }
    }

    #[test]
    fn no_letter_is_both_seen_and_unseen() {
        for letter in (0..=0x0010_ffff).filter_map(char::from_u32) {
            assert!(
                !(is_invisible(letter)
                    && letter.is_alphanumeric()
                    && !"\u{115f}\u{1160}\u{3164}\u{ffa0}".contains(letter)),
                "{letter:?}"
            );
            assert!(!(is_invisible(letter) && letter.is_control()), "{letter:?}");
        }
        for unshowable in ['\0', '\n', '\u{7f}', '\u{85}', '\u{fffd}', '\u{fffe}', '\u{1ffff}', '\u{fdd0}'] {
            assert!(is_unshowable(unshowable), "{unshowable:?}");
        }
        assert!(!is_unshowable('é') && !is_unshowable('💧') && !is_unshowable(' '));
    }
}
