//! Lines that are no wider than the terminal.

use std::fmt::Display;
use std::time::Duration;

use unicode_width::UnicodeWidthStr;

use ploy_core::text::safe;
use ploy_report::{Palette, cut};

/// A line that is no wider than it may be, made of parts that have colours.
pub(super) struct Row {
    palette: Palette,
    text: String,
    room: usize,
    is_cut: bool,
}

impl Row {
    pub(super) fn new(palette: Palette, width: usize) -> Self {
        Row {
            palette,
            text: String::new(),
            room: width,
            is_cut: false,
        }
    }

    /// Adds a part in a colour, or as much of it as fits.
    pub(super) fn paint(&mut self, part: &str, paint: impl FnOnce(Palette, &str) -> String) {
        if self.is_cut || part.is_empty() {
            return;
        }
        let shown = cut(part, self.room);
        self.is_cut = shown != part;
        self.room -= shown.width();
        self.text.push_str(&paint(self.palette, &shown));
    }

    /// Adds a part, or as much of it as fits.
    pub(super) fn add(&mut self, part: &str) {
        self.paint(part, |_, part| part.to_owned());
    }

    pub(super) fn finish(self) -> String {
        self.text
    }
}

/// A text in a column of this width.
pub(super) fn column(text: &str, width: usize) -> String {
    let shown = cut(text, width);
    let padding = " ".repeat(width.saturating_sub(shown.width()));
    shown + &padding
}

/// Bytes of somebody else's as one line without tabs, whose width is known.
pub(super) fn plain(bytes: &[u8]) -> String {
    safe(bytes).replace('\t', " ")
}

/// A text of several lines as one.
pub(super) fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    plain(lines.join("; ").as_bytes())
}

/// `00:41`, `1:02:03`.
pub(super) fn clock(time: Duration) -> String {
    let seconds = time.as_secs();
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes:02}:{seconds:02}"),
        hours => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// Parts with a middle dot between them.
pub(super) fn dotted(parts: impl IntoIterator<Item = impl Display>) -> String {
    let parts: Vec<String> = parts.into_iter().map(|part| part.to_string()).collect();
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_cut_where_it_is_full() {
        let mut row = Row::new(Palette::PLAIN, 10);
        for part in ["web1 ", "", "upload", " never"] {
            row.add(part);
        }
        assert_eq!(row.finish(), "web1 uplo…");
        let cases = [
            ("abc", 3, "abc"),
            ("abcd", 3, "ab…"),
            ("世界世界", 5, "世界…"),
            ("世界世界", 4, "世…"),
            ("abc", 1, "…"),
            ("abc", 0, ""),
        ];
        for (text, width, shown) in cases {
            assert_eq!(cut(text, width), shown, "{text} in {width}");
        }
    }

    #[test]
    fn what_others_wrote_is_one_line_of_known_width() {
        assert_eq!(plain(b"a\tb\x1b[2J"), "a b␛[2J");
        assert_eq!(
            one_line("set -e\n  make\n\nmake install\n"),
            "set -e; make; make install"
        );
    }

    #[test]
    fn a_clock_counts_hours_when_there_are_some() {
        let times = [0, 41_900, 3_599_000, 3_723_000];
        let times = times.map(|time| clock(Duration::from_millis(time)));
        assert_eq!(times, ["00:00", "00:41", "59:59", "1:02:03"]);
    }
}
