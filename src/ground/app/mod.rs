//! What every request and every job shares.

pub mod in_hand;
pub mod job;
pub mod route;
pub mod site;

use self::in_hand::InHand;
use chrono::TimeDelta;

use self::site::Site;
use crate::ground::cache::Cache;
use crate::ground::clock::Clock;
use crate::ground::counts::Counts;
use crate::ground::data_key::DataKey;
use crate::ground::db::Db;
use crate::ground::facts::{Consent, Means, Reliants};
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
    /// The key of what a copy of the database must not show.
    pub data_key: DataKey,
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

    /// Who relies on facts, for whoever changes one and agrees to all that falls with it.
    #[must_use]
    pub fn reliants(&self) -> Reliants {
        Reliants { all: self.site.reliants, means: means_of(&self.settings), consent: Consent::ToAll }
    }

    /// Who writes and where the pages are, as the operator set it up.
    #[must_use]
    pub fn letterhead(&self) -> Letterhead {
        letterhead_of(&self.settings)
    }
}

/// Who writes and where the pages are, for a command that serves none.
#[must_use]
pub fn letterhead_of(settings: &Settings) -> Letterhead {
    let smtp = &settings.smtp;
    Letterhead {
        base_url: base_url_of(settings),
        from_name: smtp.from_name.clone(),
        from_address: smtp.from_address.clone(),
    }
}

/// What those who rely on facts need of the settings.
#[must_use]
pub fn means_of(settings: &Settings) -> Means {
    let latest_before_start = TimeDelta::minutes(settings.offers.latest_minutes_before_start);
    Means { letterhead: letterhead_of(settings), latest_before_start }
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
