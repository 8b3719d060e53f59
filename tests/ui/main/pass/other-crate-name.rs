//! The crate may have another name.

#![deny(warnings)]

mod renamed {
    pub extern crate ploy as deploy;
}

ploy::sites! {}

/// Not the real `main`, which would read the command line.
#[allow(dead_code)]
mod deploy {
    crate::renamed::deploy::main! { crate = crate::renamed::deploy; uses: [anyhow] }
}

fn main() {}
