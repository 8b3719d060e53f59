//! What the lines of a view have in common: who is who, and how much is shown.

use unicode_width::UnicodeWidthStr;

use super::detail::Detail;
use super::line_owner::LineOwner;
use crate::palette::Palette;
use crate::run_index::{RunIndex, RunningAction};
use ploy_core::event::{ActionId, CommandId, EventKind, StageId, StageView};

/// The widest column for names of sites: longer names stick out.
const MAX_SITE_WIDTH: usize = 24;

/// What the lines of a view have in common.
#[derive(Default)]
pub(crate) struct ViewContext {
    pub(crate) run: RunIndex,
    /// How much of each stage is shown.
    pub(crate) detail: Detail,
    /// How wide the column for names is.
    site_width: usize,
}

impl ViewContext {
    /// Notes who begins.
    pub(crate) fn note(&mut self, event: &EventKind) {
        self.run.note(event);
        match event {
            EventKind::StageStarted { sites, .. } => {
                for site in sites {
                    self.widen(site.width());
                }
            }
            EventKind::GateStarted { action, .. } => {
                let width = self.run.action(*action).map(|gate| gate.site.width());
                self.widen(width.unwrap_or(0));
            }
            _ => {}
        }
    }

    fn widen(&mut self, width: usize) {
        self.site_width = self.site_width.max(width.min(MAX_SITE_WIDTH));
    }

    /// What of a stage is to be shown.
    pub(crate) fn view(&self, stage: StageId) -> Option<StageView> {
        self.run.view(stage).map(|view| self.detail.of(view))
    }

    /// Whose a line of an action (or of this command of it) is, and on which site, if its stage
    /// shows such lines.
    pub(crate) fn shown(
        &self,
        action: ActionId,
        command: Option<CommandId>,
        shows: impl FnOnce(StageView) -> bool,
    ) -> Option<(LineOwner, String)> {
        let running = self.run.action(action)?;
        let owner = LineOwner {
            stage: running.stage,
            task: running.task(),
            action: Some(action),
            command,
        };
        let RunningAction { stage, site, .. } = running;
        shows(self.view(*stage)?).then(|| (owner, site.clone()))
    }

    /// How wide the column for names is.
    pub(crate) fn site_width(&self) -> usize {
        self.site_width
    }

    /// A site's name, in its colour and padded to the width of the longest.
    pub(crate) fn prefix(&self, palette: Palette, site: &str) -> String {
        let padding = " ".repeat(self.site_width.saturating_sub(site.width()));
        // What is no site has the colour of the first.
        let place = match self.run.site_place(site) {
            usize::MAX => 0,
            place => place,
        };
        palette.site(place, format_args!("{site}{padding}"))
    }
}
