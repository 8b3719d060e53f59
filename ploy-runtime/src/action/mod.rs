//! What an action is, and what it is handed.

mod action;
mod blocking;
mod cx;
mod host;
pub mod panic;
mod space;
mod teller;

pub use action::{Action, BoxFuture, JobOutput, boxed, finish};
pub use blocking::Blocking;
pub use cx::Cx;
pub(crate) use cx::Place;
pub(crate) use host::{Background, BackgroundStart, Host};
pub(crate) use space::Spaces;
pub use space::{Key, Space};
pub(crate) use teller::Teller;
