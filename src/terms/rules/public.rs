//! What everybody may read of a bank, without being signed in: who it is, whether it takes people, what it asks of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::Value;

use super::{About, Joining, Privacy, Rule, Section, Terms};
use crate::ground::id::BankId;

/// A version of a rule, as the database hands it to visitors.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PublicRule {
    /// Its number, from 1.
    pub number: i32,
    /// What it says.
    pub value: Value,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
}

/// The terms of use in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TermsInForce {
    /// The number of the version.
    pub version: i32,
    /// When it was decided.
    pub decided_at: DateTime<Utc>,
    /// The text.
    pub terms: Terms,
}

/// The end of the address of a bank's public page: "dorset-locum-bank". It is made once and never changes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct PublicName(pub String);

/// A bank as everybody may read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicBank {
    /// Its id.
    pub id: BankId,
    /// The end of the address of its public page.
    pub public_name: PublicName,
    /// Whether everything in it is invented.
    pub is_invented: bool,
    /// Its name and where it is found.
    pub about: About,
    /// Whether people join by themselves.
    pub joining: Joining,
    /// What everybody in it accepts; none where nothing was decided.
    pub terms: Option<TermsInForce>,
    /// Who answers for personal data.
    pub privacy: Privacy,
}

impl PublicBank {
    /// A bank of this name with what it has decided, by the codes of sections.
    #[must_use]
    pub fn new(
        (id, name, public_name, is_invented): (BankId, &str, PublicName, bool),
        mut rules: BTreeMap<String, PublicRule>,
    ) -> Self {
        let mut decided = |section: Section| {
            let rule = rules.remove(section.code())?;
            Some((Rule::of_value(section, rule.value)?, rule.number, rule.decided_at))
        };
        let mut bank = Self {
            id,
            public_name,
            is_invented,
            about: About::of_name(name),
            joining: Joining::default(),
            terms: None,
            privacy: Privacy::default(),
        };
        for section in [Section::About, Section::Joining, Section::Terms, Section::Privacy] {
            match decided(section) {
                // An operator can give the bank another name by a command.
                Some((Rule::About(about), ..)) => bank.about = About { name: name.to_owned(), ..about },
                Some((Rule::Joining(joining), ..)) => bank.joining = joining,
                Some((Rule::Privacy(privacy), ..)) => bank.privacy = privacy,
                Some((Rule::Terms(terms), version, decided_at)) => {
                    bank.terms = Some(TermsInForce { version, decided_at, terms });
                }
                _ => {}
            }
        }
        bank
    }

    /// The path of its public page.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/join/{}", self.public_name.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::DateTime;

    use super::{PublicBank, PublicName, PublicRule};
    use crate::ground::id::BankId;
    use crate::terms::rules::{About, Joining, Rule};

    #[test]
    fn a_bank_that_decided_nothing_takes_people_and_asks_for_nothing() {
        let known = (BankId::new(), "Kent bank", PublicName("kent-bank".to_owned()), false);
        let bank = PublicBank::new(known, BTreeMap::new());
        assert!(bank.joining.is_open && bank.terms.is_none());
        assert_eq!((bank.path().as_str(), bank.about.name.as_str()), ("/join/kent-bank", "Kent bank"));
    }

    #[test]
    fn what_was_decided_counts_and_the_name_is_the_one_the_bank_has_now() {
        let decided = |rule: &Rule| {
            let decided_at = DateTime::from_timestamp(1_793_000_000, 0).unwrap();
            (rule.section().code().to_owned(), PublicRule { number: 2, value: rule.value(), decided_at })
        };
        let rules = [
            Rule::About(About::of_name("Old name")),
            Rule::Joining(Joining { is_open: false, ..Joining::default() }),
        ];
        let known = (BankId::new(), "Kent bank", PublicName("kent-bank".to_owned()), false);
        let bank = PublicBank::new(known, rules.iter().map(decided).collect());
        assert_eq!((bank.about.name.as_str(), bank.joining.is_open), ("Kent bank", false));
    }
}
