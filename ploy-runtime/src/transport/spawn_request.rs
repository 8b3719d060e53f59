//! A script about to be started on a site.

use super::guard::{PrivilegedScript, RemoteState};
use super::input::InputStream;

/// A script about to be started on a site.
pub(crate) struct SpawnRequest<'a> {
    /// The name of the site, for errors.
    pub(crate) site: &'a str,
    /// The program that runs the script, by `-c`.
    pub(crate) shell: &'a str,
    pub(crate) script: &'a [u8],
    /// What it reads on its standard input, which is empty otherwise.
    pub(crate) input: Option<InputStream>,
    /// Whether it may ask for something while it runs: sudo's password, or a secret. It then has
    /// `$ploy_q` and `$ploy_i`, for [`SUDO_ASKPASS`](super::SUDO_ASKPASS) and
    /// [`FETCH_SECRET`](super::FETCH_SECRET).
    pub(crate) can_ask: bool,
    /// What another user runs after the script, by a sudo that asks.
    pub(crate) privileged: Option<&'a PrivilegedScript>,
}

impl SpawnRequest<'_> {
    /// The whole script: the prologue, the script itself, and what another user runs. `remote` is
    /// what is known of a command on another host.
    pub(super) fn whole_script(
        &self,
        mut prologue: Vec<u8>,
        remote: Option<&RemoteState>,
    ) -> Vec<u8> {
        prologue.extend_from_slice(self.script);
        if let Some(privileged) = self.privileged {
            prologue.extend(privileged.script(remote));
        }
        prologue
    }

    /// Whether only a reaper can guard it: a watchdog would need its standard input, and passes no
    /// requests on.
    pub(super) fn needs_reaper(&self) -> bool {
        self.input.is_some() || self.can_ask
    }
}
