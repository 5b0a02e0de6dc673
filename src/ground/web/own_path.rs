//! Where a page may lead on to that a request names: somewhere within the service.

use url::{Position, Url};

/// `next` where it is a path of ours, as a browser would understand it: browsers drop tabs and line ends, and read `\`
/// as `/`, so what an address must not contain can't be listed; where it leads can be asked.
#[must_use]
pub fn own_path(next: &str) -> Option<String> {
    let here = Url::parse("https://own.invalid/").ok()?;
    let there = here.join(next).ok().filter(|_| next.starts_with('/'))?;
    // `/..//x` is a path of ours whose own beginning would be read as another host.
    let path = &there[Position::BeforePath..];
    (there.origin() == here.origin() && !path.starts_with("//")).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn signing_in_leads_nowhere_else() {
        assert_eq!(own_path("/sessions?week=2026-11-02").as_deref(), Some("/sessions?week=2026-11-02"));
        assert_eq!(own_path("/\tsessions").as_deref(), Some("/sessions"));
        for elsewhere in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "sessions",
            "/\t/evil.example",
            "/\r\n/evil.example",
            "\t//evil.example",
            "/\t\\evil.example",
            "//own.invalid:80/",
            "/..//evil.example",
            "/.//evil.example",
        ] {
            assert_eq!(own_path(elsewhere), None, "{elsewhere}");
        }
    }
}
