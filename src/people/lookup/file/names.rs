//! Whether two names are one person's, as two lists write it: with or without titles, middle names and marks above letters.

use std::collections::BTreeSet;

/// What stands before or after names and is none.
const TITLES: [&str; 12] =
    ["dr", "mr", "mrs", "ms", "miss", "mx", "prof", "professor", "sir", "dame", "jr", "senior"];

/// A letter without the marks that lists leave away.
fn plain(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'è'..='ë' | 'ē' | 'ę' | 'ě' => 'e',
        'ì'..='ï' | 'ī' | 'ı' => 'i',
        'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ţ' | 'ț' | 'ť' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ŵ' => 'w',
        'ý' | 'ÿ' | 'ŷ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        other => other,
    }
}

/// The words of a name, each in small plain letters.
fn parts(name: &str) -> BTreeSet<String> {
    let letters = name.chars().flat_map(char::to_lowercase).map(plain);
    let text: String = letters.filter(|letter| !"'’`.".contains(*letter)).collect();
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.filter(|word| !TITLES.contains(word)).map(str::to_owned).collect()
}

/// A name as names are sought: its words in order of the alphabet.
pub fn name_key(name: &str) -> String {
    parts(name).into_iter().collect::<Vec<_>>().join(" ")
}

/// Whether all words of the shorter name are words of the longer.
pub fn is_same_name(one: &str, other: &str) -> bool {
    let (one, other) = (parts(one), parts(other));
    one.is_subset(&other) || other.is_subset(&one)
}

#[cfg(test)]
mod tests {
    use super::{is_same_name, name_key};

    #[test]
    fn a_name_is_known_however_it_is_written() {
        for (one, other) in [
            ("Dr Ann Example", "Ann Example"),
            ("Ann Example", "Example, Ann Mary"),
            ("Siân O'Neill", "SIAN ONEILL"),
            ("Zoë Smith-Jones", "Zoe Smith Jones"),
            ("Ann O’Neill", "Ann O'Neill"),
        ] {
            assert!(is_same_name(one, other), "{one} and {other}");
        }
        for (one, other) in
            [("Ann Example", "Anne Example"), ("Ann Example", "Ann Sample"), ("Ann Maiden", "Ann Married")]
        {
            assert!(!is_same_name(one, other), "{one} and {other}");
        }
        assert_eq!(name_key("Dr Ann EXAMPLE"), name_key("Example Ann"));
    }
}
