//! Waiting for a connection, and failures of transfers that were cancelled or timed out.

use crate::error::{Failure, Kind};
use crate::event::SilentSource;
use crate::shell::{RunningCommand, Shell, cancelled, wait_with_notices};
use crate::transport::Exit;

/// Waits for the connection of a site, and reports when that takes long.
pub(super) async fn connecting<T>(shell: &Shell, future: impl Future<Output = T>) -> T {
    let host = shell.0.site.host.as_deref().unwrap_or(shell.name());
    let source = SilentSource::Connection {
        host: host.to_owned(),
    };
    wait_with_notices(future, shell.0.emitter.as_ref(), &source).await
}

/// Fails if a transfer was cancelled or timed out.
pub(super) fn check_not_ended(
    running: &RunningCommand<'_>,
    exit: Exit,
    site: &str,
    shown: &str,
) -> Result<(), Failure> {
    if running.was_cancelled() {
        return Err(cancelled(site, shown).with_command(running.report(exit)));
    }
    if let Some(limit) = running.exceeded_timeout() {
        let cause = format!("it ran longer than {} s", limit.as_secs_f64());
        let headline = format!("`{shown}` timed out on {site}");
        return Err(Failure::new(Kind::Timeout, headline, cause).with_command(running.report(exit)));
    }
    Ok(())
}
