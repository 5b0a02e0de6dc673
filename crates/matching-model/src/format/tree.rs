//! A JSON value with a memory of where it stood, so that every fault can be named by its path.
//!
//! Unlike `serde_json::Value` it notices a key given twice, and an object keeps the order it was written in.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::problem::ProblemError;

/// One JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Tree, E> {
        Ok(serde_json::Number::from_f64(value).map_or(Tree::Null, Tree::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Tree, E> {
        Ok(Tree::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Tree, A::Error> {
        let mut object = Vec::new();
        while let Some(entry) = entries.next_entry()? {
            object.push(entry);
        }
        Ok(Tree::Object(object))
    }
}

impl fmt::Display for Tree {
    /// The value as JSON, for a message.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => out.write_str("null"),
            Self::Bool(value) => write!(out, "{value}"),
            Self::Number(value) => write!(out, "{value}"),
            Self::Text(value) => write!(out, "{value:?}"),
            Self::List(items) => write!(out, "a list of {}", items.len()),
            Self::Object(entries) => write!(out, "an object with {} keys", entries.len()),
        }
    }
}

/// Where a value stands in the document; built on the stack, written out only when something is wrong.
#[derive(Clone, Copy)]
pub(crate) enum At<'a> {
    Root,
    Key(&'a At<'a>, &'a str),
    Index(&'a At<'a>, usize),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => Ok(()),
            Self::Key(Self::Root, key) => out.write_str(key),
            Self::Key(parent, key) => write!(out, "{parent}.{key}"),
            Self::Index(parent, index) => write!(out, "{parent}[{index}]"),
        }
    }
}

impl At<'_> {
    /// The fault that `value` stands here where `expected` would be right.
    pub(crate) fn fault(&self, value: &impl fmt::Display, expected: &str) -> ProblemError {
        let path = self.to_string();
        ProblemError::new(
            if path.is_empty() { "(document)".into() } else { path },
            value.to_string(),
            expected,
        )
    }
}

/// The entries of an object, taken out one by one, so that what is left over is known not to belong.
pub(crate) struct Entries<'a> {
    at: &'a At<'a>,
    entries: Vec<(String, Tree)>,
}

impl<'a> Entries<'a> {
    /// The entries of an object; anything else, or a key given twice, is a fault.
    pub(crate) fn of(tree: Tree, at: &'a At<'a>, expected: &str) -> Result<Self, ProblemError> {
        let Tree::Object(entries) = tree else { return Err(at.fault(&tree, expected)) };
        for (index, (key, value)) in entries.iter().enumerate() {
            if entries.iter().take(index).any(|(earlier, _)| earlier == key) {
                return Err(At::Key(at, key).fault(value, "each key at most once"));
            }
        }
        Ok(Self { at, entries })
    }

    /// Takes an entry that may be left out.
    pub(crate) fn take(&mut self, key: &str) -> Option<Tree> {
        let place = self.entries.iter().position(|(name, _)| name == key)?;
        Some(self.entries.swap_remove(place).1)
    }

    /// Takes an entry and reads it; a missing one is a fault.
    pub(crate) fn required<T>(&mut self, key: &str, read: Reader<T>) -> Result<T, ProblemError> {
        let at = At::Key(self.at, key);
        match self.take(key) {
            Some(tree) => read(tree, &at),
            None => Err(at.fault(&"nothing", &format!("the key {key:?}, which every such object has"))),
        }
    }

    /// Takes an entry and reads it, or gives `otherwise` where it is left out.
    pub(crate) fn optional<T>(
        &mut self,
        key: &str,
        otherwise: T,
        read: Reader<T>,
    ) -> Result<T, ProblemError> {
        self.take(key).map_or(Ok(otherwise), |tree| read(tree, &At::Key(self.at, key)))
    }

    /// Refuses whatever has not been taken.
    pub(crate) fn finish(self, known: &str) -> Result<(), ProblemError> {
        match self.entries.first() {
            None => Ok(()),
            Some((key, value)) => Err(At::Key(self.at, key).fault(value, &format!("only the keys {known}"))),
        }
    }

    /// All entries, for an object whose keys are data.
    pub(crate) fn into_pairs(self) -> Vec<(String, Tree)> {
        self.entries
    }
}

/// Reads one kind of value from a tree that stands at a place.
pub(crate) type Reader<T> = fn(Tree, &At<'_>) -> Result<T, ProblemError>;

/// Reads a list of things.
pub(crate) fn list<T>(tree: Tree, at: &At<'_>, read: Reader<T>) -> Result<Vec<T>, ProblemError> {
    let Tree::List(items) = tree else { return Err(at.fault(&tree, "a list")) };
    items.into_iter().enumerate().map(|(index, item)| read(item, &At::Index(at, index))).collect()
}
