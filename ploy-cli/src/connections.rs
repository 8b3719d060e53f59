use std::time::Duration;

use super::{exit, print};
use ploy_core::error::did_you_mean;
use ploy_report::ColorChoice;
use ploy_runtime::transport::{self, KeptConnection};

/// Lists the connections that are kept, or closes them: all, or those to the destinations that are named. Returns the
/// exit code.
pub(super) async fn connections(names: &[String], close: bool, color: ColorChoice) -> u8 {
    let mut kept = match transport::kept_connections().await {
        Ok(kept) => kept,
        Err(error) => {
            let message = format!("cannot look for connections: {error}");
            print::error(
                color,
                &message,
                Some("set XDG_RUNTIME_DIR or TMPDIR to a folder of your own"),
            );
            return exit::FAILED;
        }
    };
    for name in names {
        if !kept.iter().any(|one| one.is_for(name)) {
            let message = format!("no connection to `{name}` is kept");
            let known = kept.iter().map(|one| one.destination.as_str());
            let hint = did_you_mean(name, known);
            print::error(color, &message, hint.as_deref());
            return exit::USAGE;
        }
    }
    if !names.is_empty() {
        kept.retain(|one| names.iter().any(|name| one.is_for(name)));
    }
    if close {
        close_all(&kept, color).await
    } else {
        list(&kept)
    }
}

fn list(kept: &[KeptConnection]) -> u8 {
    if kept.is_empty() {
        print::out("no connection is kept\n");
        return exit::OK;
    }
    let rows: Vec<Vec<String>> = kept
        .iter()
        .map(|one| {
            vec![
                one.destination.clone(),
                format!("used {} ago", ago(one.idle_time)),
            ]
        })
        .collect();
    print::out(&super::table::table(&rows, ""));
    exit::OK
}

async fn close_all(kept: &[KeptConnection], color: ColorChoice) -> u8 {
    let mut closed = 0;
    for one in kept {
        if one.close().await {
            closed += 1;
        } else {
            print::error(
                color,
                &format!("the connection to {} is still there", one.destination),
                None,
            );
        }
    }
    let noun = if closed == 1 {
        "connection"
    } else {
        "connections"
    };
    print::out(&format!("closed {closed} {noun}\n"));
    if closed == kept.len() {
        exit::OK
    } else {
        exit::FAILED
    }
}

/// A time in its largest unit.
fn ago(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..=119 => format!("{seconds} s"),
        seconds => format!("{} min", seconds / 60),
    }
}
