//! A small web service that runs jobs: `cargo run -p service`, then
//!
//! ```console
//! $ curl -X POST localhost:8420/jobs/backup
//! {"run":"20261122-132024-806-dmhx3m35"}
//! $ curl -N localhost:8420/runs/20261122-132024-806-dmhx3m35/events
//! $ curl -X DELETE localhost:8420/runs/20261122-132024-806-dmhx3m35
//! ```
//!
//! It listens on the loopback address alone: whoever reaches it may run what it offers.

mod jobs;
mod runs;

use std::convert::Infallible;
use std::io::{Error, Result};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use futures_util::StreamExt as _;
use runs::Runs;
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

#[tokio::main]
async fn main() -> Result<()> {
    let problems = jobs::catalogue().validate(&jobs::topology());
    if let Some(problem) = problems.first() {
        return Err(Error::other(problem.to_string()));
    }
    let port = std::env::args().nth(1).unwrap_or_else(|| "8420".to_owned());
    let port: u16 = port
        .parse()
        .map_err(|_| Error::other(format!("`{port}` is no port")))?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    let runs = Runs::default();
    let service = Router::new()
        .route("/jobs/{job}", post(start))
        .route("/runs/{id}/events", get(events))
        .route("/runs/{id}", delete(cancel))
        .with_state(runs.clone());
    let (mut interrupt, mut terminate) = (
        signal(SignalKind::interrupt())?,
        signal(SignalKind::terminate())?,
    );
    // Streams end with their runs, and connections with their streams.
    let end = async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        runs.end().await;
    };
    axum::serve(listener, service)
        .with_graceful_shutdown(end)
        .await
}

async fn start(State(runs): State<Runs>, Path(job): Path<String>) -> Response {
    match runs.start(&job) {
        Some(run) => (StatusCode::ACCEPTED, Json(json!({ "run": run }))).into_response(),
        None => missing("job", &job),
    }
}

async fn events(State(runs): State<Runs>, Path(id): Path<String>) -> Response {
    match runs.events(&id) {
        Some(lines) => {
            let events = lines.map(|line| Ok::<_, Infallible>(Event::default().data(&*line)));
            Sse::new(events)
                .keep_alive(KeepAlive::default())
                .into_response()
        }
        None => missing("run", &id),
    }
}

async fn cancel(State(runs): State<Runs>, Path(id): Path<String>) -> Response {
    if runs.cancel(&id) {
        StatusCode::ACCEPTED.into_response()
    } else {
        missing("run", &id)
    }
}

fn missing(what: &str, name: &str) -> Response {
    let error = format!("there is no {what} `{name}`");
    (StatusCode::NOT_FOUND, Json(json!({ "error": error }))).into_response()
}
