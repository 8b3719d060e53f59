//! A setting is given once.

ploy::sites! {
    site web1 { host: "a.example.com", port: 22, host: "b.example.com" }
}

fn main() {}
