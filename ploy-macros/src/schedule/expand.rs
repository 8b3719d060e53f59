//! What `#[schedule]` makes of a schedule.

use proc_macro2::TokenStream;
use quote::quote;

use super::Schedule;
use crate::callable;
use crate::source::source;

/// The function as written and the registration of the schedule.
pub(super) fn expand(schedule: &Schedule, item: &TokenStream) -> TokenStream {
    let Schedule {
        name,
        krate,
        function,
    } = schedule;
    let private = krate.private();
    let name = &name.text;
    let help = function.head.help();
    let cfgs = function.head.cfgs();
    let body = if function.is_async() {
        let closure = callable::closure(krate, function);
        quote!(Code(#closure))
    } else {
        let (_, call) = callable::call(function);
        quote!(Data(|| #call))
    };
    let source = source(krate);
    quote! {
        #item
        #(#cfgs)*
        #[allow(deprecated, unused_qualifications, clippy::all, clippy::pedantic)]
        const _: () = {
            #private::register!(#private::Entry::Schedule(#private::ScheduleDef {
                name: #name,
                help: #help,
                source: #source,
                body: #private::ScheduleFn::#body,
            }));
        };
    }
}
