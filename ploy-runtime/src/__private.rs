/// Registers an entry before `main` begins. The macros know no other way.
pub use inventory::submit as register;

pub use crate::action::{BoxFuture, Cx, JobOutput, boxed, finish};
pub use crate::catalogue::{JobRef, Jobs, Schedule};
#[cfg(feature = "cli")]
pub use crate::cli::{App, SetupFuture, setup};
pub use crate::engine::{
    ActionDef, ActionFn, Batch, Catalogue, Entry, JobDef, ScheduleDef, ScheduleFn, TopologyDef,
};
pub use crate::error::{Error, Source};
pub use crate::shell::{Place, Script, ScriptBuilder};
pub use crate::topology::{Role, RoleTable, Settings, Topology, assert_name_is_role, assert_role};

/// A job, as `jobs!` lists it: what `#[job]` makes of its function's name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a ploy job",
    label = "not a job",
    note = "only functions marked `#[ploy::job(..)]` can stand in `jobs![..]`"
)]
pub trait Handle {
    /// The job's name.
    const NAME: &'static str;
}

/// The entry of a job list for a handle.
pub const fn job_of<H: Handle>() -> JobRef {
    JobRef::named(H::NAME)
}

/// The entry of a job list for a name.
pub const fn job_named(name: &'static str) -> JobRef {
    JobRef::named(name)
}

/// What `jobs![..]` evaluates to.
pub fn jobs(list: &[JobRef]) -> Jobs {
    list.iter().cloned().collect()
}

/// Replaces every `{name}` in a setting of a range of sites.
pub fn named(template: &str, name: &str) -> String {
    template.replace("{name}", name)
}
