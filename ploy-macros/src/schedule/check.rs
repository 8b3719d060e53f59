//! The rules of `#[schedule]`.

use syn::ReturnType;

use super::{Arguments, Schedule};
use crate::errors::Errors;
use crate::item::Function;
use crate::name::{self, Name};

/// The two forms, for every message that asks for one of them.
const FORMS: &str = "a schedule is `fn() -> Schedule`, which is data, or `async fn(Batch) -> \
    Result`, which is code";

/// Puts the schedule together.
pub(super) fn check(arguments: Arguments, function: Function, errors: &mut Errors) -> Schedule {
    function.check("a schedule", errors);
    check_form(&function, errors);
    let name = checked_name(arguments.name, &function, errors);
    Schedule {
        name,
        krate: arguments.krate,
        function,
    }
}

fn check_form(function: &Function, errors: &mut Errors) {
    let inputs = &function.signature.inputs;
    let name = function.ident();
    match (function.is_async(), inputs.len()) {
        (true, 0) => errors.at(
            name.span(),
            format!("this async function takes no `Batch`: {FORMS}"),
        ),
        (false, 0) if matches!(function.signature.output, ReturnType::Default) => {
            errors.at(
                name.span(),
                format!("this function returns nothing: {FORMS}"),
            );
        }
        (true, 1) | (false, 0) => {}
        (true, _) => {
            // The first is the batch, the others have no place.
            if let Some(surplus) = function.surplus_argument() {
                errors.push(syn::Error::new_spanned(
                    surplus,
                    format!("one argument is all: {FORMS}"),
                ));
            }
        }
        (false, _) if function.signature.receiver().is_some() => {}
        (false, _) => errors.push(syn::Error::new_spanned(
            inputs,
            format!("a plain function takes nothing: {FORMS}"),
        )),
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
