//! A page of Markdown: its fenced blocks, and the text between them.

use std::fs;
use std::path::{Path, PathBuf};

/// A page, by its path in the project.
pub(crate) struct Page {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// A fenced block.
pub(crate) struct Block<'a> {
    pub(crate) language: &'a str,
    /// The comment that stands before the block.
    pub(crate) marker: Option<&'a str>,
    /// The number of the line that opens the block.
    pub(crate) line: usize,
    pub(crate) lines: Vec<&'a str>,
}

/// The folder of the project.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// All files under a folder whose names end so.
pub(crate) fn files(folder: &Path, end: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    let mut found = Vec::new();
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            found.extend(files(&path, end));
        } else if path.to_string_lossy().ends_with(end) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The pages of the project: those at its root, and those under `docs`.
pub(crate) fn pages() -> Vec<Page> {
    let mut paths = files(&root().join("docs"), ".md");
    paths.extend(["README.md", "CONTRIBUTING.md", "CHANGELOG.md"].map(|name| root().join(name)));
    let read = |path: PathBuf| Page {
        text: fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}")),
        path: path.strip_prefix(root()).unwrap().to_owned(),
    };
    paths.into_iter().map(read).collect()
}

/// The page of this path.
pub(crate) fn page(path: &str) -> Page {
    let mut pages = pages().into_iter();
    pages
        .find(|page| page.path == Path::new(path))
        .unwrap_or_else(|| panic!("there is no page {path}"))
}

impl Page {
    /// A line of this page, as a message names it.
    pub(crate) fn at(&self, line: usize) -> String {
        format!("{}:{line}", self.path.display())
    }

    pub(crate) fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks: Vec<Block<'_>> = Vec::new();
        let mut inside = false;
        let mut marker = None;
        for (number, line) in (1..).zip(self.text.lines().map(str::trim_end)) {
            match (line.strip_prefix("```"), inside) {
                (Some(language), false) => {
                    blocks.push(Block {
                        language,
                        marker: marker.take(),
                        line: number,
                        lines: Vec::new(),
                    });
                    inside = true;
                }
                (Some(_), true) => inside = false,
                (None, true) => blocks.last_mut().unwrap().lines.push(line),
                (None, false) if line.is_empty() => {}
                (None, false) => {
                    marker = line
                        .strip_prefix("<!-- ")
                        .and_then(|line| line.strip_suffix(" -->"));
                }
            }
        }
        assert!(!inside, "{}: a block is not closed", self.path.display());
        blocks
    }

    /// The block after a comment with this text.
    pub(crate) fn marked(&self, marker: &str) -> Block<'_> {
        self.blocks()
            .into_iter()
            .find(|block| block.marker == Some(marker))
            .unwrap_or_else(|| panic!("{}: no block <!-- {marker} -->", self.path.display()))
    }

    /// The numbered lines outside of blocks.
    pub(crate) fn prose(&self) -> Vec<(usize, &str)> {
        let mut inside = false;
        let mut lines = Vec::new();
        for (number, line) in (1..).zip(self.text.lines()) {
            if line.starts_with("```") {
                inside = !inside;
            } else if !inside {
                lines.push((number, line));
            }
        }
        lines
    }

    /// What stands between backquotes outside of blocks, by line.
    pub(crate) fn codes(&self) -> Vec<(usize, &str)> {
        let prose = self.prose().into_iter();
        prose
            .flat_map(|(number, line)| {
                let codes = line.split('`').skip(1).step_by(2);
                codes.map(move |code| (number, code))
            })
            .collect()
    }

    /// Where the links of the page lead, by line.
    pub(crate) fn links(&self) -> Vec<(usize, &str)> {
        let prose = self.prose().into_iter();
        prose
            .flat_map(|(number, line)| {
                let targets = line.split("](").skip(1);
                targets.filter_map(move |rest| Some((number, rest.split_once(')')?.0)))
            })
            .collect()
    }

    /// What links to the headings of the page say after `#`, by the rules of GitHub and mdbook.
    pub(crate) fn anchors(&self) -> Vec<String> {
        let headings = self.prose().into_iter();
        headings
            .filter_map(|(_, line)| {
                let (hashes, title) = line.split_once(' ')?;
                let is_heading = !hashes.is_empty() && hashes.chars().all(|sign| sign == '#');
                is_heading.then(|| anchor(title))
            })
            .collect()
    }
}

fn anchor(title: &str) -> String {
    let title = title.trim().to_lowercase();
    let kept = title.chars().filter_map(|sign| match sign {
        ' ' => Some('-'),
        '-' | '_' => Some(sign),
        _ => sign.is_alphanumeric().then_some(sign),
    });
    kept.collect()
}
