//! Crates are named by identifiers, in a list.

ploy::sites! {}

mod a {
    ploy::main! { uses: web_jobs }
}

mod b {
    ploy::main! { uses: ["web-jobs", web-jobs, anyhow tokio] }
}

fn main() {}
