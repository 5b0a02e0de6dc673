//! What measurements of the running service share: the service as a process of its own, a light client, figures, and
//! what they are held against. Nothing here names anything inside the service, so that any build of it can be measured:
//! `LOCUMBANK_BINARY=` names another than the one just built.

pub mod bare;
pub mod database;
pub mod drive;
pub mod figures;
pub mod http;
pub mod pgbench;
pub mod running;
pub mod statements;

/// Whether the caller asked for this bench: cargo passes `--bench`, and the names that are wanted.
pub fn is_wanted(name: &str) -> bool {
    let filters: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    filters.is_empty() || filters.iter().any(|filter| name.contains(filter.as_str()))
}

/// A whole number from the environment, or `usual`.
pub fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}
