//! What `#[job]` makes of a job.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use super::model::{Body, Job, Roles};
use crate::output::source::source;
use crate::output::{callable, role_check};
use crate::params;

/// The item as written, its handle, its registration and the checks of its roles.
pub(super) fn expand(job: &Job, item: &TokenStream) -> TokenStream {
    let private = job.krate.private();
    let definition = definition(job);
    let checks = params::checks(&job.params);
    let register = quote! {
        const __PLOY_ENTRY: #private::Entry = #private::Entry::Job(#definition);
        #private::register!(__PLOY_ENTRY);
        #checks
    };
    with_handle(job, item, &register)
}

/// The item, its handle, the checks of its roles, and whatever else belongs beside them.
pub(super) fn with_handle(job: &Job, item: &TokenStream, register: &TokenStream) -> TokenStream {
    let private = job.krate.private();
    let declaration = job.handle.declaration(job);
    let handle = job.handle.ident();
    let name = &job.name.text;
    let cfgs = job.body.head().cfgs();
    let allow = allow(job);
    let checks = checks(job);
    let definitions = params::definitions(&job.krate, &job.params);
    let params = params::list(&job.params);
    let setters = params::setters(&job.krate, &job.params, handle);
    quote! {
        #allow
        #item
        #declaration
        #(#cfgs)*
        #[allow(deprecated, unexpected_cfgs, unused_qualifications, clippy::all, clippy::pedantic)]
        const _: () = {
            #definitions
            impl #private::Handle for #handle {
                const JOB: #private::ListedJob = #private::ListedJob {
                    name: #name,
                    params: #params,
                };
            }
            #setters
            #register
            #checks
        };
    }
}

/// The definition of the job.
fn definition(job: &Job) -> TokenStream {
    let private = job.krate.private();
    let Job {
        help,
        body,
        critical,
        run_as,
        ..
    } = job;
    let name = &job.name.text;
    let roles: Vec<&str> = match &job.roles {
        Roles::Listed(roles) => roles.iter().map(|role| role.text.as_str()).collect(),
        Roles::Name => vec![name],
        Roles::None => Vec::new(),
    };
    let run_as = match run_as {
        Some(user) => quote!(::core::option::Option::Some(#user)),
        None => quote!(::core::option::Option::None),
    };
    let function = body.ident().to_string();
    let action = action(job);
    let source = source(&job.krate);
    let params = params::list(&job.params);
    quote! {
        #private::JobDef {
            name: #name,
            help: #help,
            roles: &[#(#roles),*],
            critical: #critical,
            run_as: #run_as,
            source: #source,
            function: #function,
            params: #params,
            action: #action,
        }
    }
}

/// The checks of the roles that the user named, or of the name that is the role.
fn checks(job: &Job) -> TokenStream {
    match &job.roles {
        Roles::Listed(roles) => role_check::of_literals(&job.krate, &job.topology, roles),
        Roles::Name => role_check::of_constant(
            &job.krate,
            &job.topology,
            &job.name.to_token_stream(),
            job.name.span,
        ),
        Roles::None => TokenStream::new(),
    }
}

fn action(job: &Job) -> TokenStream {
    let private = job.krate.private();
    match &job.body {
        Body::Struct(_) => quote!(::core::option::Option::None),
        Body::Function(function) => {
            let call = callable::action(&job.krate, function, &job.params);
            quote!(::core::option::Option::Some(#private::#call))
        }
    }
}

fn allow(job: &Job) -> TokenStream {
    match &job.body {
        Body::Function(function) => callable::allow(function),
        Body::Struct(_) => quote!(#[allow(dead_code)]),
    }
}
