mod forms;
mod matches;
pub(crate) mod registry;
mod stream_mask;

pub(crate) use registry::Keeping;
pub(crate) use registry::masked;
pub(crate) use stream_mask::Mask;
