//! What the component macros in `components/*.html` are given when plain text is not enough.

/// A link with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub href: String,
}

impl Link {
    /// A link that says `label` and leads to `href`.
    #[must_use]
    pub fn new(label: impl Into<String>, href: impl Into<String>) -> Self {
        Self { label: label.into(), href: href.into() }
    }
}

/// One possible answer of a select, radios or checkboxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the person reads.
    pub label: String,
    /// A line below the label, or "".
    pub hint: String,
    /// Selected, checked or ticked when the page opens.
    pub is_chosen: bool,
}

impl Choice {
    /// A choice without a hint.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>, is_chosen: bool) -> Self {
        Self { value: value.into(), label: label.into(), hint: String::new(), is_chosen }
    }

    /// Adds a line below the label.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
}

/// What a tag's colour says before it is read. The words always say it too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagColour {
    /// Over, or of no concern any more.
    Grey,
    /// New or in work.
    Blue,
    /// Agreed, filled, sent.
    Green,
    /// Waits for somebody.
    Yellow,
    /// Soon a problem.
    Orange,
    /// A problem now.
    Red,
    /// Kept apart from the rest, such as an exception.
    Purple,
}

impl TagColour {
    /// The design system's class for it.
    #[must_use]
    pub fn class(self) -> &'static str {
        match self {
            Self::Grey => "nhsuk-tag--grey",
            Self::Blue => "nhsuk-tag--blue",
            Self::Green => "nhsuk-tag--green",
            Self::Yellow => "nhsuk-tag--yellow",
            Self::Orange => "nhsuk-tag--orange",
            Self::Red => "nhsuk-tag--red",
            Self::Purple => "nhsuk-tag--purple",
        }
    }
}

/// A state in one or two words, with its colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// "Filled", "Waiting for an answer".
    pub text: String,
    /// Its colour.
    pub colour: TagColour,
}

impl Tag {
    /// A tag that says `text`.
    #[must_use]
    pub fn new(text: impl Into<String>, colour: TagColour) -> Self {
        Self { text: text.into(), colour }
    }
}

/// One entry of a list of pages: a page's number, or a gap between numbers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaginationItem {
    /// Numbers left out here; the other fields say nothing.
    pub is_gap: bool,
    /// The page's number, from 1.
    pub number: u32,
    /// Where it is.
    pub href: String,
    /// It is the page shown.
    pub is_current: bool,
}

/// The pages of a long list, as links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pagination {
    /// Numbers and gaps in order.
    pub items: Vec<PaginationItem>,
    /// Where the page before is, if there is one.
    pub previous_href: Option<String>,
    /// Where the page after is, if there is one.
    pub next_href: Option<String>,
}

impl Pagination {
    /// Links to the first and last page and to those beside the one shown. `current` counts from 1 and is
    /// brought within the list; `href` gives the address of a page.
    #[must_use]
    pub fn new(current: u32, pages: u32, href: impl Fn(u32) -> String) -> Self {
        let last = pages.max(1);
        let current = current.clamp(1, last);
        let mut items = Vec::new();
        let mut before = 0;
        for number in (1..=last).filter(|n| *n == 1 || *n == last || n.abs_diff(current) <= 1) {
            if number > before + 1 {
                items.push(PaginationItem {
                    is_gap: true,
                    number: 0,
                    href: String::new(),
                    is_current: false,
                });
            }
            items.push(PaginationItem {
                is_gap: false,
                number,
                href: href(number),
                is_current: number == current,
            });
            before = number;
        }
        Self {
            items,
            previous_href: (current > 1).then(|| href(current - 1)),
            next_href: (current < last).then(|| href(current + 1)),
        }
    }

    /// Whether there is more than one page.
    #[must_use]
    pub fn is_needed(&self) -> bool {
        self.previous_href.is_some() || self.next_href.is_some()
    }
}

/// One bar before it is placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarValue {
    /// What it stands for.
    pub label: String,
    /// How long it is, in the chart's own unit.
    pub value: u64,
    /// The value as it is read: "87%".
    pub value_text: String,
    /// "", "good", "attention" or "bad".
    pub mood: &'static str,
}

/// A bar as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for.
    pub label: String,
    /// The value as it is read.
    pub value_text: String,
    /// "", "good", "attention" or "bad".
    pub mood: &'static str,
    /// Its length in thousandths of the longest possible.
    pub length_permille: u64,
}

/// A table whose figures are drawn as bars too. The lengths are SVG units, so that the page needs no inline
/// style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarChart {
    /// Says what is shown.
    pub title: String,
    /// The heading over the labels.
    pub label_heading: String,
    /// The heading over the values.
    pub value_heading: String,
    /// The bars, from above.
    pub bars: Vec<Bar>,
}

impl BarChart {
    /// Measures the bars. `full` is the value whose bar has the whole length: 100 for per cent; a greater value
    /// gets the whole length too.
    #[must_use]
    pub fn new(
        title: &str,
        label_heading: &str,
        value_heading: &str,
        full: u64,
        values: Vec<BarValue>,
    ) -> Self {
        let bar = |value: BarValue| Bar {
            length_permille: value.value.min(full) * 1000 / full.max(1),
            label: value.label,
            value_text: value.value_text,
            mood: value.mood,
        };
        Self {
            title: title.to_owned(),
            label_heading: label_heading.to_owned(),
            value_heading: value_heading.to_owned(),
            bars: values.into_iter().map(bar).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BarChart, BarValue, Pagination};

    fn numbers(current: u32, pages: u32) -> String {
        let pages = Pagination::new(current, pages, |n| format!("?page={n}"));
        let words = pages.items.iter().map(|item| match (item.is_gap, item.is_current) {
            (true, _) => "…".to_owned(),
            (false, true) => format!("[{}]", item.number),
            (false, false) => item.number.to_string(),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn pages_near_and_at_the_ends_are_listed() {
        assert_eq!(numbers(1, 1), "[1]");
        assert_eq!(numbers(1, 3), "[1] 2 3");
        assert_eq!(numbers(10, 40), "1 … 9 [10] 11 … 40");
        assert_eq!(numbers(99, 4), "1 … 3 [4]");
        assert_eq!(numbers(0, 0), "[1]");
    }

    #[test]
    fn a_list_of_one_page_needs_no_pagination() {
        assert!(!Pagination::new(1, 1, |_| String::new()).is_needed());
        assert!(Pagination::new(1, 2, |_| String::new()).is_needed());
    }

    #[test]
    fn bars_are_as_long_as_their_values_and_never_longer_than_their_track() {
        let value = |value| BarValue { label: "GP".into(), value, value_text: String::new(), mood: "" };
        let values = vec![value(0), value(50), value(100), value(250)];
        let chart = BarChart::new("Fill rate", "Role", "Filled", 100, values);
        let lengths: Vec<u64> = chart.bars.iter().map(|bar| bar.length_permille).collect();
        assert_eq!(lengths, [0, 500, 1000, 1000]);
        assert_eq!(BarChart::new("Nothing", "", "", 0, vec![value(0)]).bars[0].length_permille, 0);
    }
}
