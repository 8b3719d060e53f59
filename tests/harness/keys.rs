use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A throw-away key pair.
pub(crate) struct Key {
    pub(crate) private: PathBuf,
    /// The public key, as `known_hosts` and `authorized_keys` have it: type and key, without a
    /// comment.
    pub(crate) public: String,
}

impl Key {
    /// Makes a key in a file of this name.
    pub(crate) fn generate(directory: &Path, name: &str) -> Key {
        let private = directory.join(name);
        let output = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-C", "", "-f"])
            .arg(&private)
            .output()
            .expect("ssh-keygen cannot be run");
        assert!(
            output.status.success(),
            "ssh-keygen failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let public = fs::read_to_string(private.with_extension("pub"))
            .unwrap()
            .trim()
            .to_owned();
        Key { private, public }
    }
}
