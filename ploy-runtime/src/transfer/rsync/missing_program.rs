//! Finds the missing program in the messages of shells.

/// The program that is reported missing last.
pub(super) fn missing_program(said: &str) -> Option<&str> {
    said.lines().rev().find_map(missing)
}

/// `sh: 1: sudo: not found`, `bash: line 1: sudo: command not found`, `zsh:1: command not found:
/// sudo`, `fish: Unknown command: sudo`, `sudo: Command not found.`
fn missing(line: &str) -> Option<&str> {
    let line = line.trim().trim_end_matches('.');
    // rsync quotes file names, which may contain any words.
    if line.contains('"') {
        return None;
    }
    // Lowering ASCII letters keeps byte positions.
    let lower = line.to_ascii_lowercase();
    let behind = [
        "command not found: ",
        "unknown command: ",
        "unknown command ",
    ]
    .iter()
    .find_map(|words| Some(lower.find(words)? + words.len()));
    let name = match behind {
        Some(at) => &line[at..],
        None => {
            let before = lower
                .strip_suffix(": command not found")
                .or_else(|| lower.strip_suffix(": inaccessible or not found"))
                .or_else(|| lower.strip_suffix(": not found"))?;
            line[..before.len()].rsplit(": ").next()?
        }
    };
    let name = name.trim_matches(['\'', '`']);
    (!name.is_empty() && !name.contains(char::is_whitespace)).then_some(name)
}

/// Whether a program can be found on this machine.
pub(super) fn is_here(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|paths| std::env::split_paths(&paths).any(|path| path.join(program).exists()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_known_from_what_any_shell_says() {
        for line in [
            "sh: 1: sudo: not found",
            "sh: 1: exec: sudo: not found",
            "bash: line 1: sudo: command not found",
            "bash: sudo: command not found",
            "zsh:1: command not found: sudo",
            "fish: Unknown command: sudo",
            "fish: Unknown command 'sudo'",
            "sudo: Command not found.",
            "sh: sudo: not found",
            "/bin/ksh: sudo: inaccessible or not found",
        ] {
            assert_eq!(missing_program(line), Some("sudo"), "{line}");
        }
        assert_eq!(
            missing_program("sudo: rsync: command not found\n"),
            Some("rsync")
        );
        assert_eq!(
            missing_program("bash: line 1: /opt/rsync: No such file\nx: not found\nlast"),
            Some("x")
        );
        for other in [
            "rsync: [sender] link_stat \"/srv/rsync: not found\" failed: No such file or directory (2)",
            "rsync: \"/srv/rsync: not found",
            "the host was not found",
            ": not found",
            "",
        ] {
            assert_eq!(missing_program(other), None, "{other}");
        }
    }
}
