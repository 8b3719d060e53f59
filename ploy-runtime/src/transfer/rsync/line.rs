//! The lines in which rsync reports progress and statistics.

use std::sync::atomic::{AtomicU8, Ordering};

/// Asks rsync for progress and final statistics, as plain numbers and without buffering.
pub(super) const PROGRESS_OPTIONS: [&str; 3] = [
    "--info=progress2,stats2",
    "--outbuf=L",
    "--no-human-readable",
];

/// The same for an rsync older than 3.1, which reports statistics at the end only.
pub(super) const STATS_OPTION: &str = "--stats";

/// Whether the rsync of this machine can report progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ProgressSupport {
    Unknown = 0,
    Progress = 1,
    StatsOnly = 2,
}

static SUPPORT: AtomicU8 = AtomicU8::new(ProgressSupport::Unknown as u8);

/// What an earlier transfer has found out.
pub(super) fn progress_support() -> ProgressSupport {
    match SUPPORT.load(Ordering::Relaxed) {
        1 => ProgressSupport::Progress,
        2 => ProgressSupport::StatsOnly,
        _ => ProgressSupport::Unknown,
    }
}

/// Keeps it for the next transfer.
pub(super) fn remember(support: ProgressSupport) {
    SUPPORT.store(support as u8, Ordering::Relaxed);
}

/// A line about the transfer itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RsyncLine {
    /// Progress; the number of files where the line has one.
    Progress {
        bytes: u64,
        percent: u8,
        files: Option<u64>,
    },
    /// The final number of files.
    Files(u64),
    /// The same, in the words of a version that reports no progress.
    FilesByOldVersion(u64),
    Deleted(u64),
    /// The final number of bytes, which comes last.
    Bytes(u64),
    /// Statistics that are not kept.
    Other,
}

/// How lines of statistics begin that are not kept.
const OTHERS: [&str; 8] = [
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

/// How lines of statistics begin that are kept.
const COUNTS: [(&str, Count); 4] = [
    ("Number of regular files transferred: ", RsyncLine::Files),
    (
        "Number of files transferred: ",
        RsyncLine::FilesByOldVersion,
    ),
    ("Number of deleted files: ", RsyncLine::Deleted),
    ("Total transferred file size: ", RsyncLine::Bytes),
];

/// Parses a line; `None` if it is not about the transfer itself.
pub(super) fn parse(line: &str) -> Option<RsyncLine> {
    if line.is_empty() || is_other(line) {
        return Some(RsyncLine::Other);
    }
    progress(line).or_else(|| {
        COUNTS
            .iter()
            .find_map(|(begin, count)| Some(count(number(line.strip_prefix(begin)?)?)))
    })
}

fn is_other(line: &str) -> bool {
    OTHERS.iter().any(|begin| line.starts_with(begin))
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

/// The number at the beginning, which may be grouped by commas; `None` for a rounded one such as
/// `1.23M`.
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
