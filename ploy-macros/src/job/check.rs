//! The rules of `#[job]`.

use super::model::{Body, Handle, Job, JobArgs, Roles};
use crate::input::errors::Errors;
use crate::input::item::{Function, Item, Struct};
use crate::input::name::{self, Name};
use crate::params;

/// A job stands on a function or on a unit struct.
pub(super) fn item(item: Item, errors: &mut Errors) -> Option<Body> {
    match item {
        Item::Function(function) => {
            check_function(&function, errors);
            Some(Body::Function(function))
        }
        Item::Struct(item) => {
            check_struct(&item, errors);
            Some(Body::Struct(item))
        }
        Item::Other(span) => {
            errors.at(
                span,
                "`#[job]` stands on a function, or on a unit struct for a job that actions join",
            );
            None
        }
    }
}

fn check_function(function: &Function, errors: &mut Errors) {
    function.check("a job", errors);
    params::refuse_attributes(function.signature.inputs.first(), errors);
}

fn check_struct(item: &Struct, errors: &mut Errors) {
    if item.has_generics {
        errors.at(item.ident.span(), "the struct of a job cannot be generic");
    } else if !item.is_unit {
        errors.at(
            item.ident.span(),
            format!(
                "the struct of a job has no fields: write `struct {};`",
                item.ident
            ),
        );
    }
}

/// Puts the job together; what is wrong is said and replaced by something harmless.
pub(super) fn check(arguments: JobArgs, body: Body, errors: &mut Errors) -> Job {
    let JobArgs {
        name,
        roles,
        critical,
        run_as,
        topology,
        handle,
        krate,
    } = arguments;
    let run_as = run_as.map(|user| checked_user(&user, errors));
    let name = checked_name(name, &body, errors);
    let roles = match (roles, &body) {
        (Some(list), _) => Roles::Listed(list.checked(errors)),
        // Where something is wrong, it may be the very name or list of roles.
        (None, Body::Function(_)) if errors.is_empty() => Roles::Name,
        (None, _) => Roles::None,
    };
    let handle = match (&body, handle) {
        (Body::Function(function), None) => Handle::Made(function.ident().clone()),
        (Body::Function(_), Some(handle)) => Handle::Made(handle),
        (Body::Struct(item), None) => Handle::Given(item.ident.clone()),
        (Body::Struct(item), Some(handle)) => {
            errors.at(
                handle.span(),
                format!(
                    "a struct is its own handle: leave `handle` out and say `{}`",
                    item.ident
                ),
            );
            Handle::Given(item.ident.clone())
        }
    };
    let params = match &body {
        Body::Function(function) => params::of(function.signature.inputs.iter(), 1, errors),
        Body::Struct(_) => Vec::new(),
    };
    Job {
        help: body.head().help(),
        params,
        name,
        roles,
        critical,
        run_as,
        topology,
        handle,
        krate,
        body,
    }
}

fn checked_name(given: Option<Name>, body: &Body, errors: &mut Errors) -> Name {
    let derived = match body {
        Body::Function(function) => name::of_function(function.ident()),
        Body::Struct(item) => name::of_struct(&item.ident),
    };
    match given {
        Some(name) => match name::job_problem(&name.text) {
            None => name,
            Some(problem) => {
                errors.at(name.span, problem);
                derived
            }
        },
        None => {
            if name::job_problem(&derived.text).is_some() {
                let message = format!(
                    "`{}` gives no name for a job: say `name = \"..\"`",
                    body.ident()
                );
                errors.at(derived.span, message);
            }
            derived
        }
    }
}

/// A user whom sudo does not take for an option.
fn checked_user(user: &syn::LitStr, errors: &mut Errors) -> String {
    let name = user.value();
    if name.is_empty() || name.starts_with('-') || name.contains(['\0', '\n']) {
        errors.at(user.span(), format!("`{name}` is no user's name"));
    }
    name
}
