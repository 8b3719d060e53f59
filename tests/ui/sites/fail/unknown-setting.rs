//! A setting that is misspelt: the nearest one is suggested.

ploy::sites! {
    site web1 { hots: "web1.example.com" }
    site web2 { connect-timeout: 5 }
}

fn main() {}
