//! The escape sequences that draw lines below the cursor, and erase them.

/// Draws lines below the cursor's line, which is emptied, over what is there. The terminal may
/// scroll; the cursor ends where it was, at the beginning of its line.
///
/// If somebody moved the cursor down by writing whole lines unasked, these stay, and the lines are
/// drawn below them.
pub(super) fn draw_below(lines: &[String]) -> String {
    // A line whose width was guessed wrong is cut, not wrapped.
    let mut text = "\r\x1b[K\x1b[?7l".to_owned();
    for line in lines {
        text.push_str(&format!("\r\n{line}\x1b[K"));
    }
    text.push_str("\x1b[J\x1b[?7h");
    if !lines.is_empty() {
        text.push_str(&format!("\x1b[{}A", lines.len()));
    }
    text + "\r"
}

/// Erases what is drawn. The cursor was moved down by so many lines since.
///
/// The area is erased from the line below the cursor on: a terminal that is erased from its first
/// line on may take that for a whole screen, and keep it in its scroll-back (tmux does).
pub(super) fn erase_below(down: usize) -> String {
    let rest = "\r\x1b[K\x1b[1B\x1b[J\x1b[1A";
    match down {
        0 => rest.to_owned(),
        down => format!("\x1b[{down}A{rest}"),
    }
}
