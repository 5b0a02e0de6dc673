//! What the schema holds of people: one line for each column of each table, with what a copy for the person calls it and
//! what becomes of it when they are erased. Copies, erasures and the nightly retention are made by these lines, and
//! `tests/it/what_is_held_of_people.rs` fails for a column without a line and for a line without a column.
//!
//! Ids stay in all cases: after an erasure they are the pseudonym by which the log and the figures go on counting.

mod of_accounts;
mod of_clinicians;
mod of_exchanges;
mod of_hiring;
mod of_mail;
mod of_pay;
mod of_the_bank;
mod of_the_log;
mod of_work;
pub mod store;

/// Whose the rows of a table are. The conditions are SQL about a row `t`, of the account `$1`, with their address `$4` and
/// the pattern `$3` that finds their name or address in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// No row is about one person; it may bear the number of who did something, or name somebody in its words.
    Nobodys,
    /// A person's, in whatever bank they act: erased with their account.
    OfAccount(&'static str),
    /// A person's, in the bank of the row: the banks in question are `$2`.
    OfBank(&'static str),
    /// A person's, also in banks that they do not act in: there it is erased with their account.
    Anywhere(&'static str),
}

/// What becomes of somebody's rows when they are erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// They are deleted.
    Go,
    /// They stay, without what says who it was.
    Stay,
    /// They stay, and the list of what is kept names them.
    Kept(&'static Keeping),
}

/// Why something is kept, in the words of the page that lists it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    /// What: "Bookings".
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// How long.
    pub lasts: Lasts,
}

/// How long something is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lasts {
    /// So many years as the bank has to account for bookings, from the last one on: afterwards no name is beside them.
    YearsOfBookings,
    /// Without end, since no name is in it.
    WithoutName,
}

/// What a copy for the person has of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exported {
    /// Its value, called so.
    As(&'static str),
    /// What this SQL about the row `t` gives, called so: a name in the place of a number.
    Shown(&'static str, &'static str),
    /// Nothing: it says nothing of the person that the other columns do not say.
    Nothing,
    /// Nothing: whoever has it could act as the person, or it is sealed.
    Secret,
    /// Nothing: it is what others said in confidence, or of others too. The bank's administrators decide about it.
    OfOthers,
}

/// What becomes of a column when the person is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Erased {
    /// It goes where its row goes, and stays where that stays: it says nothing of who it was.
    WithItsRow,
    /// It becomes what this SQL gives; `$5` is now.
    Becomes(&'static str),
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What a copy has of it.
    pub exported: Exported,
    /// What becomes of it in rows of theirs.
    pub erased: Erased,
    /// Whether people write it: their name and address are taken out of it in anybody's rows.
    pub is_written: bool,
}

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The heading under which a copy has it; "" where it has nothing of it.
    pub heading: &'static str,
    /// Whose its rows are.
    pub whose: Whose,
    /// Which other rows are treated as theirs when they are erased, because they tell of them; "" for none. A copy has none
    /// of these.
    pub telling_of_them: &'static str,
    /// What becomes of them.
    pub rows: Rows,
    /// Its columns.
    pub columns: &'static [Column],
}

/// A table of which nothing is about one person.
const fn nobodys(name: &'static str, columns: &'static [Column]) -> Table {
    Table { name, heading: "", whose: Whose::Nobodys, telling_of_them: "", rows: Rows::Stay, columns }
}

/// A table whose rows are somebody's.
const fn of_people(
    name: &'static str,
    heading: &'static str,
    whose: Whose,
    rows: Rows,
    columns: &'static [Column],
) -> Table {
    Table { name, heading, whose, telling_of_them: "", rows, columns }
}

/// A number or mark of the service, which says nothing of a person.
const fn plain(name: &'static str) -> Column {
    Column { name, exported: Exported::Nothing, erased: Erased::WithItsRow, is_written: false }
}

/// What the person may read.
const fn said(name: &'static str, label: &'static str) -> Column {
    Column { name, exported: Exported::As(label), erased: Erased::WithItsRow, is_written: false }
}

/// The same, read from elsewhere by its number.
const fn shown(name: &'static str, label: &'static str, sql: &'static str) -> Column {
    Column { name, exported: Exported::Shown(label, sql), erased: Erased::WithItsRow, is_written: false }
}

/// What would let somebody act as the person, or is sealed.
const fn secret(name: &'static str) -> Column {
    Column { name, exported: Exported::Secret, erased: Erased::WithItsRow, is_written: false }
}

/// What others said in confidence.
const fn of_others(name: &'static str) -> Column {
    Column { name, exported: Exported::OfOthers, erased: Erased::WithItsRow, is_written: false }
}

/// What people write, in which somebody can be named.
const fn words(name: &'static str) -> Column {
    plain(name).written()
}

impl Column {
    /// The same, that becomes something else when the person is erased.
    const fn becomes(self, sql: &'static str) -> Self {
        Self { erased: Erased::Becomes(sql), ..self }
    }

    /// The same, that people write.
    const fn written(self) -> Self {
        Self { is_written: true, ..self }
    }

    /// What a copy calls it; none where it has nothing of it.
    #[must_use]
    pub fn label(&self) -> Option<&'static str> {
        match self.exported {
            Exported::As(label) | Exported::Shown(label, _) => Some(label),
            Exported::Nothing | Exported::Secret | Exported::OfOthers => None,
        }
    }
}

/// Every table of the schema, in an order in which rows can go: what names others before what it names.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    [
        of_the_log::TABLES,
        of_mail::TABLES,
        of_hiring::TABLES,
        of_pay::TABLES,
        of_work::TABLES,
        of_exchanges::TABLES,
        of_clinicians::TABLES,
        of_accounts::TABLES,
        of_the_bank::TABLES,
    ]
    .into_iter()
    .flatten()
}

impl Table {
    /// The same, which also treats other rows as theirs when they are erased.
    const fn and_telling(self, condition: &'static str) -> Self {
        Self { telling_of_them: condition, ..self }
    }
}

/// SQL: whether `column` of the row `t` names a clinician's record of the person.
macro_rules! of_own_record {
    ($column:literal) => {
        concat!(
            "exists (select from clinician own where own.bank_id = t.bank_id and own.id = t.",
            $column,
            " and own.account_id = $1)"
        )
    };
}
use of_own_record;

/// SQL: the name of the practice that the row `t` names.
const PRACTICE: &str = "(select p.name from practice p where p.bank_id = t.bank_id and p.id = t.practice_id)";
/// SQL: the session that the row `t` names, as "2026-11-02 08:30, Orchid House Surgery".
const SESSION: &str = "(select s.local_date || ' ' || to_char(s.local_start, 'HH24:MI') || ', ' || p.name
     from session s join practice p on p.bank_id = s.bank_id and p.id = s.practice_id
    where s.bank_id = t.bank_id and s.id = t.session_id)";
/// SQL: the name of the bank of the row `t`.
const BANK: &str = "(select b.name from bank b where b.id = t.bank_id)";
/// SQL: the name of the role of the row `t`.
const ROLE: &str = "(select r.name from role_of_bank r where r.bank_id = t.bank_id and r.code = t.role)";
/// SQL: the name of the competency of the row `t`.
const COMPETENCY: &str =
    "(select k.name from competency_of_bank k where k.bank_id = t.bank_id and k.code = t.competency)";
/// SQL: whether a text has the person's name or address in it.
const TELLS_OF_THEM: &str = "~* $3";
/// What stands where somebody's name stood.
pub const ERASED: &str = "[erased]";
