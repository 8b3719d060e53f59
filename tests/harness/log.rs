use std::fmt::Write;
use std::io::{BufRead, BufReader, Read};
use std::sync::{Arc, Condvar, Mutex};

use crate::guard::GUARD;

/// The log of a server, as far as it has come.
#[derive(Default)]
pub(crate) struct Log {
    text: Mutex<String>,
    grown: Condvar,
}

impl Log {
    /// Reads a log to its end, on a thread of its own, and adds it to what is there.
    pub(crate) fn follow(self: &Arc<Self>, from: impl Read + Send + 'static) {
        let ours = self.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
                writeln!(
                    ours.text.lock().unwrap(),
                    "{}",
                    String::from_utf8_lossy(&line).trim_end()
                )
                .unwrap();
                ours.grown.notify_all();
            }
        });
    }

    /// All of it so far.
    pub(crate) fn text(&self) -> String {
        self.text.lock().unwrap().clone()
    }

    /// Waits until it is as `wanted` says, and returns it.
    pub(crate) fn wait_for(&self, what: &str, wanted: impl Fn(&str) -> bool) -> String {
        let text = self.text.lock().unwrap();
        let (text, timeout) = self
            .grown
            .wait_timeout_while(text, GUARD, |text| !wanted(text))
            .unwrap();
        assert!(
            !timeout.timed_out(),
            "gave up waiting until {what}; the log of sshd:\n{text}"
        );
        text.clone()
    }
}
