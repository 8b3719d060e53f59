//! The sequences by which lines are drawn below the cursor, and erased.
//!
//! While a line is drawn the terminal does not wrap: one whose width was guessed wrong is cut.

/// Draws lines below the one on which the cursor is, which is empty. The terminal may scroll.
pub(super) fn draw(lines: &[String]) -> String {
    let mut text = "\x1b[?7l".to_owned();
    for line in lines {
        text.push_str(&format!("\r\n{line}"));
    }
    text.push_str("\x1b[?7h");
    if !lines.is_empty() {
        text.push_str(&format!("\x1b[{}A", lines.len()));
    }
    text + "\r"
}

/// Draws lines over as many or more that are there. The terminal does not scroll, and what somebody is typing on the
/// cursor's line stays.
pub(super) fn redraw(lines: &[String]) -> String {
    let mut text = "\x1b7\x1b[?7l".to_owned();
    for line in lines {
        text.push_str(&format!("\r\n{line}\x1b[K"));
    }
    // No further line is begun: at the bottom of the terminal that would scroll.
    text + "\x1b[J\x1b[?7h\x1b8"
}

/// Erases what is drawn, from the cursor on, which has been moved `down` so many lines since.
pub(super) fn erase(down: usize) -> String {
    match down {
        0 => "\r\x1b[J".to_owned(),
        down => format!("\x1b[{down}A\r\x1b[J"),
    }
}
