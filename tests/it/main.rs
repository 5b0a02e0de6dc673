//! The tests that need the whole project: its sources, a database, a browser.

mod architecture;
mod people_sign_in;
mod support;
