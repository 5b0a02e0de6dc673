//! A person may act in several banks and as several kinds. A link in a mail to them says for which of these it is, so that
//! it leads to the right page whatever they do when they open it. It opens nothing: whoever follows it has to be signed in,
//! and nothing is switched without their pressing a button.

use super::PersonKind;
use crate::ground::id::BankId;

/// The parameter of an address that says it.
const FIELD: &str = "for";

/// What a link is for: what its reader does in a bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MeantFor {
    /// The bank.
    pub bank: BankId,
    /// What they do in it.
    pub kind: PersonKind,
}

impl MeantFor {
    /// What an address says of it after its `?`.
    #[must_use]
    pub fn in_query(query: &str) -> Option<Self> {
        let pairs: Vec<(String, String)> = serde_html_form::from_str(query).ok()?;
        let (_, said) = pairs.into_iter().find(|(name, _)| name == FIELD)?;
        let (kind, bank) = said.split_once('.')?;
        Some(Self { bank: bank.parse().ok()?, kind: PersonKind::of_code(kind)? })
    }

    /// What a path with its query says of it.
    #[must_use]
    pub fn in_path(path: &str) -> Option<Self> {
        path.split_once('?').and_then(|(_, query)| Self::in_query(query))
    }

    /// What an address says of it after its `?`, or after another parameter.
    #[must_use]
    pub fn query(self) -> String {
        format!("{FIELD}={}.{}", self.kind.code(), self.bank)
    }

    /// A text or its HTML in which every link to a page under `base_url` says it.
    #[must_use]
    pub fn said_in(self, body: &str, base_url: &str) -> String {
        let is_html = body.contains("</");
        let start = format!("{base_url}/");
        let mut said = String::with_capacity(body.len());
        let mut rest = body;
        while let Some((before, after)) = rest.split_once(&start) {
            let is_end = |letter: char| letter.is_whitespace() || "\"'<>()#".contains(letter);
            let path = after.split(is_end).next().unwrap_or_default().trim_end_matches(['.', ',', ';', ':']);
            let joint = match (path.contains('?'), is_html) {
                (false, _) => "?",
                (true, true) => "&amp;",
                (true, false) => "&",
            };
            said.extend([before, &start, path, joint, &self.query()]);
            rest = &after[path.len()..];
        }
        said.push_str(rest);
        said
    }
}

#[cfg(test)]
mod tests {
    use super::{MeantFor, PersonKind};
    use crate::ground::id::BankId;

    #[test]
    fn every_link_of_a_text_and_of_its_html_says_what_it_is_for() {
        let bank = BankId::default();
        let meant = MeantFor { bank, kind: PersonKind::Clinician };
        let says = format!("for=clinician.{bank}");
        let base = "https://bank.example";
        for (body, expected) in [
            ("See\nhttps://bank.example/me\n\nEnd", format!("See\nhttps://bank.example/me?{says}\n\nEnd")),
            ("At https://bank.example/me.", format!("At https://bank.example/me?{says}.")),
            (
                "https://bank.example/s?week=2026-11-02 https://bank.example/b",
                format!("https://bank.example/s?week=2026-11-02&{says} https://bank.example/b?{says}"),
            ),
            (
                "<a href=\"https://bank.example/s?week=1#x\">s</a>",
                format!("<a href=\"https://bank.example/s?week=1&amp;{says}#x\">s</a>"),
            ),
            (
                "https://other.example/me [[offer-link:1]]",
                "https://other.example/me [[offer-link:1]]".to_owned(),
            ),
        ] {
            assert_eq!(meant.said_in(body, base), expected);
        }
        assert_eq!(MeantFor::in_path(&format!("/s?week=1&{says}")), Some(meant));
    }

    #[test]
    fn an_address_that_says_nonsense_is_for_nobody() {
        for path in ["/me", "/me?", "/me?for=", "/me?for=clinician", "/me?for=clinician.x", "/me?for=king.1"]
        {
            assert_eq!(MeantFor::in_path(path), None, "{path}");
        }
    }
}
