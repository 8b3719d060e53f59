//! Durations, counts and sizes as people read them.

use std::time::Duration;

use ploy_core::event::milliseconds;

/// `40 ms`, `1.4 s`, `30 s`, `2 min 3 s`.
pub fn duration(duration: Duration) -> String {
    let milliseconds = milliseconds(duration);
    match milliseconds {
        0..1000 => format!("{milliseconds} ms"),
        1000..10_000 if milliseconds % 1000 >= 100 => {
            format!("{}.{} s", milliseconds / 1000, milliseconds % 1000 / 100)
        }
        1000..60_000 => format!("{} s", milliseconds / 1000),
        60_000..3_600_000 => format!(
            "{} min {} s",
            milliseconds / 60_000,
            milliseconds / 1000 % 60
        ),
        _ => format!(
            "{} h {} min",
            milliseconds / 3_600_000,
            milliseconds / 60_000 % 60
        ),
    }
}

/// `1 task`, `2 tasks`.
pub fn count(number: usize, word: &str) -> String {
    if number == 1 {
        format!("1 {word}")
    } else {
        format!("{number} {word}s")
    }
}

/// A number of bytes, to be read by people.
pub fn size(bytes: u64) -> String {
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
    fn durations_read_well() {
        let cases = [
            (40, "40 ms"),
            (1440, "1.4 s"),
            (2000, "2 s"),
            (30_500, "30 s"),
            (123_000, "2 min 3 s"),
            (3_720_000, "1 h 2 min"),
        ];
        for (milliseconds, text) in cases {
            assert_eq!(duration(Duration::from_millis(milliseconds)), text);
        }
    }

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
