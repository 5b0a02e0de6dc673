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

/// A bar with its place in the picture, in SVG units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it stands for, whole.
    pub label: String,
    /// The label as far as it fits beside the bar.
    pub short_label: String,
    /// The value as it is read.
    pub value_text: String,
    /// "", "good", "attention" or "bad".
    pub mood: &'static str,
    /// The bar's upper edge.
    pub y: u64,
    /// The base line of its words.
    pub text_y: u64,
    /// Its length.
    pub length: u64,
}

/// Bars one below another, worked out in whole SVG units so that the page needs no inline style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BarChart {
    /// Says what is shown, beneath the picture and above the table.
    pub title: String,
    /// The table's first heading.
    pub label_heading: String,
    /// The table's second heading.
    pub value_heading: String,
    /// The bars.
    pub bars: Vec<Bar>,
    /// The picture's width.
    pub width: u64,
    /// The picture's height.
    pub height: u64,
    /// Where the bars begin.
    pub track_x: u64,
    /// How long the longest possible bar is.
    pub track_width: u64,
    /// How thick a bar is.
    pub bar_height: u64,
    /// Where the values are written.
    pub value_x: u64,
}

const CHART_WIDTH: u64 = 640;
const TRACK_X: u64 = 190;
const TRACK_WIDTH: u64 = 350;
const ROW_HEIGHT: u64 = 30;
const BAR_HEIGHT: u64 = 20;
/// As many letters as fit left of the bars at the chart's size of type.
const LABEL_LETTERS: usize = 24;

impl BarChart {
    /// Places the bars. `full` is the value whose bar has the whole length: 100 for per cent; a greater value
    /// gets the whole length too.
    #[must_use]
    pub fn new(
        title: &str,
        label_heading: &str,
        value_heading: &str,
        full: u64,
        values: Vec<BarValue>,
    ) -> Self {
        let mut y = 0;
        let mut bars = Vec::with_capacity(values.len());
        for value in values {
            bars.push(Bar {
                short_label: shorten(&value.label, LABEL_LETTERS),
                label: value.label,
                value_text: value.value_text,
                mood: value.mood,
                y,
                text_y: y + 15,
                length: value.value.min(full) * TRACK_WIDTH / full.max(1),
            });
            y += ROW_HEIGHT;
        }
        Self {
            title: title.to_owned(),
            label_heading: label_heading.to_owned(),
            value_heading: value_heading.to_owned(),
            bars,
            width: CHART_WIDTH,
            height: y.max(ROW_HEIGHT),
            track_x: TRACK_X,
            track_width: TRACK_WIDTH,
            bar_height: BAR_HEIGHT,
            value_x: TRACK_X + TRACK_WIDTH + 8,
        }
    }
}

/// `text` itself, or its beginning with an ellipsis when it has more than `letters` letters.
fn shorten(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(letters.saturating_sub(1)).collect();
    format!("{}…", beginning.trim_end())
}

#[cfg(test)]
mod tests {
    use super::{BarChart, BarValue, Pagination, shorten};

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
        let chart = BarChart::new(
            "Fill rate",
            "Role",
            "Filled",
            100,
            vec![value(0), value(50), value(100), value(250)],
        );
        let lengths: Vec<u64> = chart.bars.iter().map(|bar| bar.length).collect();
        assert_eq!(lengths, [0, 175, 350, 350]);
        assert_eq!(chart.height, 120);
        assert_eq!(BarChart::new("Empty", "", "", 0, Vec::new()).bars, []);
    }

    #[test]
    fn a_long_label_is_cut_at_a_letter() {
        assert_eq!(shorten("Meddygfa’r Môr", 24), "Meddygfa’r Môr");
        assert_eq!(shorten("ŵŵŵŵŵ", 4), "ŵŵŵ…");
    }
}
