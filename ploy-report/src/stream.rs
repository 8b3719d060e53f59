use super::layout::{Layout, Said, Told};
use super::roster::Roster;
use super::screen::Screen;
use crate::text::safe;

/// Each line as it comes, with the name of its site before it.
#[derive(Default)]
pub(super) struct Stream {
    /// Lines of output come many at a time, and begin alike.
    last: Option<Begin>,
}

/// How lines of this kind begin, of this site.
struct Begin {
    said: Said,
    site: String,
    /// The width of all names then.
    width: usize,
    text: String,
}

impl Layout for Stream {
    fn told(&mut self, screen: &mut Screen, roster: &Roster, told: &Told<'_>) {
        if !matches!(told.said, Said::Stdout | Said::Stderr) {
            return told.show(screen, roster);
        }
        let is_same = |last: &Begin| {
            (last.said, last.width) == (told.said, roster.width()) && last.site == told.site
        };
        let to = told.said.to();
        let begin = match self.last.take() {
            Some(last) if is_same(&last) => last,
            _ => {
                let palette = screen.palette(to);
                let prefix = roster.prefix(palette, told.site);
                Begin {
                    said: told.said,
                    site: told.site.to_owned(),
                    width: roster.width(),
                    text: format!("{prefix} {} ", told.said.mark(palette)),
                }
            }
        };
        screen.put_line(to, &begin.text, &safe(told.text));
        self.last = Some(begin);
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
