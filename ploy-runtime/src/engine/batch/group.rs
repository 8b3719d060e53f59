//! A group of sites of a rolling stage, as its check sees it.

use std::fmt::Display;
use std::sync::Arc;

use crate::action::{ActionEmitter, RunServices, Space};
use crate::event::{ActionId, EventKind};
use crate::shell::{Cancel, CancelLevel, Shell};
use crate::topology::{Settings, Site};
use crate::transport::Transport;

/// A group of sites of a rolling stage, as the check after it sees it. Copies are cheap.
#[derive(Clone)]
pub struct Group(Arc<Inner>);

struct Inner {
    parts: GroupParts,
    /// One for all shells, since it numbers the commands.
    emitter: Arc<ActionEmitter>,
}

/// What a group is made of.
pub(in crate::engine) struct GroupParts {
    pub(in crate::engine) services: Arc<dyn RunServices>,
    pub(in crate::engine) action: ActionId,
    /// The group, from 0.
    pub(in crate::engine) group: u32,
    pub(in crate::engine) group_count: u32,
    pub(in crate::engine) sites: Vec<Arc<Site>>,
    pub(in crate::engine) cancel: Cancel,
}

impl Group {
    pub(in crate::engine) fn new(parts: GroupParts) -> Self {
        let emitter = ActionEmitter::new(parts.services.clone(), parts.action, None);
        let emitter = Arc::new(emitter);
        Group(Arc::new(Inner { parts, emitter }))
    }

    /// The number of the group, from 1.
    pub fn index(&self) -> u32 {
        self.0.parts.group + 1
    }

    /// How many groups the stage has.
    pub fn count(&self) -> u32 {
        self.0.parts.group_count
    }

    /// The sites of the group, in the order of the topology: also those on which a job failed, as
    /// far as the stage allows that.
    pub fn sites(&self) -> &[Arc<Site>] {
        &self.0.parts.sites
    }

    /// The shell of a site: local or over ssh, as the site is.
    pub fn shell(&self, site: &Arc<Site>) -> Shell {
        self.make(site.clone(), self.0.parts.services.transport(site))
    }

    /// A shell on this machine, in the current directory.
    pub fn local(&self) -> Shell {
        let here = Site::new("localhost".to_owned(), Settings::new());
        self.make(Arc::new(here), self.0.parts.services.local())
    }

    fn make(&self, site: Arc<Site>, transport: Transport) -> Shell {
        Shell::new(
            site,
            transport,
            self.0.emitter.clone(),
            self.0.parts.cancel.clone(),
            self.0.parts.services.passwords().clone(),
        )
    }

    /// The space that all actions of the run share.
    pub fn space(&self) -> &Space {
        self.0.parts.services.spaces().batch()
    }

    /// The space of a site in this run.
    pub fn site_space(&self, site: &str) -> Space {
        self.0.parts.services.spaces().site(site)
    }

    /// Says something to the user.
    pub fn report(&self, text: impl Display) {
        let (action, text) = (self.0.parts.action, text.to_string());
        self.0
            .parts
            .services
            .emit(EventKind::Report { action, text });
    }

    /// Whether the run is being cancelled. A check that polls should look, and return.
    pub fn is_cancelled(&self) -> bool {
        self.0.parts.cancel.level() != CancelLevel::None
    }

    /// Returns when the run is being cancelled.
    pub async fn cancelled(&self) {
        self.0.parts.cancel.reached(CancelLevel::Term).await;
    }

    pub(in crate::engine) fn action(&self) -> ActionId {
        self.0.parts.action
    }

    pub(in crate::engine) fn cancel(&self) -> &Cancel {
        &self.0.parts.cancel
    }
}
