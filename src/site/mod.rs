//! The only place that names every slice: every URL with who may ask for it, every kind of job and when it is due,
//! every message, who relies on which fact.
//! Everything below is handed these lists.

pub mod jobs;
pub mod messages;
pub mod reliants;
pub mod routes;

use crate::ground::app::site::Site;

/// What the service is made of.
pub static SITE: Site = Site {
    routes: routes::ROUTES,
    jobs: jobs::KINDS,
    schedules: jobs::SCHEDULES,
    messages: messages::MESSAGES,
    delivery: messages::DELIVERY,
    reliants: reliants::RELIANTS,
};
