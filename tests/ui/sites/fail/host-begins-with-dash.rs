//! ssh would take such a host, user or jump host for an option.

ploy::sites! {
    site web1 { host: "-oProxyCommand=x" }
    site web2 { host: "web2.example.com", user: "-x", jump: "-y", run_as: "-z" }
}

fn main() {}
