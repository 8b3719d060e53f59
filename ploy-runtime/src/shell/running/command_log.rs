//! The log of one command, for a writer of the caller's.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::sync::Mutex;

use super::line_splitter::LineSplitter;
use super::sink::{Sink, close_sink};
use crate::event::Stream;
use crate::text::{last_written, safe};
use crate::transport::Exit;

/// The longest line that is written as one.
const MAX_LINE: usize = 64 * 1024;

/// Writes what is shown of a command, line by line, each with the site and a mark.
pub(super) struct CommandLog {
    site: String,
    state: Mutex<State>,
}

struct State {
    sink: Sink,
    stdout: LineSplitter,
    stderr: LineSplitter,
}

impl CommandLog {
    pub(super) fn new(site: &str, sink: Sink) -> Self {
        CommandLog {
            site: site.to_owned(),
            state: Mutex::new(State {
                sink,
                stdout: LineSplitter::new(),
                stderr: LineSplitter::new(),
            }),
        }
    }

    /// Writes the lines of the script.
    pub(super) async fn begin(&self, script: &str) -> std::io::Result<()> {
        let mut text = String::new();
        for line in script.lines() {
            self.push_line(&mut text, '$', line.as_bytes());
        }
        self.state
            .lock()
            .await
            .sink
            .write_all(text.as_bytes())
            .await
    }

    /// Writes the whole lines of a stream.
    pub(super) async fn output(&self, stream: Stream, bytes: &[u8]) -> std::io::Result<()> {
        let mut text = String::new();
        let mut state = self.state.lock().await;
        let (splitter, mark) = state.stream(stream);
        splitter.push(bytes);
        while let Some((line, _)) = splitter.next(MAX_LINE) {
            self.push_line(&mut text, mark, last_written(line));
        }
        state.sink.write_all(text.as_bytes()).await
    }

    /// Writes the rest of both streams and how the command ended, and closes the writer.
    pub(super) async fn end(&self, exit: Option<Exit>, duration: Duration) -> std::io::Result<()> {
        let mut text = String::new();
        let mut state = self.state.lock().await;
        for stream in [Stream::Stdout, Stream::Stderr] {
            let (splitter, mark) = state.stream(stream);
            if let Some(line) = splitter.rest() {
                self.push_line(&mut text, mark, last_written(line));
            }
        }
        let how = match exit {
            Some(Exit::Code(code)) => format!("exited with status {code}"),
            Some(Exit::Signal(Some(signal))) => format!("was ended by signal {signal}"),
            Some(Exit::Signal(None)) => "was ended by a signal".to_owned(),
            None => "was lost".to_owned(),
        };
        let line = format!("{how} ({:.1} s)", duration.as_secs_f64());
        self.push_line(&mut text, '=', line.as_bytes());
        state.sink.write_all(text.as_bytes()).await?;
        close_sink(&mut state.sink).await
    }

    fn push_line(&self, text: &mut String, mark: char, line: &[u8]) {
        text.push_str(&format!("{} {mark} {}\n", self.site, safe(line)));
    }
}

impl State {
    fn stream(&mut self, stream: Stream) -> (&mut LineSplitter, char) {
        match stream {
            Stream::Stdout => (&mut self.stdout, '|'),
            Stream::Stderr => (&mut self.stderr, '!'),
        }
    }
}
