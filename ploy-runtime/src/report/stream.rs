use super::layout::{Layout, Said, Told};
use super::roster::Roster;
use super::screen::Screen;

/// Each line as it comes, with the name of its site before it.
pub(super) struct Stream;

impl Layout for Stream {
    fn told(&mut self, screen: &mut Screen, roster: &Roster, told: &Told<'_>) {
        told.show(screen, roster);
    }
}

/// Nothing but what goes wrong. How tasks ended is said at the end, for all of them together.
pub(super) struct Quiet;

impl Layout for Quiet {
    fn told(&mut self, screen: &mut Screen, roster: &Roster, told: &Told<'_>) {
        if !matches!(told.said, Said::Ended(..) | Said::Skipped) {
            told.show(screen, roster);
        }
    }
}
