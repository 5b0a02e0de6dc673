//! Counters shared between processes by Redis, or kept inside this one where no Redis is configured.
//!
//! Nothing here may not be lost: with Redis away each process counts for itself and the service goes on.

mod local;

use std::time::Duration;

use chrono::{DateTime, Utc};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};

pub use local::LocalCounters;
/// One atomic step: take one back, of a count that has not ended and is not nothing.
const TAKE_BACK: &str = "local n = tonumber(redis.call('get', KEYS[1])) if n and n > 0 then redis.call('decr', KEYS[1]) end return 0";

/// Counts that expire.
#[derive(Clone)]
pub enum Cache {
    /// Counts of this process alone.
    Local(LocalCounters),
    /// Counts of every process on one Redis, and those of this process for when Redis is away.
    Redis(ConnectionManager, LocalCounters),
}

/// Redis could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("Redis can't be reached at the address in the settings: {0}")]
pub struct CacheError(#[from] redis::RedisError);

/// One atomic step: count, and start the time to live with the first.
const COUNT: &str = "local n = redis.call('incr', KEYS[1]) if n == 1 then redis.call('expire', KEYS[1], ARGV[1]) end return n";

/// How long a count may take before the service goes on without it.
const PATIENCE: Duration = Duration::from_millis(250);

impl Cache {
    /// The cache at `url`, or one of this process alone where `url` is empty. Redis is reached when it is first needed,
    /// so that a process starts without it.
    pub fn open(url: &str) -> Result<Self, CacheError> {
        if url.is_empty() {
            return Ok(Self::Local(LocalCounters::default()));
        }
        let client = redis::Client::open(url)?;
        let manager = ConnectionManager::new_lazy_with_config(client, ConnectionManagerConfig::new())?;
        Ok(Self::Redis(manager, LocalCounters::default()))
    }

    /// Adds one to the count of `key` and gives the count since its first in the last `window_seconds`; that of this
    /// process where Redis does not answer.
    pub async fn count(&self, key: &str, window_seconds: u32, now: DateTime<Utc>) -> u64 {
        match self {
            Self::Local(counters) => counters.count(key, window_seconds, now),
            Self::Redis(connection, counters) => {
                // Counted here too, so that whoever was near a limit does not begin anew when Redis goes away.
                let here = counters.count(key, window_seconds, now);
                let mut connection = connection.clone();
                let script = redis::Script::new(COUNT);
                let mut call = script.key(format!("locumbank:count:{key}"));
                let call = call.arg(window_seconds);
                match answered(call.invoke_async::<u64>(&mut connection)).await {
                    Some(count) => count.max(here),
                    None => here,
                }
            }
        }
    }

    /// Takes one back from the count of `key`: what was counted beforehand turned out not to count.
    pub async fn take_back(&self, key: &str) {
        let (Self::Local(counters) | Self::Redis(_, counters)) = self;
        counters.take_back(key);
        if let Self::Redis(connection, _) = self {
            let mut connection = connection.clone();
            let script = redis::Script::new(TAKE_BACK);
            let call = script.key(format!("locumbank:count:{key}"));
            answered(call.invoke_async::<u64>(&mut connection)).await;
        }
    }

    /// `up`, `away`, or `unused` where no Redis is configured.
    pub async fn state(&self) -> &'static str {
        let Self::Redis(connection, _) = self else { return "unused" };
        let mut connection = connection.clone();
        let ping = redis::cmd("PING");
        match answered(ping.query_async::<String>(&mut connection)).await {
            Some(_) => "up",
            None => "away",
        }
    }
}

/// What Redis answers, where it does so soon.
async fn answered<T>(call: impl Future<Output = Result<T, redis::RedisError>>) -> Option<T> {
    match tokio::time::timeout(PATIENCE, call).await {
        Ok(Ok(answer)) => Some(answer),
        Ok(Err(error)) => {
            tracing::warn!(%error, "redis did not answer");
            None
        }
        Err(_elapsed) => {
            tracing::warn!("redis was too slow to answer");
            None
        }
    }
}
