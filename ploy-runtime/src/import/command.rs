//! Sites from the output of a command.

use std::panic::Location;

use super::Format;
use super::problems;
use super::text;
use crate::error::Failure;
use crate::shell::IntoScript;
use crate::shell::PendingCommand;
use crate::shell::Shell;
use crate::topology::Topology;

/// How many bytes a command may put out: 64 MiB.
const LIMIT: usize = 64 * 1024 * 1024;

/// Runs a script on this machine, in the current directory, and adds the sites that it puts out.
/// Returns how many.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ploy::Error> {
/// use ploy::import;
/// use ploy::import::Format;
/// use ploy::topology::Topology;
/// use ploy::Script;
///
/// let mut topology = Topology::new();
/// topology.declare(["web"]);
/// let script = Script::raw(r#"echo '[{ "name": "web1", "roles": ["web"] }]'"#);
/// assert_eq!(import::command(&mut topology, Format::Json, script).await?, 1);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// - The command's own failure if its exit status is not 0, with its
///   [report](crate::error::Failure::command).
/// - [`Kind::Usage`](crate::error::Kind::Usage) if it put out more than 64 MiB, or what is no text
///   with sites; as of a [text](super::text). The topology is as it was, then.
#[track_caller]
pub fn command(
    topology: &mut Topology,
    format: Format,
    script: impl IntoScript,
) -> impl Future<Output = Result<usize, Failure>> + Send {
    let script = script.into_script();
    let origin = format!("the output of `{script}`");
    let run = Shell::local().run(script).capture_limit(LIMIT);
    output(topology, format, origin, run, Location::caller())
}

async fn output(
    topology: &mut Topology,
    format: Format,
    origin: String,
    run: PendingCommand,
    at: &'static Location<'static>,
) -> Result<usize, Failure> {
    let added = match run.await {
        Err(failure) => Err(failed(&failure)),
        Ok(output) if output.dropped() > 0 => {
            let limit = output.stdout().len();
            Err(problems::failure(
                &origin,
                format!("there is too much of it: {limit} bytes are read at most"),
                Some("let the command put out no more than the sites"),
            ))
        }
        Ok(output) => text::add_bytes(topology, format, output.stdout(), &origin),
    };
    added.map_err(|failure| failure.at(at))
}

/// The failure of the command, as one to read sites: all that is known of it is kept.
fn failed(failure: &Failure) -> Failure {
    let mut told = Failure::new(
        failure.kind(),
        "cannot read sites from a command",
        format!("{failure}: {}", failure.detail()),
    );
    if let Some(hint) = failure.hint() {
        told = told.with_hint(hint);
    }
    if let Some(report) = failure.command() {
        told = told.with_command(report.clone());
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;
    use crate::shell::Script;

    #[tokio::test]
    async fn what_a_command_puts_out_is_read() {
        let mut topology = Topology::new();
        let script = Script::raw("echo not this >&2; echo '{ \"a[1-2]\": {} }'");
        let added = command(&mut topology, Format::Json, &script).await;
        assert_eq!(added.unwrap(), 2);
        #[cfg(feature = "toml")]
        assert_eq!(
            command(&mut topology, Format::Toml, Script::raw("echo '[b]'"))
                .await
                .unwrap(),
            1
        );
        let failure = command(&mut topology, Format::Json, Script::raw("echo '['"))
            .await
            .unwrap_err();
        assert_eq!(
            failure.to_string(),
            "cannot read sites from the output of `echo '['`"
        );
    }

    #[tokio::test]
    async fn a_failed_command_is_told_whole() {
        let mut topology = Topology::new();
        let script = Script::raw("echo '{ \"a\": {} }'; echo no login >&2; exit 3");
        let failure = command(&mut topology, Format::Json, script)
            .await
            .unwrap_err();
        assert_eq!(failure.kind(), Kind::Command);
        assert_eq!(failure.to_string(), "cannot read sites from a command");
        assert!(
            failure
                .detail()
                .to_string()
                .ends_with("exited with status 3")
        );
        let report = failure.command().unwrap();
        assert_eq!(report.code, Some(3));
        assert_eq!(report.stderr, b"no login");
        assert!(topology.sites().is_empty());
        // The place of the caller, not one in the library.
        let at = failure.detail().at().unwrap();
        assert!(at.file().ends_with("command.rs") && at.line() > 100, "{at}");

        let failure = command(
            &mut topology,
            Format::Json,
            Script::raw("no-such-program-x"),
        )
        .await
        .unwrap_err();
        assert!(failure.hint().unwrap().contains("not installed"));
    }

    #[tokio::test]
    async fn too_much_output_is_an_error_and_not_a_cut_text() {
        let mut topology = Topology::new();
        // What is left after the cut would be a text with a site.
        let run = Shell::local()
            .run(Script::raw("echo '  { \"a\": {} }'"))
            .capture_limit(12);
        let at = Location::caller();
        let failure = output(&mut topology, Format::Json, "it".to_owned(), run, at)
            .await
            .unwrap_err();
        assert_eq!(
            failure.detail().to_string(),
            "there is too much of it: 12 bytes are read at most"
        );
        assert!(topology.sites().is_empty());
    }

    #[tokio::test]
    async fn the_limit_is_64_mib() {
        let mut topology = Topology::new();
        let script = Script::raw(format!(
            "head -c {} /dev/zero | tr '\\0' ' '; echo '{{}}'",
            LIMIT - 3
        ));
        assert_eq!(
            command(&mut topology, Format::Json, script).await.unwrap(),
            0
        );
        let script = Script::raw(format!("head -c {} /dev/zero", LIMIT + 1));
        let failure = command(&mut topology, Format::Json, script)
            .await
            .unwrap_err();
        assert!(failure.detail().to_string().contains("67108864 bytes"));
    }
}
