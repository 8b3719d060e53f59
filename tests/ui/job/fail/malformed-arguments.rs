//! An argument is `key = value`, and a comma stands between two.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job("upload-web", roles = ["web"])]
fn upload() {}

#[ploy::job(name = "a" roles = ["web"])]
fn a() {}

#[ploy::job(name: "b", roles = ["web"])]
fn b() {}

#[ploy::job(name, roles = ["web"])]
fn c() {}

#[ploy::job(name = , roles = ["web"])]
fn d() {}

fn main() {}
