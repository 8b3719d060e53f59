//! The same where another update gives the role.

ploy::sites! {
    site web1 { roles: ["web", "linux"] }
    site db1 { roles: ["db"] }
    update ["linux"] { port: 2222 }
    update ["db"] { roles: ["linux"] }
}

fn main() {}
