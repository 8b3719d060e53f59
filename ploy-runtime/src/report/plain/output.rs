//! What commands put out.

use std::io::Write;

use super::super::safe;
use super::super::summary::duration;
use super::Plain;
use crate::event::{Show, Stream};

impl Plain {
    pub(super) fn begin_command(&mut self, action: u32, command: u32, script: &str, show: Show) {
        if show != Show::All {
            self.hidden.insert((action, command), show);
            return;
        }
        if let Some(site) = self.roster.shown_site(action, |view| view.log) {
            self.tell(&site, &self.palette.faint("$"), script);
        }
    }

    fn show(&self, action: u32, command: u32) -> Show {
        let hidden = self.hidden.get(&(action, command));
        hidden.copied().unwrap_or_default()
    }

    pub(super) fn tell_silence(&mut self, action: u32, command: u32, what: &str, silent: u64) {
        if self.show(action, command) == Show::Nothing {
            return;
        }
        let Some(site) = self.roster.shown_site(action, |view| view.log) else {
            return;
        };
        let what = match command {
            // The site is not reached yet.
            0 => what.to_owned(),
            _ => format!("{site}: {}", what.lines().collect::<Vec<_>>().join("; ")),
        };
        let text = format!("still waiting for {what} ({})", duration(silent));
        self.tell(&site, &self.palette.warning("-"), &text);
    }

    pub(super) fn output(&mut self, action: u32, command: u32, stream: Stream, bytes: &[u8]) {
        match (self.show(action, command), stream) {
            (Show::All, _) | (Show::Errors, Stream::Stderr) => {}
            (Show::Errors, Stream::Stdout) | (Show::Nothing, _) => return,
        }
        let Some(site) = self.roster.shown_site(action, |view| view.log) else {
            return;
        };
        let mut lines = std::mem::take(&mut self.lines);
        let mut shown = Shown::new(self, &site);
        lines.push(action, command, stream, bytes, |line| {
            shown.line(stream, line);
        });
        let Shown { text, .. } = shown;
        self.lines = lines;
        self.put(&text);
    }

    pub(super) fn end_command(&mut self, action: u32, command: u32, left_behind: bool) {
        let show = self.hidden.remove(&(action, command)).unwrap_or_default();
        let Some(site) = self.roster.shown_site(action, |view| view.log) else {
            return;
        };
        let mut lines = std::mem::take(&mut self.lines);
        let mut shown = Shown::new(self, &site);
        lines.finish(action, command, |stream, line| shown.line(stream, line));
        let Shown { text, .. } = shown;
        self.lines = lines;
        self.put(&text);
        if left_behind && show != Show::Nothing {
            self.tell(
                &site,
                &self.palette.warning("-"),
                "ended what the command left running in the background",
            );
        }
    }

    fn put(&mut self, text: &str) {
        if !text.is_empty() {
            let _ = self
                .out
                .write_all(text.as_bytes())
                .and_then(|()| self.out.flush());
        }
    }
}

/// Lines of output on their way out.
struct Shown {
    text: String,
    prefix: String,
    marks: [String; 2],
}

impl Shown {
    fn new(plain: &Plain, site: &str) -> Self {
        let palette = plain.out_palette;
        Shown {
            text: String::new(),
            prefix: plain.roster.prefix(palette, site),
            marks: [palette.faint("|"), palette.warning("!")],
        }
    }

    fn line(&mut self, stream: Stream, line: &[u8]) {
        let mark = &self.marks[usize::from(stream == Stream::Stderr)];
        self.text
            .push_str(&format!("{} {mark} {}\n", self.prefix, safe(line)));
    }
}
