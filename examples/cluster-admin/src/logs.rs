//! Log files, as they grow.

use ploy::event::Stream;
use ploy::prelude::*;

/// Follow the log files of all nodes, until Ctrl-C.
#[job(name = "follow", roles = ["node"])]
async fn follow(cx: Cx) -> Result {
    cx.shell().run(cmd!("tail -n 5 -F logs/*.log")).await?;
    Ok(())
}

/// Count the errors in the logs of all nodes, and show the last of each node.
#[job(name = "errors", roles = ["node"])]
async fn errors(cx: Cx) -> Result {
    let mut lines = cx
        .shell()
        .run(cmd!("cat logs/*.log"))
        .show(ploy::event::Show::Errors)
        .lines();
    // Line by line: a log may be larger than what anybody wants to hold in memory.
    let (mut count, mut last) = (0_u32, String::new());
    while let Some(line) = lines.next().await {
        let line = line?;
        if line.stream() == Stream::Stdout && line.text().contains(" ERROR ") {
            count += 1;
            last = line.text().into_owned();
        }
    }
    match count {
        0 => cx.report("no errors"),
        _ => cx.report(format_args!("errors: {count}, the last: {last}")),
    }
    Ok(())
}
