//! Reading a file of a site.

use std::future::IntoFuture;
use std::panic::Location;
use std::pin::Pin;

use super::script::{BEGIN, SiteScript, file_word};
use crate::error::{Failure, Kind};
use crate::shell::Shell;
use crate::transfer::options::{CommonOptions, common_setters};
use crate::transport::Exit;

/// The largest file that is read, unless told otherwise: 16 MiB.
const LIMIT: u64 = 16 * 1024 * 1024;

/// Prints what `$f` is, and the first `$most` bytes if it is a file.
const SCRIPT: &str = r#"
[ ! -d "$f" ] || say folder
if [ ! -e "$f" ]; then
  case $(ls -d -- "$f" 2>&1) in
    *"ermission denied"*) say denied ;;
    *) say missing ;;
  esac
fi
[ -f "$f" ] || say special
[ -r "$f" ] || say denied
echo file
head -c "$most" -- "$f"
"#;

/// What the script prints before the content.
const CONTENT: &[u8] = b"file\n";

impl Shell {
    /// Reads a small file of the site, whole.
    ///
    /// `path` is that of the file; a relative one hangs on the site's `path`, and `~/` is the login
    /// directory. A link is followed. The content is not shown as output. The site needs `sh`,
    /// `head` and, to say that a file is missing, `ls`; they get nothing of the site's `env`.
    ///
    /// Awaiting it gives the bytes, and fails with [`Kind::Transfer`](crate::error::Kind::Transfer)
    /// if there is no such file, if it is a folder or a device, may not be read, or has more than
    /// 16 MiB, which [`limit`](ReadFile::limit) changes; and with the kinds of [`run`](Shell::run)
    /// that concern the site and the run. For large files there is [`download`](Shell::download).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> ploy::Result {
    /// let users = ploy::Shell::local().read("/etc/passwd").limit(1 << 20).await?;
    /// assert!(users.starts_with(b"root:"));
    /// # Ok(())
    /// # }
    /// ```
    #[track_caller]
    pub fn read(&self, path: impl Into<String>) -> ReadFile {
        ReadFile {
            shell: self.clone(),
            path: path.into(),
            limit: LIMIT,
            common: CommonOptions::new(self.0.site.timeout, Location::caller()),
        }
    }
}

/// A file about to be read; await it.
#[must_use = "a file is read when it is awaited"]
pub struct ReadFile {
    shell: Shell,
    path: String,
    limit: u64,
    common: CommonOptions,
}

impl ReadFile {
    /// How many bytes the file may have; 16 MiB unless set. All of them are held in memory.
    pub fn limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    common_setters!("the site's `timeout` unless set.");

    async fn execute(self) -> Result<Vec<u8>, Failure> {
        let at = self.common.at;
        self.execute_here().await.map_err(|failure| failure.at(at))
    }

    async fn execute_here(self) -> Result<Vec<u8>, Failure> {
        let ReadFile { shell, path, .. } = &self;
        let headline = format!("cannot read {path} on {}", shell.name());
        let word = file_word(shell, path)
            .map_err(|cause| Failure::new(Kind::Usage, &headline, cause.to_string()))?;
        // One byte more shows that the file is larger than the limit.
        let most = self.limit.saturating_add(1);
        let mut script = BEGIN.as_bytes().to_vec();
        script.extend_from_slice(b"f=");
        script.extend_from_slice(&word);
        script.extend(format!(" most={most}").into_bytes());
        script.extend_from_slice(SCRIPT.as_bytes());
        let task = SiteScript {
            shell,
            shown: format!("read {path}"),
            script,
            input: None,
            common: self.common,
            most: usize::try_from(most)
                .unwrap_or(usize::MAX)
                .saturating_add(CONTENT.len()),
        };
        let mut ended = task.run().await?;
        if ended.exit == Exit::Code(0) && ended.stdout.starts_with(CONTENT) {
            ended.stdout.drain(..CONTENT.len());
            if ended.stdout.len() as u64 <= self.limit {
                return Ok(ended.stdout);
            }
            let cause = format!("it has more than {} bytes", self.limit);
            return Err(Failure::new(Kind::Transfer, headline, cause)
                .with_hint("raise the `limit`, or download it to a file"));
        }
        let cause = match ended.word() {
            "folder" => "it is a folder".to_owned(),
            "missing" => "there is no such file".to_owned(),
            "special" => "it is no regular file".to_owned(),
            "denied" => "permission denied".to_owned(),
            _ => ended.complaint(),
        };
        Err(Failure::new(Kind::Transfer, headline, cause).with_command(ended.report))
    }
}

impl IntoFuture for ReadFile {
    type Output = Result<Vec<u8>, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.execute())
    }
}
