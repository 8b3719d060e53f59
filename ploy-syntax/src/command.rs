//! The commands of a deploy binary.

/// The commands that every deploy binary has, in the order in which they are listed.
pub const COMMANDS: [&str; 10] = [
    "run",
    "list",
    "sites",
    "plan",
    "check",
    "exec",
    "ssh",
    "connections",
    "completions",
    "help",
];

/// Names that are kept for commands to come. A job of such a name would be lost the day the command
/// arrives.
pub const COMMANDS_TO_COME: [&str; 6] = ["resume", "history", "show", "replay", "lock", "version"];

/// All names that the command line keeps for itself, present and to come. A job or schedule of such
/// a name could not be named there.
pub const RESERVED: [&str; COMMANDS.len() + COMMANDS_TO_COME.len()] = {
    let mut all = [""; COMMANDS.len() + COMMANDS_TO_COME.len()];
    let mut index = 0;
    while index < all.len() {
        all[index] = if index < COMMANDS.len() {
            COMMANDS[index]
        } else {
            COMMANDS_TO_COME[index - COMMANDS.len()]
        };
        index += 1;
    }
    all
};

/// Whether a job or schedule cannot have this name.
pub fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}

/// Whether this is the name of a command to come.
pub fn is_to_come(name: &str) -> bool {
    COMMANDS_TO_COME.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_reserved_once() {
        let mut all = RESERVED.to_vec();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), RESERVED.len());
        assert!(is_reserved("run") && is_reserved("history") && !is_reserved("upload"));
        assert!(is_to_come("history") && !is_to_come("run"));
    }
}
