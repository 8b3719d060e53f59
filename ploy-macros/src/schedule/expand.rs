//! What `#[schedule]` makes of a schedule.

use proc_macro2::TokenStream;
use quote::quote;

use super::Schedule;
use crate::callable;

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
    let rust_name = function.ident().to_string();
    let cfgs = function.head.cfgs();
    let body = if function.is_async() {
        let closure = callable::closure(krate, function);
        quote!(Code(#closure))
    } else {
        let (_, call) = callable::call(function);
        quote!(Data(|| #call))
    };
    quote! {
        #item
        #(#cfgs)*
        #[allow(deprecated, unused_qualifications, clippy::all, clippy::pedantic)]
        const _: () = {
            static __PLOY_SCHEDULE: #private::ScheduleDef = #private::ScheduleDef {
                name: #name,
                help: #help,
                source: #private::source!(),
                function: #rust_name,
                body: #private::ScheduleFn::#body,
            };
            #private::register!(#private::Entry::Schedule(&__PLOY_SCHEDULE));
        };
    }
}
