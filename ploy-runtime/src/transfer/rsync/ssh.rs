//! The options by which rsync uses the ssh connection of the commands.

use std::ffi::OsString;

use crate::transport::Connection;

/// The arguments with which `rsync` goes over the connection's own master, if there is one.
pub(super) fn options(connection: Option<&Connection>) -> Vec<OsString> {
    // Secluded arguments: the remote shell never sees file names.
    let mut arguments: Vec<OsString> = vec!["-az".into(), "-s".into()];
    if let Some(connection) = connection {
        let mut ssh: Vec<String> = vec![
            connection
                .destination
                .program()
                .to_string_lossy()
                .into_owned(),
            "-S".into(),
            connection.socket().to_string_lossy().into_owned(),
        ];
        ssh.extend([
            "-o".into(),
            "ControlMaster=no".into(),
            "-o".into(),
            "RemoteCommand=none".into(),
            // ssh would ask the kept connection for the forwardings of the user's configuration.
            "-o".into(),
            "ClearAllForwardings=yes".into(),
            "-o".into(),
            "PermitLocalCommand=no".into(),
        ]);
        // Where the server allows no further session on the connection, ssh says so and makes a
        // connection of its own.
        ssh.extend(["-o".into(), "LogLevel=FATAL".into()]);
        ssh.extend(connection.destination.arguments());
        let words: Vec<String> = ssh.iter().map(|word| rsync_word(word)).collect();
        arguments.extend(["-e".into(), words.join(" ").into()]);
    }
    arguments
}

/// A word of rsync's `-e`, which knows quotes but no backslash: a doubled quote stands for one.
fn rsync_word(word: &str) -> String {
    if word
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_./=:,@".contains(c))
    {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_survive_rsyncs_own_splitting() {
        assert_eq!(rsync_word("/tmp/a b"), "'/tmp/a b'");
        assert_eq!(rsync_word("it's"), "'it''s'");
        assert_eq!(rsync_word("ConnectTimeout=5"), "ConnectTimeout=5");
    }
}
