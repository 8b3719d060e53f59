//! Masking: secrets are kept out of everything that is shown.
//!
//! `registry` knows all secrets of the program, each in all the `forms` in which it may be shown.
//! `matches` finds them in bytes, and `stream_mask` masks them in a stream that comes in pieces.

mod forms;
mod matches;
mod registry;
mod stream_mask;

pub(crate) use forms::MIN_MASKED_LENGTH;
pub use registry::masked;
pub(crate) use registry::{SecretRetention, SecretValue};
pub(crate) use stream_mask::StreamMask;
