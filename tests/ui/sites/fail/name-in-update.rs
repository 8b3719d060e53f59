//! `{name}` is the name of one site.

ploy::sites! {
    site web1 { roles: ["web"] }
    update ["web"] { host: "{name}.example.com" }
}

fn main() {}
