//! What to do when sudo runs nothing, by what sudo itself says.

/// A hint for what sudo says in the C locale; messages in another language get none.
pub(crate) fn sudo_hint(site: &str, stderr: &str) -> Option<String> {
    let has = |part: &str| stderr.contains(part);
    if has("you must have a tty to run sudo") {
        return Some(format!(
            "sudoers on {site} say `requiretty`: `Defaults:USER !requiretty` takes that away for the login user"
        ));
    }
    if has("is not in the sudoers file")
        || has("may not run sudo")
        || has("is not allowed to run sudo")
    {
        return Some(format!(
            "sudoers on {site} have to allow it; see `sudo -l` there"
        ));
    }
    if has("is not allowed to execute") || has("is not allowed to run") {
        return Some(format!(
            "sudoers on {site} do not allow this command; see `sudo -l` there. `sudo` runs one command as it is, \
             `sudo_sh` and `run_as` need a shell"
        ));
    }
    if has("you are not allowed to set the following environment variables")
        || has("you are not allowed to preserve the environment")
    {
        return Some(format!(
            "`SETENV` in sudoers on {site} lets variables through; what `sudo_sh` runs has them without it"
        ));
    }
    if has("a terminal is required to read the password") || has("a password is required") {
        return Some(
            "only a `sudo` that the script itself calls by that name is given a password: not one in another program, such as \
             `xargs sudo` or `exec sudo`"
                .to_owned(),
        );
    }
    if has("unknown user") {
        return Some(format!("there is no such user on {site}"));
    }
    (has("sudo: not found") || has("sudo: command not found"))
        .then(|| format!("install sudo on {site}, or log in as a user who needs none"))
}
