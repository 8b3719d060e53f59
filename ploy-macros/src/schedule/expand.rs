//! What `#[schedule]` makes of a schedule.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::model::Schedule;
use crate::output::callable;
use crate::output::source::source;
use crate::params;

/// The function as written and the registration of the schedule.
pub(super) fn expand(schedule: &Schedule, item: &TokenStream) -> TokenStream {
    let Schedule {
        name,
        krate,
        function,
        params,
    } = schedule;
    let private = krate.private();
    let name = &name.text;
    let help = function.head.help();
    let cfgs = function.head.cfgs();
    let body = if function.is_async() {
        let closure = callable::closure(krate, function, params);
        quote!(Code(#closure))
    } else if params.is_empty() {
        let (_, call) = callable::call(function, &[]);
        quote!(Data(|| #call))
    } else {
        let from = Ident::new("__ploy_argument", Span::mixed_site());
        let (bindings, values) = params::values(krate, params, &from);
        let name = function.ident();
        let at_output = Span::mixed_site().located_at(function.output_span());
        let call = quote_spanned!(at_output=> #name(#(#values),*));
        quote!(Made(|#from| { #bindings #call }))
    };
    let definitions = params::definitions(krate, params);
    let list = params::list(params);
    let checks = params::checks(params);
    let source = source(krate);
    let allow = callable::allow(function);
    quote! {
        #allow
        #item
        #(#cfgs)*
        #[allow(deprecated, unused_qualifications, clippy::all, clippy::pedantic)]
        const _: () = {
            #definitions
            #checks
            #private::register!(#private::Entry::Schedule(#private::ScheduleDef {
                name: #name,
                help: #help,
                source: #source,
                params: #list,
                body: #private::ScheduleFn::#body,
            }));
        };
    }
}
