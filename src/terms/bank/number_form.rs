//! What the numbers of a register look like. An administrator writes it with a sign for each place of the number; the
//! database keeps it as a regular expression, and people read it in words.

use crate::ground::words;

/// A stretch of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// These capitals or figures, in each number.
    Fixed(String),
    /// So many figures at least and at most.
    Figures(usize, usize),
    /// So many letters.
    Letters(usize),
}

/// What the numbers of a register look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberForm {
    parts: Vec<Part>,
}

/// The longest number, in letters and figures.
const LONGEST: usize = 20;

impl NumberForm {
    /// Reads a form as an administrator writes it: `#` for a figure, `?` after these for one that may be missing, `@` for a
    /// letter; capitals and figures stand for themselves. None where it is no form.
    #[must_use]
    pub fn of_written(written: &str) -> Option<Self> {
        let signs = written.trim().to_uppercase();
        if signs.is_empty() || signs.len() > LONGEST {
            return None;
        }
        let mut form = Self { parts: Vec::new() };
        for sign in signs.chars() {
            form.add(sign)?;
        }
        // Of nothing but fixed places there is one number.
        form.parts.iter().any(|part| !matches!(part, Part::Fixed(_))).then_some(form)
    }

    fn add(&mut self, sign: char) -> Option<()> {
        match (sign, self.parts.last_mut()) {
            ('#', Some(Part::Figures(least, most))) if least == most => {
                (*least, *most) = (*least + 1, *most + 1);
            }
            ('#', Some(Part::Figures(..))) => return None,
            ('#', _) => self.parts.push(Part::Figures(1, 1)),
            ('?', Some(Part::Figures(_, most))) => *most += 1,
            ('@', Some(Part::Letters(count))) => *count += 1,
            ('@', _) => self.parts.push(Part::Letters(1)),
            ('A'..='Z' | '0'..='9', Some(Part::Fixed(fixed))) => fixed.push(sign),
            ('A'..='Z' | '0'..='9', _) => self.parts.push(Part::Fixed(sign.to_string())),
            _ => return None,
        }
        Some(())
    }

    /// Reads a form as the database keeps it; none where it is written in another way.
    #[must_use]
    pub fn of_pattern(pattern: &str) -> Option<Self> {
        let mut rest = pattern.strip_prefix('^')?.strip_suffix('$')?;
        let mut written = String::new();
        while !rest.is_empty() {
            let (sign, after) = if let Some(after) = rest.strip_prefix("[0-9]") {
                ("#", after)
            } else if let Some(after) = rest.strip_prefix("[A-Z]") {
                ("@", after)
            } else {
                rest.split_at_checked(1)?
            };
            let (least, most, after) = times(after)?;
            written.push_str(&sign.repeat(least));
            written.push_str(&"?".repeat(most - least));
            rest = after;
        }
        Self::of_written(&written)
    }

    /// As an administrator writes it: "PH#?????".
    #[must_use]
    pub fn written(&self) -> String {
        let one = |part: &Part| match part {
            Part::Fixed(fixed) => fixed.clone(),
            Part::Figures(least, most) => format!("{}{}", "#".repeat(*least), "?".repeat(most - least)),
            Part::Letters(count) => "@".repeat(*count),
        };
        self.parts.iter().map(one).collect()
    }

    /// As the database keeps it: a regular expression.
    #[must_use]
    pub fn pattern(&self) -> String {
        let many = |least: &usize, most: &usize| match (least, most) {
            (1, 1) => String::new(),
            (least, most) if least == most => format!("{{{least}}}"),
            (least, most) => format!("{{{least},{most}}}"),
        };
        let one = |part: &Part| match part {
            Part::Fixed(fixed) => fixed.clone(),
            Part::Figures(least, most) => format!("[0-9]{}", many(least, most)),
            Part::Letters(count) => format!("[A-Z]{}", many(count, count)),
        };
        format!("^{}$", self.parts.iter().map(one).collect::<String>())
    }

    /// Whether a number, in capitals and without spaces, looks like this.
    #[must_use]
    pub fn fits(&self, number: &str) -> bool {
        regex_lite::Regex::new(&self.pattern()).is_ok_and(|pattern| pattern.is_match(number))
    }

    /// In the middle of a sentence: "with 7 figures", "as the letters PH and up to 6 figures".
    #[must_use]
    pub fn in_words(&self) -> String {
        if let [Part::Figures(least, most)] = self.parts.as_slice() {
            return format!("with {}", figures(*least, *most));
        }
        if let [Part::Fixed(first), Part::Figures(least, most)] = self.parts.as_slice()
            && first.chars().all(|sign| sign.is_ascii_digit())
        {
            let all = figures(first.len() + least, first.len() + most);
            return format!("with {all}, the first of them {first}");
        }
        let parts: Vec<String> = self.parts.iter().map(Part::in_words).collect();
        format!("as {}", words::list(&parts))
    }
}

/// How often what stands before comes: at least, at most, and what is left of the expression.
fn times(rest: &str) -> Option<(usize, usize, &str)> {
    let Some(counted) = rest.strip_prefix('{') else { return Some((1, 1, rest)) };
    let (counts, after) = counted.split_once('}')?;
    let (least, most) = counts.split_once(',').unwrap_or((counts, counts));
    let (least, most) = (least.parse().ok()?, most.parse().ok()?);
    (least >= 1 && most >= least && most <= LONGEST).then_some((least, most, after))
}

fn figures(least: usize, most: usize) -> String {
    match (least, most) {
        (1, 1) => "a figure".to_owned(),
        (least, most) if least == most => format!("{most} figures"),
        (1, most) => format!("up to {most} figures"),
        (least, most) => format!("{least} to {most} figures"),
    }
}

impl Part {
    fn in_words(&self) -> String {
        match self {
            Self::Fixed(fixed) if fixed.len() == 1 && fixed.chars().all(|sign| sign.is_ascii_digit()) => {
                format!("the figure {fixed}")
            }
            Self::Fixed(fixed) if fixed.len() == 1 => format!("the letter {fixed}"),
            Self::Fixed(fixed) if fixed.chars().all(|sign| sign.is_ascii_alphabetic()) => {
                format!("the letters {fixed}")
            }
            Self::Fixed(fixed) => format!("{fixed} in front"),
            Self::Figures(least, most) => figures(*least, *most),
            Self::Letters(1) => "a letter".to_owned(),
            Self::Letters(count) => format!("{count} letters"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::NumberForm;

    #[test]
    fn each_form_is_written_kept_and_read_as_one() {
        for (written, pattern, words) in [
            ("#######", "^[0-9]{7}$", "with 7 figures"),
            ("A#######", "^A[0-9]{7}$", "as the letter A and 7 figures"),
            ("##@####@", "^[0-9]{2}[A-Z][0-9]{4}[A-Z]$", "as 2 figures, a letter, 4 figures and a letter"),
            ("PH#?????", "^PH[0-9]{1,6}$", "as the letters PH and up to 6 figures"),
            ("2######", "^2[0-9]{6}$", "with 7 figures, the first of them 2"),
            ("@@###??", "^[A-Z]{2}[0-9]{3,5}$", "as 2 letters and 3 to 5 figures"),
        ] {
            let form = NumberForm::of_written(written).unwrap();
            assert_eq!((form.written().as_str(), form.pattern().as_str()), (written, pattern));
            assert_eq!(form.in_words(), words);
            assert_eq!(NumberForm::of_pattern(pattern), Some(form));
        }
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for written in ["", "GMC", "#-#", "?##", "##?#", "[0-9]+", &"#".repeat(21)] {
            assert_eq!(NumberForm::of_written(written), None, "{written}");
        }
        for pattern in ["[0-9]{7}", "^.*$", "^[0-9]{0,3}$", "^[0-9]{2$", "^(A|B)[0-9]$"] {
            assert_eq!(NumberForm::of_pattern(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn an_example_fits_or_does_not() {
        let form = NumberForm::of_written("ph#?????").unwrap();
        assert!(form.fits("PH012345") && form.fits("PH1"));
        assert!(!form.fits("PH") && !form.fits("PH1234567") && !form.fits("PA1"));
    }
}
