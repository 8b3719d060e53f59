//! A port is a number from 1 to 65535.

ploy::sites! {
    site web1 { port: 65536 }
    site web2 { port: 0 }
    site web3 { port: -22 }
    site web4 { port: 22i64 }
}

fn main() {}
