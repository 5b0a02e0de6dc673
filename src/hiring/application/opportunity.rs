//! What applicants are asked for equal opportunities. Nobody has to answer; what is answered is counted for the vacancy when
//! the application is sent, and kept with no person.

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Its field in the form, and its name where it is counted.
    pub name: &'static str,
    /// As applicants read it.
    pub asks: &'static str,
    /// The answers that are counted, each with its code.
    pub answers: &'static [(&'static str, &'static str)],
}

/// Every question. The groups are those of the 2021 census, as forms of the NHS have them.
pub const QUESTIONS: [Question; 4] = [
    Question {
        name: "equal_age",
        asks: "How old are you?",
        answers: &[
            ("under_25", "Under 25"),
            ("25_34", "25 to 34"),
            ("35_44", "35 to 44"),
            ("45_54", "45 to 54"),
            ("55_up", "55 or over"),
        ],
    },
    Question {
        name: "equal_sex",
        asks: "What is your sex?",
        answers: &[("female", "Female"), ("male", "Male")],
    },
    Question {
        name: "equal_disability",
        asks: "Do you consider yourself disabled?",
        answers: &[("yes", "Yes"), ("no", "No")],
    },
    Question {
        name: "equal_ethnicity",
        asks: "What is your ethnic group?",
        answers: &[
            ("asian", "Asian or Asian British"),
            ("black", "Black, Black British, Caribbean or African"),
            ("mixed", "Mixed or multiple ethnic groups"),
            ("white", "White"),
            ("other", "Another ethnic group"),
        ],
    },
];
