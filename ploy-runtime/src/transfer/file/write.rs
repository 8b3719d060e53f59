//! Writing a file on a site.

use std::future::IntoFuture;
use std::io::Cursor;
use std::panic::Location;
use std::pin::Pin;

use super::script::{SiteScript, file_word};
use super::write_script::{failure, script};
use crate::error::{Failure, Kind};
use crate::shell::Shell;
use crate::transfer::options::{CommonOptions, common_setters};
use crate::transport::Exit;

impl Shell {
    /// Writes a file on the site, whole or not at all.
    ///
    /// `path` is that of the file; a relative one hangs on the site's `path`, and `~/` is the login
    /// directory. Folders that are missing above it are made. The content goes over the connection,
    /// never into a command line, and may have any bytes; it is meant for files that fit into
    /// memory.
    ///
    /// The file is written under another name beside it, which only the login user can read, and
    /// put into place when it is complete and has its mode and owner: who reads sees the old
    /// content or the new, and a command that is ended, a connection that is cut or a full disk
    /// leave the old. A shell that is ended by KILL, and a host that goes down, leave the other
    /// file too, named `.ploy-` and 16 letters: a later write to the folder removes it once it is
    /// older than a day. Where `dd` knows `conv=fsync` the content is on the disk before it is put
    /// into place.
    ///
    /// A file that is replaced keeps its mode, and its owner, or else its group, where the login
    /// user may set that. Where neither can be kept, a file that not everybody may read is not
    /// replaced, unless [`owner`](WriteFile::owner) says whose it is to be. A new file has the mode
    /// of any new file. A link is followed: the file that it leads to is replaced. Hard links,
    /// access lists and extended attributes are not kept. Nothing is touched if content, mode and
    /// owner are there already, which [`WrittenFile::changed`] tells.
    ///
    /// The site needs `sh`, `cat`, `wc`, `stat`, `chmod`, `mv` and `rm`, `mkdir` where the folder
    /// is missing, `readlink` for links, and `chown`, `chgrp` and `cmp` for a file that is
    /// replaced. It gets nothing of the site's `env`.
    ///
    /// ```
    /// # use ploy::{Cx, Result, Script};
    /// # async fn example(cx: Cx) -> Result {
    /// let written = cx
    ///     .shell()
    ///     .write("/etc/app/token.conf", "token = \"none\"\n")
    ///     .mode(0o640)
    ///     .owner("root:app")
    ///     .await?;
    /// if written.changed {
    ///     cx.shell().run(Script::raw("systemctl reload app")).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Awaiting it fails with [`Kind::Transfer`](crate::error::Kind::Transfer) if the file cannot
    /// be written, also if a folder is there, and with the kinds of [`run`](Shell::run) that
    /// concern the site and the run.
    #[track_caller]
    pub fn write(&self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> WriteFile {
        let content = content.into();
        let content = Box::pin(std::future::ready(Ok(content)));
        WriteFile::new(self.clone(), path.into(), content, Location::caller())
    }
}

/// What is to be written, once it is known.
pub(super) type Content = Pin<Box<dyn Future<Output = Result<Vec<u8>, Failure>> + Send>>;

/// A file about to be written; await it.
#[must_use = "a file is written when it is awaited"]
pub struct WriteFile {
    shell: Shell,
    path: String,
    content: Content,
    mode: Option<u32>,
    owner: Option<String>,
    common: CommonOptions,
}

/// What came of writing a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrittenFile {
    /// Whether the file is another than before: new, or with another content, mode or owner. A site
    /// without `cmp` says so always.
    pub changed: bool,
}

impl WriteFile {
    pub(super) fn new(
        shell: Shell,
        path: String,
        content: Content,
        at: &'static Location<'static>,
    ) -> Self {
        let timeout = shell.0.site.timeout;
        WriteFile {
            shell,
            path,
            content,
            mode: None,
            owner: None,
            common: CommonOptions::new(timeout, at),
        }
    }

    /// The mode of the file, such as `0o640`.
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = Some(mode);
        self
    }

    /// The owner of the file, as `chown` takes it: `"user"`, `"user:group"` or `":group"`. Only
    /// root can give a file to another user.
    pub fn owner(mut self, owner: impl Into<String>) -> Self {
        self.owner = Some(owner.into());
        self
    }

    common_setters!("the site's `timeout` unless set.");

    async fn execute(self) -> Result<WrittenFile, Failure> {
        let at = self.common.at;
        self.execute_here().await.map_err(|failure| failure.at(at))
    }

    async fn execute_here(self) -> Result<WrittenFile, Failure> {
        let WriteFile {
            shell,
            path,
            content,
            mode,
            owner,
            common,
        } = self;
        let headline = format!("cannot write {path} on {}", shell.name());
        let refuse = |cause: &str| Failure::new(Kind::Usage, &headline, cause);
        let word = file_word(&shell, &path).map_err(|error| refuse(&error.to_string()))?;
        if mode.is_some_and(|mode| mode > 0o7777) {
            return Err(refuse("there is no such mode")
                .with_hint("a mode is an octal number of up to four digits, such as 0o640"));
        }
        if owner
            .as_deref()
            .is_some_and(|owner| owner.is_empty() || owner.contains('\0'))
        {
            return Err(refuse("there is no such owner"));
        }
        let content = content.await?;
        let task = SiteScript {
            shell: &shell,
            shown: format!("write {path} ({} bytes)", content.len()),
            script: script(&word, content.len(), mode, owner.as_deref()),
            input: Some(Box::pin(Cursor::new(content))),
            common,
            most: 4096,
        };
        let ended = task.run().await?;
        match (ended.exit, ended.word()) {
            (Exit::Code(0), word) => Ok(WrittenFile {
                changed: word != "same",
            }),
            _ => Err(failure(headline, ended)),
        }
    }
}

impl IntoFuture for WriteFile {
    type Output = Result<WrittenFile, Failure>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.execute())
    }
}
