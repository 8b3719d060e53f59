//! Snippets of the guide that no other example holds, as jobs that run: one module for a chapter.
//! `cargo run -p ploy --example guide -- list` shows them. Their site is a folder under the
//! temporary one.

mod commands;
mod errors;
mod files;
mod parameters;
mod schedules;
mod secrets;
mod sharing;

ploy::sites! {
    site "web[1-3]" { roles: ["web"], path: folder("{name}") }
}

fn folder(name: &str) -> String {
    format!("{}/ploy-guide/{name}", std::env::temp_dir().display())
}

ploy::main!();
