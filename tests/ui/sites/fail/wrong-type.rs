//! A literal has the type that the setting takes.

ploy::sites! {
    site web1 { port: "22", host: 5, guarded: "yes", timeout: 30, max_sessions: 0 }
    site web2 { roles: "web", env: "x", vars: ["x"], path: ["/srv"] }
}

fn main() {}
