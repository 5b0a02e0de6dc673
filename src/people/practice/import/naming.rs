//! Names and addresses are published in capitals; here they become what people write.

/// Words that stay small inside a name.
const SMALL: [&str; 16] = [
    "and", "at", "by", "de", "for", "in", "le", "next", "of", "on", "or", "over", "the", "to", "upon", "with",
];

/// Words without a vowel that are no initials.
const SHORTENED: [&str; 17] = [
    "bldg", "blk", "cl", "ctr", "dr", "hlth", "hs", "ld", "ln", "mr", "mrs", "nr", "pl", "rd", "sq", "st",
    "str",
];

/// Initials that have a vowel.
const INITIALS: [&str; 14] =
    ["AHP", "BEMS", "EMS", "GPWSI", "ICB", "ICS", "II", "III", "IV", "OOH", "UK", "UTC", "WIC", "APMS"];

/// "The Ridgeway Surgery" from "THE RIDGEWAY SURGERY".
#[must_use]
pub fn readable(capitals: &str) -> String {
    let mut words = Vec::new();
    // "175 The Ridgeway": a name begins anew after the number of a house.
    let mut opens = true;
    for word in capitals.split_whitespace() {
        words.push(parts(word, opens));
        opens = word.starts_with(|letter: char| letter.is_ascii_digit());
    }
    words.join(" ")
}

/// An address in one line: "The Surgery, Rawlings Lane, Fowey" from its lines in capitals.
#[must_use]
pub fn readable_address(lines: &[String]) -> String {
    let parts = lines.iter().flat_map(|line| line.split(',')).map(str::trim).filter(|part| !part.is_empty());
    parts.map(readable).collect::<Vec<_>>().join(", ")
}

/// A word and what hangs on it: "Leigh-on-Sea", "(Grove)", "S+R", "Allan/Smith".
fn parts(word: &str, is_first: bool) -> String {
    let mut written = String::with_capacity(word.len());
    let mut part = String::new();
    let mut opens = is_first;
    for letter in word.chars() {
        if letter.is_alphanumeric() || letter == '\'' || letter == '’' {
            part.push(letter);
        } else {
            written.push_str(&one(&part, opens));
            part.clear();
            written.push(letter);
            opens = letter != '-' && letter != '.';
        }
    }
    written.push_str(&one(&part, opens));
    written
}

fn one(word: &str, opens: bool) -> String {
    let lower = word.to_lowercase();
    let letters = word.chars().filter(|letter| letter.is_alphabetic()).count();
    let has_figure = word.chars().any(|letter| letter.is_ascii_digit());
    let has_vowel = lower.chars().any(|letter| "aeiouy".contains(letter));
    if has_figure && ["st", "nd", "rd", "th"].iter().any(|end| lower.ends_with(end)) {
        return lower;
    }
    if INITIALS.contains(&word) || (has_figure && letters <= 2) || letters == 1 {
        return word.to_owned();
    }
    if SMALL.contains(&lower.as_str()) {
        return if opens { capitalised(&lower) } else { lower };
    }
    if !has_vowel && letters <= 4 && !SHORTENED.contains(&lower.as_str()) {
        return word.to_owned();
    }
    match (lower.strip_prefix("mc"), lower.strip_prefix("o'")) {
        (Some(rest), _) if rest.chars().count() > 2 => format!("Mc{}", capitalised(rest)),
        (_, Some(rest)) if rest.chars().count() > 2 => format!("O'{}", capitalised(rest)),
        _ => capitalised(&lower),
    }
}

fn capitalised(lower: &str) -> String {
    let mut letters = lower.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::{readable, readable_address};

    #[test]
    fn names_in_capitals_become_what_people_write() {
        for (capitals, written) in [
            ("THE DENSHAM SURGERY", "The Densham Surgery"),
            ("STOCKTON ON TEES", "Stockton on Tees"),
            ("LEIGH-ON-SEA", "Leigh-on-Sea"),
            ("ST WILFRID'S SQUARE", "St Wilfrid's Square"),
            ("THE SURGERY AT WHEATBRIDGE", "The Surgery at Wheatbridge"),
            ("BD4+ PCN", "BD4+ PCN"),
            ("SS9 NORTH PCN", "SS9 North PCN"),
            ("WALKDEN & LITTLE HULTON PCN", "Walkden & Little Hulton PCN"),
            ("DR O'BRIEN AND PARTNERS", "Dr O'Brien and Partners"),
            ("MCDONALD PRACTICE", "McDonald Practice"),
            ("GOSSOPS GREEN MEDICAL CTR", "Gossops Green Medical Ctr"),
            ("2A HIGH STREET", "2A High Street"),
            ("175 THE RIDGEWAY", "175 The Ridgeway"),
            ("THE NHS GP SURGERY (GROVE)", "The NHS GP Surgery (Grove)"),
            ("8-12 HODGE ROAD", "8-12 Hodge Road"),
            ("27TH STREET", "27th Street"),
            ("", ""),
        ] {
            assert_eq!(readable(capitals), written);
        }
    }

    #[test]
    fn an_address_is_one_line_without_gaps() {
        let lines = ["FOWEY RIVER PRACTICE", "THE SURGERY,RAWLINGS LANE", "FOWEY"].map(str::to_owned);
        assert_eq!(readable_address(&lines), "Fowey River Practice, The Surgery, Rawlings Lane, Fowey");
        assert_eq!(readable_address(&[]), "");
    }
}
