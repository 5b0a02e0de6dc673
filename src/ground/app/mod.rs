//! What every request and every job shares.

pub mod in_hand;
pub mod job;
pub mod route;
pub mod site;

use self::in_hand::InHand;
use self::site::Site;
use crate::ground::cache::Cache;
use crate::ground::clock::Clock;
use crate::ground::counts::Counts;
use crate::ground::db::Db;
use crate::ground::mail::Letterhead;
use crate::ground::mail::links::LinkKey;
use crate::ground::settings::Settings;

/// After being told to stop, requests under way may go on for so many seconds.
pub const REQUEST_GRACE_SECONDS: u64 = 10;

/// What every request and job shares. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// What the operator set.
    pub settings: std::sync::Arc<Settings>,
    /// The database.
    pub db: Db,
    /// Counters.
    pub cache: Cache,
    /// Time.
    pub clock: Clock,
    /// The key of links in mails.
    pub link_key: LinkKey,
    /// What happened in this process.
    pub counts: Counts,
    /// What the service is made of.
    pub site: &'static Site,
    /// The requests that this process handles now.
    pub in_hand: InHand,
}

impl App {
    /// The address people's browsers use, without a slash at the end.
    #[must_use]
    pub fn base_url(&self) -> String {
        base_url_of(&self.settings)
    }

    /// Who writes and where the pages are, as the operator set it up.
    #[must_use]
    pub fn letterhead(&self) -> Letterhead {
        let smtp = &self.settings.smtp;
        Letterhead {
            base_url: self.base_url(),
            from_name: smtp.from_name.clone(),
            from_address: smtp.from_address.clone(),
        }
    }
}

/// The address people's browsers use, for a command that serves none.
#[must_use]
pub fn base_url_of(settings: &Settings) -> String {
    let server = &settings.server;
    if server.base_url.is_empty() {
        format!("http://{}:{}", server.host, server.port)
    } else {
        server.base_url.clone()
    }
}
