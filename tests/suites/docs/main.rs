//! Pages of documentation, from the README to the guide: what they show is what the project holds
//! and does.
//!
//! Their code is that of files which are built, their messages are those of the compiler, their
//! sessions and the first project are run, and their links lead somewhere. `page` reads a page and
//! its blocks; each other file is one kind of test.

#![allow(clippy::unwrap_used, clippy::expect_used)] // In a test a panic is the message.

mod code;
mod commands;
mod first_project;
mod layout;
mod links;
mod messages;
mod page;
mod sessions;
mod snippets;
