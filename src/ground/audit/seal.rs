//! Seals of the log: each is a hash over the lines since the seal before it, and over that seal. Whoever alters, adds
//! or removes a sealed line, past the database's own refusal, would have to make every later seal anew, and the seals
//! are told to the process's log as they are made.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::ground::id::{AccountId, BankId};

/// What a seal holds: a SHA-256 hash.
pub type SealHash = [u8; 32];

/// A line of the log, whole, as it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct SealedLine {
    /// Its place in the log.
    pub position: i64,
    /// The bank.
    pub bank_id: BankId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; none for the service itself.
    pub account_id: Option<AccountId>,
    /// What was done.
    pub action: String,
    /// The kind of record it was done to.
    pub subject_kind: String,
    /// The record.
    pub subject_id: Uuid,
    /// The hash of what changed, as PostgreSQL writes its JSON: what it was lies beside the log.
    pub detail: String,
}

/// A seal as it was made.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub struct Seal {
    /// The last line it covers.
    pub position: i64,
    /// Its hash.
    pub hash: Vec<u8>,
}

/// What comparing the log with its seals came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every sealed line is as it was when it was sealed.
    Whole {
        /// The last line that is sealed; 0 where none is.
        sealed_until: i64,
    },
    /// A line between two seals was altered, added or removed.
    Altered {
        /// The last line of the seal before.
        after: i64,
        /// The last line that the seal covers.
        until: i64,
    },
    /// What lies beside this line is not what its hash says.
    OtherDetail {
        /// The line.
        position: i64,
    },
}

/// The hash of the chain after `line`, when it was `before` ahead of it. Each part is preceded by its length, so that
/// no two lines are written alike.
#[must_use]
pub fn chained(before: &SealHash, line: &SealedLine) -> SealHash {
    let account = line.account_id.map(|id| id.to_string()).unwrap_or_default();
    let parts = [
        line.position.to_string(),
        line.bank_id.to_string(),
        line.at.timestamp_micros().to_string(),
        account,
        line.action.clone(),
        line.subject_kind.clone(),
        line.subject_id.to_string(),
        line.detail.clone(),
    ];
    let mut hasher = Sha256::new_with_prefix(before);
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part.as_bytes());
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::{SealedLine, chained};
    use crate::ground::id::{AccountId, BankId};

    fn line() -> SealedLine {
        SealedLine {
            position: 7,
            bank_id: BankId(Uuid::from_u128(1)),
            at: DateTime::from_timestamp(1_800_000_000, 0).unwrap(),
            account_id: Some(AccountId(Uuid::from_u128(2))),
            action: "session.posted".to_owned(),
            subject_kind: "session".to_owned(),
            subject_id: Uuid::from_u128(3),
            detail: r#"{"places": 1}"#.to_owned(),
        }
    }

    #[test]
    fn every_part_of_a_line_counts() {
        let sealed = chained(&[0; 32], &line());
        let alterations: [fn(&mut SealedLine); 9] = [
            |line| line.position += 1,
            |line| line.bank_id = BankId(Uuid::from_u128(9)),
            |line| line.at += chrono::TimeDelta::microseconds(1),
            |line| line.account_id = None,
            |line| line.action.push('x'),
            |line| line.subject_kind.push('x'),
            |line| line.subject_id = Uuid::from_u128(9),
            |line| line.detail.push(' '),
            // A letter that moves from one part to the next.
            |line| {
                line.action = "session.poste".to_owned();
                line.subject_kind = "dsession".to_owned();
            },
        ];
        for alter in alterations {
            let mut altered = line();
            alter(&mut altered);
            assert_ne!(chained(&[0; 32], &altered), sealed, "{altered:?}");
        }
        assert_ne!(chained(&[1; 32], &line()), sealed, "the seal before counts");
        assert_eq!(chained(&[0; 32], &line()), sealed);
    }
}
