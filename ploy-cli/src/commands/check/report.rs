//! The table of sites and checks, and what was found below it.

use unicode_width::UnicodeWidthStr;

use super::verdict::{COLUMNS, Cell, Finding, Severity, SiteVerdict};
use ploy_core::text::safe;
use ploy_core::topology::fold;
use ploy_report::{Palette, count};

/// All of it: `verdicts` have the names of their sites, `others` are about none.
pub(super) fn report(
    verdicts: &[(&str, SiteVerdict)],
    others: &[Finding],
    palette: Palette,
) -> String {
    let mut text = table(verdicts, palette);
    let findings = told(verdicts, others, palette);
    if !findings.is_empty() {
        text.push('\n');
        text.push_str(&findings);
    }
    text.push('\n');
    text.push_str(&summary(verdicts, palette));
    text
}

fn table(verdicts: &[(&str, SiteVerdict)], palette: Palette) -> String {
    let plain = |text: &str| Cell {
        text: text.to_owned(),
        severity: Severity::Plain,
    };
    let head: Vec<Cell> = ["site"]
        .iter()
        .chain(&COLUMNS)
        .map(|text| plain(text))
        .collect();
    let mut rows = vec![head];
    for (name, verdict) in verdicts {
        let mut row = vec![plain(name)];
        row.extend(verdict.cells.iter().cloned());
        rows.push(row);
    }
    for cell in rows.iter_mut().flatten() {
        // What a site said of itself.
        cell.text = safe(cell.text.as_bytes()).into_owned();
    }
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.text.width()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..=COLUMNS.len()).map(width).collect();
    let mut text = String::new();
    for (number, row) in rows.iter().enumerate() {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            if !line.is_empty() {
                line.push_str("  ");
            }
            line.push_str(&match cell.severity {
                Severity::Plain if number == 0 => palette.strong(&cell.text),
                Severity::Plain => cell.text.clone(),
                Severity::Warning => palette.warning(&cell.text),
                Severity::Error => palette.error(&cell.text),
            });
            line.push_str(&" ".repeat(width - cell.text.width()));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// The findings, the gravest first. Of all sites of which the same is said, it is said once.
fn told(verdicts: &[(&str, SiteVerdict)], others: &[Finding], palette: Palette) -> String {
    let mut all: Vec<(&Finding, Vec<&str>)> =
        others.iter().map(|finding| (finding, Vec::new())).collect();
    for (name, verdict) in verdicts {
        for finding in &verdict.findings {
            match all
                .iter_mut()
                .find(|(known, names)| *known == finding && !names.is_empty())
            {
                Some((_, names)) => names.push(name),
                None => all.push((finding, vec![name])),
            }
        }
    }
    // Stable: of one weight they stay in the order of the sites.
    all.sort_by_key(|(finding, _)| std::cmp::Reverse(finding.severity));
    let mut text = String::new();
    for (finding, names) in all {
        let word = match finding.severity {
            Severity::Error => palette.error("error:"),
            Severity::Warning | Severity::Plain => palette.warning("warning:"),
        };
        let mut message = finding.text.clone();
        if !names.is_empty() {
            message = format!("{}: {message}", fold(names.iter().copied()));
        }
        text.push_str(&format!("{word} {}\n", safe(message.as_bytes())));
        if let Some(hint) = &finding.hint {
            let word = palette.strong("hint:");
            text.push_str(&format!("  {word} {}\n", safe(hint.as_bytes())));
        }
    }
    text
}

fn summary(verdicts: &[(&str, SiteVerdict)], palette: Palette) -> String {
    let worst = |verdict: &SiteVerdict| verdict.findings.iter().map(|found| found.severity).max();
    let number = |severity: Severity| {
        let sites = verdicts.iter();
        sites
            .filter(|(_, verdict)| worst(verdict) == Some(severity))
            .count()
    };
    let (wrong, doubtful) = (number(Severity::Error), number(Severity::Warning));
    let sites = count(verdicts.len(), "site");
    let mut parts = Vec::new();
    match verdicts.len() - wrong {
        0 => {}
        _ if wrong == 0 => parts.push(palette.good(format_args!("{sites} ready"))),
        ready => parts.push(palette.good(format_args!("{ready} of {sites} ready"))),
    }
    if wrong > 0 {
        let what = if parts.is_empty() {
            format!("{wrong} of {sites} not ready")
        } else {
            format!("{wrong} not ready")
        };
        parts.push(palette.error(what));
    }
    if doubtful > 0 {
        let text = format!("{doubtful} with warnings");
        parts.push(palette.warning(text));
    }
    format!("{}\n", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(findings: &[(Severity, &str)]) -> SiteVerdict {
        let cell = Cell {
            text: "x\u{1b}[2J".to_owned(),
            severity: findings
                .first()
                .map_or(Severity::Plain, |(severity, _)| *severity),
        };
        SiteVerdict {
            cells: vec![cell; COLUMNS.len()],
            findings: findings
                .iter()
                .map(|(severity, text)| Finding {
                    severity: *severity,
                    text: (*text).to_owned(),
                    hint: Some(format!("mend {text}")),
                })
                .collect(),
        }
    }

    #[test]
    fn what_is_said_of_many_sites_is_said_once() {
        let verdicts = [
            ("web1", verdict(&[(Severity::Warning, "no rsync")])),
            ("web2", verdict(&[(Severity::Error, "is full")])),
            (
                "web3",
                verdict(&[
                    (Severity::Warning, "no rsync"),
                    (Severity::Error, "is full"),
                ]),
            ),
            ("web4", verdict(&[])),
        ];
        let text = report(&verdicts, &[], Palette::PLAIN);
        let below = text.split_once("\n\n").unwrap().1;
        assert_eq!(
            below,
            "error: web[2-3]: is full\n  hint: mend is full\nwarning: web[1,3]: no rsync\n  hint: mend no rsync\n\n\
             2 of 4 sites ready, 2 not ready, 1 with warnings\n"
        );
        assert!(!text.contains('\u{1b}'), "{text:?}");
    }

    #[test]
    fn the_last_line_says_how_many_are_ready() {
        let one =
            |findings: &[(Severity, &str)]| summary(&[("a", verdict(findings))], Palette::PLAIN);
        assert_eq!(one(&[]), "1 site ready\n");
        assert_eq!(one(&[(Severity::Error, "x")]), "1 of 1 site not ready\n");
        assert_eq!(
            one(&[(Severity::Warning, "x")]),
            "1 site ready, 1 with warnings\n"
        );
    }
}
