//! Every role and site is an item, whose identifier has `_` where the name has something else.

#![deny(warnings)]

use topology::{roles, sites};

ploy::sites! {
    site "web-1.example" { roles: ["load-balancer", "1st"] }
    site builder {}
    role "canary";
}

fn main() {
    assert_eq!(sites::web_1_example.as_str(), "web-1.example");
    assert_eq!(roles::web_1_example.as_str(), "web-1.example");
    assert_eq!(roles::load_balancer.as_str(), "load-balancer");
    assert_eq!(roles::_1st.as_str(), "1st");
    assert_eq!(roles::canary.as_str(), "canary");
    assert_eq!(roles::builder.as_str(), "builder");
    assert_eq!(
        topology::ROLES.all(),
        ["1st", "builder", "canary", "load-balancer", "web-1.example"]
    );
}
