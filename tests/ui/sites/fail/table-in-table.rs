//! A table does not hold another.

ploy::sites! {
    site web1 { vars: { backup: { keep: 7 }, root: "/" } }
}

fn main() {}
