//! A key is given once.

ploy::sites! {
    site web1 { env: { A: "x", "A": "y" }, vars: { keep: 7, keep: 8 } }
}

fn main() {}
