//! A host is one word, and `{name}` is all that stands in braces.

ploy::sites! {
    site web1 { host: "web1 example.com" }
    site web2 { host: "{nmae}.example.com" }
}

fn main() {}
