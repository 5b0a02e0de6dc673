//! The pages that people open, and how to come to each.

/// Everybody's password in the demonstration.
pub const PASSWORD: &str = "demonstration";

/// A page.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// Its path. `{}` stands for what the first address has there that begins so on the page `found_on`.
    pub path: &'static str,
    /// Where such an address stands; "" where the path has no `{}`.
    pub found_on: &'static str,
}

/// Those who sign in, each with the pages they open.
pub struct Reader {
    /// The address.
    pub email: &'static str,
    /// What they come to do.
    pub kind: &'static str,
    /// Their pages.
    pub pages: &'static [Listed],
}

const fn page(path: &'static str) -> Listed {
    Listed { path, found_on: "" }
}

const fn one(path: &'static str, found_on: &'static str) -> Listed {
    Listed { path, found_on }
}

/// Everybody, each with every page they can open in the demonstration after its plan was published.
pub const READERS: [Reader; 4] = [
    Reader {
        email: "manager@demonstration.example",
        kind: "practice manager",
        pages: &[
            page("/"),
            page("/sessions"),
            page("/sessions/new"),
            one("/sessions/{}", "/sessions"),
            one("/sessions/{}/change", "/sessions"),
            one("/sessions/{}/time", "/sessions"),
            one("/sessions/{}/withdraw", "/sessions"),
            page("/bookings"),
            one("/bookings/{}", "/bookings"),
            one("/bookings/{}/cancel", "/bookings"),
            page("/practice"),
            one("/practice/{}/refusals", "/practice"),
            page("/your-email"),
        ],
    },
    Reader {
        email: "clinician@demonstration.example",
        kind: "clinician",
        pages: &[
            page("/"),
            page("/offers"),
            one("/offers/{}", "/offers"),
            page("/bookings"),
            one("/bookings/{}", "/bookings"),
            page("/availability"),
            page("/availability/week"),
            page("/availability/dates/new"),
            page("/availability/away/new"),
            page("/me"),
            page("/me/details"),
            page("/me/rates"),
            page("/me/skills"),
            page("/me/practices"),
            page("/alerts"),
            page("/your-email"),
        ],
    },
    Reader {
        email: "administrator@demonstration.example",
        kind: "bank administrator",
        pages: &[
            page("/"),
            page("/clinicians"),
            one("/clinicians/{}", "/clinicians"),
            one("/clinicians/{}/clear", "/clinicians"),
            one("/clinicians/{}/end-clearance", "/clinicians"),
            one("/clinicians/{}/documents/new", "/clinicians"),
            page("/practices"),
            one("/practices/{}", "/practices"),
            page("/matching"),
            one("/matching/{}", "/matching"),
            page("/fill-rate"),
            page("/unfilled-sessions"),
            one("/unfilled-sessions/{}", "/unfilled-sessions"),
            page("/mail"),
            one("/mail/{}", "/mail"),
            page("/mail/held"),
            page("/mail/messages"),
            page("/mail/addresses"),
            page("/audit"),
            page("/system"),
            page("/your-email"),
        ],
    },
    Reader {
        email: "commissioner@demonstration.example",
        kind: "commissioner",
        pages: &[
            page("/"),
            page("/rate-ranges"),
            page("/rate-ranges/new"),
            page("/fill-rate"),
            page("/unfilled-sessions"),
            page("/your-email"),
        ],
    },
];
