//! Expressions see what the user sees, and nothing of the expansion.

#![deny(warnings)]
#![allow(non_upper_case_globals)]

const name: &str = "mine";
const topology: &str = "mine too";

ploy::sites! {
    site "web[1-2]" { path: name, vars: { it: topology, pair: [1, 2].iter().map(|a| a + 1).collect::<Vec<i32>>() } }
}

fn main() {
    let made = self::topology::topology();
    assert_eq!(
        made.get("web2").unwrap().settings().path.as_deref(),
        Some("mine")
    );
}
