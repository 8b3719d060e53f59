//! What was parsed of `#[schedule]`, and the schedule that it makes.

use crate::input::crate_path::CratePath;
use crate::input::item::Function;
use crate::input::name::Name;
use crate::params::Param;

/// What stands in the parentheses of the attribute.
#[derive(Default)]
pub(super) struct ScheduleArgs {
    pub(super) name: Option<Name>,
    pub(super) krate: CratePath,
}

/// A schedule that follows the rules: as data if its function is plain, as code if it is async.
pub(super) struct Schedule {
    pub(super) name: Name,
    pub(super) krate: CratePath,
    pub(super) function: Function,
    pub(super) params: Vec<Param>,
}
