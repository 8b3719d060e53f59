//! Further arguments are parameters: each has a name, and a type that owns its value and can be read from text.

use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

struct Unknown;

#[job(roles = ["web"])]
async fn borrowed(cx: Cx, dir: &str) -> Result {
    let _ = (cx, dir);
    Ok(())
}

#[job(roles = ["web"])]
async fn nameless(cx: Cx, (a, b): (u8, u8), #[param(name = "A B")] c: u8, #[param(nmae = "d")] d: u8) -> Result {
    let _ = (cx, a, b, c, d);
    Ok(())
}

#[job(roles = ["web"])]
async fn twice(cx: Cx, a_b: u8, #[param(name = "a-b")] c: u8) -> Result {
    let _ = (cx, a_b, c);
    Ok(())
}

#[job(roles = ["web"])]
async fn first(#[param(default = 3)] cx: Cx) -> Result {
    let _ = cx;
    Ok(())
}

#[job(roles = ["web"])]
async fn anything(cx: Cx, value: impl Into<String>) -> Result {
    let _ = (cx, value.into());
    Ok(())
}

fn main() {
    let _ = Unknown;
}
