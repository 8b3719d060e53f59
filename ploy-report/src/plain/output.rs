//! What commands put out.

use super::super::layout::{Of, Said};
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
            let of = self.roster.of(action, command);
            self.tell(of, &site, Said::Command, script);
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
        let of = self.roster.of(action, command);
        self.tell(of, &site, Said::Meanwhile, &text);
    }

    pub(super) fn output(&mut self, action: u32, command: u32, stream: Stream, bytes: &[u8]) {
        match (self.show(action, command), stream) {
            (Show::All, _) | (Show::Errors, Stream::Stderr) => {}
            (Show::Errors, Stream::Stdout) | (Show::Nothing, _) => return,
        }
        let Some(site) = self.roster.shown_site(action, |view| view.log) else {
            return;
        };
        let of = self.roster.of(action, command);
        let mut lines = std::mem::take(&mut self.lines);
        lines.push(action, command, stream, bytes, |line| {
            self.tell_output(of, &site, stream, line);
        });
        self.lines = lines;
    }

    fn tell_output(&mut self, of: Of, site: &str, stream: Stream, line: &[u8]) {
        let said = match stream {
            Stream::Stdout => Said::Stdout,
            Stream::Stderr => Said::Stderr,
        };
        self.tell_line(of, site, said, line);
    }

    pub(super) fn end_command(
        &mut self,
        (action, command): (u32, u32),
        (code, took): (Option<i32>, u64),
        left_behind: bool,
    ) {
        let show = self.hidden.remove(&(action, command)).unwrap_or_default();
        let Some(site) = self.roster.shown_site(action, |view| view.log) else {
            return;
        };
        let of = self.roster.of(action, command);
        let mut lines = std::mem::take(&mut self.lines);
        lines.finish(action, command, |stream, line| {
            self.tell_output(of, &site, stream, line);
        });
        self.lines = lines;
        if left_behind && show != Show::Nothing {
            let text = "ended what the command left running in the background";
            self.tell(of, &site, Said::Remark, text);
        }
        if self.is_verbose() && show == Show::All {
            let how = match code {
                Some(code) => format!("exit {code}"),
                None => "no exit status".to_owned(),
            };
            let text = format!("{how} ({})", duration(took));
            self.tell(of, &site, Said::Detail, &text);
        }
    }
}
