//! What a URL of the service is: its method, its path, and who may ask for it. The list of them is the site's.

use crate::ground::sign_in::PersonKind;

/// Who may ask for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed in or not.
    Everybody,
    /// Whoever holds a link with a secret in it.
    LinkHolder,
    /// A program on this machine, or one that knows the token of the settings.
    Scraper,
    /// Signed-in people of these kinds.
    Kinds(&'static [PersonKind]),
}

/// One URL and method.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// GET or POST.
    pub method: &'static str,
    /// The path, with `{name}` for what varies.
    pub path: &'static str,
    /// Who may ask.
    pub who: Who,
}
