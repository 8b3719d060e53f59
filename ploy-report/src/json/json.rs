//! The reporter that writes a line of JSON for each event.

use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::Serializer;

use super::inert_formatter::InertFormatter;
use ploy_core::event::{Event, Reporter};

/// Writes a run as JSON lines, for programs: each event is a line, which is flushed.
///
/// The first line is `run-started`, with the version of the schema; the last is `run-finished`,
/// with what the run came to. [`SCHEMA`](Json::SCHEMA) describes them. A line is read back by
/// `serde_json::from_str::<Event>(line)`.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// use ploy::report::Json;
/// use ploy::action::Action;
/// use ploy::catalogue::Catalogue;
/// use ploy::event::Event;
/// use ploy::run::Runner;
/// use ploy::topology::{Settings, Topology};
/// use ploy::Cx;
///
/// let mut topology = Topology::new();
/// topology.add("here", Settings::new().roles(["greeter"]));
/// let mut catalogue = Catalogue::new();
/// catalogue.add("hello", ["greeter"], [Action::new(|cx: Cx| async move { cx.report("hello") })]);
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("run.jsonl");
/// let file = std::fs::File::create(&path)?;
/// Runner::new(topology, catalogue)
///     .reporter(Json::new(file))
///     .run(|batch| async move { batch.run("hello").await.into_result() })
///     .await;
///
/// let lines = std::fs::read_to_string(&path)?;
/// let events = lines.lines().map(|line| serde_json::from_str(line).unwrap());
/// let events: Vec<Event> = events.collect();
/// assert_eq!(events.last().unwrap().number, events.len() as u64);
/// # Ok(())
/// # }
/// ```
pub struct Json {
    out: Box<dyn Write + Send>,
    /// A line about to be written.
    line: Vec<u8>,
    /// Whether a line could not be written: then no other is, so that what was written has no gap.
    broken: bool,
}

impl Json {
    /// What the lines are, as JSON Schema (draft 2020-12): each kind of event and each field, with
    /// a description. The file is `schema/event.json` of the crate `ploy-report`.
    pub const SCHEMA: &str = include_str!("../../schema/event.json");

    /// Writes to `out`. If that fails, because a reader went away or a disk is full, the run goes
    /// on, and no more is written.
    pub fn new(out: impl Write + Send + 'static) -> Self {
        Json {
            out: Box::new(out),
            line: Vec::new(),
            broken: false,
        }
    }
}

impl Reporter for Json {
    fn report(&mut self, event: &Event) {
        if self.broken {
            return;
        }
        self.line.clear();
        let written = event
            .serialize(&mut Serializer::with_formatter(
                &mut self.line,
                InertFormatter,
            ))
            .map_err(io::Error::from)
            .and_then(|()| {
                self.line.push(b'\n');
                self.out.write_all(&self.line)
            })
            .and_then(|()| self.out.flush());
        self.broken = written.is_err();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use ploy_core::event::{ActionId, CommandId, EventKind, EventTime, Stream};

    /// A disk with room for so many bytes.
    struct Disk(Arc<Mutex<Vec<u8>>>, usize);

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut written = self.0.lock().unwrap();
            if written.len() + bytes.len() > self.1 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            written.write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn output(number: u64, bytes: &[u8]) -> Event {
        Event {
            number,
            time: EventTime::from_unix_milliseconds(1_795_346_232_345),
            kind: EventKind::Output {
                action: ActionId(1),
                command: CommandId(2),
                stream: Stream::Stderr,
                bytes: bytes.to_vec(),
            },
        }
    }

    #[test]
    fn no_line_holds_a_command_of_github_however_many_were_put_out() {
        let text = "#[".repeat(32 * 1024) + "##[error]x";
        let written = Arc::default();
        let mut json = Json::new(Disk(Arc::clone(&written), 1_000_000));
        // On a stack that is as small as that of a thread.
        let event = output(7, text.as_bytes());
        let told = event.clone();
        let thread = std::thread::Builder::new().stack_size(256 * 1024);
        thread
            .spawn(move || json.report(&told))
            .unwrap()
            .join()
            .unwrap();
        let line = String::from_utf8(written.lock().unwrap().clone()).unwrap();
        assert!(!line.contains("#["));
        assert_eq!(serde_json::from_str::<Event>(&line).unwrap(), event);
    }

    #[test]
    fn an_event_is_a_line() {
        let written = Arc::default();
        let mut json = Json::new(Disk(Arc::clone(&written), 1000));
        json.report(&output(7, b"a\nb\x1b[0m"));
        json.report(&output(8, b"\xfe"));
        let expected = concat!(
            r#"{"number":7,"time_ms":1795346232345,"event":"output","action":1,"command":2,"stream":"stderr","text":"a\nb\u001b[0m"}"#,
            "\n",
            r#"{"number":8,"time_ms":1795346232345,"event":"output","action":1,"command":2,"stream":"stderr","base64":"/g=="}"#,
            "\n"
        );
        assert_eq!(String::from_utf8_lossy(&written.lock().unwrap()), expected);
    }

    #[test]
    fn nothing_in_a_line_moves_a_cursor_or_ends_it() {
        let text = "hö\x7f\u{9b}31m\u{202e}a\u{2028}\u{1f680}\x1b[2J\t\r\n";
        let written = Arc::default();
        let mut json = Json::new(Disk(Arc::clone(&written), 1000));
        json.report(&output(1, text.as_bytes()));
        let written = written.lock().unwrap();
        let line = std::str::from_utf8(&written).unwrap().trim_end();
        let begin = r#""text":"hö\u007f\u009b31m\u202ea\u2028"#;
        assert!(line.contains(begin), "{line}");
        assert!(line.ends_with("\u{1f680}\\u001b[2J\\t\\r\\n\"}"), "{line}");
        assert!(!line.chars().any(super::super::inert_formatter::is_escaped));
        let back: Event = serde_json::from_str(line).unwrap();
        assert_eq!(back, output(1, text.as_bytes()));
    }

    #[test]
    fn what_is_written_to_a_full_disk_has_no_gap() {
        let written = Arc::default();
        let mut json = Json::new(Disk(Arc::clone(&written), 250));
        json.report(&output(1, b"fits"));
        json.report(&output(2, &[b'x'; 200]));
        json.report(&output(3, b"would fit"));
        let written = written.lock().unwrap();
        let back: Event = serde_json::from_slice(&written).unwrap();
        assert_eq!(back, output(1, b"fits"));
    }
}
