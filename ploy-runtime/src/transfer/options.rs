//! The options that transfers and single files have in common.

use std::panic::Location;
use std::time::Duration;

use crate::event::Show;

/// The time limit, what is shown, and where the user's code asked for it.
#[derive(Clone, Copy, Debug)]
pub(super) struct CommonOptions {
    pub(super) timeout: Option<Duration>,
    pub(super) show: Show,
    pub(super) at: &'static Location<'static>,
}

impl CommonOptions {
    pub(super) fn new(timeout: Option<Duration>, at: &'static Location<'static>) -> Self {
        CommonOptions {
            timeout,
            show: Show::All,
            at,
        }
    }
}

/// The methods that set them, for every type that holds them in its field `common`.
macro_rules! common_setters {
    ($default_timeout:literal) => {
        #[doc = concat!("How long it may take; ", $default_timeout)]
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            self.common.timeout = Some(timeout);
            self
        }

        /// What of it is shown: all of it, unless set.
        pub fn show(mut self, show: $crate::event::Show) -> Self {
            self.common.show = show;
            self
        }
    };
}

pub(super) use common_setters;
