//! The README, the guide and the other pages say what the project holds: their code is that of files which are built,
//! their messages are those of the compiler, their sessions and the first project run, and their links lead somewhere.
//!
//! `page` reads a page and its blocks; each other file is one kind of test.

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
