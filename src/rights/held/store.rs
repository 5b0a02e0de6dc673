//! SQL that is made of the lines: what a copy has of somebody, what is kept of them, and erasing them. The only place that
//! writes in other slices' tables, because what becomes of a column has to be said in one list.
//!
//! Each statement has the same parameters: `$1` the account, `$2` the banks, `$3` the pattern of the person's name and
//! address, `$4` the address, `$5` now.

use serde_json::Value;
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::types::Json;
use sqlx::{AssertSqlSafe, Row};

use super::{Column, ERASED, Erased, Exported, Rows, TELLS_OF_THEM, Table, Whose, tables};
use crate::ground::db::{DbError, Tx, failed};
use crate::ground::id::{AccountId, BankId};

/// Somebody, in the banks in question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Their account.
    pub account: AccountId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// The banks.
    pub banks: Vec<BankId>,
    /// Whether their account is meant too, and not what these banks alone have.
    pub whole_account: bool,
}

/// A row of a copy: what the columns that it has are, in their order.
pub type Copied = Vec<Value>;

impl Subject {
    /// A regular expression of PostgreSQL that finds their name or address, as a text or a page writes it, as whole words.
    #[must_use]
    pub fn pattern(&self) -> String {
        let on_pages = self.name.replace('&', "&#38;").replace('\'', "&#39;").replace('"', "&#34;");
        let mut spellings = vec![self.name.clone(), self.email.clone(), on_pages];
        spellings.dedup();
        let found: Vec<String> = spellings.iter().map(|spelling| as_words(spelling)).collect();
        found.join("|")
    }
}

/// The text as whole words, whatever signs are in it.
fn as_words(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.trim().chars() {
        if !letter.is_alphanumeric() && !letter.is_whitespace() {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    let is_word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    let start = if is_word(text.trim().chars().next()) { "\\m" } else { "" };
    let end = if is_word(text.trim().chars().next_back()) { "\\M" } else { "" };
    format!("{start}{pattern}{end}")
}

impl Table {
    /// Which rows `t` are theirs; none where none can be.
    fn theirs(&self, whole_account: bool) -> Option<String> {
        match self.whose {
            Whose::Nobodys => None,
            Whose::OfAccount(condition) => whole_account.then(|| format!("({condition})")),
            Whose::Anywhere(condition) if whole_account => Some(format!("({condition})")),
            Whose::OfBank(condition) | Whose::Anywhere(condition) => {
                Some(format!("t.bank_id = any($2) and ({condition})"))
            }
        }
    }

    /// Which rows are treated as theirs when they are erased.
    fn erased_rows(&self, whole_account: bool) -> Option<String> {
        let theirs = self.theirs(whole_account)?;
        if self.telling_of_them.is_empty() {
            return Some(theirs);
        }
        Some(format!("{theirs} or t.bank_id = any($2) and ({})", self.telling_of_them))
    }

    /// The columns that a copy has.
    pub fn copied(&self) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().filter(|column| column.label().is_some())
    }

    /// The statement that reads what a copy has; none where it has nothing.
    #[must_use]
    pub fn copy_statement(&self, whole_account: bool) -> Option<String> {
        if self.heading.is_empty() {
            return None;
        }
        let theirs = self.theirs(whole_account)?;
        let value = |column: &Column| match column.exported {
            Exported::Shown(_, sql) => sql.to_owned(),
            _ => format!("t.{}", column.name),
        };
        let values: Vec<String> = self.copied().map(value).collect();
        Some(format!(
            "{} jsonb_build_array({}) from {} t where {theirs} order by 1",
            "select",
            values.join(", "),
            self.name
        ))
    }

    /// The statement that counts what is kept, by bank; none where nothing is.
    #[must_use]
    pub fn count_statement(&self, whole_account: bool) -> Option<String> {
        let theirs = self.theirs(whole_account)?;
        let counts =
            format!("'{0}', t.bank_id, count(*) from {0} t where {theirs} group by t.bank_id", self.name);
        matches!(self.rows, Rows::Kept(_)).then(|| format!("{} {counts}", "select"))
    }

    /// The statement that erases their rows, or what is in them; none where nothing becomes of them.
    #[must_use]
    pub fn erase_statement(&self, whole_account: bool) -> Option<String> {
        let theirs = self.erased_rows(whole_account)?;
        if self.rows == Rows::Go {
            return Some(format!("{} from {} t where {theirs}", "delete", self.name));
        }
        let becomes = self.columns.iter().filter_map(|column| match column.erased {
            Erased::Becomes(sql) => Some(format!("{} = {sql}", column.name)),
            Erased::WithItsRow => None,
        });
        let becomes: Vec<String> = becomes.collect();
        (!becomes.is_empty())
            .then(|| format!("{} {} t set {} where {theirs}", "update", self.name, becomes.join(", ")))
    }

    /// The statement that takes their name and address out of what people wrote; none where nobody writes anything.
    #[must_use]
    pub fn redact_statement(&self) -> Option<String> {
        let written: Vec<&str> =
            self.columns.iter().filter(|column| column.is_written).map(|column| column.name).collect();
        if written.is_empty() {
            return None;
        }
        let sets: Vec<String> = written
            .iter()
            .map(|name| format!("{name} = regexp_replace(t.{name}, $3, '{ERASED}', 'gi')"))
            .collect();
        let finds: Vec<String> = written.iter().map(|name| format!("t.{name} {TELLS_OF_THEM}")).collect();
        Some(format!(
            "{} {} t set {} where t.bank_id = any($2) and ({})",
            "update",
            self.name,
            sets.join(", "),
            finds.join(" or ")
        ))
    }
}

/// The statement with its parameters.
fn about<'a>(statement: String, subject: &Subject, tx: &Tx) -> Query<'a, sqlx::Postgres, PgArguments> {
    sqlx::query(AssertSqlSafe(statement))
        .bind(subject.account)
        .bind(subject.banks.iter().map(|bank| bank.0).collect::<Vec<_>>())
        .bind(subject.pattern())
        .bind(subject.email.clone())
        .bind(tx.now())
}

/// What a copy has of a table.
pub async fn list_copied(tx: &mut Tx, table: &Table, subject: &Subject) -> Result<Vec<Copied>, DbError> {
    let Some(statement) = table.copy_statement(subject.whole_account) else { return Ok(Vec::new()) };
    let query = about(statement, subject, tx)
        .try_map(|row: PgRow| Row::try_get::<Json<Copied>, _>(&row, 0).map(|Json(values)| values));
    query.fetch_all(tx.connection()).await.map_err(failed("reading what is held about a person"))
}

/// How many rows are kept: the table, the bank, the number.
pub async fn list_kept(tx: &mut Tx, subject: &Subject) -> Result<Vec<(String, BankId, i64)>, DbError> {
    let counts: Vec<String> =
        tables().filter_map(|table| table.count_statement(subject.whole_account)).collect();
    let query = about(counts.join(" union all "), subject, tx)
        .try_map(|row: PgRow| Ok((Row::try_get(&row, 0)?, Row::try_get(&row, 1)?, Row::try_get(&row, 2)?)));
    query.fetch_all(tx.connection()).await.map_err(failed("counting what is kept of a person"))
}

/// Erases what a table has of somebody, and says in how many rows.
pub async fn erase(tx: &mut Tx, table: &Table, subject: &Subject) -> Result<u64, DbError> {
    let Some(statement) = table.erase_statement(subject.whole_account) else { return Ok(0) };
    let done = about(statement, subject, tx).execute(tx.connection()).await;
    Ok(done.map_err(failed("erasing what is held about a person"))?.rows_affected())
}

/// Takes somebody's name and address out of what people wrote in a table.
pub async fn redact(tx: &mut Tx, table: &Table, subject: &Subject) -> Result<(), DbError> {
    let Some(statement) = table.redact_statement() else { return Ok(()) };
    let done = about(statement, subject, tx).execute(tx.connection()).await;
    done.map(drop).map_err(failed("taking a name out of what was written"))
}

/// Says to the database that words may be taken out of decisions, until the transaction ends.
pub async fn begin_erasing(tx: &mut Tx) -> Result<(), DbError> {
    let done =
        sqlx::query("select set_config('locumbank.erasing', 'on', true)").execute(tx.connection()).await;
    done.map(drop).map_err(failed("beginning to erase"))
}

#[cfg(test)]
mod tests {
    use super::{Subject, as_words};
    use crate::ground::id::AccountId;

    #[test]
    fn a_name_is_found_as_whole_words_whatever_signs_are_in_it() {
        assert_eq!(as_words("Al Li"), r"\mAl Li\M");
        assert_eq!(as_words("Dr. Jo (née Ó)"), r"\mDr\. Jo \(née Ó\)");
        let subject = Subject {
            account: AccountId::new(),
            name: "Nia O'Hara".to_owned(),
            email: "nia@people.test".to_owned(),
            banks: Vec::new(),
            whole_account: true,
        };
        assert_eq!(subject.pattern(), r"\mNia O\'Hara\M|\mnia\@people\.test\M|\mNia O\&\#39\;Hara\M");
    }
}
