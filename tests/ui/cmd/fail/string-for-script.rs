//! A string is no command: the compiler names what makes one.

use ploy::prelude::*;

async fn unpack(cx: Cx, archive: &str) -> Result {
    cx.shell().run(format!("tar xzf {archive}")).await?;
    cx.shell().run("ls").await?;
    Ok(())
}

fn main() {
    let _ = unpack;
}
