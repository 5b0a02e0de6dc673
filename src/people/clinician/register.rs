//! Registration numbers: each role has its own register, and each register its own shape of number.

use regex_lite::Regex;

use crate::terms::bank::Role;
use crate::terms::bank::number_form::NumberForm;

/// The number as the register writes it, in capitals and without spaces, or the sentence that says what a good one
/// looks like. An empty number is none. The shapes are data of the role (`role.register_pattern`).
pub fn registration_number(role: &Role, typed: &str) -> Result<Option<String>, String> {
    let number: String = typed.chars().filter(|letter| !letter.is_whitespace()).collect();
    let number = number.to_uppercase();
    if number.is_empty() {
        return Ok(None);
    }
    let (Some(pattern), Some(example)) = (&role.register_pattern, &role.register_example) else {
        return Err(format!("{} have no register: leave the registration number empty", role.plural));
    };
    let fits = Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(&number));
    if fits {
        return Ok(Some(number));
    }
    let register = role.regulator.as_deref().unwrap_or("registration");
    Err(format!("Enter your {register} number {}, like {example}", shape(role)))
}

/// What the number looks like, in words.
fn shape(role: &Role) -> String {
    let form = role.register_pattern.as_deref().and_then(NumberForm::of_pattern);
    form.map_or_else(|| "as it stands on the register".to_owned(), |form| form.in_words())
}

#[cfg(test)]
mod tests {
    use super::registration_number;
    use crate::terms::bank::Role;

    fn role(regulator: &str, pattern: &str, example: &str) -> Role {
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Role {
            code: "role".to_owned(),
            name: "Care co-ordinator".to_owned(),
            plural: "Care co-ordinators".to_owned(),
            regulator: filled(regulator),
            register_pattern: filled(pattern),
            register_example: filled(example),
            used_until: None,
            needs_supervisor: false,
        }
    }

    #[test]
    fn numbers_are_taken_as_people_type_them() {
        let gp = role("GMC", "^[0-9]{7}$", "7012345");
        assert_eq!(registration_number(&gp, " 701 2345 "), Ok(Some("7012345".to_owned())));
        assert_eq!(registration_number(&gp, " "), Ok(None));
        let nurse = role("NMC", "^[0-9]{2}[A-Z][0-9]{4}[A-Z]$", "12A3456E");
        assert_eq!(registration_number(&nurse, "12a3456e"), Ok(Some("12A3456E".to_owned())));
    }

    #[test]
    fn a_bad_number_gets_a_sentence_that_says_what_a_good_one_looks_like() {
        let table = [
            ("GMC", "^[0-9]{7}$", "7012345", "Enter your GMC number with 7 figures, like 7012345"),
            (
                "GMC",
                "^A[0-9]{7}$",
                "A7012345",
                "Enter your GMC number as the letter A and 7 figures, like A7012345",
            ),
            (
                "NMC",
                "^[0-9]{2}[A-Z][0-9]{4}[A-Z]$",
                "12A3456E",
                "Enter your NMC number as 2 figures, a letter, 4 figures and a letter, like 12A3456E",
            ),
            (
                "HCPC",
                "^PH[0-9]{1,6}$",
                "PH012345",
                "Enter your HCPC number as the letters PH and up to 6 figures, like PH012345",
            ),
            (
                "GPhC",
                "^2[0-9]{6}$",
                "2045678",
                "Enter your GPhC number with 7 figures, the first of them 2, like 2045678",
            ),
        ];
        for (regulator, pattern, example, sentence) in table {
            let role = role(regulator, pattern, example);
            assert_eq!(registration_number(&role, "12"), Err(sentence.to_owned()));
            assert_eq!(registration_number(&role, example), Ok(Some(example.to_owned())));
        }
    }

    #[test]
    fn a_role_without_a_register_has_no_number() {
        let none = role("", "", "");
        assert_eq!(registration_number(&none, ""), Ok(None));
        assert_eq!(
            registration_number(&none, "1234567"),
            Err("Care co-ordinators have no register: leave the registration number empty".to_owned())
        );
    }
}
