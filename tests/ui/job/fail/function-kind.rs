//! A job is a function that ploy can call.

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web"])]
const fn a() {}

#[ploy::job(roles = ["web"])]
unsafe fn b() {}

#[ploy::job(roles = ["web"])]
extern "C" fn c() {}

#[ploy::job(roles = ["web"])]
fn d<T>() {}

#[ploy::job(roles = ["web"])]
async unsafe fn e<'a, T>(_: &'a T, _: u8) {}

fn main() {}
