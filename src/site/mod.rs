//! The only place that names every slice: every URL with who may ask for it.

pub mod routes;
