//! The tests that need the whole project: its sources, a database, a browser.

mod a_backup_is_restored;
mod a_clinician_keeps_their_availability;
mod a_clinician_sees_what_blocks_them;
mod a_commissioner_publishes_rate_ranges;
mod a_commissioner_reads_the_fill_rate;
mod a_practice_posts_sessions;
mod an_administrator_clears_clinicians;
mod an_administrator_publishes_a_plan;
mod an_answer_meets_a_change;
mod an_operator_sets_up_a_bank;
mod architecture;
mod bookings_are_cancelled;
mod browser;
mod clinicians_answer_offers;
mod every_message;
mod killed_while_publishing_and_sending;
mod mail_survives_kills;
mod many_accept_one_session;
mod people_are_reminded;
mod people_sign_in;
mod practices_are_imported;
mod statements;
mod support;
mod the_desk_refuses;
mod the_log_is_sealed;
mod two_workers_share_the_queue;
