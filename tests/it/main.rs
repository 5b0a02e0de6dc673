//! The tests that need the whole project: its sources, a database, a browser.

mod a_backup_is_restored;
mod an_answer_meets_a_change;
mod an_operator_sets_up_a_bank;
mod architecture;
mod bookings_are_cancelled;
mod clinicians_answer_offers;
mod many_accept_one_session;
mod people_sign_in;
mod support;
mod the_desk_refuses;
