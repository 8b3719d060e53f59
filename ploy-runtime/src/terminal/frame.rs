//! The sequences by which lines are drawn below the cursor, and erased.

/// Draws lines below the one on which the cursor is, which is emptied, over those that are there.
/// The terminal may scroll; the cursor is then where it was, at the beginning of its line.
///
/// If somebody moved the cursor down by writing whole lines unasked, these stay, and it is drawn
/// below them.
pub(super) fn draw(lines: &[String]) -> String {
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

/// Erases what is drawn, from the cursor on, which has been moved `down` so many lines since.
///
/// What is below the cursor is erased from the next line on: a terminal that is erased from its
/// first line on may take that for a whole screen, and keep it in its scroll-back (tmux does).
pub(super) fn erase(down: usize) -> String {
    let rest = "\r\x1b[K\x1b[1B\x1b[J\x1b[1A";
    match down {
        0 => rest.to_owned(),
        down => format!("\x1b[{down}A{rest}"),
    }
}
