//! The rules of `#[schedule]`.

use syn::ReturnType;

use super::model::{Schedule, ScheduleArgs};
use crate::input::errors::Errors;
use crate::input::item::Function;
use crate::input::name::{self, Name};
use crate::params;

/// The two forms, for every message that asks for one of them.
const FORMS: &str = "a schedule is `fn() -> Schedule`, which is data, or `async fn(Batch) -> \
    Result`, which is code; further arguments are parameters";

/// Puts the schedule together.
pub(super) fn check(arguments: ScheduleArgs, function: Function, errors: &mut Errors) -> Schedule {
    function.check("a schedule", errors);
    check_form(&function, errors);
    let name = checked_name(arguments.name, &function, errors);
    let inputs = &function.signature.inputs;
    let own = usize::from(function.is_async());
    if function.is_async() {
        params::refuse_attributes(inputs.first(), errors);
    }
    let params = params::of(inputs.iter(), own, errors);
    Schedule {
        params,
        name,
        krate: arguments.krate,
        function,
    }
}

fn check_form(function: &Function, errors: &mut Errors) {
    let name = function.ident();
    if function.is_async() {
        if function.signature.inputs.is_empty() {
            errors.at(
                name.span(),
                format!("this async function takes no `Batch`: {FORMS}"),
            );
        }
    } else if matches!(function.signature.output, ReturnType::Default) {
        errors.at(
            name.span(),
            format!("this function returns nothing: {FORMS}"),
        );
    }
}

fn checked_name(given: Option<Name>, function: &Function, errors: &mut Errors) -> Name {
    let from_function = given.is_none();
    let name = given.unwrap_or_else(|| name::of_function(function.ident()));
    if let Some(problem) = name::job_problem(&name.text) {
        let message = if from_function {
            format!(
                "`{}` gives no name for a schedule: say `name = \"..\"`",
                function.ident()
            )
        } else {
            problem
        };
        errors.at(name.span, message);
    }
    name
}
