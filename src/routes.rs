//! Every URL of the service, and who may ask for it.
//!
//! `who` says the policy in words that a test compares with what each kind of visitor really gets; the handler's
//! guard enforces it.

use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};

use crate::account::PersonKind::{self, BankAdministrator, Clinician, Commissioner, PracticeManager};
use crate::{
    account, alert, audit, availability, booking, bounce, clinician, credential, email, fill_rate, jobs,
    mail_choice, planning, practice, rate, session, watching, web as pages,
};

/// Who may ask for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Anybody, signed in or not.
    Everybody,
    /// Whoever holds a link with a secret in it.
    LinkHolder,
    /// A program on this machine, or one that knows the token of the settings.
    Scraper,
    /// Signed-in people of these kinds.
    Kinds(&'static [PersonKind]),
}

/// One URL and method.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// GET or POST.
    pub method: &'static str,
    /// The path, with `{name}` for what varies.
    pub path: &'static str,
    /// Who may ask.
    pub who: Who,
}

/// One table gives both the list of routes and the actix configuration.
macro_rules! routes {
    ($($method:ident $path:literal $who:expr => $($handler:ident)::+;)*) => {
        /// Every route.
        pub const ROUTES: &[Route] = &[$(Route { method: stringify!($method), path: $path, who: $who }),*];

        /// Adds every route to an actix application.
        pub fn configure(config: &mut ServiceConfig) {
            $(config.route($path, web::method(Method::$method).to($($handler)::+));)*
            config.default_service(web::to(account::pages::nothing_here));
        }
    };
}

/// Adds what a worker answers: its figures and its health, and no page.
pub fn configure_worker(config: &mut ServiceConfig) {
    config.route("/metrics", web::get().to(watching::pages::metrics));
    config.route("/health/live", web::get().to(watching::pages::live));
    config.route("/health/ready", web::get().to(watching::pages::ready));
}

const ANYONE_SIGNED_IN: Who = Who::Kinds(&[PracticeManager, Clinician, BankAdministrator, Commissioner]);
const BOOKING_SIDES: Who = Who::Kinds(&[PracticeManager, Clinician]);

routes! {
    GET "/" Who::Everybody => account::pages::start;
    GET "/sign-in" Who::Everybody => account::pages::sign_in_page;
    POST "/sign-in" Who::Everybody => account::pages::sign_in;
    POST "/sign-out" ANYONE_SIGNED_IN => account::pages::sign_out;
    GET "/mail" Who::Kinds(&[BankAdministrator]) => email::pages::list;
    GET "/mail/held" Who::Kinds(&[BankAdministrator]) => email::pages_held::held;
    POST "/mail/held" Who::Kinds(&[BankAdministrator]) => email::pages_held::decide;
    GET "/mail/messages" Who::Kinds(&[BankAdministrator]) => email::pages_messages::list;
    GET "/mail/messages/{kind}" Who::Kinds(&[BankAdministrator]) => email::pages_messages::one;
    GET "/mail/messages/{kind}/html" Who::Kinds(&[BankAdministrator]) => email::pages_messages::html;
    GET "/mail/addresses" Who::Kinds(&[BankAdministrator]) => bounce::pages::addresses;
    POST "/mail/addresses" Who::Kinds(&[BankAdministrator]) => bounce::pages::clear;
    GET "/mail/{mail}" Who::Kinds(&[BankAdministrator]) => email::pages::detail;

    GET "/your-email" ANYONE_SIGNED_IN => mail_choice::pages::show;
    POST "/your-email" ANYONE_SIGNED_IN => mail_choice::pages::save;
    POST "/your-email/send-again" ANYONE_SIGNED_IN => mail_choice::pages::send_again;
    GET "/alerts" Who::Kinds(&[Clinician]) => alert::pages::list;
    POST "/alerts" Who::Kinds(&[Clinician]) => alert::pages::add;
    POST "/alerts/{id}/renew" Who::Kinds(&[Clinician]) => alert::pages::renew;
    GET "/renew-alert/{token}" Who::LinkHolder => alert::renew_pages::show;
    POST "/renew-alert/{token}" Who::LinkHolder => alert::renew_pages::renew;
    POST "/alerts/{id}/end" Who::Kinds(&[Clinician]) => alert::pages::end;
    GET "/unsubscribe/{token}" Who::LinkHolder => mail_choice::stop_pages::show;
    POST "/unsubscribe/{token}" Who::LinkHolder => mail_choice::stop_pages::stop;

    GET "/audit" Who::Kinds(&[BankAdministrator]) => audit::pages::log;

    GET "/practice" Who::Kinds(&[PracticeManager]) => practice::pages::own_practices_page;
    GET "/practice/{id}/refusals" Who::Kinds(&[PracticeManager]) => practice::refusals::refusals_page;
    POST "/practice/{id}/refusals" Who::Kinds(&[PracticeManager]) => practice::refusals::refuse;
    GET "/practice/{id}/refusals/new" Who::Kinds(&[PracticeManager]) => practice::refusals::refusal_form;
    POST "/practice/{id}/refusals/remove" Who::Kinds(&[PracticeManager]) => practice::refusals::remove_refusal;
    GET "/practices" Who::Kinds(&[BankAdministrator]) => practice::pages::practices_page;
    GET "/practices/{id}" Who::Kinds(&[BankAdministrator]) => practice::pages::practice_page;
    GET "/rate-ranges" Who::Kinds(&[Commissioner]) => rate::pages::ranges_page;
    GET "/rate-ranges/new" Who::Kinds(&[Commissioner]) => rate::pages::new_range_page;
    POST "/rate-ranges/check" Who::Kinds(&[Commissioner]) => rate::pages::check_range;
    POST "/rate-ranges" Who::Kinds(&[Commissioner]) => rate::pages::publish_range;

    GET "/clinicians" Who::Kinds(&[BankAdministrator]) => clinician::directory::list;
    GET "/clinicians/{id}" Who::Kinds(&[BankAdministrator]) => clinician::directory::one;
    GET "/clinicians/{id}/clear" Who::Kinds(&[BankAdministrator]) => credential::pages::clear_form;
    POST "/clinicians/{id}/clear" Who::Kinds(&[BankAdministrator]) => credential::pages::clear;
    GET "/clinicians/{id}/end-clearance" Who::Kinds(&[BankAdministrator]) => credential::pages::end_form;
    POST "/clinicians/{id}/end-clearance" Who::Kinds(&[BankAdministrator]) => credential::pages::end;
    GET "/clinicians/{id}/documents/new" Who::Kinds(&[BankAdministrator]) => credential::documents::document_form;
    POST "/clinicians/{id}/documents" Who::Kinds(&[BankAdministrator]) => credential::documents::record_document;
    POST "/clinicians/{id}/documents/remove" Who::Kinds(&[BankAdministrator]) => credential::documents::remove_document;
    GET "/me" Who::Kinds(&[Clinician]) => clinician::pages::me;
    GET "/me/details" Who::Kinds(&[Clinician]) => clinician::changes::details_form;
    POST "/me/details" Who::Kinds(&[Clinician]) => clinician::changes::save_details;
    GET "/me/rates" Who::Kinds(&[Clinician]) => clinician::changes::rates_form;
    POST "/me/rates" Who::Kinds(&[Clinician]) => clinician::changes::save_rates;
    GET "/me/skills" Who::Kinds(&[Clinician]) => clinician::changes::skills_form;
    POST "/me/skills" Who::Kinds(&[Clinician]) => clinician::changes::save_skills;
    GET "/me/practices" Who::Kinds(&[Clinician]) => clinician::preferences::preferences;
    POST "/me/practices" Who::Kinds(&[Clinician]) => clinician::preferences::save_preference;
    GET "/availability" Who::Kinds(&[Clinician]) => availability::pages::overview;
    GET "/availability/week" Who::Kinds(&[Clinician]) => availability::changes::week_form;
    POST "/availability/week" Who::Kinds(&[Clinician]) => availability::changes::save_week;
    GET "/availability/dates/new" Who::Kinds(&[Clinician]) => availability::changes::entry_form;
    POST "/availability/dates" Who::Kinds(&[Clinician]) => availability::changes::add_entry;
    POST "/availability/dates/{id}/remove" Who::Kinds(&[Clinician]) => availability::changes::remove_entry;
    GET "/availability/away/new" Who::Kinds(&[Clinician]) => availability::changes::away_form;
    POST "/availability/away" Who::Kinds(&[Clinician]) => availability::changes::add_away;
    POST "/availability/away/{id}/remove" Who::Kinds(&[Clinician]) => availability::changes::remove_away;

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

    GET "/offers" Who::Kinds(&[Clinician]) => booking::offer_pages::offers_page;
    GET "/offers/{id}" Who::Kinds(&[Clinician]) => booking::offer_pages::offer_page;
    POST "/offers/{id}" Who::Kinds(&[Clinician]) => booking::offer_pages::answer_offer;
    GET "/offer-link/{token}" Who::LinkHolder => booking::link_pages::link_page;
    POST "/offer-link/{token}" Who::LinkHolder => booking::link_pages::answer_by_link;
    GET "/offer-link/{token}/calendar.ics" Who::LinkHolder => booking::link_pages::link_calendar;
    GET "/bookings" BOOKING_SIDES => booking::list_pages::bookings_page;
    GET "/bookings/{id}" BOOKING_SIDES => booking::pages::booking_page;
    GET "/bookings/{id}/cancel" BOOKING_SIDES => booking::pages::cancel_page;
    POST "/bookings/{id}/cancel" BOOKING_SIDES => booking::pages::cancel_booking;
    GET "/bookings/{id}/calendar.ics" BOOKING_SIDES => booking::pages::booking_calendar;

    GET "/matching" Who::Kinds(&[BankAdministrator]) => planning::pages::list;
    POST "/matching" Who::Kinds(&[BankAdministrator]) => planning::pages::ask;
    GET "/matching/{id}" Who::Kinds(&[BankAdministrator]) => planning::pages::show;
    POST "/matching/{id}/pairs" Who::Kinds(&[BankAdministrator]) => planning::pages::keep_pairs;
    GET "/matching/{id}/publish" Who::Kinds(&[BankAdministrator]) => planning::pages::publish_page;
    POST "/matching/{id}/publish" Who::Kinds(&[BankAdministrator]) => planning::pages::publish;
    GET "/matching/{id}/discard" Who::Kinds(&[BankAdministrator]) => planning::pages::discard_page;
    POST "/matching/{id}/discard" Who::Kinds(&[BankAdministrator]) => planning::pages::discard;
    GET "/matching/{id}/problem.json" Who::Kinds(&[BankAdministrator]) => planning::pages::problem_file;
    GET "/matching/{id}/plan.json" Who::Kinds(&[BankAdministrator]) => planning::pages::plan_file;

    GET "/fill-rate" Who::Kinds(&[Commissioner, BankAdministrator]) => fill_rate::pages::fill_rate;
    GET "/fill-rate.csv" Who::Kinds(&[Commissioner, BankAdministrator]) => fill_rate::pages::file;
    GET "/unfilled-sessions" Who::Kinds(&[Commissioner, BankAdministrator]) => fill_rate::unfilled_pages::unfilled;
    GET "/unfilled-sessions/{id}" Who::Kinds(&[BankAdministrator]) => planning::by_hand_pages::who_page;
    GET "/unfilled-sessions/{id}/book" Who::Kinds(&[BankAdministrator]) => planning::by_hand_pages::book_page;
    POST "/unfilled-sessions/{id}/book" Who::Kinds(&[BankAdministrator]) => planning::by_hand_pages::book_by_hand;

    GET "/system" Who::Kinds(&[BankAdministrator]) => watching::system_pages::system;
    GET "/system/jobs/{job}/again" Who::Kinds(&[BankAdministrator]) => jobs::pages_dead::again_page;
    POST "/system/jobs/{job}/again" Who::Kinds(&[BankAdministrator]) => jobs::pages_dead::again;
    GET "/mail/{mail}/again" Who::Kinds(&[BankAdministrator]) => email::pages_failed::again_page;
    POST "/mail/{mail}/again" Who::Kinds(&[BankAdministrator]) => email::pages_failed::again;
    GET "/metrics" Who::Scraper => watching::pages::metrics;
    GET "/health/live" Who::Everybody => watching::pages::live;
    GET "/health/ready" Who::Everybody => watching::pages::ready;
    GET "/unfilled-sessions/{id}/take-back" Who::Kinds(&[BankAdministrator]) => planning::by_hand_offers::take_back_page;
    POST "/unfilled-sessions/{id}/take-back" Who::Kinds(&[BankAdministrator]) => planning::by_hand_offers::take_back_offer;

    GET "/assets/{version}/{path:.*}" Who::Everybody => pages::assets::serve_asset;
}
