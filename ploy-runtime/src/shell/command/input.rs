//! What a command reads on its standard input.

use std::fmt;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};

use crate::secret::Secret;
use crate::shell::shell::Shell;
use crate::transport::InputStream;

/// What a command reads on its standard input.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), ploy::Error> {
/// use ploy::shell::Input;
/// use ploy::{Script, Shell};
///
/// let shell = Shell::local();
/// let count = Script::raw("wc -c");
/// assert_eq!(shell.run(&count).stdin("four").await?.text().trim(), "4");
///
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("sql");
/// std::fs::write(&file, "select 1")?;
/// assert_eq!(shell.run(&count).stdin(Input::file(&file)).await?.text().trim(), "8");
///
/// let zeros = tokio::io::AsyncReadExt::take(tokio::io::repeat(0), 1_000_000);
/// assert_eq!(shell.run(&count).stdin(Input::reader(zeros)).await?.text().trim(), "1000000");
/// # Ok(())
/// # }
/// ```
pub struct Input(InputSource);

enum InputSource {
    Bytes(Vec<u8>),
    Secret(Secret),
    File(PathBuf),
    Reader(InputStream),
}

impl Input {
    /// These bytes.
    pub fn bytes(bytes: impl Into<Vec<u8>>) -> Self {
        Input(InputSource::Bytes(bytes.into()))
    }

    /// A file on this machine; a relative path is resolved against the current directory. It is
    /// opened when the command runs.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Input(InputSource::File(path.into()))
    }

    /// Whatever comes from this reader, to its end.
    pub fn reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Input(InputSource::Reader(Box::pin(reader)))
    }

    /// The secret, if it is one.
    pub(crate) fn secret(&self) -> Option<&Secret> {
        match &self.0 {
            InputSource::Secret(secret) => Some(secret),
            _ => None,
        }
    }

    /// Opens it for reading.
    pub(crate) async fn open(self) -> std::io::Result<InputStream> {
        match self.0 {
            InputSource::Bytes(bytes) => Ok(Box::pin(Cursor::new(bytes))),
            InputSource::Secret(secret) => Ok(Box::pin(Cursor::new(Exposed(secret)))),
            InputSource::Reader(reader) => Ok(reader),
            InputSource::File(path) => {
                let path = Shell::local_path(&path);
                match tokio::fs::File::open(&path).await {
                    Ok(file) => Ok(Box::pin(NamedFile { file, path })),
                    Err(error) => Err(with_name(&path, &error)),
                }
            }
        }
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            InputSource::Bytes(bytes) => write!(f, "Input({} bytes)", bytes.len()),
            InputSource::Secret(secret) => write!(f, "Input({secret:?})"),
            InputSource::File(path) => write!(f, "Input({path:?})"),
            InputSource::Reader(_) => f.write_str("Input(a reader)"),
        }
    }
}

/// What a command can read: bytes, or an [`Input`].
pub trait IntoInput {
    /// The input.
    fn into_input(self) -> Input;
}

impl IntoInput for Input {
    fn into_input(self) -> Input {
        self
    }
}

macro_rules! bytes {
    ($($type:ty)*) => {
        $(impl IntoInput for $type {
            fn into_input(self) -> Input {
                Input::bytes(self)
            }
        })*
    };
}

bytes!(&str String &[u8] Vec<u8>);

impl IntoInput for &String {
    fn into_input(self) -> Input {
        Input::bytes(self.as_bytes())
    }
}

impl IntoInput for &Secret {
    fn into_input(self) -> Input {
        Input(InputSource::Secret(self.clone()))
    }
}

/// The bytes of a secret, without a copy of them.
struct Exposed(Secret);

impl AsRef<[u8]> for Exposed {
    fn as_ref(&self) -> &[u8] {
        self.0.expose()
    }
}

impl<const N: usize> IntoInput for &[u8; N] {
    fn into_input(self) -> Input {
        Input::bytes(self.as_slice())
    }
}

/// A file whose errors name it.
struct NamedFile {
    file: tokio::fs::File,
    path: PathBuf,
}

impl AsyncRead for NamedFile {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let read = ready!(Pin::new(&mut self.file).poll_read(context, buffer));
        Poll::Ready(read.map_err(|error| with_name(&self.path, &error)))
    }
}

fn with_name(path: &Path, error: &std::io::Error) -> std::io::Error {
    std::io::Error::new(error.kind(), format!("`{}`: {error}", path.display()))
}
