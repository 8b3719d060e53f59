//! Whether connections outlive the run.

use clap::{Arg, ArgAction, ArgMatches};

use ploy_runtime::transport::SocketDir;

pub(super) fn option() -> Arg {
    Arg::new("no-keep")
        .long("no-keep")
        .action(ArgAction::SetTrue)
        .global(true)
        .help("End connections with the run, as CI=true does")
}

/// What was said of it, if anything was.
pub(super) fn is_refused(matches: &ArgMatches) -> bool {
    matches.get_flag("no-keep")
}

/// The folder to keep connections in, unless they are not to be kept: nobody comes back to a machine of CI. Without a
/// folder that is safe they are not kept either, and the run is only slower the next time.
pub(super) fn folder(refused: bool) -> Option<SocketDir> {
    if refused || in_ci() {
        return None;
    }
    SocketDir::open().ok()
}

/// Whether this is a machine of CI.
pub(super) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}
