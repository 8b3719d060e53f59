//! The rules of `#[action]`.

use proc_macro2::Span;

use super::model::{Action, ActionArgs, Joined};
use crate::input::errors::Errors;
use crate::input::item::Function;
use crate::input::name;
use crate::params;

/// Puts the action together, unless it has no function or no job.
pub(super) fn check(
    arguments: ActionArgs,
    has_arguments: bool,
    function: Option<Function>,
    errors: &mut Errors,
) -> Option<Action> {
    let ActionArgs {
        job,
        roles,
        topology,
        krate,
    } = arguments;
    if job.is_none() && (errors.is_empty() || !has_arguments) {
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
    let roles = roles.map(|list| list.checked(errors));
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
