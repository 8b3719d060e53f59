//! A setting that is near to none goes under `vars`.

ploy::sites! {
    site web1 { document_root: "/srv/www" }
}

fn main() {}
