//! What every page has around its content: the product's name, who is signed in, where they can go, and the
//! token their forms carry. A page's template has one field `page: PageFrame` and extends `web/layout.html`.

use super::components::Link;
use crate::ground::sign_in::PersonKind;

/// A place of the menu, with the pages that lie in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// What the menu says.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// The pages in it, as (label, path), which each of them shows; none where the place is one page.
    pub pages: &'static [(&'static str, &'static str)],
}

const fn place(label: &'static str, href: &'static str) -> Place {
    Place { label, href, pages: &[] }
}

const fn group(label: &'static str, pages: &'static [(&'static str, &'static str)]) -> Place {
    let href = match pages {
        [(_, href), ..] => href,
        [] => "/",
    };
    Place { label, href, pages }
}

const YOUR_EMAIL: Place = place("Your email", "/your-email");

const OF_PRACTICE_MANAGERS: [Place; 6] = [
    place("Sessions", "/sessions"),
    group("Requests", &[("Requests", "/requests"), ("Questions", "/answers")]),
    group("Bookings", &[("Bookings", "/bookings"), ("To sign off", "/worked")]),
    place("Vacancies", "/your-vacancies"),
    group("Practice", &[("Practice", "/practice"), ("Colleagues", "/invitations")]),
    YOUR_EMAIL,
];

const OF_CLINICIANS: [Place; 6] = [
    place("Offers", "/offers"),
    group(
        "Find sessions",
        &[
            ("Find sessions", "/find-sessions"),
            ("What you have asked for", "/my-requests"),
            ("Alerts", "/alerts"),
        ],
    ),
    group("Bookings", &[("Bookings", "/bookings"), ("Worked", "/worked")]),
    place("Availability", "/availability"),
    place("My details", "/me"),
    YOUR_EMAIL,
];

const OF_BANK_ADMINISTRATORS: [Place; 8] = [
    place("Today", "/today"),
    group(
        "People",
        &[
            ("Clinicians", "/clinicians"),
            ("To clear", "/clearing"),
            ("Documents", "/documents-to-look-at"),
            ("Accounts", "/people"),
            ("Invitations", "/invitations"),
        ],
    ),
    group(
        "Sessions",
        &[
            ("Rota", "/rota"),
            ("Unfilled", "/unfilled-sessions"),
            ("Bookings to look at", "/bookings-to-look-at"),
            ("How they went", "/feedback"),
        ],
    ),
    place("Matching", "/matching"),
    group(
        "Bank",
        &[
            ("Rules", "/bank"),
            ("Roles and competencies", "/bank/roles"),
            ("What roles need", "/needs"),
            ("Bands", "/bank/bands"),
            ("Bank holidays", "/bank/holidays"),
            ("Practices", "/practices"),
            ("What was erased", "/bank/erased"),
        ],
    ),
    place("Figures", "/fill-rate"),
    group("Records", &[("Mail", "/mail"), ("Background work", "/system"), ("Audit", "/audit")]),
    YOUR_EMAIL,
];

const OF_COMMISSIONERS: [Place; 4] = [
    place("Fill rate", "/fill-rate"),
    place("Unfilled sessions", "/unfilled-sessions"),
    place("Rate ranges", "/rate-ranges"),
    YOUR_EMAIL,
];

impl PersonKind {
    /// The places of this kind of person in the order of the menu. The first is where they start.
    #[must_use]
    pub fn places(self) -> &'static [Place] {
        match self {
            Self::PracticeManager => &OF_PRACTICE_MANAGERS,
            Self::Clinician => &OF_CLINICIANS,
            Self::BankAdministrator => &OF_BANK_ADMINISTRATORS,
            Self::Commissioner => &OF_COMMISSIONERS,
        }
    }
}

impl Place {
    /// The longest of its own paths in which a page at `path` lies; none where it lies elsewhere.
    fn reach(&self, path: &str) -> Option<&'static str> {
        let own = self.pages.iter().map(|(_, href)| *href).chain([self.href]);
        own.filter(|href| lies_within(path, href)).max_by_key(|href| href.len())
    }
}

/// Who is signed in, as the header shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedInPerson {
    /// The person's own name.
    pub name: String,
    /// What kind of person they are here: "practice manager".
    pub kind_text: &'static str,
    /// Whether they can switch to something else that they do, here or in another bank.
    pub can_switch: bool,
}

/// One entry of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NavigationItem {
    /// What it says.
    pub label: &'static str,
    /// Where it leads.
    pub href: &'static str,
    /// Whether the page lies there.
    pub current: bool,
}

/// Told once at the top of a page: something was done, or needs attention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Banner {
    /// "Done" or "Important".
    pub title: &'static str,
    /// One sentence.
    pub text: String,
    /// Green, and read out at once, rather than blue.
    pub is_success: bool,
}

/// Where the browser finds the style, the script and the icon; the paths carry a hash of the content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssetUrls {
    /// The stylesheet.
    pub css: String,
    /// The script module; every page works without it.
    pub js: String,
    /// The icon of the browser's tab.
    pub icon: String,
}

/// What every page has around its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFrame {
    /// The name of the service, in the header and after the page's title.
    pub product_name: String,
    /// The bank the person belongs to.
    pub bank_name: Option<String>,
    /// Who is signed in; nobody for a visitor.
    pub signed_in: Option<SignedInPerson>,
    /// The menu.
    pub navigation: Vec<NavigationItem>,
    /// The pages of the menu's place in which this one lies; none where the place is one page.
    pub nearby: Vec<NavigationItem>,
    /// Goes into each form as `csrf_token`.
    pub csrf_token: String,
    /// Said once at the top.
    pub banner: Option<Banner>,
    /// Style, script and icon.
    pub assets: AssetUrls,
    /// The bank is a demonstration, and every page says so.
    pub is_invented: bool,
    /// While work goes on, the page's script asks again after so many seconds.
    pub refresh_seconds: Option<u32>,
    /// So many minutes after their last request whoever is signed in is signed out; the page's script warns before.
    pub idle_minutes: Option<i64>,
    /// Sentences the footer owes to others, such as the licence of practice data.
    pub attributions: Vec<&'static str>,
    /// Links of the footer.
    pub footer_links: Vec<Link>,
}

/// What the foot of every page leads to.
const NOTICES: [(&str, &str); 4] = [
    ("Help", "/help"),
    ("Accessibility", "/accessibility"),
    ("Privacy", "/privacy"),
    ("Cookies", "/cookies"),
];

/// What pages that show practices as published owe to their publisher.
pub const PRACTICE_DATA_ATTRIBUTION: &str = "Practice names and addresses: NHS England, Organisation Data Service, under the Open Government Licence v3.0";

impl PageFrame {
    /// The frame a visitor sees: no menu, and a link to sign in.
    #[must_use]
    pub fn for_visitor(product_name: &str, assets: AssetUrls, csrf_token: String) -> Self {
        Self {
            product_name: product_name.to_owned(),
            bank_name: None,
            signed_in: None,
            navigation: Vec::new(),
            nearby: Vec::new(),
            csrf_token,
            banner: None,
            assets,
            is_invented: false,
            refresh_seconds: None,
            idle_minutes: None,
            attributions: Vec::new(),
            footer_links: NOTICES.map(|(label, href)| Link::new(label, href)).to_vec(),
        }
    }

    /// The frame of a signed-in person, with their kind's menu. `path` is the page's own, so that the menu
    /// shows where they are: the entry whose path is the longest beginning of it.
    #[must_use]
    pub fn signed_in_as(mut self, name: &str, kind: PersonKind, path: &str) -> Self {
        let places = kind.places();
        let here = places.iter().filter_map(|place| Some((place, place.reach(path)?)));
        let here = here.max_by_key(|(_, href)| href.len());
        let item = |label, href, current| NavigationItem { label, href, current };
        let is_here = |place: &Place| here.is_some_and(|(known, _)| known == place);
        self.navigation = places.iter().map(|it| item(it.label, it.href, is_here(it))).collect();
        self.nearby = here.map_or_else(Vec::new, |(place, own)| {
            place.pages.iter().map(|(label, href)| item(label, href, *href == own)).collect()
        });
        self.signed_in =
            Some(SignedInPerson { name: name.to_owned(), kind_text: kind.text(), can_switch: false });
        self
    }

    /// Names the bank, for whoever is signed in with the way to what is known of it, and says on every page that its people
    /// are invented when they are.
    #[must_use]
    pub fn of_bank(mut self, name: &str, is_invented: bool) -> Self {
        self.bank_name = Some(name.to_owned());
        if self.signed_in.is_some() {
            self.footer_links.push(Link::new(format!("About {name}"), "/our-bank"));
        }
        self.is_invented = is_invented;
        self
    }

    /// Offers whoever is signed in to switch, where they do something else too.
    #[must_use]
    pub fn with_others(mut self, has_others: bool) -> Self {
        if let Some(person) = &mut self.signed_in {
            person.can_switch = has_others;
        }
        self
    }

    /// Warns by script before whoever is signed in is signed out, after so many minutes without a request.
    #[must_use]
    pub fn idle_after(mut self, minutes: i64) -> Self {
        self.idle_minutes = Some(minutes).filter(|minutes| *minutes > 0);
        self
    }

    /// Says that something was done.
    #[must_use]
    pub fn with_success(mut self, text: impl Into<String>) -> Self {
        self.banner = Some(Banner { title: "Done", text: text.into(), is_success: true });
        self
    }

    /// Says that something needs attention.
    #[must_use]
    pub fn with_notice(mut self, text: impl Into<String>) -> Self {
        self.banner = Some(Banner { title: "Important", text: text.into(), is_success: false });
        self
    }

    /// Keeps what the page shows of work going on (`ui::progress`) up to date, asking again after so many
    /// seconds, and loads the page anew when the work is done. Without scripts the person follows a link: a
    /// page that reloads by itself takes the place of those who read slowly (WCAG 2.2, 2.2.1).
    #[must_use]
    pub fn refreshing(mut self, seconds: u32) -> Self {
        self.refresh_seconds = Some(seconds);
        self
    }

    /// Adds a sentence the footer owes to others.
    #[must_use]
    pub fn with_attribution(mut self, sentence: &'static str) -> Self {
        self.attributions.push(sentence);
        self
    }
}

/// Whether `path` is `place` itself or lies below it.
fn lies_within(path: &str, place: &str) -> bool {
    path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

#[cfg(test)]
mod tests {
    use super::{AssetUrls, PageFrame, PersonKind};

    fn assets() -> AssetUrls {
        AssetUrls { css: "/a.css".into(), js: "/a.js".into(), icon: "/i.svg".into() }
    }

    fn current_place(kind: PersonKind, path: &str) -> Vec<&'static str> {
        let frame =
            PageFrame::for_visitor("locumbank", assets(), String::new()).signed_in_as("A", kind, path);
        frame.navigation.iter().filter(|item| item.current).map(|item| item.label).collect()
    }

    #[test]
    fn the_menu_shows_where_the_page_lies() {
        assert_eq!(current_place(PersonKind::PracticeManager, "/sessions"), ["Sessions"]);
        assert_eq!(current_place(PersonKind::PracticeManager, "/sessions/new"), ["Sessions"]);
        assert_eq!(current_place(PersonKind::PracticeManager, "/sessions?week=2026-11-02"), ["Sessions"]);
        assert_eq!(current_place(PersonKind::BankAdministrator, "/practices/J81001"), ["Bank"]);
    }

    #[test]
    fn pages_of_a_place_are_shown_with_the_one_that_is_open() {
        let frame = PageFrame::for_visitor("locumbank", assets(), String::new());
        let frame = frame.signed_in_as("A", PersonKind::Clinician, "/my-requests");
        let near: Vec<_> = frame.nearby.iter().map(|item| (item.label, item.current)).collect();
        assert_eq!(near, [("Find sessions", false), ("What you have asked for", true), ("Alerts", false)]);
        assert_eq!(current_place(PersonKind::Clinician, "/my-requests"), ["Find sessions"]);
        assert_eq!(current_place(PersonKind::BankAdministrator, "/bank/roles/change"), ["Bank"]);
    }

    #[test]
    fn a_path_that_only_begins_alike_is_elsewhere() {
        assert!(current_place(PersonKind::PracticeManager, "/practices").is_empty());
        assert!(current_place(PersonKind::Clinician, "/").is_empty());
    }

    #[test]
    fn every_kind_of_person_has_somewhere_to_start() {
        for kind in PersonKind::ALL {
            assert!(kind.places().first().is_some_and(|place| place.href.starts_with('/')));
        }
    }
}
