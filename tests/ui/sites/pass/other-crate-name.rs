//! The crate may have another name.

#![deny(warnings)]

mod renamed {
    pub extern crate ploy as deploy;
}

renamed::deploy::sites! {
    crate = crate::renamed::deploy;
    site "web[1-2]" { host: "{name}.example.com" }
}

fn main() {
    assert_eq!(topology::topology().sites().len(), 2);
}
