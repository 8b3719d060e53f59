//! A name is made of letters, digits, `_`, `-` and `.`.

ploy::sites! {
    site "web server" {}
    site "-rf" {}
    site "a/b" { roles: ["x,y"] }
    role ".hidden";
}

fn main() {}
