//! A practice's guide: what somebody needs who comes to work there, in its managers' words.

/// What somebody needs who comes to a practice. What is empty was not said.
#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Guide {
    /// The number of the version, 0 where nothing was said yet.
    pub version: i32,
    /// The practice's phone number.
    pub phone: String,
    /// The competency of its clinical system, where its managers say another than the register.
    pub clinical_system: Option<String>,
    /// Where to park.
    pub parking: String,
    /// How to arrive.
    pub arrival: String,
    /// Whom to ask for on the day.
    pub contact_name: String,
    /// How to reach them. Shown to both sides of a live booking and to the bank's administrators alone.
    pub contact_phone: String,
}

impl Guide {
    /// What everybody in the bank may read of it, named.
    #[must_use]
    pub fn for_everybody(&self) -> Vec<(&'static str, String)> {
        let said = [("Phone", &self.phone), ("Parking", &self.parking), ("How to arrive", &self.arrival)];
        said.into_iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(name, text)| (name, text.clone()))
            .collect()
    }

    /// Whom to ask for on the day and how to reach them, for those who may read it; "" where nobody is named.
    #[must_use]
    pub fn contact(&self) -> String {
        if self.contact_name.is_empty() {
            String::new()
        } else {
            format!("{}, {}", self.contact_name, self.contact_phone)
        }
    }

    /// Whether it says the same, whatever its version.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        Self { version: 0, ..self.clone() } == Self { version: 0, ..other.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::Guide;

    #[test]
    fn what_was_not_said_is_not_shown_and_the_contact_is_apart() {
        let guide = Guide {
            parking: "Behind the building".to_owned(),
            contact_name: "Sue".to_owned(),
            contact_phone: "01305 000002".to_owned(),
            ..Guide::default()
        };
        assert_eq!(guide.for_everybody(), [("Parking", "Behind the building".to_owned())]);
        assert_eq!(
            (guide.contact().as_str(), Guide::default().contact().as_str()),
            ("Sue, 01305 000002", "")
        );
        assert!(guide.says_the_same(&Guide { version: 3, ..guide.clone() }));
    }
}
