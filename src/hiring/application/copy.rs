//! What somebody sent, in words: for their own page, for their copy, and for whoever reads it.

use super::Answers;
use crate::ground::words;

/// The facts, named.
#[must_use]
pub fn facts(answers: &Answers, cv: Option<&str>) -> Vec<(&'static str, String)> {
    let right = answers.right_to_work.map(|right| right.name().to_owned());
    let starts = answers.starts_on.map_or_else(|| "As we agree".to_owned(), words::full_date);
    let interview =
        answers.wants_interview.then(|| "Asked for, as Disability Confident offers it".to_owned());
    let said = [
        ("Name", Some(answers.name.clone())),
        ("Phone", Some(answers.phone.clone())),
        ("Registration number", answers.registration.clone()),
        ("On record", Some(answers.on_record.clone())),
        ("Right to work", right),
        ("First day", Some(starts)),
        ("Guaranteed interview", interview),
        ("CV", cv.map(str::to_owned)),
    ];
    said.into_iter()
        .filter_map(|(label, value)| Some((label, value.filter(|value| !value.is_empty())?)))
        .collect()
}

/// Each criterion with what was said to it.
#[must_use]
pub fn statements(answers: &Answers) -> Vec<(String, String)> {
    answers.statements.iter().filter(|(_, said)| !said.is_empty()).cloned().collect()
}
