//! The form of an application. What is typed is kept as it is; what is sent is read here.

pub mod deciding;

use chrono::NaiveDate;

use super::{Answers, RightToWork, opportunity};
use crate::ground::form_fields::{
    Field, FieldErrors, RawForm, SentFile, email, name_of_person, optional, phone, text_of_lines,
};
use crate::hiring::vacancy::advert::Advert;
use crate::people::clinician::register::registration_number;
use crate::people::document::content::{Content, content};
use crate::people::document::forms::kept_name;
use crate::terms::bank::Role;

/// The most letters that somebody says to one criterion.
pub const MOST_LETTERS: usize = 3_000;

/// The names of what is said to each criterion. A vacancy has no more than these.
const STATEMENTS: [&str; 20] = [
    "criterion_1",
    "criterion_2",
    "criterion_3",
    "criterion_4",
    "criterion_5",
    "criterion_6",
    "criterion_7",
    "criterion_8",
    "criterion_9",
    "criterion_10",
    "criterion_11",
    "criterion_12",
    "criterion_13",
    "criterion_14",
    "criterion_15",
    "criterion_16",
    "criterion_17",
    "criterion_18",
    "criterion_19",
    "criterion_20",
];

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApplicationField {
    /// The address that applies.
    Email,
    /// Their name.
    Name,
    /// Their phone number.
    Phone,
    /// What they say to the criterion of this place, from 0.
    Statement(usize),
    /// Their number on the register.
    Registration,
    /// By what right they may work.
    RightToWork,
    /// Their first day.
    Starts,
    /// Their CV.
    Cv,
}

impl Field for ApplicationField {
    fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Name => "name",
            Self::Phone => "phone",
            Self::Statement(place) => STATEMENTS.get(place).copied().unwrap_or_default(),
            Self::Registration => "registration",
            Self::RightToWork => "right_to_work",
            Self::Starts => "starts",
            Self::Cv => "cv",
        }
    }
}

type Errors = FieldErrors<ApplicationField>;

/// The fields that a form is kept by.
const KEPT: [&str; 8] = [
    "name",
    "phone",
    "registration",
    "right_to_work",
    "starts-day",
    "starts-month",
    "starts-year",
    "wants_interview",
];

/// What is kept of a form as it is written: the fields that it has, as far as they say something.
#[must_use]
pub fn as_typed(raw: &RawForm) -> Vec<(String, String)> {
    let is_known = |name: &str| {
        KEPT.contains(&name)
            || STATEMENTS.contains(&name)
            || opportunity::QUESTIONS.iter().any(|question| question.name == name)
    };
    let mut typed = raw.without(&[]);
    typed.retain(|(name, value)| is_known(name) && !value.trim().is_empty());
    typed
}

/// Reads the address that wants to apply.
pub fn parse_address(raw: &RawForm) -> Result<String, Errors> {
    let mut errors = Errors::none();
    let address = errors.keep(ApplicationField::Email, "email address", email(raw.get("email")));
    errors.finish(address)
}

fn statements(
    raw: &RawForm,
    advert: &Advert,
    may_be_empty: bool,
    errors: &mut Errors,
) -> Vec<(String, String)> {
    let mut said = Vec::new();
    for (place, criterion) in advert.essential.iter().enumerate() {
        let field = ApplicationField::Statement(place);
        let typed = raw.get(field.name());
        let statement = if typed.trim().is_empty() {
            if !may_be_empty {
                errors.add(field, format!("Say how you meet this: {criterion}"));
            }
            None
        } else {
            errors.keep(field, "what you say to this criterion", text_of_lines(typed, MOST_LETTERS))
        };
        said.push((criterion.clone(), statement.unwrap_or_default()));
    }
    said
}

/// The number on the register of a role that has one.
fn registration(raw: &RawForm, role: Option<&Role>, errors: &mut Errors) -> Option<String> {
    let role = role.filter(|role| role.register_pattern.is_some())?;
    match registration_number(role, raw.get("registration")) {
        Ok(Some(number)) => Some(number),
        Ok(None) => {
            let register = role.regulator.as_deref().unwrap_or("registration");
            errors.add(ApplicationField::Registration, format!("Enter your {register} number"));
            None
        }
        Err(sentence) => {
            errors.add(ApplicationField::Registration, sentence);
            None
        }
    }
}

/// What a form answers for equal opportunities, pairs of question and answer. What is no answer says nothing.
fn opportunities(raw: &RawForm) -> Vec<(&'static str, &'static str)> {
    let answer = |question: &opportunity::Question| {
        let answer = question.answers.iter().find(|(code, _)| *code == raw.get(question.name))?;
        Some((question.name, answer.0))
    };
    opportunity::QUESTIONS.iter().filter_map(answer).collect()
}

/// Reads what is sent by somebody whom nobody knows yet.
pub fn parse(raw: &RawForm, advert: &Advert, role: Option<&Role>) -> Result<Answers, Errors> {
    let mut errors = Errors::none();
    let name = errors.keep(ApplicationField::Name, "name", name_of_person(raw.get("name")));
    let number = errors.keep(ApplicationField::Phone, "phone number", optional(raw.get("phone"), phone));
    let registration = registration(raw, role, &mut errors);
    let statements = statements(raw, advert, false, &mut errors);
    let right_to_work = RightToWork::of_code(raw.get("right_to_work"));
    if right_to_work.is_none() {
        errors.add(ApplicationField::RightToWork, "Select your right to work in the United Kingdom");
    }
    let starts_on = starts_on(raw, &mut errors);
    let answers = name.map(|name| Answers {
        name,
        phone: number.flatten().unwrap_or_default(),
        registration,
        statements,
        right_to_work,
        starts_on,
        wants_interview: advert.is_disability_confident && raw.is_ticked("wants_interview", "yes"),
        on_record: String::new(),
        opportunities: opportunities(raw),
    });
    errors.finish(answers)
}

fn starts_on(raw: &RawForm, errors: &mut Errors) -> Option<NaiveDate> {
    let typed = raw.date("starts");
    if typed.is_empty() { None } else { errors.keep(ApplicationField::Starts, "first day", typed.read()) }
}

/// What a bank has on record of a clinician.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their number on the register.
    pub registration: Option<String>,
    /// What the bank has found of them, in a sentence.
    pub on_record: String,
}

/// Reads what a clinician sends with their record, who need say nothing besides.
pub fn parse_with_record(raw: &RawForm, advert: &Advert, record: &Record) -> Result<Answers, Errors> {
    let mut errors = Errors::none();
    let statements = statements(raw, advert, true, &mut errors);
    errors.finish(Some(Answers {
        name: record.name.clone(),
        phone: String::new(),
        registration: record.registration.clone(),
        statements,
        right_to_work: None,
        starts_on: None,
        wants_interview: advert.is_disability_confident && raw.is_ticked("wants_interview", "yes"),
        on_record: record.on_record.clone(),
        opportunities: Vec::new(),
    }))
}

/// Reads the CV, where one was sent: what its person calls it, and what is in it.
pub fn parse_cv(file: SentFile) -> Result<Option<(String, Content)>, Errors> {
    let refused = |sentence: String| Errors::one(ApplicationField::Cv, sentence);
    match file {
        SentFile::None => Ok(None),
        SentFile::TooLarge => Err(refused("The file must be 10 MB or smaller".to_owned())),
        SentFile::Read { name, bytes } => {
            let content = content(bytes).map_err(|not_kept| refused(not_kept.sentence()))?;
            Ok(Some((kept_name(&name), content)))
        }
    }
}
