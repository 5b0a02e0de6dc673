//! The tests that need the whole project: its sources, a database, a browser.

mod a_backup_is_restored;
mod a_clinician_keeps_their_availability;
mod a_clinician_sees_what_blocks_them;
mod a_commissioner_publishes_rate_ranges;
mod a_practice_posts_sessions;
mod an_administrator_clears_clinicians;
mod an_operator_sets_up_a_bank;
mod architecture;
mod killed_while_publishing_and_sending;
mod people_sign_in;
mod practices_are_imported;
mod statements;
mod support;
