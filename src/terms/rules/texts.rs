//! What a bank says in its own words, to those who may join it and to those who have.

use serde::{Deserialize, Serialize};

/// The bank's name and where it is found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The name that pages and mails show.
    pub name: String,
    /// Its address in one line; "" where none is shown.
    pub address: String,
    /// Its phone number; "" where none is shown.
    pub phone: String,
    /// Where mail to it goes; "" where none is shown.
    pub email: String,
}

impl About {
    /// A bank of this name that shows nothing else.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        let (address, phone, email) = (String::new(), String::new(), String::new());
        Self { name: name.to_owned(), address, phone, email }
    }
}

/// Whether people join by themselves, and what the public page says to them beside what the service knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joining {
    /// Whether clinicians join from the public page; by invitation they can always.
    pub is_open: bool,
    /// What the bank is, in its own words.
    pub about: String,
    /// Who may join, beside the roles that there are; "" where that says it.
    pub who: String,
    /// What to have at hand, beside what the form asks and the roles need; "" where that says it.
    pub at_hand: String,
}

impl Default for Joining {
    /// Open, with a sentence that is true of every bank.
    fn default() -> Self {
        Self {
            is_open: true,
            about: "One bank for the practices of an area. You say when and where you can work and for what, and offers of \
                    sessions come to you by email. You need not accept any."
                .to_owned(),
            who: String::new(),
            at_hand: String::new(),
        }
    }
}

/// What everybody who acts in the bank accepts. A bank that has decided nothing asks for nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// The whole text, its paragraphs apart by empty lines.
    pub text: String,
}

/// What the privacy notice says that only the bank knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privacy {
    /// The organisation that decides why and how data is kept; "" where it is as the bank is called.
    pub controller: String,
    /// Who answers questions about personal data: a name or an office; "" where the bank does.
    pub contact: String,
    /// Where they are written to; "" where it is the bank's own address.
    pub email: String,
    /// The lawful bases, in the bank's words.
    pub bases: String,
    /// How long what is kept is kept, in the bank's words, beside what the service deletes by itself.
    pub kept: String,
}

impl Default for Privacy {
    /// What the law has ready for whoever runs a bank of staff for general practice.
    fn default() -> Self {
        Self {
            controller: String::new(),
            contact: String::new(),
            email: String::new(),
            bases: "Contract (UK GDPR article 6(1)(b)): to offer you sessions and to book you.\n\
                    Public task (article 6(1)(e)): to see that those who work in general practice are registered, \
                    insured and checked, and to account for how sessions were filled.\n\
                    Legal obligation (article 6(1)(c)): to keep rest and working time as the law wants."
                .to_owned(),
            kept: String::new(),
        }
    }
}

/// The paragraphs of a text, which are apart by line ends.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::paragraphs;

    #[test]
    fn paragraphs_are_apart_by_line_ends() {
        assert_eq!(paragraphs("One.\n\n Two.\nThree.\n"), ["One.", "Two.", "Three."]);
        assert!(paragraphs(" \n").is_empty());
    }
}
