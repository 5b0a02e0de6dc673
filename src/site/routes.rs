//! Every URL of the service, and who may ask for it.
//!
//! `who` says the policy in words that a test compares with what each kind of visitor really gets; the handler's
//! guard enforces it.

use actix_web::web::{self, ServiceConfig};

use crate::ground::app::route::{Route, Who};
use crate::ground::sign_in::PersonKind::{BankAdministrator, Clinician, Commissioner, PracticeManager};
use crate::ground::web::resource;
use crate::ground::{audit, outbox, web as pages, worker};
use crate::insight::{fill_rate, watching};
use crate::letters::{alert, mail_choice, stopped_address};
use crate::people::{account, availability, clinician, credential, invitation, practice, profile};
use crate::terms::rate;
use crate::work::{booking, planning, session};

/// One table gives both the list of routes and the actix configuration.
macro_rules! routes {
    ($($method:ident $path:literal $who:expr => $($handler:ident)::+;)*) => {
        /// Every route.
        pub const ROUTES: &[Route] = &[$(Route { method: stringify!($method), path: $path, who: $who }),*];

        /// Adds every route to an actix application.
        pub fn configure(config: &mut ServiceConfig) {
            resource::register(config, vec![$((stringify!($method), $path, web::to($($handler)::+))),*]);
            config.default_service(web::to(account::pages::nothing_here));
        }
    };
}

/// Adds what a worker answers: its figures and its health, and no page.
pub fn configure_worker(config: &mut ServiceConfig) {
    let answering = vec![
        ("GET", "/metrics", web::to(watching::pages::health::metrics)),
        ("GET", "/health/live", web::to(watching::pages::health::live)),
        ("GET", "/health/ready", web::to(watching::pages::health::ready)),
    ];
    resource::register(config, answering);
}

const ANYONE_SIGNED_IN: Who = Who::Kinds(&[PracticeManager, Clinician, BankAdministrator, Commissioner]);
const INVITERS: Who = Who::Kinds(&[PracticeManager, BankAdministrator]);
const BOOKING_SIDES: Who = Who::Kinds(&[PracticeManager, Clinician]);

routes! {
    GET "/" Who::Everybody => account::pages::start;
    GET "/sign-in" Who::Everybody => account::pages::sign_in::show;
    POST "/sign-in" Who::Everybody => account::pages::sign_in::sign_in;
    POST "/sign-out" ANYONE_SIGNED_IN => account::pages::sign_in::sign_out;
    GET "/forgotten-password" Who::Everybody => account::pages::forgotten::show;
    POST "/forgotten-password" Who::Everybody => account::pages::forgotten::ask;
    GET "/new-password/{token}" Who::LinkHolder => account::pages::by_link::show;
    POST "/new-password/{token}" Who::LinkHolder => account::pages::by_link::choose;
    GET "/your-sign-in" ANYONE_SIGNED_IN => account::pages::your_sign_in::show;
    POST "/your-sign-in/end" ANYONE_SIGNED_IN => account::pages::your_sign_in::end;
    GET "/your-sign-in/password" ANYONE_SIGNED_IN => account::pages::own_password::show;
    POST "/your-sign-in/password" ANYONE_SIGNED_IN => account::pages::own_password::change;
    GET "/mail" Who::Kinds(&[BankAdministrator]) => outbox::pages::outbox::list;
    GET "/mail/held" Who::Kinds(&[BankAdministrator]) => outbox::pages::held::held;
    POST "/mail/held" Who::Kinds(&[BankAdministrator]) => outbox::pages::held::decide;
    GET "/mail/messages" Who::Kinds(&[BankAdministrator]) => outbox::pages::messages::list;
    GET "/mail/messages/{kind}" Who::Kinds(&[BankAdministrator]) => outbox::pages::messages::one;
    GET "/mail/messages/{kind}/html" Who::Kinds(&[BankAdministrator]) => outbox::pages::messages::html;
    GET "/mail/addresses" Who::Kinds(&[BankAdministrator]) => stopped_address::pages::addresses;
    POST "/mail/addresses" Who::Kinds(&[BankAdministrator]) => stopped_address::pages::clear;
    GET "/mail/{mail}" Who::Kinds(&[BankAdministrator]) => outbox::pages::outbox::detail;

    GET "/your-email" ANYONE_SIGNED_IN => mail_choice::pages::your_email::show;
    POST "/your-email" ANYONE_SIGNED_IN => mail_choice::pages::your_email::save;
    POST "/your-email/send-again" ANYONE_SIGNED_IN => mail_choice::pages::your_email::send_again;
    GET "/alerts" Who::Kinds(&[Clinician]) => alert::pages::alerts::list;
    POST "/alerts" Who::Kinds(&[Clinician]) => alert::pages::alerts::add;
    POST "/alerts/{id}/renew" Who::Kinds(&[Clinician]) => alert::pages::alerts::renew;
    GET "/renew-alert/{token}" Who::LinkHolder => alert::pages::renew::show;
    POST "/renew-alert/{token}" Who::LinkHolder => alert::pages::renew::renew;
    POST "/alerts/{id}/end" Who::Kinds(&[Clinician]) => alert::pages::alerts::end;
    GET "/unsubscribe/{token}" Who::LinkHolder => mail_choice::pages::stop::show;
    POST "/unsubscribe/{token}" Who::LinkHolder => mail_choice::pages::stop::stop;

    GET "/invitation/{token}" Who::LinkHolder => invitation::pages::join::join_page;
    POST "/invitation/{token}" Who::LinkHolder => invitation::pages::join::join;
    GET "/invitations" INVITERS => invitation::pages::list::list;
    GET "/invitations/new" INVITERS => invitation::pages::invite::new_page;
    POST "/invitations/check" INVITERS => invitation::pages::invite::check;
    POST "/invitations" INVITERS => invitation::pages::invite::send;
    POST "/invitations/{id}/send-again" INVITERS => invitation::pages::list::send_again;
    GET "/invitations/{id}/withdraw" INVITERS => invitation::pages::list::withdraw_page;
    POST "/invitations/{id}/withdraw" INVITERS => invitation::pages::list::withdraw;

    GET "/audit" Who::Kinds(&[BankAdministrator]) => audit::pages::log;

    GET "/practice" Who::Kinds(&[PracticeManager]) => practice::pages::practices::own_practices_page;
    GET "/practice/{id}/refusals" Who::Kinds(&[PracticeManager]) => practice::pages::refusals::refusals_page;
    POST "/practice/{id}/refusals" Who::Kinds(&[PracticeManager]) => practice::pages::refusals::refuse;
    GET "/practice/{id}/refusals/new" Who::Kinds(&[PracticeManager]) => practice::pages::refusals::refusal_form;
    POST "/practice/{id}/refusals/remove" Who::Kinds(&[PracticeManager]) => practice::pages::refusals::remove_refusal;
    GET "/practices" Who::Kinds(&[BankAdministrator]) => practice::pages::practices::practices_page;
    GET "/practices/{id}" Who::Kinds(&[BankAdministrator]) => practice::pages::practices::practice_page;
    GET "/rate-ranges" Who::Kinds(&[Commissioner]) => rate::pages::ranges_page;
    GET "/rate-ranges/new" Who::Kinds(&[Commissioner]) => rate::pages::new_range_page;
    POST "/rate-ranges/check" Who::Kinds(&[Commissioner]) => rate::pages::check_range;
    POST "/rate-ranges" Who::Kinds(&[Commissioner]) => rate::pages::publish_range;

    GET "/clinicians" Who::Kinds(&[BankAdministrator]) => profile::pages::list::list;
    GET "/clinicians/{id}" Who::Kinds(&[BankAdministrator]) => profile::pages::list::one;
    GET "/clinicians/{id}/clear" Who::Kinds(&[BankAdministrator]) => credential::pages::clearance::clear_form;
    POST "/clinicians/{id}/clear" Who::Kinds(&[BankAdministrator]) => credential::pages::clearance::clear;
    GET "/clinicians/{id}/end-clearance" Who::Kinds(&[BankAdministrator]) => credential::pages::clearance::end_form;
    POST "/clinicians/{id}/end-clearance" Who::Kinds(&[BankAdministrator]) => credential::pages::clearance::end;
    GET "/clinicians/{id}/documents/new" Who::Kinds(&[BankAdministrator]) => credential::pages::document::document_form;
    POST "/clinicians/{id}/documents" Who::Kinds(&[BankAdministrator]) => credential::pages::document::record_document;
    POST "/clinicians/{id}/documents/remove" Who::Kinds(&[BankAdministrator]) => credential::pages::document::remove_document;
    GET "/me" Who::Kinds(&[Clinician]) => profile::pages::me::me;
    GET "/me/details" Who::Kinds(&[Clinician]) => profile::pages::change::details_form;
    POST "/me/details" Who::Kinds(&[Clinician]) => profile::pages::change::save_details;
    GET "/me/rates" Who::Kinds(&[Clinician]) => profile::pages::change::rates_form;
    POST "/me/rates" Who::Kinds(&[Clinician]) => profile::pages::change::save_rates;
    GET "/me/skills" Who::Kinds(&[Clinician]) => profile::pages::change::skills_form;
    POST "/me/skills" Who::Kinds(&[Clinician]) => profile::pages::change::save_skills;
    GET "/me/practices" Who::Kinds(&[Clinician]) => clinician::pages::preferences::preferences;
    POST "/me/practices" Who::Kinds(&[Clinician]) => clinician::pages::preferences::save_preference;
    GET "/availability" Who::Kinds(&[Clinician]) => availability::pages::overview::overview;
    GET "/availability/week" Who::Kinds(&[Clinician]) => availability::pages::change::week_form;
    POST "/availability/week" Who::Kinds(&[Clinician]) => availability::pages::change::save_week;
    GET "/availability/dates/new" Who::Kinds(&[Clinician]) => availability::pages::change::entry_form;
    POST "/availability/dates" Who::Kinds(&[Clinician]) => availability::pages::change::add_entry;
    POST "/availability/dates/{id}/remove" Who::Kinds(&[Clinician]) => availability::pages::change::remove_entry;
    GET "/availability/away/new" Who::Kinds(&[Clinician]) => availability::pages::change::away_form;
    POST "/availability/away" Who::Kinds(&[Clinician]) => availability::pages::change::add_away;
    POST "/availability/away/{id}/remove" Who::Kinds(&[Clinician]) => availability::pages::change::remove_away;

    GET "/sessions" Who::Kinds(&[PracticeManager]) => session::pages::week::week_page;
    GET "/sessions/new" Who::Kinds(&[PracticeManager]) => session::pages::post::new_session_page;
    POST "/sessions/check" Who::Kinds(&[PracticeManager]) => session::pages::confirm::check_session;
    POST "/sessions/change" Who::Kinds(&[PracticeManager]) => session::pages::post::change_entries;
    POST "/sessions" Who::Kinds(&[PracticeManager]) => session::pages::confirm::post_session;
    GET "/sessions/{id}/change" Who::Kinds(&[PracticeManager]) => session::pages::change::change_page;
    POST "/sessions/{id}/change" Who::Kinds(&[PracticeManager]) => session::pages::change::change;
    GET "/sessions/{id}/time" Who::Kinds(&[PracticeManager]) => session::pages::time::time_page;
    POST "/sessions/{id}/time" Who::Kinds(&[PracticeManager]) => session::pages::time::change_time;
    GET "/sessions/{id}/withdraw" Who::Kinds(&[PracticeManager]) => session::pages::withdraw::withdraw_page;
    POST "/sessions/{id}/withdraw" Who::Kinds(&[PracticeManager]) => session::pages::withdraw::withdraw;
    GET "/sessions/{id}" Who::Kinds(&[PracticeManager]) => session::pages::detail::session_page;

    GET "/offers" Who::Kinds(&[Clinician]) => booking::pages::offer::offers_page;
    GET "/offers/{id}" Who::Kinds(&[Clinician]) => booking::pages::offer::offer_page;
    POST "/offers/{id}" Who::Kinds(&[Clinician]) => booking::pages::offer::answer_offer;
    GET "/offer-link/{token}" Who::LinkHolder => booking::pages::link::link_page;
    POST "/offer-link/{token}" Who::LinkHolder => booking::pages::link::answer_by_link;
    GET "/offer-link/{token}/calendar.ics" Who::LinkHolder => booking::pages::link::link_calendar;
    GET "/bookings" BOOKING_SIDES => booking::pages::list::bookings_page;
    GET "/bookings/{id}" BOOKING_SIDES => booking::pages::booking::booking_page;
    GET "/bookings/{id}/cancel" BOOKING_SIDES => booking::pages::booking::cancel_page;
    POST "/bookings/{id}/cancel" BOOKING_SIDES => booking::pages::booking::cancel_booking;
    GET "/bookings/{id}/calendar.ics" BOOKING_SIDES => booking::pages::booking::booking_calendar;

    GET "/matching" Who::Kinds(&[BankAdministrator]) => planning::pages::plans::list;
    POST "/matching" Who::Kinds(&[BankAdministrator]) => planning::pages::plans::ask;
    GET "/matching/{id}" Who::Kinds(&[BankAdministrator]) => planning::pages::plans::show;
    POST "/matching/{id}/pairs" Who::Kinds(&[BankAdministrator]) => planning::pages::plans::keep_pairs;
    GET "/matching/{id}/publish" Who::Kinds(&[BankAdministrator]) => planning::pages::approval::publish_page;
    POST "/matching/{id}/publish" Who::Kinds(&[BankAdministrator]) => planning::pages::approval::publish;
    GET "/matching/{id}/discard" Who::Kinds(&[BankAdministrator]) => planning::pages::approval::discard_page;
    POST "/matching/{id}/discard" Who::Kinds(&[BankAdministrator]) => planning::pages::approval::discard;
    GET "/matching/{id}/problem.json" Who::Kinds(&[BankAdministrator]) => planning::pages::plans::problem_file;
    GET "/matching/{id}/plan.json" Who::Kinds(&[BankAdministrator]) => planning::pages::plans::plan_file;

    GET "/fill-rate" Who::Kinds(&[Commissioner, BankAdministrator]) => fill_rate::pages::fill_rate::fill_rate;
    GET "/fill-rate.csv" Who::Kinds(&[Commissioner, BankAdministrator]) => fill_rate::pages::fill_rate::file;
    GET "/unfilled-sessions" Who::Kinds(&[Commissioner, BankAdministrator]) => fill_rate::pages::unfilled::unfilled;
    GET "/unfilled-sessions/{id}" Who::Kinds(&[BankAdministrator]) => planning::pages::by_hand::who_page;
    GET "/unfilled-sessions/{id}/book" Who::Kinds(&[BankAdministrator]) => planning::pages::by_hand::book_page;
    POST "/unfilled-sessions/{id}/book" Who::Kinds(&[BankAdministrator]) => planning::pages::by_hand::book_by_hand;

    GET "/system" Who::Kinds(&[BankAdministrator]) => watching::pages::system::system;
    GET "/system/jobs/{job}/again" Who::Kinds(&[BankAdministrator]) => worker::pages::again_page;
    POST "/system/jobs/{job}/again" Who::Kinds(&[BankAdministrator]) => worker::pages::again;
    GET "/mail/{mail}/again" Who::Kinds(&[BankAdministrator]) => outbox::pages::failed::again_page;
    POST "/mail/{mail}/again" Who::Kinds(&[BankAdministrator]) => outbox::pages::failed::again;
    GET "/metrics" Who::Scraper => watching::pages::health::metrics;
    GET "/health/live" Who::Everybody => watching::pages::health::live;
    GET "/health/ready" Who::Everybody => watching::pages::health::ready;
    GET "/unfilled-sessions/{id}/take-back" Who::Kinds(&[BankAdministrator]) => planning::pages::take_back::take_back_page;
    POST "/unfilled-sessions/{id}/take-back" Who::Kinds(&[BankAdministrator]) => planning::pages::take_back::take_back_offer;

    GET "/assets/{version}/{path:.*}" Who::Everybody => pages::assets::serve_asset;
}
