//! No site at all.

#![deny(warnings)]

ploy::sites! {}

fn main() {
    assert!(topology::topology().sites().is_empty());
    assert!(topology::ROLES.all().is_empty());
}
