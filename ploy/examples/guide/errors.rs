//! Snippets of the chapter on errors.

use anyhow::Context as _;
use ploy::error::Kind;
use ploy::prelude::*;

/// Fail where the disk is nearly full.
#[job(name = "check-disk", roles = ["web"])]
async fn check_disk(cx: Cx) -> anyhow::Result<()> {
    let used = cx
        .local()
        .run(cmd!("df -P / | awk 'NR == 2 {{ print $5 + 0 }}'"))
        .await?;
    let used: u8 = used
        .text()
        .parse()
        .context("the percentage that df shows")?;
    anyhow::ensure!(used <= 100, "the disk is {used} % full");
    Ok(())
}

/// Run a command that fails, and look at how.
#[job(name = "look", roles = ["web"])]
async fn look(cx: Cx) -> Result {
    let script = cmd!["echo 'no such thing' >&2", "exit 3"];
    let Err(failure) = cx.local().run(script).await else {
        return Err(ploy::Error::msg("it did not fail"));
    };
    assert_eq!(failure.kind(), Kind::Command);
    assert_eq!(failure.command().and_then(|command| command.code), Some(3));
    Ok(())
}
