//! A command that a reaper or a watchdog knows of.

use zeroize::Zeroizing;

use crate::transport::askpass::AskpassRouter;
use crate::transport::control_channel::{ControlSender, RegistrationId};

/// A signal that we send to a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Term,
    Kill,
}

/// A registered command. When this is dropped, what is left of the command's group gets TERM at
/// once, and KILL five seconds later.
pub(crate) struct Registration {
    kind: Kind,
    control: ControlSender,
}

enum Kind {
    /// One of the commands of a reaper.
    Reaper {
        id: RegistrationId,
        router: AskpassRouter,
    },
    /// The only command of its own watchdog.
    Watchdog,
}

impl Registration {
    /// A command of a reaper's; its requests go through `router`.
    pub(super) fn with_reaper(
        id: RegistrationId,
        control: ControlSender,
        router: AskpassRouter,
    ) -> Self {
        let kind = Kind::Reaper { id, router };
        Registration { kind, control }
    }

    /// A command with a watchdog of its own.
    pub(super) fn with_watchdog(control: ControlSender) -> Self {
        let kind = Kind::Watchdog;
        Registration { kind, control }
    }

    /// Has a signal sent to the command's group. Returns whether the order is on its way.
    pub(crate) fn signal(&self, signal: Signal) -> bool {
        self.send(match signal {
            Signal::Term => "term",
            Signal::Kill => "kill",
        })
    }

    fn send(&self, order: &str) -> bool {
        let message = match self.kind {
            Kind::Reaper { id, .. } => format!("{order} {id}\n"),
            Kind::Watchdog => format!("{order}\n"),
        };
        let message = Zeroizing::new(message.into_bytes());
        self.control.send(message).is_ok()
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        // A watchdog needs no order: its input ends when the sender is dropped, after this.
        if let Kind::Reaper { id, router } = &self.kind {
            self.send("end");
            router.remove(*id);
        }
    }
}
