//! Settings are separated by commas. What stands around a missing one is read all the same.

ploy::sites! {
    site web1 { host: "web1.example.com" port: 70000 }
    site web2 { host "web2.example.com", user: , port: 22 }
    site web3
    site web4 { port: 0 }
}

fn main() {}
