//! Numbers that stand for things, a type for each kind of thing, and the lists that only they index.
//!
//! A session of the whole problem and a session of one part of the market are both numbers from zero on; mixed up, they
//! would give a wrong plan and no error. So each has a type of its own, lists say which they go by, and a number that a
//! list does not have ends the run: that is a mistake in the engine, which nothing may hide.

use std::iter::Zip;
use std::marker::PhantomData;
use std::ops::{Index, IndexMut, Range};
use std::slice;

/// A number that stands for one kind of thing.
pub(crate) trait Ix: Copy + Eq + Ord + Send + Sync {
    /// The number of whatever stands at this place of its list.
    fn at(place: usize) -> Self;

    /// Its place in its list.
    fn place(self) -> usize;

    /// The numbers of these places, in order.
    fn each(places: Range<usize>) -> impl DoubleEndedIterator<Item = Self> + ExactSizeIterator {
        places.map(Self::at)
    }
}

macro_rules! numbers {
    ($($(#[$meaning:meta])* $name:ident)*) => {$(
        $(#[$meaning])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) struct $name(u32);

        impl $crate::index::Ix for $name {
            fn at(place: usize) -> Self {
                Self(u32::try_from(place).expect("lists are shorter than four thousand million"))
            }

            fn place(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

numbers! {
    /// A session of the problem, in order of start.
    SessionIx
    /// A clinician of the problem, in order of id.
    ClinicianIx
    /// A practice of the problem, in order of id.
    PracticeIx
    /// A role, in order of name.
    RoleIx
    /// A competency that some session needs, in order of name.
    CompetencyIx
    /// A band that some session is in, in order of name.
    BandIx
    /// An agent of the whole market.
    AgentIx
    /// A session of one part of the market, in order of start.
    PartSessionIx
    /// An agent of one part of the market.
    PartAgentIx
    /// Which of an agent's choices.
    ChoiceIx
    /// A part of the market.
    PartIx
    /// Somebody who asks in a round, in order of turn.
    AskerIx
    /// A session that can be asked for in a round.
    OfferedIx
    /// A wish of somebody in a round, in order of turn.
    AskIx
}

/// A list that goes by one kind of number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexVec<I, T> {
    items: Vec<T>,
    by: PhantomData<I>,
}

impl<I: Ix, T> IndexVec<I, T> {
    /// A list of nothing.
    pub(crate) const fn new() -> Self {
        Self { items: Vec::new(), by: PhantomData }
    }

    /// For each of so many things the same.
    pub(crate) fn repeat(item: T, count: usize) -> Self
    where
        T: Clone,
    {
        Self { items: vec![item; count], by: PhantomData }
    }

    /// For each thing of this list something else.
    pub(crate) fn map<U>(&self, of: impl FnMut(&T) -> U) -> IndexVec<I, U> {
        IndexVec { items: self.items.iter().map(of).collect(), by: PhantomData }
    }

    pub(crate) fn len(&self) -> usize {
        self.items.len()
    }

    pub(crate) fn push(&mut self, item: T) -> I {
        let number = I::at(self.items.len());
        self.items.push(item);
        number
    }

    pub(crate) fn clear(&mut self) {
        self.items.clear();
    }

    /// Every number of the list, in order.
    pub(crate) fn numbers(&self) -> impl DoubleEndedIterator<Item = I> + ExactSizeIterator + use<I, T> {
        I::each(0..self.items.len())
    }

    /// Every item with its number, in order.
    pub(crate) fn numbered(&self) -> impl DoubleEndedIterator<Item = (I, &T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(place, item)| (I::at(place), item))
    }

    pub(crate) fn iter(&self) -> slice::Iter<'_, T> {
        self.items.iter()
    }

    pub(crate) fn iter_mut(&mut self) -> slice::IterMut<'_, T> {
        self.items.iter_mut()
    }

    /// The items of two lists that go by the same number, side by side.
    pub(crate) fn zip<'a, U>(
        &'a self,
        other: &'a IndexVec<I, U>,
    ) -> Zip<slice::Iter<'a, T>, slice::Iter<'a, U>> {
        self.items.iter().zip(&other.items)
    }

    /// The items alone, for whatever has no use for their numbers.
    pub(crate) fn as_slice(&self) -> &[T] {
        &self.items
    }

    pub(crate) fn as_mut_vec(&mut self) -> &mut Vec<T> {
        &mut self.items
    }
}

impl<I: Ix, T> Default for IndexVec<I, T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<I: Ix, T> Index<I> for IndexVec<I, T> {
    type Output = T;

    fn index(&self, number: I) -> &T {
        &self.items[number.place()]
    }
}

impl<I: Ix, T> IndexMut<I> for IndexVec<I, T> {
    fn index_mut(&mut self, number: I) -> &mut T {
        &mut self.items[number.place()]
    }
}

impl<I: Ix, T> FromIterator<T> for IndexVec<I, T> {
    fn from_iter<S: IntoIterator<Item = T>>(items: S) -> Self {
        Self { items: items.into_iter().collect(), by: PhantomData }
    }
}

impl<I: Ix, T> IntoIterator for IndexVec<I, T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, I: Ix, T> IntoIterator for &'a IndexVec<I, T> {
    type Item = &'a T;
    type IntoIter = slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<'a, I: Ix, T> IntoIterator for &'a mut IndexVec<I, T> {
    type Item = &'a mut T;
    type IntoIter = slice::IterMut<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

/// A stretch of a list of somebody else's, numbered from its own beginning on.
#[derive(Debug)]
pub(crate) struct IndexSlice<'a, I, T> {
    items: &'a [T],
    by: PhantomData<I>,
}

impl<I, T> Clone for IndexSlice<'_, I, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I, T> Copy for IndexSlice<'_, I, T> {}

impl<'a, I: Ix, T> IndexSlice<'a, I, T> {
    pub(crate) fn of(items: &'a [T]) -> Self {
        Self { items, by: PhantomData }
    }

    pub(crate) fn as_slice(self) -> &'a [T] {
        self.items
    }

    pub(crate) fn iter(self) -> slice::Iter<'a, T> {
        self.items.iter()
    }

    pub(crate) fn len(self) -> usize {
        self.items.len()
    }

    /// Every item with its number, in order.
    pub(crate) fn numbered(self) -> impl DoubleEndedIterator<Item = (I, &'a T)> + ExactSizeIterator {
        self.items.iter().enumerate().map(|(place, item)| (I::at(place), item))
    }
}

impl<I: Ix, T> Index<I> for IndexSlice<'_, I, T> {
    type Output = T;

    fn index(&self, number: I) -> &T {
        &self.items[number.place()]
    }
}

#[cfg(test)]
mod tests {
    use super::{IndexSlice, IndexVec, Ix, PartSessionIx, SessionIx};

    #[test]
    fn a_list_goes_by_its_own_numbers() {
        let mut list: IndexVec<SessionIx, &str> = ["a", "b"].into_iter().collect();
        let last = list.push("c");
        assert_eq!((list[SessionIx::at(1)], list[last], last.place()), ("b", "c", 2));
        list[last] = "d";
        assert_eq!(list.numbered().next_back(), Some((last, &"d")));
        let stretch: IndexSlice<'_, PartSessionIx, &str> = IndexSlice::of(&list.as_slice()[1..]);
        assert_eq!((stretch[PartSessionIx::at(1)], stretch.len()), ("d", 2));
    }

    #[test]
    #[should_panic(expected = "index out of bounds")]
    fn a_number_that_a_list_does_not_have_is_no_silent_nothing() {
        let list: IndexVec<SessionIx, i64> = IndexVec::repeat(0, 3);
        let _ = list[SessionIx::at(3)];
    }
}
