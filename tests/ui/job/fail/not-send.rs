//! The future of a job moves between threads.

use std::rc::Rc;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[ploy::job(roles = ["web"])]
async fn upload() {
    let count = Rc::new(1);
    std::future::ready(()).await;
    drop(count);
}

fn main() {}
