//! What the macros' expansions name. Not part of the public interface.
//!
//! Every attribute is expanded anew on every compilation, however little of a crate has changed, so
//! what stands here is shaped so that an expansion has few tokens and few bodies.

pub use core::option::Option::{None, Some};

pub use inventory;

pub use crate::{__ploy_handle as handle, __ploy_job as job, __ploy_register as register};

pub use crate::action::{BoxFuture, Cx, JobOutput, boxed, finish};
pub use crate::catalogue::{Argument, IntoArgument};
pub use crate::catalogue::{
    Arguments, Choice, Given, JobRef, Jobs, Param, ParamValue, Schedule, assert_given,
};
pub use crate::engine::{
    ActionDef, ActionFn, Batch, Catalogue, Entry, JobDef, ScheduleDef, ScheduleFn, TopologyDef,
};
pub use crate::error::{Error, Source};
pub use crate::shell::{Script, ScriptBuilder, ValuePosition};
pub use crate::topology::{Role, RoleTable, Settings, Topology, assert_name_is_role, assert_role};

/// A job, as `jobs!` lists it: what `#[job]` makes of its function's name.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a ploy job",
    label = "not a job",
    note = "only functions marked `#[ploy::job(..)]` can stand in `jobs![..]`"
)]
pub trait Handle {
    /// What is known of the job where it is listed. One constant, as each is one more for the
    /// compiler to evaluate.
    const JOB: ListedJob;

    /// The job's name.
    const NAME: &'static str = Self::JOB.name;

    /// Its parameters.
    const PARAMS: &'static [Param] = Self::JOB.params;
}

/// What a [`Handle`] knows of its job.
pub struct ListedJob {
    /// The job's name.
    pub name: &'static str,
    /// Its parameters.
    pub params: &'static [Param],
}

/// Where the value of a parameter comes from: the context of an action, the batch of a schedule in
/// code, or what a schedule in data is given.
pub trait Arguer {
    /// All that is given.
    fn arguments(&self) -> &Arguments;
}

impl Arguer for Cx {
    fn arguments(&self) -> &Arguments {
        Cx::arguments(self)
    }
}

impl Arguer for Batch {
    fn arguments(&self) -> &Arguments {
        Batch::arguments(self)
    }
}

impl Arguer for &Arguments {
    fn arguments(&self) -> &Arguments {
        self
    }
}

/// The argument of a function for a parameter.
///
/// # Panics
///
/// If it is not there: a plan without it is refused, so that is a mistake of ploy's.
pub fn argument<T: 'static>(from: &impl Arguer, param: &Param) -> T {
    let given = from.arguments().get(param.name());
    let value = given.and_then(|given| param.copy(given));
    match value.and_then(|value| value.downcast().ok()) {
        Some(value) => *value,
        None => panic!("the parameter `{}` has no value", param.name()),
    }
}

/// What `jobs![..]` gives for a parameter, or its default.
///
/// # Panics
///
/// If it is of another type: the macros give each its own.
pub fn given<T: 'static>(param: &Param, value: impl IntoArgument<T>) -> Given {
    match param.give(Box::new(value.into_argument())) {
        Some(given) => given,
        None => panic!("the parameter `{}` is of another type", param.name()),
    }
}

/// Why a text is none of these values.
pub fn no_choice(text: &str, choices: &[Choice]) -> String {
    let names = choices.iter().map(|choice| choice.name);
    match crate::error::did_you_mean(text, names.clone()) {
        Some(hint) => format!("`{text}` is none of its values; {hint}"),
        None => {
            let names: Vec<&str> = names.collect();
            format!(
                "`{text}` is none of its values, which are {}",
                names.join(", ")
            )
        }
    }
}

/// Reads a value that is `FromStr`.
///
/// # Errors
///
/// Its own, as text.
pub fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// The default of a parameter.
pub fn default<T: Argument>(name: &'static str, value: impl IntoArgument<T>) -> Given {
    Given::new(name, value.into_argument())
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
