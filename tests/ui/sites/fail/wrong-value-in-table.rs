//! Environment variables are strings with proper names; values of one's own are what JSON knows.

ploy::sites! {
    site web1 { env: { PORT: 80, "A=B": "x" }, vars: { sign: 'x', "": 1 } }
}

fn main() {}
