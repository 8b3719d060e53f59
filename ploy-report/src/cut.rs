//! Text that fits into columns.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A text that is no wider than `width` columns; one that was cut says so.
pub fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut shown = String::new();
    let mut used = usize::from(width > 0);
    for c in text.chars() {
        used += c.width().unwrap_or(0);
        if used > width {
            break;
        }
        shown.push(c);
    }
    if width > 0 {
        shown.push('…');
    }
    shown
}
