//! The tests that need the whole project: its sources, a database, a browser.

mod a_backup_is_restored;
mod a_clinician_keeps_their_availability;
mod a_clinician_sees_what_blocks_them;
mod a_commissioner_reads_the_fill_rate;
mod an_administrator_clears_clinicians;
mod an_administrator_publishes_a_plan;
mod an_operator_sets_up_a_bank;
mod architecture;
mod killed_while_publishing_and_sending;
mod people_sign_in;
mod statements;
mod support;
