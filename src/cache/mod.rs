//! Counters shared between processes by Redis, or kept inside this one where no Redis is configured.
//!
//! Nothing here may not be lost: with Redis away every count reads as zero and the service goes on.

mod local;

use std::time::Duration;

use chrono::{DateTime, Utc};
use redis::aio::ConnectionManager;

pub use local::LocalCounters;

/// Counts that expire.
#[derive(Clone)]
pub enum Cache {
    /// Counts of this process alone.
    Local(LocalCounters),
    /// Counts of every process on one Redis.
    Redis(ConnectionManager),
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
    /// The cache at `url`, or one of this process alone where `url` is empty.
    pub async fn open(url: &str) -> Result<Self, CacheError> {
        if url.is_empty() {
            return Ok(Self::Local(LocalCounters::default()));
        }
        let client = redis::Client::open(url)?;
        Ok(Self::Redis(ConnectionManager::new(client).await?))
    }

    /// Adds one to the count of `key` and gives the count since its first in the last `window_seconds`.
    /// Zero where Redis does not answer.
    pub async fn count(&self, key: &str, window_seconds: u32, now: DateTime<Utc>) -> u64 {
        match self {
            Self::Local(counters) => counters.count(key, window_seconds, now),
            Self::Redis(connection) => {
                let mut connection = connection.clone();
                let script = redis::Script::new(COUNT);
                let mut call = script.key(format!("locumbank:count:{key}"));
                let answer = tokio::time::timeout(
                    PATIENCE,
                    call.arg(window_seconds).invoke_async::<u64>(&mut connection),
                );
                match answer.await {
                    Ok(Ok(count)) => count,
                    Ok(Err(error)) => {
                        tracing::warn!(%error, "redis did not count");
                        0
                    }
                    Err(_elapsed) => {
                        tracing::warn!("redis was too slow to count");
                        0
                    }
                }
            }
        }
    }
}
