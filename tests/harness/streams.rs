use std::fmt;
use std::io::Read;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;

use crate::guard::GUARD;

/// What a program has put out so far, on standard output and standard error.
#[derive(Default)]
pub(crate) struct Streams {
    bytes: Mutex<[Vec<u8>; 2]>,
    grown: Condvar,
}

impl Streams {
    /// Reads one of the two to its end, on a thread of its own.
    pub(crate) fn follow(
        self: Arc<Self>,
        index: usize,
        from: impl Read + Send + 'static,
    ) -> JoinHandle<()> {
        read(from, move |bytes| self.take_in(index, bytes))
    }

    /// Takes in what came on one of the two.
    pub(crate) fn take_in(&self, index: usize, bytes: &[u8]) {
        self.bytes.lock().unwrap()[index].extend_from_slice(bytes);
        self.grown.notify_all();
    }

    /// Waits until this text has come `count` times, on either.
    pub(crate) fn wait_for(&self, count: usize, text: &str) {
        let bytes = self.bytes.lock().unwrap();
        let found = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).matches(text).count();
        let missing = |bytes: &mut [Vec<u8>; 2]| bytes.iter().map(found).sum::<usize>() < count;
        let (bytes, timeout) = self
            .grown
            .wait_timeout_while(bytes, GUARD, missing)
            .unwrap();
        let in_time = !timeout.timed_out();
        drop(bytes);
        assert!(in_time, "it never says `{text}` {count} times:\n{self}");
    }

    /// What came on standard output so far.
    pub(crate) fn so_far(&self) -> Vec<u8> {
        self.bytes.lock().unwrap()[0].clone()
    }

    /// All that came, leaving nothing.
    pub(crate) fn take(&self) -> [Vec<u8>; 2] {
        std::mem::take(&mut *self.bytes.lock().unwrap())
    }
}

/// Reads to the end, on a thread of its own, and hands over what comes.
pub(crate) fn read(
    mut from: impl Read + Send + 'static,
    mut take: impl FnMut(&[u8]) + Send + 'static,
) -> JoinHandle<()> {
    std::thread::spawn(move || {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            take(&buffer[..count]);
        }
    })
}

impl fmt::Display for Streams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes.lock().unwrap();
        let [stdout, stderr] = &*bytes;
        write!(
            f,
            "--- stdout\n{}--- stderr\n{}",
            String::from_utf8_lossy(stdout),
            String::from_utf8_lossy(stderr)
        )
    }
}
