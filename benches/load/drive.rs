//! Several clients at once, each with a connection of its own, each asking again as soon as it has its answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::figures::Figures;
use super::http::Client;

/// What the clients ask.
#[derive(Debug, Clone)]
pub enum Asked {
    /// This page with these headers, again and again.
    Page {
        /// Its path.
        path: String,
        /// More headers, each ended by a line break.
        headers: String,
    },
    /// One form to each of these paths.
    Forms {
        /// The paths.
        paths: Arc<Vec<String>>,
        /// What every form holds.
        form: &'static str,
    },
}

/// How long and how often at most.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Clients at once.
    pub clients: usize,
    /// Requests in all.
    pub requests: usize,
    /// The time in all.
    pub time: Duration,
}

/// Lets the clients ask until a limit is reached; every answer must have `status`.
pub async fn drive(host: SocketAddr, asked: &Asked, status: u16, limits: Limits) -> Figures {
    let next = Arc::new(AtomicUsize::new(0));
    let mut clients = Vec::with_capacity(limits.clients);
    for _ in 0..limits.clients {
        clients.push(Client::connect(host).await.expect("a connection"));
    }
    let began = Instant::now();
    let tasks: Vec<_> = clients
        .into_iter()
        .map(|client| tokio::spawn(ask_again(client, asked.clone(), status, limits, began, next.clone())))
        .collect();
    let mut microseconds = Vec::new();
    for task in tasks {
        microseconds.extend(task.await.expect("a client"));
    }
    Figures::of(microseconds, began.elapsed())
}

async fn ask_again(
    mut client: Client,
    asked: Asked,
    status: u16,
    limits: Limits,
    began: Instant,
    next: Arc<AtomicUsize>,
) -> Vec<u64> {
    let mut microseconds = Vec::new();
    while began.elapsed() < limits.time {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= limits.requests {
            break;
        }
        let asked_at = Instant::now();
        let answer = match &asked {
            Asked::Page { path, headers } => client.get(path, headers).await,
            Asked::Forms { paths, form } => client.post(&paths[number], "", form).await,
        };
        microseconds.push(u64::try_from(asked_at.elapsed().as_micros()).unwrap_or(u64::MAX));
        assert_eq!(answer.status, status, "request {number}: {}\n{}", answer.head, answer.text());
    }
    microseconds
}
