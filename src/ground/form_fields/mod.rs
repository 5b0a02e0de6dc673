//! What people type, read kindly: dates from three boxes, times of day, sums in pounds, whole numbers, codes
//! and addresses. A reader returns the value or a [`Wrong`], whose sentence says what to do next. The slices'
//! `forms.rs` put readers together into values of their own and collect what is wrong in [`FieldErrors`].

mod decimal;
mod phone;
mod read;
mod typed;
mod wrong;

pub use decimal::hundredths;
pub use phone::phone;
pub use read::{
    email, end_time, name_of_person, ods_code, optional, postcode_district, pounds_as_pence, text,
    text_of_lines, time_of_day, whole_number, yes_or_no,
};
pub use typed::{Typed, is_invisible, is_unshowable};
pub use wrong::Wrong;

/// A field of one form. Each form has an enum of its own, so that a message cannot be put to a field that is
/// not there.
pub trait Field: Copy + Eq {
    /// The field's name in the form, which is its id in the page too.
    fn name(self) -> &'static str;
}

/// What is wrong with a form, field by field, in the order of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldErrors<F> {
    found: Vec<(F, String)>,
}

/// One line of the summary at the top of a form that came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorLine<'a> {
    /// The id of the field to go to.
    pub field: &'static str,
    /// What to do.
    pub message: &'a str,
}

impl<F> Default for FieldErrors<F> {
    fn default() -> Self {
        Self { found: Vec::new() }
    }
}

impl<F: Field> FieldErrors<F> {
    /// Nothing is wrong: for a form that is shown for the first time.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// One thing is wrong.
    #[must_use]
    pub fn one(field: F, message: impl Into<String>) -> Self {
        let mut errors = Self::none();
        errors.add(field, message);
        errors
    }

    /// Notes what is wrong with a field. The first message of a field is kept: it is the one to mend first.
    pub fn add(&mut self, field: F, message: impl Into<String>) {
        if !self.has(field) {
            self.found.push((field, message.into()));
        }
    }

    /// The value that was read, or nothing after noting what is wrong. `what` is the field's name in a
    /// sentence: "start time".
    pub fn keep<T>(&mut self, field: F, what: &str, read: Result<T, Wrong>) -> Option<T> {
        read.map_err(|wrong| self.add(field, wrong.sentence(what))).ok()
    }

    /// Whether something is wrong with the field.
    #[must_use]
    pub fn has(&self, field: F) -> bool {
        self.found.iter().any(|(known, _)| *known == field)
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// What is wrong with the field of that name, or "": for templates.
    #[must_use]
    pub fn of(&self, name: &str) -> &str {
        self.found.iter().find(|(field, _)| field.name() == name).map_or("", |(_, message)| message)
    }

    /// Everything that is wrong, in the order in which it was found.
    #[must_use]
    pub fn lines(&self) -> Vec<ErrorLine<'_>> {
        self.found.iter().map(|(field, message)| ErrorLine { field: field.name(), message }).collect()
    }

    /// The value when nothing is wrong and every part of it was read.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Self> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => Err(self),
        }
    }
}

/// A form as the browser sent it: names and values in order. Unlike a struct it takes the same name twice, as
/// checkboxes send it, and a field that is missing is one that is empty. Its values are without invisible letters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawForm {
    pairs: Vec<(String, Typed)>,
    /// As they came, where that is not the same: for passwords.
    exact: Vec<(String, String)>,
}

impl RawForm {
    /// A form of these names and values, such as one filled in from a record to be changed.
    #[must_use]
    pub fn from_pairs(sent: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in sent {
            let typed = Typed::from(value.as_str());
            if typed != *value {
                form.exact.push((name.clone(), value));
            }
            form.pairs.push((name, typed));
        }
        form
    }

    /// The first value of that name to the letter, or "": a password is whatever somebody typed.
    #[must_use]
    pub fn exactly(&self, name: &str) -> &str {
        let exact = self.exact.iter().find(|(known, _)| known == name);
        exact.map_or_else(|| self.get(name), |(_, value)| value)
    }

    /// The first value of that name, or "".
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str())
    }

    /// Every value of that name.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Every name and value in order, but for these names.
    #[must_use]
    pub fn without(&self, names: &[&str]) -> Vec<(String, String)> {
        let kept = self.pairs.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        kept.map(|(name, value)| (name.clone(), value.to_string())).collect()
    }

    /// Whether a checkbox of that name and value was ticked.
    #[must_use]
    pub fn is_ticked(&self, name: &str, value: &str) -> bool {
        self.all(name).contains(&value)
    }

    /// The three boxes of a date.
    #[must_use]
    pub fn date(&self, name: &str) -> RawDate {
        let part = |part: &str| self.get(&format!("{name}-{part}")).to_owned();
        RawDate { day: part("day"), month: part("month"), year: part("year") }
    }
}

/// What came as the file of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SentFile {
    /// None was chosen.
    None,
    /// It is larger than a form takes.
    TooLarge,
    /// It was read.
    Read {
        /// What its person calls it, without invisible letters. It says nothing about what is in it.
        name: String,
        /// Its bytes.
        bytes: Vec<u8>,
    },
}

/// Day, month and year as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawDate {
    /// "2".
    pub day: String,
    /// "11", "November" or "nov".
    pub month: String,
    /// "2026".
    pub year: String,
}

#[cfg(test)]
mod tests {
    use super::{Field, FieldErrors, RawDate, RawForm, Wrong};

    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    enum Asked {
        Start,
        Rate,
    }

    impl Field for Asked {
        fn name(self) -> &'static str {
            match self {
                Self::Start => "start",
                Self::Rate => "rate",
            }
        }
    }

    #[test]
    fn errors_keep_the_first_message_of_each_field_in_order() {
        let mut errors = FieldErrors::none();
        assert_eq!(errors.keep(Asked::Rate, "rate", Ok(88)), Some(88));
        assert_eq!(errors.keep::<i64>(Asked::Rate, "rate", Err(Wrong::Missing)), None);
        errors.add(Asked::Start, "Enter a start time");
        errors.add(Asked::Rate, "Never seen");
        let lines: Vec<(&str, &str)> = errors.lines().iter().map(|line| (line.field, line.message)).collect();
        assert_eq!(lines, [("rate", "Enter a rate"), ("start", "Enter a start time")]);
        assert_eq!((errors.of("start"), errors.of("end")), ("Enter a start time", ""));
        assert!(errors.finish(Some(())).is_err());
    }

    #[test]
    fn a_form_with_nothing_wrong_gives_its_value() {
        assert_eq!(FieldErrors::<Asked>::none().finish(Some(1)), Ok(1));
        assert!(FieldErrors::<Asked>::none().finish(None::<i64>).is_err());
    }

    #[test]
    fn a_form_takes_a_name_twice_and_misses_nothing() {
        let pairs = [("skill", "ecg"), ("skill", "spirometry"), ("on-day", "2"), ("on-month", "11")];
        let form =
            RawForm::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec());
        assert_eq!(form.all("skill"), ["ecg", "spirometry"]);
        assert!(form.is_ticked("skill", "spirometry") && !form.is_ticked("skill", "minor_surgery"));
        assert_eq!(form.date("on"), RawDate { day: "2".into(), month: "11".into(), year: String::new() });
        assert_eq!(form.get("notes"), "");
    }
}
