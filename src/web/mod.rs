//! What all pages share: the layout and its frame, components, how things are written, how forms are read.

pub mod assets;
pub mod components;
pub mod form_fields;
pub mod format;
pub mod frame;
#[cfg(test)]
mod showcase;
