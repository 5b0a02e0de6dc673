//! Long lists come in pages of one length. Whatever an address asks for, it gets a page that there is: beyond the last it is
//! the last, and what is no number is the first.

use serde::Deserialize;

use super::components::Pagination;

/// Lines on one page of a list.
pub const PAGE_LENGTH: u32 = 50;

/// Which page of a list an address asks for, with `page=`: from 1, and perhaps beyond the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct AskedPage(u32);

impl Default for AskedPage {
    fn default() -> Self {
        Self(1)
    }
}

impl From<String> for AskedPage {
    fn from(typed: String) -> Self {
        let typed = typed.trim();
        let is_number = !typed.is_empty() && typed.bytes().all(|letter| letter.is_ascii_digit());
        // A number that is too large to be read lies beyond every list.
        Self(if is_number { typed.parse().unwrap_or(u32::MAX).max(1) } else { 1 })
    }
}

/// Which lines of a list to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// So many at most.
    pub limit: i64,
    /// After so many others.
    pub offset: i64,
}

/// A page of a list of so many lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListPage {
    number: u32,
    last: u32,
}

impl AskedPage {
    /// The page that is shown of a list of `total` lines.
    #[must_use]
    pub fn of(self, total: i64) -> ListPage {
        let pages = u32::try_from(total.max(0)).unwrap_or(u32::MAX).div_ceil(PAGE_LENGTH);
        let last = pages.max(1);
        ListPage { number: self.0.min(last), last }
    }

    /// The lines of the page that is shown, and the page, of a list whose lines say how many there are in all: `read` reads
    /// a span of it, `total` takes the number from a line. A page beyond the last costs two readings more.
    pub async fn read<T, E>(
        self,
        mut read: impl AsyncFnMut(Span) -> Result<Vec<T>, E>,
        total: impl Fn(&T) -> i64,
    ) -> Result<(Vec<T>, ListPage), E> {
        let asked = ListPage { number: self.0, last: self.0 };
        let lines = read(asked.span()).await?;
        if let Some(line) = lines.first() {
            let page = self.of(total(line));
            return Ok((lines, page));
        }
        let first = if self.0 > 1 { read(Span { limit: 1, offset: 0 }).await? } else { Vec::new() };
        let page = self.of(first.first().map_or(0, &total));
        let lines = if first.is_empty() { first } else { read(page.span()).await? };
        Ok((lines, page))
    }
}

impl ListPage {
    /// Which lines stand on it.
    #[must_use]
    pub fn span(self) -> Span {
        Span { limit: i64::from(PAGE_LENGTH), offset: i64::from(self.number - 1) * i64::from(PAGE_LENGTH) }
    }

    /// Its part of a list that is there as a whole.
    pub fn part<T>(self, list: impl Iterator<Item = T>) -> impl Iterator<Item = T> {
        let length = usize::try_from(PAGE_LENGTH).unwrap_or(usize::MAX);
        let before = usize::try_from(self.number - 1).unwrap_or(usize::MAX).saturating_mul(length);
        list.skip(before).take(length)
    }

    /// Links to the other pages; `href` gives the address of a page.
    #[must_use]
    pub fn links(self, href: impl Fn(u32) -> String) -> Pagination {
        Pagination::new(self.number, self.last, href)
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use super::{AskedPage, PAGE_LENGTH, Span};

    fn asked(typed: &str) -> AskedPage {
        AskedPage::from(typed.to_owned())
    }

    #[test]
    fn every_address_asks_for_a_page_that_there_is() {
        for (typed, total, number, last) in [
            ("1", 0, 1, 1),
            ("99999", 0, 1, 1),
            ("", 120, 1, 3),
            ("0", 120, 1, 3),
            ("-1", 120, 1, 3),
            ("two", 120, 1, 3),
            (" 2 ", 120, 2, 3),
            ("3", 150, 3, 3),
            ("4", 150, 3, 3),
            ("4", 151, 4, 4),
            ("99999", 151, 4, 4),
            ("99999999999999999999", 151, 4, 4),
            ("2", i64::MAX, 2, u32::MAX.div_ceil(PAGE_LENGTH)),
            ("2", -1, 1, 1),
        ] {
            let page = asked(typed).of(total);
            assert_eq!((page.number, page.last), (number, last), "{typed:?} of {total}");
        }
        assert_eq!(asked("3").of(120).span(), Span { limit: 50, offset: 100 });
        assert_eq!(asked("3").of(120).part(0..120).collect::<Vec<_>>(), (100..120).collect::<Vec<_>>());
    }

    #[tokio::test]
    async fn beyond_the_last_page_lies_the_last() {
        for total in [0_i64, 1, 49, 50, 51, 100, 120] {
            for number in 1..6_u32 {
                let read = async |span: Span| {
                    let until = total.min(span.offset + span.limit);
                    Ok::<_, Infallible>((span.offset..until).collect::<Vec<_>>())
                };
                let (lines, page) = AskedPage(number).read(read, |_| total).await.unwrap();
                assert_eq!(page, AskedPage(number).of(total), "{number} of {total}");
                assert_eq!(lines, page.part(0..total).collect::<Vec<_>>(), "{number} of {total}");
                assert_eq!(lines.is_empty(), total == 0, "{number} of {total}");
            }
        }
    }
}
