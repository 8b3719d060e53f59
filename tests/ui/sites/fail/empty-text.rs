//! A setting without text is left out.

ploy::sites! {
    site web1 { host: "", path: "", identity: "" }
}

fn main() {}
