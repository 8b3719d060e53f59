//! What `sites!` makes of sites and roles.

use ploy_syntax::setting::Setting;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::model::{GivenSetting, SettingValue, Site, Sites, Statement};
use super::names::{Item, Names};
use super::template::{self, Naming};
use crate::input::crate_path::CratePath;
use crate::output::source::source;

/// The function that builds the topology, the module, and the registration.
pub(super) fn expand(sites: &Sites, names: &Names) -> TokenStream {
    let private = sites.krate.private();
    let topology = local("topology");
    let statements = sites
        .statements
        .iter()
        .map(|statement| expand_statement(&sites.krate, statement));
    let module = module(&sites.krate, names, &quote!(super::__ploy_sites()));
    let source = source(&sites.krate);
    quote! {
        #[doc(hidden)]
        #[allow(clippy::too_many_lines)]
        fn __ploy_sites() -> #private::Topology {
            #[allow(unused_mut)]
            let mut #topology = #private::Topology::new();
            #(#statements)*
            #topology
        }
        #module
        #private::register!(#private::Entry::Topology(#private::TopologyDef {
            source: #source,
            make: topology::topology,
        }));
    }
}

/// The module with the names; `make` is the body of its function.
pub(super) fn module(krate: &CratePath, names: &Names, make: &TokenStream) -> TokenStream {
    let private = krate.private();
    let all = &names.all;
    let roles = &names.roles;
    let site_items = names
        .site_items
        .iter()
        .map(|item| constant(&private, item, "site"));
    let role_items = names
        .role_items
        .iter()
        .map(|item| constant(&private, item, "role"));
    quote! {
        /// The sites and roles of this crate's `ploy::sites!`.
        pub mod topology {
            /// The name of every site and role, for the check of `#[job]` and `#[action]`.
            pub const ROLES: #private::RoleTable = #private::RoleTable::new(&[#(#all),*],
            &[#(#roles),*]);

            /// Builds the topology: evaluates the settings of all sites.
            #[must_use]
            pub fn topology() -> #private::Topology {
                #make
            }

            /// Every role as an item, and every site too.
            #[allow(non_upper_case_globals)]
            pub mod roles {
                #[allow(unused_imports)]
                pub use super::sites::*;
                #(#role_items)*
            }

            /// Every site as an item. Where a name is not an identifier, `_` stands for `-` and
            /// `.`, and before a digit.
            #[allow(non_upper_case_globals)]
            pub mod sites {
                #(#site_items)*
            }
        }
    }
}

fn constant(private: &TokenStream, item: &Item, noun: &str) -> TokenStream {
    let Item { ident, name } = item;
    let doc = format!("The {noun} `{name}`.");
    quote!(#[doc = #doc] pub const #ident: #private::Role = #private::Role::new(#name);)
}

fn expand_statement(krate: &CratePath, statement: &Statement) -> TokenStream {
    let topology = local("topology");
    match statement {
        Statement::Role(role) => quote!(#topology.declare([#role]);),
        Statement::Update(update) => {
            let roles = &update.roles.roles;
            let settings = expand_settings(krate, &update.settings, Naming::Nothing);
            quote!(#topology.update([#(#roles),*], #settings);)
        }
        Statement::Site(site) if site.is_range => expand_range(krate, site),
        Statement::Site(site) => {
            let name = &site.name;
            let settings = expand_settings(krate, &site.settings, Naming::Site(&name.text));
            quote!(#topology.add(#name, #settings);)
        }
    }
}

/// A loop, so that the settings stand there once however many sites there are.
fn expand_range(krate: &CratePath, site: &Site) -> TokenStream {
    let (topology, name) = (local("topology"), local("name"));
    let names = &site.names;
    let settings = expand_settings(krate, &site.settings, Naming::Loop(&name));
    quote! {
        for #name in [#(#names),*] {
            #topology.add(#name, #settings);
        }
    }
}

fn expand_settings(
    krate: &CratePath,
    settings: &[GivenSetting],
    naming: Naming<'_>,
) -> TokenStream {
    let private = krate.private();
    let calls = settings
        .iter()
        .map(|setting| expand_setting(krate, setting, naming));
    quote!(#private::Settings::new() #(#calls)*)
}

fn expand_setting(krate: &CratePath, setting: &GivenSetting, naming: Naming<'_>) -> TokenStream {
    let GivenSetting {
        key,
        setting,
        value,
    } = setting;
    let span = Span::mixed_site().located_at(key.span());
    let method = |name: &str| Ident::new(name, span);
    match value {
        SettingValue::Expr(expr) => {
            let method = method(setting.name());
            let value = template::expand(expr, naming, krate);
            quote_spanned!(span=> .#method(#value))
        }
        SettingValue::Roles(list) if list.roles.is_empty() => TokenStream::new(),
        SettingValue::Roles(list) => {
            let roles = &list.roles;
            quote_spanned!(span=> .roles([#(#roles),*]))
        }
        SettingValue::Table(pairs) => {
            let method = method(match setting {
                Setting::Env => "env",
                _ => "var",
            });
            let calls = pairs.iter().map(|pair| {
                let key = &pair.key;
                let value = template::expand(&pair.value, naming, krate);
                quote_spanned!(span=> .#method(#key, #value))
            });
            calls.collect()
        }
    }
}

/// A variable that no expression of the user can see. Its name is one that no constant has, which
/// it could not shadow.
fn local(name: &str) -> Ident {
    Ident::new(&format!("__ploy_{name}"), Span::mixed_site())
}
