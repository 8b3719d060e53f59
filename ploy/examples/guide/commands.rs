//! Snippets of the chapter on commands.

use std::time::Duration;

use ploy::event::Show;
use ploy::prelude::*;

/// Sort two lines, and add up numbers as they come.
#[job(name = "sort", roles = ["web"])]
async fn sort(cx: Cx) -> Result {
    let shell = cx.local();
    let sorted = shell
        .run(cmd!("sort"))
        .stdin("b\na\n")
        .show(Show::Errors)
        .await?;
    assert_eq!(sorted.lines().collect::<Vec<_>>(), ["a", "b"]);

    let mut lines = shell
        .run(cmd!("for n in 1 2 3; do echo $n; done"))
        .timeout(Duration::from_secs(60))
        .lines();
    let mut sum = 0;
    while let Some(line) = lines.next().await {
        sum += line?.text().parse::<u32>()?;
    }
    cx.report(format_args!("the sum is {sum}"));
    Ok(())
}

#[test]
fn values_are_quoted() {
    let (dir, files) = ("my files", ["a.txt", "it's b.txt"]);
    let script = cmd!("tar czf {dir}.tgz -C {dir} {files...}");
    assert_eq!(
        script.to_string(),
        r#"tar czf 'my files'.tgz -C 'my files' a.txt "it's b.txt""#
    );

    let nothing = "";
    assert!(cmd!("rm -rf {nothing}/*").text().is_err()); // refused when it would run
}
