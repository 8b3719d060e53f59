//! Every site is a role of its own, so no other role can have its name.

ploy::sites! {
    site web1 { roles: ["db1"] }
    site db1 {}
    role "web1";
}

fn main() {}
