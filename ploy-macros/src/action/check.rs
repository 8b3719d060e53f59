//! The rules of `#[action]`.

use proc_macro2::Span;

use super::{Action, Arguments, Joined};
use crate::errors::Errors;
use crate::item::Function;
use crate::{job, name, params};

/// Puts the action together, unless it has no function or no job.
pub(super) fn check(
    arguments: Arguments,
    given: bool,
    function: Option<Function>,
    errors: &mut Errors,
) -> Option<Action> {
    let Arguments {
        job,
        roles,
        topology,
        krate,
    } = arguments;
    if job.is_none() && (errors.is_empty() || !given) {
        errors.at(
            Span::call_site(),
            "an action joins a job: say which, as in `#[action(job = upload)]`",
        );
    }
    if let Some(Joined::Named(name)) = &job
        && let Some(problem) = name::job_problem(&name.text)
    {
        errors.at(name.span, problem);
    }
    let roles = roles.map(|list| job::checked_roles(list, errors));
    let function = function?;
    function.check("an action", errors);
    params::refuse_attributes(function.signature.inputs.first(), errors);
    let params = params::of(function.signature.inputs.iter(), 1, errors);
    for param in &params {
        param.refuse_default(errors);
    }
    Some(Action {
        job: job?,
        roles,
        topology,
        krate,
        function,
        params,
    })
}
