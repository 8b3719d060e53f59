//! What is running, drawn at the bottom of the terminal, and told to whoever presses Enter.

mod attendant;
mod doing;
mod draw;
mod fold;
mod last;
mod progress;
mod row;
mod state;
mod status;
#[cfg(test)]
mod tests;
mod work;

pub(crate) use attendant::Attendant;
