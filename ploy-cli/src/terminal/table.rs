//! Tables of plain text.

use unicode_width::UnicodeWidthStr;

use ploy_core::text::safe;

/// Rows whose columns line up, made safe for a terminal; the last column may be of any width.
pub(crate) fn table(rows: &[Vec<String>], indent: &str) -> String {
    let made_safe = |row: &Vec<String>| {
        row.iter()
            .map(|cell| safe(cell.as_bytes()).into_owned())
            .collect()
    };
    let rows: Vec<Vec<String>> = rows.iter().map(made_safe).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter()
            .filter_map(|row| row.get(column))
            .map(|cell| cell.width())
            .max()
            .unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::from(indent);
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.push_str(&" ".repeat(width - cell.width() + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::table;

    #[test]
    fn columns_line_up_by_width() {
        let rows = [
            vec!["süd".to_owned(), "x".to_owned()],
            vec!["a".to_owned(), "y z".to_owned()],
        ];
        assert_eq!(table(&rows, "  "), "  süd  x\n  a    y z\n");
    }
}
