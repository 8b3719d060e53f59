use std::future::IntoFuture;
use std::panic::Location;
use std::path::{Path, PathBuf};
use std::pin::Pin;

use super::rsync;
use crate::error::{Failure, Kind};
use crate::shell::{CancelLevel, Shell, Watched, cancelled, quoted_path};
use crate::transport::{Connection, Exit, Launch};

/// How much of rsync's own output is kept for an error.
const CAPTURE: usize = 64 * 1024;

impl Shell {
    /// Copies files or folders of this machine to the site, by `rsync -az`, over the same connection as its commands.
    ///
    /// `sources` are one path or a list; relative ones hang on the current directory. `destination` is a path on the
    /// site; a relative one hangs on the site's `path`. Folders that are missing above it are made. rsync's meaning of
    /// a slash at the end is kept: `dist/` is what is in the folder, `dist` the folder. Nothing is deleted on the site.
    ///
    /// Awaiting it fails with [`Kind::Transfer`](crate::Kind::Transfer) if rsync does, and with the kinds of
    /// [`run`](Shell::run) that concern the site and the run.
    #[track_caller]
    pub fn upload(&self, sources: impl IntoSources, destination: impl AsRef<str>) -> Upload {
        Upload {
            shell: self.clone(),
            sources: sources.into_sources(),
            destination: destination.as_ref().to_owned(),
            at: Location::caller(),
        }
    }
}

/// What can be uploaded: one path, or a list of them.
pub trait IntoSources {
    /// The paths.
    fn into_sources(self) -> Vec<PathBuf>;
}

macro_rules! one_source {
    ($($type:ty)*) => {
        $(impl IntoSources for $type {
            fn into_sources(self) -> Vec<PathBuf> {
                vec![self.into()]
            }
        })*
    };
}

one_source!(&str String &String &Path PathBuf &PathBuf);

impl<T: Into<PathBuf>, const N: usize> IntoSources for [T; N] {
    fn into_sources(self) -> Vec<PathBuf> {
        self.into_iter().map(Into::into).collect()
    }
}

impl<T: Into<PathBuf>> IntoSources for Vec<T> {
    fn into_sources(self) -> Vec<PathBuf> {
        self.into_iter().map(Into::into).collect()
    }
}

/// An upload about to begin; await it.
#[must_use = "an upload runs when it is awaited"]
pub struct Upload {
    shell: Shell,
    sources: Vec<PathBuf>,
    destination: String,
    at: &'static Location<'static>,
}

impl Upload {
    async fn execute(self) -> Result<(), Failure> {
        let at = self.at;
        self.execute_here().await.map_err(|failure| failure.at(at))
    }

    async fn execute_here(self) -> Result<(), Failure> {
        let Upload {
            shell,
            sources,
            destination,
            ..
        } = &self;
        let shown = format!("upload {} to {destination}", list(sources));
        let refuse = |cause: &str| {
            Failure::new(Kind::Usage, format!("refused to {shown}"), cause.to_owned())
        };
        if sources.is_empty() || sources.iter().any(|source| source.as_os_str().is_empty()) {
            return Err(refuse("a source is empty"));
        }
        if destination.is_empty() && shell.0.site.path.is_none() {
            return Err(
                refuse("the destination is empty").with_hint("write `.` for the login directory")
            );
        }
        if shell.0.site.run_as.is_some() {
            return Err(refuse("this version of ploy does not know `run_as` yet"));
        }
        let destination = shell.resolve(destination);
        let connection = tokio::select! {
            biased;
            () = shell.0.cancel.reached(CancelLevel::Term) => return Err(cancelled(shell.name(), &shown)),
            connection = shell.0.transport.connection(shell.name()) => connection?,
        };
        let permit = async {
            match &connection {
                Some(connection) => connection.sessions.clone().acquire_owned().await.ok(),
                None => None,
            }
        };
        let _permit = tokio::select! {
            biased;
            () = shell.0.cancel.reached(CancelLevel::Term) => return Err(cancelled(shell.name(), &shown)),
            permit = permit => permit,
        };
        let mut arguments = rsync::arguments(connection.as_deref());
        // Made by rsync's own start on the site: no second round trip, and it works with every version of rsync.
        if let Some(script) = make_parents(&destination) {
            match &connection {
                Some(_) => {
                    arguments.push(format!("--rsync-path={script} && rsync").into());
                }
                None => make_local_parents(&destination).await.map_err(|error| {
                    Failure::new(
                        Kind::Transfer,
                        format!("cannot {shown} on {}", shell.name()),
                        error.to_string(),
                    )
                })?,
            }
        }
        arguments.push("--".into());
        arguments.extend(sources.iter().map(|source| rsync::local_operand(source)));
        arguments.push(rsync::site_operand(&destination, connection.as_deref()));

        if shell.0.cancel.level() != CancelLevel::None {
            return Err(cancelled(shell.name(), &shown));
        }
        let here = shell.0.transport.here();
        let process = here
            .spawn(Launch {
                site: shell.name(),
                shell: "sh",
                script: &rsync::script(&arguments),
                input: None,
            })
            .await?;
        let mut watched = Watched::new(shell, shown.clone(), CAPTURE, None);
        let exit = watched.watch(process).await?;
        if watched.was_cancelled() {
            return Err(cancelled(shell.name(), &shown));
        }
        if exit == Exit::Code(0) {
            return Ok(());
        }
        Err(self
            .failed(&watched, exit, &shown, connection.as_deref())
            .await)
    }

    async fn failed(
        &self,
        watched: &Watched<'_>,
        exit: Exit,
        shown: &str,
        connection: Option<&Connection>,
    ) -> Failure {
        let report = watched.report(exit);
        let said = String::from_utf8_lossy(&report.stderr).into_owned();
        let name = self.shell.name();
        // 12 is rsync's "error in protocol data stream", 255 is ssh's own.
        if let Some(connection) = connection
            && matches!(exit, Exit::Code(12 | 255) | Exit::Signal(_))
            && !connection.is_alive().await
        {
            return Failure::new(
                Kind::Unreachable,
                format!("the connection to {name} was lost"),
                format!("while it was to {shown}"),
            )
            .with_hint("what is there now is not known; an upload can be repeated safely");
        }
        let cause = match exit {
            Exit::Code(code) => format!("rsync exited with status {code}"),
            Exit::Signal(_) => "rsync was ended by a signal".to_owned(),
        };
        let failure = Failure::new(Kind::Transfer, format!("cannot {shown} on {name}"), cause)
            .with_command(report);
        if said.contains("rsync: command not found") || said.contains("rsync: not found") {
            // sh says it of this machine, and rsync here passes on what the far shell said.
            let here = matches!(exit, Exit::Code(127)) && !said.contains("rsync error");
            return failure.with_hint(format!(
                "install rsync on {}",
                if here { "this machine" } else { name }
            ));
        }
        match self
            .sources
            .iter()
            .find(|source| !Shell::local_path(source).exists())
        {
            Some(missing) => failure.with_hint(format!("there is no `{}` here", missing.display())),
            None => failure,
        }
    }
}

impl IntoFuture for Upload {
    type Output = Result<(), Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.execute())
    }
}

fn list(sources: &[PathBuf]) -> String {
    let names: Vec<_> = sources
        .iter()
        .map(|source| source.display().to_string())
        .collect();
    names.join(" ")
}

/// The folders that rsync does not make by itself: it makes only the last one of a path.
fn parents(destination: &str) -> Option<&str> {
    let path = if destination.ends_with('/') {
        destination.trim_end_matches('/')
    } else {
        destination.rsplit_once('/')?.0
    };
    (!path.is_empty() && path != "~" && path != ".").then_some(path)
}

fn make_parents(destination: &str) -> Option<String> {
    let parents = parents(destination)?;
    Some(format!(
        "mkdir -p -- {}",
        String::from_utf8_lossy(&quoted_path(parents))
    ))
}

async fn make_local_parents(destination: &str) -> std::io::Result<()> {
    let Some(parents) = parents(destination) else {
        return Ok(());
    };
    let path = match (parents.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(parents),
    };
    tokio::fs::create_dir_all(path).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_parents_are_those_above_the_last_part() {
        assert_eq!(parents("/srv/www/releases/5"), Some("/srv/www/releases"));
        assert_eq!(parents("/srv/www/"), Some("/srv/www"));
        assert_eq!(parents("/srv"), None);
        assert_eq!(parents("x"), None);
        assert_eq!(
            make_parents("~/a b/c").unwrap(),
            "mkdir -p -- \"$HOME\"/'a b'"
        );
    }
}
