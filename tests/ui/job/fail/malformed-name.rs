//! A name is made of letters, digits, `-`, `_`, `.` and `:`.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(name = "", roles = ["web"])]
fn a() {}

#[ploy::job(name = "-b", roles = ["web"])]
fn b() {}

#[ploy::job(name = "c d", roles = ["web"])]
fn c() {}

#[ploy::job(name = upload, roles = ["web"])]
fn d() {}

#[ploy::job(roles = ["web"])]
fn __() {}

fn main() {}
