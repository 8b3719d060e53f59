//! What rsync says of itself, line by line.

use std::sync::atomic::{AtomicU8, Ordering};

/// What asks rsync to tell how far it is, and at the end what it did: as numbers, and at once.
pub(super) const TELL: [&str; 3] = [
    "--info=progress2,stats2",
    "--outbuf=L",
    "--no-human-readable",
];

/// The same of an rsync that is older than 3.1, or another program of that name: only at the end.
pub(super) const TELL_LESS: &str = "--stats";

/// Whether the rsync of this machine knows how to tell its progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tells {
    Unknown = 0,
    Progress = 1,
    Less = 2,
}

static TELLS: AtomicU8 = AtomicU8::new(Tells::Unknown as u8);

/// What an earlier transfer has found out.
pub(super) fn tells() -> Tells {
    match TELLS.load(Ordering::Relaxed) {
        1 => Tells::Progress,
        2 => Tells::Less,
        _ => Tells::Unknown,
    }
}

/// Keeps it for the next transfer.
pub(super) fn remember(tells: Tells) {
    TELLS.store(tells as u8, Ordering::Relaxed);
}

/// A line in which rsync tells what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RsyncLine {
    /// How far it is; how many files only where it says so.
    Progress {
        bytes: u64,
        percent: u8,
        files: Option<u64>,
    },
    /// How many files it has moved in the end.
    Files(u64),
    /// The same, in the words of a version that tells no progress.
    FilesByOldVersion(u64),
    Deleted(u64),
    /// How many bytes it has moved in the end, which is said last.
    Bytes(u64),
    /// Something that only rounds this off.
    Rest,
}

/// The lines with which it tells at the end what it did, but for those that count.
const REST: [&str; 8] = [
    "Number of files: ",
    "Number of created files: ",
    "Total file size: ",
    "Literal data: ",
    "Matched data: ",
    "File list ",
    "Total bytes sent: ",
    "Total bytes received: ",
];

type Count = fn(u64) -> RsyncLine;

/// The lines that count.
const COUNTS: [(&str, Count); 4] = [
    ("Number of regular files transferred: ", RsyncLine::Files),
    (
        "Number of files transferred: ",
        RsyncLine::FilesByOldVersion,
    ),
    ("Number of deleted files: ", RsyncLine::Deleted),
    ("Total transferred file size: ", RsyncLine::Bytes),
];

/// What a line says of the transfer; `None` if it is about something else.
pub(super) fn parse(line: &str) -> Option<RsyncLine> {
    if line.is_empty() || is_rest(line) {
        return Some(RsyncLine::Rest);
    }
    progress(line).or_else(|| {
        COUNTS
            .iter()
            .find_map(|(begin, count)| Some(count(number(line.strip_prefix(begin)?)?)))
    })
}

fn is_rest(line: &str) -> bool {
    REST.iter().any(|begin| line.starts_with(begin))
        || line.starts_with("sent ") && line.ends_with(" bytes/sec")
        || line.starts_with("total size is ") && line.contains("  speedup is ")
}

/// `1234567  45%  1.23MB/s    0:00:12 (xfr#7, to-chk=12/345)`.
fn progress(line: &str) -> Option<RsyncLine> {
    let mut words = line.split_whitespace();
    let bytes = number(words.next()?)?;
    let percent = words.next()?.strip_suffix('%')?.parse().ok()?;
    words.next()?.strip_suffix("/s")?;
    let files = words
        .find_map(|word| word.strip_prefix("(xfr#"))
        .and_then(|files| number(files.trim_end_matches(',')));
    Some(RsyncLine::Progress {
        bytes,
        percent,
        files,
    })
}

/// The number at the beginning, which may be grouped by commas. One that is rounded, such as
/// `1.23M`, is none.
fn number(text: &str) -> Option<u64> {
    let word = text.split_whitespace().next()?;
    let plain = word.bytes().all(|c| c.is_ascii_digit() || c == b',');
    plain.then(|| word.replace(',', "").parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_progress_are_told_from_others() {
        let progress = |bytes, percent, files| {
            Some(RsyncLine::Progress {
                bytes,
                percent,
                files,
            })
        };
        assert_eq!(
            parse("1234567  45%  1.23MB/s    0:00:12 (xfr#7, to-chk=12/345)"),
            progress(1_234_567, 45, Some(7))
        );
        assert_eq!(
            parse("1,234,567  45%  1.23MB/s    0:00:12 (xfr#1,007, to-chk=12/345)"),
            progress(1_234_567, 45, Some(1007))
        );
        assert_eq!(parse("3  0%  0.00kB/s  0:00:00"), progress(3, 0, None));
        for other in [
            "5 files",
            "a 5% b/s",
            "1.23M 45% 1.23MB/s 0:00:12",
            ", 1% 1/s",
        ] {
            assert_eq!(parse(other), None, "{other}");
        }
    }

    #[test]
    fn numbers_are_those_that_are_whole() {
        assert_eq!(number("1,234 bytes"), Some(1234));
        assert_eq!(number("3 (reg: 2, dir: 1)"), Some(3));
        for other in ["", "1.23K bytes", "x1", "-1", ",", "99999999999999999999"] {
            assert_eq!(number(other), None, "{other}");
        }
        assert_eq!(parse("Total transferred file size: 1.23M bytes"), None);
        assert_eq!(
            parse("Number of deleted files: 3 (reg: 3)"),
            Some(RsyncLine::Deleted(3))
        );
    }
}
