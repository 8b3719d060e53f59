//! macros

#![forbid(unsafe_code)]

mod action;
mod app;
mod arguments;
mod callable;
mod cmd;
mod crate_path;
mod errors;
mod help;
mod item;
mod job;
mod jobs;
mod name;
mod role_check;
mod role_list;
mod schedule;
mod sites;
mod suggest;
mod topology_path;

use proc_macro::TokenStream;

/// sites
#[proc_macro]
pub fn sites(input: TokenStream) -> TokenStream {
    sites::sites(input.into()).into()
}

/// job
#[proc_macro_attribute]
pub fn job(arguments: TokenStream, item: TokenStream) -> TokenStream {
    job::job(arguments.into(), &item.into()).into()
}

/// action
#[proc_macro_attribute]
pub fn action(arguments: TokenStream, item: TokenStream) -> TokenStream {
    action::action(arguments.into(), &item.into()).into()
}

/// schedule
#[proc_macro_attribute]
pub fn schedule(arguments: TokenStream, item: TokenStream) -> TokenStream {
    schedule::schedule(arguments.into(), &item.into()).into()
}

/// jobs
#[proc_macro]
pub fn jobs(input: TokenStream) -> TokenStream {
    jobs::jobs(input.into()).into()
}

/// cmd
#[proc_macro]
pub fn cmd(input: TokenStream) -> TokenStream {
    cmd::cmd(input.into()).into()
}

/// main
#[proc_macro]
pub fn main(input: TokenStream) -> TokenStream {
    app::main(input.into()).into()
}
