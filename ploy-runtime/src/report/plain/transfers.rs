//! How far transfers are that take long.

use super::Plain;

/// How often a transfer is shown at most, and how long it has run when it is shown first, in milliseconds.
const PAUSE: i64 = 10_000;

/// A transfer that goes on.
pub(super) struct Shown {
    /// When it was shown last, or began.
    time: i64,
    /// Whether it has been shown.
    at_all: bool,
}

impl Plain {
    /// Tells of a transfer that it has moved so many bytes and files, and how much of all that is in percent.
    pub(super) fn transferred(
        &mut self,
        (action, command): (u32, u32),
        time: i64,
        (bytes, files, percent): (u64, u64, u8),
    ) {
        let shown = self.transfers.entry((action, command)).or_insert(Shown {
            time,
            at_all: false,
        });
        let is_end = percent == 100 && shown.at_all;
        if time - shown.time < PAUSE && !is_end {
            return;
        }
        *shown = Shown { time, at_all: true };
        let files = match files {
            1 => "1 file".to_owned(),
            files => format!("{files} files"),
        };
        let text = format!("{percent} % ({}, {files})", size(bytes));
        self.remark(action, |view| view.log, &text);
    }
}

/// A number of bytes, to be read by people.
fn size(bytes: u64) -> String {
    let (mut rest, mut unit) = (bytes as f64, "");
    for larger in ["k", "M", "G", "T"] {
        if rest < 999.95 {
            break;
        }
        (rest, unit) = (rest / 1000.0, larger);
    }
    if unit.is_empty() {
        return format!("{bytes} B");
    }
    format!("{rest:.1} {unit}B")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(999), "999 B");
        assert_eq!(size(1000), "1.0 kB");
        assert_eq!(size(12_345_678), "12.3 MB");
        assert_eq!(size(999_999_999), "1.0 GB");
        assert_eq!(size(5_000_000_000_000_000), "5000.0 TB");
    }
}
