use ploy::prelude::*;

fn main() {
    let token = Secret::new("correct horse battery");
    let _ = cmd!("curl -H {token}");
    let _ = format!("{token}");
}
