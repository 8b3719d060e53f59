//! What `#[job]` makes of a job.

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};

use super::model::{Body, Job, Roles};
use crate::output::{callable, role_check, source};
use crate::params;

/// The item as written, its handle, its registration and the checks of its roles.
pub(super) fn expand(job: Job, item: &TokenStream) -> TokenStream {
    with_handle(job, item, definition)
}

/// The item, its handle, and the checks of its roles. What stands for the job in `jobs![..]` and
/// how it is registered is up to `rest`.
pub(super) fn with_handle(
    mut job: Job,
    item: &TokenStream,
    rest: impl FnOnce(&Job) -> TokenStream,
) -> TokenStream {
    let (import, krate) = job.krate.import();
    job.krate = krate;
    let declaration = job.handle.declaration(&job);
    let handle = job.handle.ident();
    let cfgs = job.body.head().cfgs();
    let allow = allow(&job);
    let checks = checks(&job);
    let definitions = params::definitions(&job.krate, &job.params);
    let setters = params::setters(&job.krate, &job.params, handle);
    let rest = rest(&job);
    quote! {
        #allow
        #item
        #declaration
        #(#cfgs)*
        #[allow(
            dead_code, deprecated, non_snake_case, private_bounds, private_interfaces, unexpected_cfgs,
            unreachable_pub, unused_qualifications, clippy::all, clippy::pedantic
        )]
        const _: () = {
            #import
            #definitions
            #setters
            #rest
            #checks
        };
    }
}

/// The definition of the job, in the order in which the runtime's macro takes its parts.
fn definition(job: &Job) -> TokenStream {
    let private = job.krate.private();
    let Job {
        help,
        body,
        critical,
        run_as,
        ..
    } = job;
    let handle = job.handle.ident();
    let name = &job.name.text;
    let roles: Vec<&str> = match &job.roles {
        Roles::Listed(roles) => roles.iter().map(|role| role.text.as_str()).collect(),
        Roles::Name => vec![name],
        Roles::None => Vec::new(),
    };
    let run_as = match run_as {
        Some(user) => quote!(#private::Some(#user)),
        None => quote!(#private::None),
    };
    let function = body.ident().to_string();
    let action = action(job);
    let (file, line, package) = source::parts();
    let params = params::list(&job.params);
    let checks = params::checks(&job.params);
    quote! {
        #private::job!(
            #handle #name #help [#(#roles),*] #critical [#run_as] #file #line #package #function
            [#params] [#action]
        );
        #checks
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
        Body::Struct(_) => quote!(#private::None),
        Body::Function(function) => {
            let call = callable::action(&job.krate, function, &job.params);
            quote!(#private::Some(#private::#call))
        }
    }
}

fn allow(job: &Job) -> TokenStream {
    match &job.body {
        Body::Function(function) => callable::allow(function),
        Body::Struct(_) => quote!(#[allow(dead_code)]),
    }
}
