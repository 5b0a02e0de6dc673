//! Every URL of the service, and who may ask for it.
//!
//! Each route names the permission it asks for, once: the guard takes it from here, and a test compares it with what
//! each kind of visitor really gets.

use actix_web::web::{self, ServiceConfig};

use crate::ground::app::route::{Permission, Route, Who};
use crate::ground::web::resource;
use crate::ground::{audit, outbox, web as pages, worker};
use crate::hiring::{application, search, vacancy};
use crate::insight::{fill_rate, today, watching};
use crate::letters::{alert, mail_choice, stopped_address};
use crate::pay::worked;
use crate::people::{
    account, agreement, availability, clinician, credential, document, invitation, membership, practice,
};
use crate::rights::{erasure, export, retention};
use crate::terms::{catalogue, notice, rate, rules};
use crate::work::{
    booking, feedback, planning, question, request, rota, round, session, stage, standing, succession,
};

/// One table gives both the list of routes and the actix configuration.
macro_rules! routes {
    ($($method:ident $path:literal $who:ident => $($handler:ident)::+;)*) => {
        /// Every route.
        pub const ROUTES: &[Route] = &[$(Route { method: stringify!($method), path: $path, who: who!($who) }),*];

        /// Adds every route to an actix application.
        pub fn configure(config: &mut ServiceConfig) {
            let answers = [$(web::to($($handler)::+)),*];
            resource::register(config, ROUTES.iter().copied().zip(answers).collect());
            config.default_service(web::to(account::pages::nothing_here));
        }
    };
}

/// Who may ask: everybody, whoever holds a link, a program that reads figures, or who has a permission.
macro_rules! who {
    (Everybody) => {
        Who::Everybody
    };
    (LinkHolder) => {
        Who::LinkHolder
    };
    (Scraper) => {
        Who::Scraper
    };
    ($permission:ident) => {
        Who::May(Permission::$permission)
    };
}

/// Adds what a worker answers: its figures and its health, and no page.
pub fn configure_worker(config: &mut ServiceConfig) {
    let answer = |path| match path {
        "/metrics" => Some(web::to(watching::pages::health::metrics)),
        "/health/live" => Some(web::to(watching::pages::health::live)),
        "/health/ready" => Some(web::to(watching::pages::health::ready)),
        _ => None,
    };
    let answering = ROUTES.iter().filter_map(|route| Some((*route, answer(route.path)?)));
    resource::register(config, answering.collect());
}

routes! {
    GET "/" Everybody => account::pages::start;
    GET "/sign-in" Everybody => account::pages::sign_in::show;
    POST "/sign-in" Everybody => account::pages::sign_in::sign_in;
    POST "/sign-in/code" Everybody => account::pages::code::sign_in_by_code;
    POST "/sign-out" SignedIn => account::pages::sign_in::sign_out;
    GET "/switch" SignedIn => account::pages::switch::show;
    POST "/switch" SignedIn => account::pages::switch::switch;
    GET "/kept-form" SignedIn => account::pages::kept_form::show;
    POST "/kept-form" SignedIn => account::pages::kept_form::send;
    POST "/kept-form/discard" SignedIn => account::pages::kept_form::discard;
    GET "/forgotten-password" Everybody => account::pages::forgotten::show;
    POST "/forgotten-password" Everybody => account::pages::forgotten::ask;
    GET "/new-password/{token}" LinkHolder => account::pages::by_link::show;
    POST "/new-password/{token}" LinkHolder => account::pages::by_link::choose;
    GET "/your-sign-in" SignedIn => account::pages::your_sign_in::show;
    POST "/your-sign-in/end" SignedIn => account::pages::your_sign_in::end;
    GET "/your-sign-in/email" SignedIn => account::pages::address::show;
    POST "/your-sign-in/email" SignedIn => account::pages::address::ask;
    GET "/new-address/{token}" LinkHolder => account::pages::address::confirm_form;
    POST "/new-address/{token}" LinkHolder => account::pages::address::confirm;
    GET "/your-sign-in/password" SignedIn => account::pages::own_password::show;
    POST "/your-sign-in/password" SignedIn => account::pages::own_password::change;
    GET "/second-factor" SignedIn => account::pages::second_factor::show;
    POST "/second-factor/begin" SignedIn => account::pages::second_factor::begin;
    GET "/second-factor/new" SignedIn => account::pages::second_factor::set_up;
    POST "/second-factor/new" SignedIn => account::pages::second_factor::confirm;
    POST "/second-factor/codes" SignedIn => account::pages::second_factor::renew;
    POST "/second-factor/end" SignedIn => account::pages::second_factor::end;
    GET "/today" Administer => today::pages::today;
    GET "/mail" Administer => outbox::pages::outbox::list;
    GET "/mail/held" Administer => outbox::pages::held::held;
    POST "/mail/held" Administer => outbox::pages::held::decide;
    GET "/mail/messages" Administer => outbox::pages::messages::list;
    GET "/mail/messages/{kind}" Administer => outbox::pages::messages::one;
    GET "/mail/messages/{kind}/html" Administer => outbox::pages::messages::html;
    GET "/mail/addresses" Administer => stopped_address::pages::addresses;
    POST "/mail/addresses" Administer => stopped_address::pages::clear;
    GET "/mail/{mail}" Administer => outbox::pages::outbox::detail;

    GET "/your-email" SignedIn => mail_choice::pages::your_email::show;
    POST "/your-email" SignedIn => mail_choice::pages::your_email::save;
    POST "/your-email/send-again" SignedIn => mail_choice::pages::your_email::send_again;
    GET "/your-data" SignedIn => export::pages::own::show;
    POST "/your-data" SignedIn => export::pages::own::ask;
    POST "/your-data/fetch" SignedIn => export::pages::own::fetch;
    GET "/your-data/erase" SignedIn => erasure::pages::own::show;
    POST "/your-data/erase" SignedIn => erasure::pages::own::erase;
    GET "/alerts" BeBooked => alert::pages::alerts::list;
    POST "/alerts" BeBooked => alert::pages::alerts::add;
    POST "/alerts/{id}/renew" BeBooked => alert::pages::alerts::renew;
    GET "/renew-alert/{token}" LinkHolder => alert::pages::renew::show;
    POST "/renew-alert/{token}" LinkHolder => alert::pages::renew::renew;
    POST "/alerts/{id}/end" BeBooked => alert::pages::alerts::end;
    GET "/unsubscribe/{token}" LinkHolder => mail_choice::pages::stop::show;
    POST "/unsubscribe/{token}" LinkHolder => mail_choice::pages::stop::stop;
    GET "/vacancies" Everybody => search::pages::list::list;
    GET "/vacancies.atom" Everybody => search::pages::feeds::atom;
    GET "/vacancies.json" Everybody => search::pages::feeds::vacancies_json;
    GET "/vacancies/{id}" Everybody => search::pages::one::one;
    GET "/vacancies/{id}/apply" Everybody => application::pages::ask::show;
    POST "/vacancies/{id}/apply" Everybody => application::pages::ask::ask;
    POST "/vacancies/{id}/apply-with-record" BeBooked => application::pages::with_record::send;
    GET "/application/{token}" LinkHolder => application::pages::own::show;
    POST "/application/{token}" LinkHolder => application::pages::write::write;
    POST "/application/{token}/offer" LinkHolder => application::pages::own::answer;
    POST "/application/{token}/withdraw" LinkHolder => application::pages::own::take_back;
    GET "/sitemap.xml" Everybody => search::pages::feeds::sitemap;
    GET "/robots.txt" Everybody => search::pages::feeds::robots;
    GET "/help" Everybody => notice::pages::help;
    GET "/help/clinician" Everybody => notice::pages::help_for_clinicians;
    GET "/help/practice" Everybody => notice::pages::help_for_practices;
    GET "/help/bank" Everybody => notice::pages::help_for_banks;
    GET "/help/commissioner" Everybody => notice::pages::help_for_commissioners;
    GET "/accessibility" Everybody => notice::pages::accessibility;
    GET "/privacy" Everybody => notice::pages::privacy;
    GET "/cookies" Everybody => notice::pages::cookies;
    GET "/join" Everybody => invitation::pages::bank::banks;
    GET "/join/{bank}" Everybody => invitation::pages::bank::bank_page;
    GET "/join/{bank}/about-you" Everybody => invitation::pages::bank::form_page;
    POST "/join/{bank}/about-you" Everybody => invitation::pages::bank::ask;
    GET "/join/{bank}/terms" Everybody => agreement::pages::public_terms;
    GET "/terms-of-use" SignedIn => agreement::pages::own_terms;
    POST "/terms-of-use" SignedIn => agreement::pages::accept;
    GET "/invitation/{token}" LinkHolder => invitation::pages::join::join_page;
    POST "/invitation/{token}" LinkHolder => invitation::pages::join::join;
    GET "/invitations" Invite => invitation::pages::list::list;
    GET "/invitations/new" Invite => invitation::pages::invite::new_page;
    POST "/invitations/check" Invite => invitation::pages::invite::check;
    POST "/invitations" Invite => invitation::pages::invite::send;
    POST "/invitations/{id}/send-again" Invite => invitation::pages::list::send_again;
    GET "/invitations/{id}/withdraw" Invite => invitation::pages::list::withdraw_page;
    POST "/invitations/{id}/withdraw" Invite => invitation::pages::list::withdraw;

    GET "/people" Administer => membership::pages::list::list;
    GET "/people/second-factor" Administer => membership::pages::second_factor::show;
    POST "/people/second-factor" Administer => membership::pages::second_factor::decide;
    GET "/people/{id}" Administer => membership::pages::person::show;
    POST "/people/{id}" Administer => membership::pages::person::add;
    GET "/people/{id}/data" Administer => export::pages::person::show;
    POST "/people/{id}/data" Administer => export::pages::person::ask;
    POST "/people/{id}/data/fetch" Administer => export::pages::person::fetch;
    GET "/people/{id}/erase" Administer => erasure::pages::person::show;
    POST "/people/{id}/erase" Administer => erasure::pages::person::erase;
    GET "/people/{id}/end" Administer => membership::pages::person::end_page;
    POST "/people/{id}/end" Administer => membership::pages::person::end;
    POST "/people/{id}/second-factor" Administer => membership::pages::person::reset;
    POST "/people/{id}/sign-out" Administer => membership::pages::person::sign_out;

    GET "/audit" Administer => audit::pages::log;
    GET "/audit.csv" Administer => audit::pages::file;

    GET "/practice" PostSessions => practice::pages::practices::own_practices_page;
    GET "/practice/{id}/guide" PostSessions => practice::pages::guide::guide_form;
    POST "/practice/{id}/guide" PostSessions => practice::pages::guide::save_guide;
    GET "/places/{id}" SignedIn => practice::pages::guide::place_page;
    GET "/practice/{id}/refusals" PostSessions => practice::pages::refusals::refusals_page;
    POST "/practice/{id}/refusals" PostSessions => practice::pages::refusals::refuse;
    GET "/practice/{id}/refusals/new" PostSessions => practice::pages::refusals::refusal_form;
    POST "/practice/{id}/refusals/remove" PostSessions => practice::pages::refusals::remove_refusal;
    GET "/practice/{id}/trust" PostSessions => practice::pages::trust::trust_page;
    POST "/practice/{id}/trust" PostSessions => practice::pages::trust::begin;
    POST "/practice/{id}/trust/end" PostSessions => practice::pages::trust::end;
    GET "/practice/{id}/preferred" PostSessions => practice::pages::preferred::preferred_page;
    POST "/practice/{id}/preferred" PostSessions => practice::pages::preferred::put;
    POST "/practice/{id}/preferred/remove" PostSessions => practice::pages::preferred::take_off;
    POST "/practice/{id}/preferred/lists" PostSessions => practice::pages::preferred::begin;
    POST "/practice/{id}/preferred/lists/remove" PostSessions => practice::pages::preferred::remove;
    GET "/practice/{id}/extras" PostSessions => practice::pages::extras::extras_page;
    POST "/practice/{id}/extras" PostSessions => practice::pages::extras::decide;
    POST "/practice/{id}/extras/end" PostSessions => practice::pages::extras::end;
    GET "/your-vacancies" PostVacancies => vacancy::pages::list::list;
    POST "/your-vacancies" PostVacancies => vacancy::pages::form::begin;
    GET "/your-vacancies/new" PostVacancies => vacancy::pages::form::new_page;
    GET "/your-vacancies/{id}" PostVacancies => vacancy::pages::own::show;
    GET "/your-vacancies/{id}/change" PostVacancies => vacancy::pages::form::change_page;
    POST "/your-vacancies/{id}/change" PostVacancies => vacancy::pages::form::change;
    POST "/your-vacancies/{id}/publish" PostVacancies => vacancy::pages::own::publish_it;
    POST "/your-vacancies/{id}/remove" PostVacancies => vacancy::pages::own::remove;
    POST "/your-vacancies/{id}/close" PostVacancies => vacancy::pages::own::close;
    POST "/your-vacancies/{id}/outcome" PostVacancies => vacancy::pages::own::say_outcome;
    GET "/your-vacancies/{id}/applications" PostVacancies => application::pages::follow::list;
    POST "/your-vacancies/{id}/applications" PostVacancies => application::pages::follow::decide_several;
    GET "/your-vacancies/{id}/applications/{application}" PostVacancies => application::pages::follow::one;
    POST "/your-vacancies/{id}/applications/{application}" PostVacancies => application::pages::follow::decide_one;
    POST "/your-vacancies/{id}/applications/{application}/cv" PostVacancies => application::pages::follow::cv;
    GET "/practices" Administer => practice::pages::practices::practices_page;
    GET "/practices/{id}" Administer => practice::pages::practices::practice_page;
    GET "/practices/{id}/successor" Administer => succession::pages::name::name_form;
    POST "/practices/{id}/successor" Administer => succession::pages::name::name;
    GET "/rate-ranges" SetRateRanges => rate::pages::ranges_page;
    GET "/rate-ranges/new" SetRateRanges => rate::pages::new_range_page;
    POST "/rate-ranges/check" SetRateRanges => rate::pages::check_range;
    POST "/rate-ranges" SetRateRanges => rate::pages::publish_range;

    GET "/bank" KeepBank => rules::pages::overview::overview;
    GET "/bank/holidays" KeepBank => session::pages::holidays::holidays_page;
    POST "/bank/holidays" KeepBank => session::pages::holidays::change;
    GET "/bank/bands" KeepBank => session::pages::bands::bands_page;
    POST "/bank/bands" KeepBank => session::pages::bands::change;
    GET "/bank/roles" KeepBank => catalogue::pages::list::list_page;
    GET "/bank/roles/change" KeepBank => catalogue::pages::change::change_page;
    POST "/bank/roles/check" KeepBank => catalogue::pages::change::check;
    POST "/bank/roles" KeepBank => catalogue::pages::change::save;
    GET "/bank/erased" KeepBank => retention::pages::show;
    GET "/bank/{section}" KeepBank => rules::pages::change::change_page;
    POST "/bank/{section}/check" KeepBank => rules::pages::change::check;
    POST "/bank/{section}" KeepBank => rules::pages::change::save;
    GET "/our-bank" SignedIn => rules::pages::overview::our_bank;

    GET "/clinicians" Clear => standing::pages::list::list;
    GET "/clinicians/{id}" Clear => standing::pages::list::one;
    GET "/clinicians/{id}/clear" Clear => credential::pages::clearance::clear_form;
    POST "/clinicians/{id}/clear" Clear => credential::pages::clearance::clear;
    GET "/clinicians/{id}/end-clearance" Clear => credential::pages::clearance::end_form;
    POST "/clinicians/{id}/end-clearance" Clear => credential::pages::clearance::end;
    GET "/clinicians/{id}/documents/new" Clear => credential::pages::document::document_form;
    GET "/clinicians/{id}/refuse" Clear => credential::pages::refuse::refuse_form;
    POST "/clinicians/{id}/refuse" Clear => credential::pages::refuse::refuse;
    GET "/clinicians/{id}/look-up" Clear => credential::pages::look_up::look_up_form;
    POST "/clinicians/{id}/look-up" Clear => credential::pages::look_up::look_up;
    POST "/clinicians/{id}/documents" Clear => credential::pages::document::record_document;
    POST "/clinicians/{id}/documents/remove" Clear => credential::pages::document::remove_document;
    GET "/clinicians/{id}/documents/{document}" Clear => document::pages::decide::show;
    POST "/clinicians/{id}/documents/{document}/open" Clear => document::pages::open::open_theirs;
    POST "/clinicians/{id}/documents/{document}/verify" Clear => document::pages::decide::verify;
    POST "/clinicians/{id}/documents/{document}/send-back" Clear => document::pages::decide::send_back;
    GET "/needs" Clear => standing::pages::needs::needs;
    POST "/needs" Clear => standing::pages::needs::decide;
    GET "/needs/new" Clear => standing::pages::needs::new_need;
    POST "/needs/check" Clear => standing::pages::needs::check;
    GET "/needs/end" Clear => standing::pages::needs::end_form;
    POST "/needs/end" Clear => standing::pages::needs::end;
    GET "/clearing" Clear => standing::pages::waiting::waiting;
    POST "/clearing" Clear => standing::pages::waiting::clear;
    GET "/documents-to-look-at" Clear => document::pages::waiting::waiting;
    GET "/me" BeBooked => standing::pages::me::me;
    GET "/me/missing" BeBooked => standing::pages::missing::missing;
    GET "/me/details" BeBooked => standing::pages::change::details_form;
    POST "/me/details" BeBooked => standing::pages::change::save_details;
    GET "/me/rates" BeBooked => standing::pages::change::rates_form;
    POST "/me/rates" BeBooked => standing::pages::change::save_rates;
    GET "/me/skills" BeBooked => standing::pages::change::skills_form;
    POST "/me/skills" BeBooked => standing::pages::change::save_skills;
    GET "/me/documents" BeBooked => document::pages::own::own;
    POST "/me/documents" BeBooked => document::pages::hand_in::send;
    GET "/me/documents/new" BeBooked => document::pages::hand_in::new_form;
    POST "/me/documents/{document}/open" BeBooked => document::pages::open::open_mine;
    GET "/me/practices" BeBooked => clinician::pages::preferences::preferences;
    POST "/me/practices" BeBooked => clinician::pages::preferences::save_preference;
    GET "/availability" BeBooked => availability::pages::overview::overview;
    GET "/availability/week" BeBooked => availability::pages::change::week_form;
    POST "/availability/week" BeBooked => availability::pages::change::save_week;
    GET "/availability/dates/new" BeBooked => availability::pages::change::entry_form;
    POST "/availability/dates" BeBooked => availability::pages::change::add_entry;
    POST "/availability/dates/{id}/remove" BeBooked => availability::pages::change::remove_entry;
    GET "/availability/away/new" BeBooked => availability::pages::change::away_form;
    POST "/availability/away" BeBooked => availability::pages::change::add_away;
    POST "/availability/away/{id}/remove" BeBooked => availability::pages::change::remove_away;

    GET "/sessions" PostSessions => session::pages::week::week_page;
    GET "/sessions/new" PostSessions => session::pages::post::new_session_page;
    POST "/sessions/check" PostSessions => session::pages::confirm::check_session;
    POST "/sessions/change" PostSessions => session::pages::post::change_entries;
    POST "/sessions" PostSessions => session::pages::confirm::post_session;
    POST "/sessions/templates" PostSessions => session::pages::templates::save;
    POST "/sessions/templates/remove" PostSessions => session::pages::templates::remove;
    GET "/sessions/withdraw" PostSessions => session::pages::withdraw_several::choose;
    POST "/sessions/withdraw/check" PostSessions => session::pages::withdraw_several::check;
    POST "/sessions/withdraw" PostSessions => session::pages::withdraw_several::withdraw;
    GET "/sessions/file" PostSessions => session::pages::file::file_page;
    GET "/sessions/file.csv" PostSessions => session::pages::file::example;
    POST "/sessions/file" PostSessions => session::pages::file::read;
    POST "/sessions/file/post" PostSessions => session::pages::file::post;
    GET "/sessions/{id}/asked" PostSessions => session::pages::asked::asked_page;
    POST "/sessions/{id}/asked" PostSessions => session::pages::asked::change;
    GET "/sessions/{id}/change" PostSessions => session::pages::change::change_page;
    POST "/sessions/{id}/change" PostSessions => session::pages::change::change;
    GET "/sessions/{id}/stages" PostSessions => stage::pages::stages_page;
    POST "/sessions/{id}/stages" PostSessions => stage::pages::save;
    GET "/sessions/{id}/time" PostSessions => session::pages::time::time_page;
    POST "/sessions/{id}/time" PostSessions => session::pages::time::change_time;
    GET "/sessions/{id}/withdraw" PostSessions => session::pages::withdraw::withdraw_page;
    POST "/sessions/{id}/withdraw" PostSessions => session::pages::withdraw::withdraw;
    GET "/sessions/{id}" PostSessions => session::pages::detail::session_page;

    GET "/find-sessions" BeBooked => request::pages::find::find_page;
    GET "/find-sessions/{id}" BeBooked => request::pages::ask::ask_page;
    POST "/find-sessions/{id}" BeBooked => request::pages::ask::ask;
    GET "/my-requests" BeBooked => request::pages::own::own_requests_page;
    POST "/my-requests/{id}/withdraw" BeBooked => request::pages::own::withdraw;
    POST "/my-requests/order" BeBooked => request::pages::rank::rank;
    GET "/rounds" Everybody => round::pages::help::help_page;
    GET "/rounds/{id}" Everybody => round::pages::one::round_page;
    POST "/requests/confirm" PostSessions => request::pages::practice::confirm;
    GET "/requests" PostSessions => request::pages::practice::requests_page;
    GET "/requests/{id}" PostSessions => request::pages::answer::answer_page;
    POST "/requests/{id}" PostSessions => request::pages::answer::answer;
    GET "/questions/{id}" BeBooked => question::pages::asking::questions_page;
    POST "/questions/{id}" BeBooked => question::pages::asking::ask;
    GET "/answers" PostSessions => question::pages::practice::answers_page;
    GET "/answers/{id}" PostSessions => question::pages::practice::answer_page;
    POST "/answers/{id}" PostSessions => question::pages::practice::answer;
    GET "/offers" BeBooked => booking::pages::offer::offers_page;
    POST "/offers/ask-again" BeBooked => booking::pages::offer::ask_for_again;
    GET "/offers/{id}" BeBooked => booking::pages::offer::offer_page;
    POST "/offers/{id}" BeBooked => booking::pages::offer::answer_offer;
    GET "/offer-link/{token}" LinkHolder => booking::pages::link::link_page;
    POST "/offer-link/{token}" LinkHolder => booking::pages::link::answer_by_link;
    GET "/offer-link/{token}/calendar.ics" LinkHolder => booking::pages::link::link_calendar;
    GET "/bookings" SeeBookings => booking::pages::list::bookings_page;
    GET "/bookings-to-look-at" Administer => booking::pages::flagged::list;
    GET "/bookings/calendar" BeBooked => booking::pages::feed::feed_page;
    POST "/bookings/calendar" BeBooked => booking::pages::feed::make;
    POST "/bookings/calendar/end" BeBooked => booking::pages::feed::end;
    GET "/calendar/{token}" LinkHolder => booking::pages::feed::calendar;
    GET "/bookings/{id}" SeeBookings => booking::pages::booking::booking_page;
    GET "/bookings/{id}/cancel" SeeBookings => booking::pages::booking::cancel_page;
    POST "/bookings/{id}/cancel" SeeBookings => booking::pages::booking::cancel_booking;
    GET "/bookings/{id}/calendar.ics" SeeBookings => booking::pages::booking::booking_calendar;

    GET "/bookings/{id}/feedback" SeeBookings => feedback::pages::give::feedback_page;
    POST "/bookings/{id}/feedback" SeeBookings => feedback::pages::give::give;
    GET "/feedback" Match => feedback::pages::list::list_page;
    GET "/bookings/{id}/worked" SeeBookings => worked::pages::one::work_page;
    POST "/bookings/{id}/worked/sign-off" PostSessions => worked::pages::one::sign_one_off;
    POST "/bookings/{id}/worked/answer" PostSessions => worked::pages::one::answer_query;
    POST "/bookings/{id}/worked/said" BeBooked => worked::pages::one::say;
    POST "/bookings/{id}/worked/query" BeBooked => worked::pages::one::ask;
    GET "/worked" SeeBookings => worked::pages::list::worked_page;
    GET "/worked/week" PostSessions => worked::pages::week::week_page;
    POST "/worked/week" PostSessions => worked::pages::week::sign_week_off;

    GET "/rota" Match => rota::pages::list::rota;
    GET "/rota/bookings/{id}/cancel" Match => booking::pages::cancel_for::cancel_page;
    POST "/rota/bookings/{id}/cancel" Match => booking::pages::cancel_for::cancel;
    GET "/clinicians/{id}/rota" Match => rota::pages::person::rota_of_clinician;

    GET "/matching" Match => planning::pages::plans::list;
    POST "/matching" Match => planning::pages::plans::ask;
    GET "/matching/{id}" Match => planning::pages::plans::show;
    GET "/matching/{id}/leave-out" Match => planning::pages::leave_out::leave_out_page;
    POST "/matching/{id}/leave-out" Match => planning::pages::leave_out::leave_out;
    POST "/matching/{id}/take-in" Match => planning::pages::leave_out::take_in;
    POST "/matching/{id}/chase" Match => planning::pages::answers::chase;
    GET "/matching/{id}/publish" Match => planning::pages::approval::publish_page;
    POST "/matching/{id}/publish" Match => planning::pages::approval::publish;
    GET "/matching/{id}/discard" Match => planning::pages::approval::discard_page;
    POST "/matching/{id}/discard" Match => planning::pages::approval::discard;
    GET "/matching/{id}/problem.json" Match => planning::pages::plans::problem_file;
    GET "/matching/{id}/plan.json" Match => planning::pages::plans::plan_file;

    GET "/fill-rate" SeeFillRates => fill_rate::pages::fill_rate::fill_rate;
    GET "/fill-rate.csv" SeeFillRates => fill_rate::pages::fill_rate::file;
    GET "/unfilled-sessions" SeeFillRates => fill_rate::pages::unfilled::unfilled;
    GET "/unfilled-sessions/{id}" Match => planning::pages::by_hand::who_page;
    GET "/unfilled-sessions/{id}/book" Match => planning::pages::by_hand::book_page;
    POST "/unfilled-sessions/{id}/book" Match => planning::pages::by_hand::book_by_hand;

    GET "/system" Administer => watching::pages::system::system;
    GET "/system/jobs/{job}/again" Administer => worker::pages::again_page;
    POST "/system/jobs/{job}/again" Administer => worker::pages::again;
    GET "/mail/{mail}/again" Administer => outbox::pages::failed::again_page;
    POST "/mail/{mail}/again" Administer => outbox::pages::failed::again;
    GET "/metrics" Scraper => watching::pages::health::metrics;
    GET "/health/live" Everybody => watching::pages::health::live;
    GET "/health/ready" Everybody => watching::pages::health::ready;
    POST "/unfilled-sessions/{id}/propose-again" Match => planning::pages::by_hand::propose_again;
    GET "/unfilled-sessions/{id}/take-back" Match => planning::pages::take_back::take_back_page;
    POST "/unfilled-sessions/{id}/take-back" Match => planning::pages::take_back::take_back_offer;

    GET "/assets/{version}/{path:.*}" Everybody => pages::assets::serve_asset;
}
