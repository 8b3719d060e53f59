//! An update names the roles of the sites that it updates.

ploy::sites! {
    site web1 {}
    update [] { port: 2222 }
    update "web1" { port: 2222 }
}

fn main() {}
