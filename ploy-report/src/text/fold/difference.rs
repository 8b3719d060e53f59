//! How one output differs from another.

use std::time::Duration;

use similar::{ChangeTag, TextDiff};

use crate::palette::Palette;

/// How much is compared at most, in bytes: both sides are in memory then.
pub(crate) const MAX_COMPARED: usize = 1 << 20;

/// How long is looked for the shortest way to say it.
const LIMIT: Duration = Duration::from_millis(500);

/// The changes from one text to the other with the lines around them, in the unified form; empty if
/// there are none.
pub(crate) fn difference(from: &str, to: &str, palette: Palette) -> String {
    let diff = TextDiff::configure().timeout(LIMIT).diff_lines(from, to);
    let mut text = String::new();
    for hunk in diff.unified_diff().context_radius(3).iter_hunks() {
        let header = hunk.header().to_string();
        text.push_str(&format!("  {}\n", palette.faint(header.trim_end())));
        for change in hunk.iter_changes() {
            let line = change.value().trim_end_matches('\n');
            let line = match change.tag() {
                ChangeTag::Equal => format!(" {line}"),
                ChangeTag::Delete => palette.removed(format_args!("-{line}")),
                ChangeTag::Insert => palette.good(format_args!("+{line}")),
            };
            text.push_str(&format!("  {line}\n"));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_shown_with_a_little_around_it() {
        let lines = |changed: &str| -> String {
            let line = |number| match number {
                10 => changed.to_owned(),
                number => format!("| {number}\n"),
            };
            (1..=20).map(line).collect()
        };
        let expected = "  @@ -7,7 +7,7 @@
   | 7
   | 8
   | 9
  -| ten
  +! 10
   | 11
   | 12
   | 13
";
        let shown = difference(&lines("| ten\n"), &lines("! 10\n"), Palette::PLAIN);
        assert_eq!(shown, expected);
        assert_eq!(difference("a\n", "a\n", Palette::PLAIN), "");
    }
}
