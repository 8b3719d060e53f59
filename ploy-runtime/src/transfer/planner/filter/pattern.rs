//! One pattern, and the part of a path with which it is compared.

use super::glob;

/// A pattern of a rule. `/` at its beginning ties it to the top of the transfer, `/` at its end to
/// folders. See "PATTERN MATCHING RULES" in rsync(1).
#[derive(Clone, Debug)]
pub(super) struct Pattern {
    /// Without the slashes at its beginning and end.
    text: Vec<u8>,
    compared_with: ComparedPart,
    /// Whether it matches folders only.
    is_for_folders: bool,
    /// Whether it has `*`, `?` or `[`; else a backslash stands for itself.
    has_wildcards: bool,
    /// Whether it begins with `**`, which may then match nothing before a slash.
    begins_with_any: bool,
    /// Whether it ends with `***`, which matches a folder and all that is in it.
    ends_with_tree: bool,
}

/// What of a path a pattern is compared with.
#[derive(Clone, Copy, Debug)]
enum ComparedPart {
    Whole,
    /// So many names at its end.
    Last(usize),
    /// All of it, and what follows any of its slashes.
    AfterAnySlash,
}

impl Pattern {
    pub(super) fn new(written: &[u8]) -> Self {
        let (text, is_for_folders) = match written {
            [text @ .., b'/'] if !text.is_empty() => (text, true),
            text => (text, false),
        };
        let slashes = text.iter().filter(|byte| **byte == b'/').count();
        let has_double_star = memchr::memmem::find(text, b"**").is_some();
        let begins_with_any = text.starts_with(b"**");
        let ends_with_tree = text.ends_with(b"***");
        let has_wildcards = text.iter().any(|byte| b"*?[".contains(byte));
        let (text, is_anchored) = match text {
            [b'/', text @ ..] => (text, true),
            text => (text, false),
        };
        let compared_with = if is_anchored || begins_with_any {
            ComparedPart::Whole
        } else if has_double_star {
            ComparedPart::AfterAnySlash
        } else {
            ComparedPart::Last(slashes + 1)
        };
        Pattern {
            text: text.to_vec(),
            compared_with,
            is_for_folders,
            has_wildcards,
            begins_with_any,
            ends_with_tree,
        }
    }

    pub(super) fn is_match(&self, path: &[u8], is_folder: bool) -> bool {
        if self.is_for_folders && !is_folder {
            return false;
        }
        let mut whole = Vec::new();
        let path = if self.begins_with_any || self.ends_with_tree {
            if self.begins_with_any {
                whole.push(b'/');
            }
            whole.extend_from_slice(path);
            if self.ends_with_tree && is_folder {
                whole.push(b'/');
            }
            &whole
        } else {
            path
        };
        match self.compared_with {
            ComparedPart::Whole => self.is_equal(path),
            ComparedPart::Last(names) => {
                last_names(path, names).is_some_and(|end| self.is_equal(end))
            }
            ComparedPart::AfterAnySlash => {
                let starts = memchr::memchr_iter(b'/', path).map(|slash| slash + 1);
                std::iter::once(0)
                    .chain(starts)
                    .any(|start| self.is_equal(&path[start..]))
            }
        }
    }

    fn is_equal(&self, text: &[u8]) -> bool {
        if self.has_wildcards {
            glob::is_match(&self.text, text)
        } else {
            self.text == text
        }
    }
}

/// The end of a path that has so many names; `None` if it has fewer.
fn last_names(path: &[u8], names: usize) -> Option<&[u8]> {
    let mut slashes = memchr::memrchr_iter(b'/', path);
    match slashes.nth(names - 1) {
        Some(slash) => Some(&path[slash + 1..]),
        None => {
            let has = memchr::memchr_iter(b'/', path).count() + 1;
            (has == names).then_some(path)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_match(pattern: &str, path: &str) -> bool {
        let (path, is_folder) = match path.strip_suffix('/') {
            Some(path) => (path, true),
            None => (path, false),
        };
        Pattern::new(pattern.as_bytes()).is_match(path.as_bytes(), is_folder)
    }

    #[test]
    fn a_name_matches_at_any_depth_and_a_path_its_end() {
        for (pattern, path) in [
            ("a", "a"),
            ("a", "x/a"),
            ("a/b", "a/b"),
            ("a/b", "x/a/b"),
            ("/a", "a"),
            ("/a/b", "a/b"),
            ("a/", "x/a/"),
            ("*.log", "x/y.log"),
            ("a/*", "x/a/b"),
            ("/a/**", "a/b/c"),
            ("a/**/c", "x/a/b/c"),
            ("**/c", "c"),
            ("**/c", "a/b/c"),
            ("a/***", "a/"),
            ("a/***", "a/b/c"),
            ("back\\slash", "back\\slash"),
        ] {
            assert!(is_match(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("a", "ab"),
            ("a", "a/b"),
            ("a/b", "b"),
            ("/a", "x/a"),
            ("/a/b", "x/a/b"),
            ("a/", "a"),
            ("/*.log", "x/y.log"),
            ("a/*", "a/b/c"),
            ("a/**", "a"),
            ("a/***", "a"),
            ("a/**/c", "a/c"),
        ] {
            assert!(!is_match(pattern, path), "{pattern} {path}");
        }
    }
}
