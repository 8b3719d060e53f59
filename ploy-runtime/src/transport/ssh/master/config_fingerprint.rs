//! A fingerprint of ssh's configuration: a connection is kept for one state of it only.

use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

use wildmatch::WildMatch;

/// How deep files may include each other; ssh's own limit is 16.
const MAX_DEPTH: u32 = 8;

/// What ssh's configuration files say, as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ConfigFingerprint(u64);

impl ConfigFingerprint {
    /// The fingerprint of the files that ssh reads, with `-F config` or without.
    pub(crate) fn of(config: Option<&Path>) -> Self {
        ConfigFingerprint(hash_files(config))
    }
}

fn hash_files(config: Option<&Path>) -> u64 {
    let mut hasher = DefaultHasher::new();
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let user = home.as_deref().map(|home| home.join(".ssh"));
    let at = |directory: Option<&Path>, file: &Path, hasher: &mut DefaultHasher| {
        let reader = ConfigReader {
            home: home.as_deref(),
            directory,
        };
        reader.read(file, 0, hasher);
    };
    match config {
        Some(config) => at(user.as_deref(), config, &mut hasher),
        None => {
            if let Some(user) = &user {
                at(Some(user), &user.join("config"), &mut hasher);
            }
            let system = Path::new("/etc/ssh");
            at(Some(system), &system.join("ssh_config"), &mut hasher);
        }
    }
    hasher.finish()
}

/// Reads configuration files, and those that they include.
struct ConfigReader<'a> {
    home: Option<&'a Path>,
    /// The folder of relative names of included files.
    directory: Option<&'a Path>,
}

impl ConfigReader<'_> {
    fn read(&self, file: &Path, depth: u32, hasher: &mut DefaultHasher) {
        let Ok(content) = std::fs::read(file) else {
            hasher.write_u8(0);
            return;
        };
        hasher.write_usize(content.len());
        hasher.write(&content);
        if depth == MAX_DEPTH {
            return;
        }
        for line in String::from_utf8_lossy(&content).lines() {
            for pattern in included(line) {
                for file in self.files(pattern) {
                    self.read(&file, depth + 1, hasher);
                }
            }
        }
    }

    /// The files that a pattern of `Include` means. Wildcards are expanded in its last part only.
    fn files(&self, pattern: &str) -> Vec<PathBuf> {
        let path = match pattern.strip_prefix("~/") {
            Some(rest) => self.home.map(|home| home.join(rest)),
            None if pattern.starts_with('/') => Some(PathBuf::from(pattern)),
            None => self.directory.map(|directory| directory.join(pattern)),
        };
        let Some(path) = path else { return Vec::new() };
        let (Some(folder), Some(name)) = (path.parent(), path.file_name().and_then(|n| n.to_str()))
        else {
            return vec![path];
        };
        if !name.contains(['*', '?']) {
            return vec![path];
        }
        let wanted = WildMatch::new(name);
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut files: Vec<_> = entries
            .filter(|entry| wanted.matches(&entry.file_name().to_string_lossy()))
            .map(|entry| entry.path())
            .collect();
        files.sort_unstable();
        files
    }
}

/// The patterns of an `Include` line; none for other lines.
fn included(line: &str) -> impl Iterator<Item = &str> {
    let mut words = line
        .split(|c: char| c.is_whitespace() || c == '=' || c == '"')
        .filter(|quote_word| !quote_word.is_empty());
    let is_include = words
        .next()
        .is_some_and(|quote_word| quote_word.eq_ignore_ascii_case("include"));
    words.take_while(move |_| is_include)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn each_file_that_ssh_reads_changes_the_fingerprint() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("more")).unwrap();
        let main = format!(
            "Host web1\n  HostName a\n include \"{}\"\n",
            path("more/*.conf").display()
        );
        fs::write(path("config"), main).unwrap();
        let now = || ConfigFingerprint::of(Some(&path("config")));
        let mut seen = vec![now()];
        fs::write(path("more/one.conf"), "Host web2\n HostName b\n").unwrap();
        seen.push(now());
        fs::write(path("more/one.conf"), "Host web2\n HostName c\n").unwrap();
        seen.push(now());
        fs::remove_file(path("config")).unwrap();
        seen.push(now());
        assert_eq!(now(), seen[3]);
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 4);
        fs::write(path("more/other"), "not included").unwrap();
    }
}
