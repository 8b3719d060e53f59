//! What is left of a line that was written over.

/// What a terminal would show of a line in which carriage returns write over what was there.
pub fn last_written(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    line.rsplit(|byte| *byte == b'\r').next().unwrap_or(line)
}
