//! Facts about all nodes, in one table.

use std::future::IntoFuture;

use futures_util::future::try_join_all;
use ploy::event::Show;
use ploy::prelude::*;

/// What is asked of a node: a heading, and a command that prints one line.
const FACTS: [(&str, &str); 5] = [
    ("kernel", "uname -sr"),
    ("cpus", "getconf _NPROCESSORS_ONLN"),
    ("load", "cut -d ' ' -f 1 /proc/loadavg"),
    ("disk", "df -P / | awk 'NR == 2 { print $5 }'"),
    ("up", "awk '{ printf \"%d h\", $1 / 3600 }' /proc/uptime"),
];

/// The rows of the table: the name of the node, and a fact for each heading.
const ROWS: Key<Vec<Vec<String>>> = Key::new("rows");

/// Ask a node for its facts, all at once over one connection.
#[job(name = "gather", roles = ["node"])]
async fn gather(cx: Cx) -> Result {
    let asked = FACTS.map(|(_, command)| {
        let command = ploy::shell::Command::new(Script::raw(command));
        cx.shell()
            .run(command.cwd("/").show(Show::Nothing))
            .into_future()
    });
    let mut row = vec![cx.site().name().to_owned()];
    for answer in try_join_all(asked).await? {
        row.push(answer.text().into_owned());
    }
    cx.space().update(ROWS, |rows| rows.push(row));
    Ok(())
}

/// Gather facts from all nodes into one table.
#[schedule(name = "facts")]
async fn facts(batch: Batch) -> Result {
    let outcome = batch.run(jobs![gather]).await;
    let mut rows = batch.space().take(ROWS).unwrap_or_default();
    rows.sort();
    let mut head = vec!["node".to_owned()];
    head.extend(FACTS.map(|(heading, _)| heading.to_owned()));
    rows.insert(0, head);
    print!("{}", table(&rows));
    outcome.into_result()
}

fn table(rows: &[Vec<String>]) -> String {
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let widths = rows
                .iter()
                .filter_map(|row| row.get(column))
                .map(String::len);
            let width = widths.max().unwrap_or(0);
            line.push_str(&format!("{cell:width$}  "));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
