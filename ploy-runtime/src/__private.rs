pub use inventory;

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
    /// What the macro knows of the job.
    const JOB: &'static JobDef;
}

/// The entry of a job list for a handle.
pub const fn job_of<H: Handle>() -> JobRef {
    JobRef::named(H::JOB.name)
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

/// The place of the macro's call.
#[macro_export]
#[doc(hidden)]
macro_rules! __ploy_source {
    () => {
        $crate::__private::Source {
            file: ::core::file!(),
            line: ::core::line!(),
            package: ::core::env!("CARGO_PKG_NAME"),
        }
    };
}

/// Registers an entry before `main` begins.
#[macro_export]
#[doc(hidden)]
macro_rules! __ploy_register {
    ($entry:expr) => {
        const _: () = {
            use $crate::__private::inventory;
            inventory::submit!($entry);
        };
    };
}

pub use __ploy_register as register;
pub use __ploy_source as source;
