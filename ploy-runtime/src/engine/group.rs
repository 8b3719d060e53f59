use std::fmt::Display;
use std::sync::Arc;

use crate::action::{Host, Space, Teller};
use crate::event::EventKind;
use crate::shell::{Cancel, CancelLevel, Shell};
use crate::topology::{Settings, Site};
use crate::transport::Transport;

/// A group of sites of a rolling stage, as the check after it sees it. Copies are cheap.
#[derive(Clone)]
pub struct Group(Arc<Inner>);

pub(super) struct Inner {
    /// One for all shells, since it numbers the commands.
    pub(super) teller: Arc<Teller>,
    pub(super) host: Arc<dyn Host>,
    pub(super) action: u32,
    pub(super) group: u32,
    pub(super) groups: u32,
    pub(super) sites: Vec<Arc<Site>>,
    pub(super) cancel: Cancel,
}

impl Group {
    pub(super) fn new(inner: Inner) -> Self {
        Group(Arc::new(inner))
    }

    /// The number of the group, from 1.
    pub fn index(&self) -> u32 {
        self.0.group + 1
    }

    /// How many groups the stage has.
    pub fn count(&self) -> u32 {
        self.0.groups
    }

    /// The sites of the group, in the order of the topology: also those on which a job failed, as far as the stage
    /// allows that.
    pub fn sites(&self) -> &[Arc<Site>] {
        &self.0.sites
    }

    /// The shell of a site: local or over ssh, as the site is.
    pub fn shell(&self, site: &Arc<Site>) -> Shell {
        self.make(site.clone(), self.0.host.transport(site))
    }

    /// A shell on this machine, in the current directory.
    pub fn local(&self) -> Shell {
        let here = Site::new("localhost".to_owned(), Settings::new());
        self.make(Arc::new(here), self.0.host.local())
    }

    fn make(&self, site: Arc<Site>, transport: Transport) -> Shell {
        Shell::new(
            site,
            transport,
            self.0.teller.clone(),
            self.0.cancel.clone(),
            self.0.host.passwords().clone(),
        )
    }

    /// The space that all actions of the run share.
    pub fn space(&self) -> &Space {
        self.0.host.spaces().batch()
    }

    /// The space of a site in this run.
    pub fn site_space(&self, site: &str) -> Space {
        self.0.host.spaces().site(site)
    }

    /// Says something to the user.
    pub fn report(&self, text: impl Display) {
        let (action, text) = (self.0.action.into(), text.to_string());
        self.0.host.emit(EventKind::Report { action, text });
    }

    /// Whether the run is being cancelled. A check that polls should look, and return.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancel.level() != CancelLevel::None
    }

    /// Returns when the run is being cancelled.
    pub async fn cancelled(&self) {
        self.0.cancel.reached(CancelLevel::Term).await;
    }

    pub(super) fn number(&self) -> u32 {
        self.0.action
    }

    pub(super) fn cancel(&self) -> &Cancel {
        &self.0.cancel
    }
}
