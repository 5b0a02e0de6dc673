//! Every kind of job, and what runs by itself and when, one line each.

use crate::ground::app::job::{JobKind, Work};
use crate::ground::queue::schedule::{Schedule, When};
use crate::ground::worker::due;

/// A kind whose work is done alone.
macro_rules! alone {
    ($name:expr, $title:literal, $($work:ident)::+) => {
        JobKind { name: $name, title: $title, work: Work::Alone(|app, payload| Box::pin(async move { $($work)::+(&app, payload).await })) }
    };
}

/// A kind whose work is done in one transaction with its completion.
macro_rules! once {
    ($name:expr, $title:literal, $($work:ident)::+) => {
        JobKind { name: $name, title: $title, work: Work::Once(|tx, app, payload| Box::pin($($work)::+(tx, app, payload))) }
    };
}

/// Every kind of job.
pub const KINDS: &[JobKind] = &[
    alone!("seal_audit_log", "Seal the audit log", crate::ground::audit::jobs::seal_log),
    alone!("clear_done_jobs", "Clear finished work", due::clear_done_jobs),
    alone!(
        "fail_stranded_plans",
        "End the waiting for plans without a run",
        crate::work::planning::jobs::fail_stranded
    ),
    alone!("lapse_offers", "Let offers lapse", crate::work::booking::jobs::lapse_offers),
    alone!("end_requests", "End overtaken requests", crate::work::request::jobs::end_requests),
    alone!(
        "remind_of_applicants",
        "Remind practices of applicants who wait",
        crate::hiring::application::jobs::remind_practices
    ),
    alone!("ask_outcomes", "Ask what came of vacancies", crate::hiring::vacancy::jobs::ask_outcomes),
    alone!("open_stages", "Note that stages have opened", crate::work::stage::jobs::open_stages),
    alone!(
        "tell_stages",
        "Tell people of stages that have opened",
        crate::letters::opened::jobs::tell_stages
    ),
    alone!(
        "remind_to_sign_off",
        "Remind practices to sign off",
        crate::pay::worked::jobs::remind_to_sign_off
    ),
    alone!("announce_rounds", "Announce rounds", crate::work::round::jobs::announce_rounds),
    alone!("decide_rounds", "Decide rounds", crate::work::request::jobs::decide_rounds),
    alone!(
        "propose_what_came_back",
        "Propose the next in turn",
        crate::work::request::jobs::propose_what_came_back
    ),
    alone!("lapse_unconfirmed", "End what nobody confirms", crate::work::request::jobs::lapse_unconfirmed),
    alone!("remind_of_offers", "Remind of offers", crate::work::booking::jobs::remind_of_offers),
    alone!("remind_of_bookings", "Remind of bookings", crate::work::booking::jobs::remind_of_bookings),
    alone!(
        "remind_of_clearances",
        "Tell of clearances that end",
        crate::people::credential::jobs::remind_of_clearances
    ),
    alone!(
        "remind_of_documents",
        "Tell of documents that end",
        crate::people::document::jobs::remind_of_documents
    ),
    alone!("tell_who_waits", "Tell who waits to be cleared", crate::work::standing::jobs::tell_who_waits),
    alone!(
        "list_clearances_weekly",
        "List clearances that end",
        crate::people::credential::jobs::list_clearances_weekly
    ),
    alone!(
        "tell_unfilled_weekly",
        "List unfilled sessions",
        crate::insight::fill_rate::jobs::tell_unfilled_weekly
    ),
    alone!(
        "tell_not_chosen",
        "Tell who was not chosen why",
        crate::work::planning::jobs::not_chosen::tell_not_chosen
    ),
    alone!("write_digests", "Write daily emails", crate::letters::digest::jobs::write_digests),
    alone!("clear_old_links", "Clear old links and sign-ins", crate::people::account::jobs::clear_old_links),
    once!(
        crate::people::account::actions::forgotten::SEND_LINK,
        "Send a link to a new password",
        crate::people::account::jobs::send_password_link
    ),
    once!(
        crate::people::invitation::actions::joining::SEND_LINK,
        "Send a link to somebody who joins",
        crate::people::invitation::jobs::send_joining_link
    ),
    once!(
        crate::hiring::application::actions::begin::SEND_LINK,
        "Send the link to an application",
        crate::hiring::application::jobs::send_application_link
    ),
    alone!(
        "forget_begun",
        "Forget what people began who never joined",
        crate::people::invitation::jobs::forget_begun
    ),
    alone!("tell_alerts", "Tell alerts of new sessions", crate::letters::alert::jobs::tell_alerts),
    alone!("ask_about_alerts", "Ask about alerts that end", crate::letters::alert::jobs::ask_about_alerts),
    alone!("erase_by_time", "Erase what is kept no longer", crate::rights::retention::jobs::erase_by_time),
    alone!(
        crate::rights::export::KIND,
        "Make a copy of what is held about a person",
        crate::rights::export::jobs::make
    ),
    alone!(crate::work::planning::jobs::KIND, "Make a plan", crate::work::planning::jobs::run),
];

/// Every schedule.
pub const SCHEDULES: &[Schedule] = &[
    Schedule { kind: "clear_done_jobs", when: When::EveryMinutes(60), priority: 9 },
    Schedule { kind: "clear_old_links", when: When::DailyAt(3, 0), priority: 9 },
    Schedule { kind: "erase_by_time", when: When::DailyAt(2, 30), priority: 9 },
    Schedule { kind: "forget_begun", when: When::DailyAt(3, 0), priority: 9 },
    Schedule { kind: "seal_audit_log", when: When::EveryMinutes(60), priority: 9 },
    Schedule { kind: "fail_stranded_plans", when: When::EveryMinutes(1), priority: 3 },
    Schedule { kind: "lapse_offers", when: When::EveryMinutes(1), priority: 3 },
    Schedule { kind: "end_requests", when: When::EveryMinutes(1), priority: 4 },
    Schedule { kind: "remind_of_applicants", when: When::DailyAt(8, 0), priority: 7 },
    Schedule { kind: "ask_outcomes", when: When::DailyAt(8, 0), priority: 7 },
    Schedule { kind: "open_stages", when: When::EveryMinutes(1), priority: 4 },
    Schedule { kind: "tell_stages", when: When::EveryMinutes(5), priority: 5 },
    Schedule { kind: "announce_rounds", when: When::EveryMinutes(1), priority: 4 },
    Schedule { kind: "decide_rounds", when: When::EveryMinutes(1), priority: 4 },
    Schedule { kind: "propose_what_came_back", when: When::EveryMinutes(1), priority: 4 },
    Schedule { kind: "lapse_unconfirmed", when: When::EveryMinutes(1), priority: 4 },
    Schedule { kind: "remind_of_offers", when: When::EveryMinutes(5), priority: 4 },
    Schedule { kind: "remind_of_bookings", when: When::EveryMinutes(15), priority: 5 },
    Schedule { kind: "remind_to_sign_off", when: When::EveryMinutes(30), priority: 6 },
    Schedule { kind: "tell_alerts", when: When::EveryMinutes(15), priority: 6 },
    Schedule { kind: "write_digests", when: When::DailyAt(6, 0), priority: 8 },
    Schedule { kind: "ask_about_alerts", when: When::DailyAt(7, 0), priority: 8 },
    Schedule { kind: "remind_of_clearances", when: When::DailyAt(7, 0), priority: 6 },
    Schedule { kind: "remind_of_documents", when: When::DailyAt(7, 0), priority: 6 },
    Schedule { kind: "tell_who_waits", when: When::DailyAt(7, 0), priority: 8 },
    Schedule { kind: "list_clearances_weekly", when: When::DailyAt(7, 0), priority: 8 },
    Schedule { kind: "tell_unfilled_weekly", when: When::DailyAt(7, 0), priority: 8 },
    Schedule { kind: "tell_not_chosen", when: When::DailyAt(7, 0), priority: 9 },
];
