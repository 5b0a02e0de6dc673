//! Finds where in a document the JSON itself is broken.
//!
//! A second reading that keeps nothing but the path; it runs only after the first reading has failed.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::problem::ProblemError;

/// The fault in a document that is not JSON, or is cut short, or is nested without end.
pub(crate) fn syntax_fault(document: &[u8], error: &serde_json::Error) -> ProblemError {
    let trail = RefCell::new(Vec::new());
    let mut reader = serde_json::Deserializer::from_slice(document);
    let broken = Walk(&trail).deserialize(&mut reader).and_then(|()| reader.end());
    let error = broken.as_ref().err().unwrap_or(error);
    let path = trail.borrow().concat();
    let path = path.trim_start_matches('.');
    let expected = if error.is_eof() {
        "the rest of the document: it is cut short".to_owned()
    } else {
        format!("valid JSON ({error})")
    };
    ProblemError::new(
        if path.is_empty() { "(document)" } else { path },
        text_at(document, error.line(), error.column()),
        expected,
    )
}

/// A few characters of the document round the place where reading stopped.
fn text_at(document: &[u8], line: usize, column: usize) -> String {
    let Some(text) = document.split(|byte| *byte == b'\n').nth(line.saturating_sub(1)) else {
        return "the end".into();
    };
    let start = column.saturating_sub(1).min(text.len());
    let around = text.get(start..(start + 20).min(text.len())).unwrap_or_default();
    let around = String::from_utf8_lossy(around).trim().to_owned();
    if around.is_empty() { "the end".into() } else { around }
}

#[derive(Clone, Copy)]
struct Walk<'a>(&'a RefCell<Vec<String>>);

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        for index in 0.. {
            self.0.borrow_mut().push(format!("[{index}]"));
            let item = items.next_element_seed(self)?;
            self.0.borrow_mut().pop();
            if item.is_none() {
                break;
            }
        }
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        while let Some(key) = entries.next_key::<String>()? {
            self.0.borrow_mut().push(format!(".{key}"));
            entries.next_value_seed(self)?;
            self.0.borrow_mut().pop();
        }
        Ok(())
    }
}
