//! A job that knows no fleet, as a crate that many teams share would have it.

use ploy::prelude::*;

// Because of `any`, the role is checked when a binary that has this job starts, not when this crate is compiled.

/// Fail where the disk is nearly full.
#[job(name = "disk-space", roles = ["monitored"], topology = any)]
pub async fn space(cx: Cx) -> Result {
    let used = cx
        .shell()
        .run(cmd!("df -P / | awk 'NR == 2 {{ print $5 + 0 }}'"))
        .cwd("/")
        .await?;
    let (used, limit): (u8, u8) = (used.text().parse()?, cx.var_or("disk_limit", 95)?);
    if used > limit {
        cx.fail(format_args!("the disk is {used} % full"));
    }
    Ok(())
}
