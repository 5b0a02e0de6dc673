//! The tests that need the whole project: its sources, a database, a browser.

mod a_backup_is_restored;
mod an_operator_sets_up_a_bank;
mod architecture;
mod people_sign_in;
mod support;
