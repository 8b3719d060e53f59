use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// What differs from run to run or from machine to machine, and what stands for it in a golden
/// file.
#[derive(Clone, Debug, Default)]
pub struct Redaction {
    texts: Vec<(String, &'static str)>,
}

/// Compares a program's output with the file of that name under `tests/golden`. With
/// `PLOY_GOLDEN=write` the file is written instead.
///
/// # Panics
///
/// If it differs, with the first line that does.
pub fn golden(name: &str, actual: &str) {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR"))
        .with_file_name("golden")
        .join(format!("{name}.txt"));
    if env::var_os("PLOY_GOLDEN").is_some_and(|value| value == "write") {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, actual).unwrap();
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    if actual == expected {
        return;
    }
    let line = (1..)
        .zip(
            actual
                .lines()
                .map(Some)
                .chain([None])
                .zip(expected.lines().map(Some).chain([None])),
        )
        .find(|(_, (actual, expected))| actual != expected)
        .map_or(0, |(line, _)| line);
    panic!(
        "{} differs from line {line} on; if that is meant, run the test with PLOY_GOLDEN=write\n\
         --- expected\n{expected}--- actual\n{actual}",
        path.display()
    );
}

impl Redaction {
    /// Redacts ids and durations.
    pub fn new() -> Self {
        Redaction::default()
    }

    /// Redacts this text too.
    #[must_use]
    pub fn text(mut self, text: impl Into<String>, by: &'static str) -> Self {
        self.texts.push((text.into(), by));
        self
    }

    /// The text with everything redacted: ids of runs are `[run]`, durations `[time]`, lines of
    /// source `:[line]`.
    pub fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (from, by) in &self.texts {
            text = text.replace(from, by);
        }
        let words: Vec<&str> = text.split_inclusive(ENDS).collect();
        let mut shown = String::new();
        let mut next = 0;
        while let Some(word) = words.get(next) {
            // `0.4 s`, `18 ms`, `2 min 3 s`
            let mut after = next;
            while let (Some(number), Some(unit)) = (words.get(after), words.get(after + 1))
                && number.strip_suffix(' ').is_some_and(is_number)
                && ["ms", "s", "min", "h"].contains(&unit.trim_end_matches(ENDS))
            {
                after += 2;
            }
            if after > next {
                let last = words[after - 1];
                shown += "[time]";
                shown += &last[last.trim_end_matches(ENDS).len()..];
                next = after;
            } else {
                shown += &redact_word(word);
                next += 1;
            }
        }
        shown
    }

    /// As [`apply`](Redaction::apply), with the lines sorted: for runs whose sites do not wait for
    /// each other.
    pub fn sorted(&self, text: &str) -> String {
        let text = self.apply(text);
        let mut lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        lines.sort_unstable();
        lines.iter().map(|line| format!("{line}\n")).collect()
    }
}

/// What ends a word.
const ENDS: [char; 6] = [' ', '\n', '/', '(', ')', ','];

fn redact_word(word: &str) -> String {
    let (word, rest) = word.split_at(word.find(ENDS).unwrap_or(word.len()));
    let shown = match word.rsplit_once(".rs:") {
        _ if is_run(word) => "[run]".to_owned(),
        Some((file, line)) if is_number(line) => format!("{file}.rs:[line]"),
        _ => word.to_owned(),
    };
    shown + rest
}

/// `20261122-111712-345-4k7q2m9x`
fn is_run(word: &str) -> bool {
    let parts: Vec<&str> = word.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 6, 3, 8])
        && parts[..3].iter().all(|part| is_number(part))
}

/// `0.4`, `18`
fn is_number(word: &str) -> bool {
    !word.is_empty() && word.chars().all(|c| c.is_ascii_digit() || c == '.')
}

#[cfg(test)]
mod tests {
    use super::Redaction;

    #[test]
    fn what_differs_is_redacted_and_nothing_else() {
        let text = "done: 3 succeeded in 2 min 3 s (run 20261122-111712-345-4k7q2m9x)\nx (18 ms), 0.4 s, src/a.rs:7 keep=5 2 sites\n";
        let expected = "done: 3 succeeded in [time] (run [run])\nx ([time]), [time], src/a.rs:[line] keep=5 2 sites\n";
        assert_eq!(Redaction::new().apply(text), expected);
    }
}
