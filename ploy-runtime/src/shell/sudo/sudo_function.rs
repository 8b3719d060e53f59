//! sudo in scripts that call it on their own.

use crate::transport::SUDO_ASKPASS;

/// Defines a shell function `sudo` that asks us for the password. A call that says itself where its
/// password comes from is left alone.
pub(crate) fn sudo_function() -> String {
    format!(
        "sudo() {{ for ploy_a do case $ploy_a in -[ASn]*|-[EHPbklvKV]*[ASn]*|--askpass|--stdin|--non-interactive) command sudo \"$@\"; \
         return ;; -*) ;; *) break ;; esac; done; {SUDO_ASKPASS} \"$@\"; }}\n"
    )
}

/// Whether a script may call sudo by its name.
pub(crate) fn calls_sudo(script: &[u8]) -> bool {
    let is_in_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-./".contains(byte);
    memchr::memmem::find_iter(script, b"sudo").any(|at| {
        let before = at.checked_sub(1).and_then(|before| script.get(before));
        let after = script.get(at + 4);
        !before.is_some_and(is_in_word) && !after.is_some_and(is_in_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_of_sudo_are_told_from_other_words() {
        for script in [
            "sudo id",
            "cd /x && sudo -u a id",
            "a|sudo tee b",
            "(sudo x)",
            "\tsudo\n",
        ] {
            assert!(calls_sudo(script.as_bytes()), "{script}");
        }
        for script in [
            "id",
            "pseudo x",
            "sudoedit x",
            "/usr/bin/sudo x",
            "cat /etc/sudo.conf",
            "x-sudo",
        ] {
            assert!(!calls_sudo(script.as_bytes()), "{script}");
        }
    }
}
