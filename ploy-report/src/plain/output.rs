//! What commands put out.

use std::time::Duration;

use super::super::layout::Said;
use super::super::owner::LineOwner;
use super::super::summary::duration;
use super::Plain;
use crate::event::{ActionId, CommandKey, Show, SilentSource, Stream};

impl Plain {
    pub(super) fn begin_command(&mut self, key: CommandKey, script: &str, show: Show) {
        if show != Show::All {
            self.hidden.insert(key, show);
            return;
        }
        if let Some((of, site)) = self.shown(key) {
            self.tell(of, &site, Said::Command, script);
        }
    }

    fn show(&self, key: CommandKey) -> Show {
        self.hidden.get(&key).copied().unwrap_or_default()
    }

    /// Whose lines of a command are, and on which site, if its stage shows such lines.
    fn shown(&self, key: CommandKey) -> Option<(LineOwner, String)> {
        let CommandKey { action, command } = key;
        self.roster.shown(action, Some(command), |view| view.log)
    }

    pub(super) fn tell_silence(
        &mut self,
        action: ActionId,
        source: &SilentSource,
        silent: Duration,
    ) {
        let command = match source {
            SilentSource::Command { command, .. } => Some(*command),
            _ => None,
        };
        let key = command.map(|command| CommandKey { action, command });
        if key.is_some_and(|key| self.show(key) == Show::Nothing) {
            return;
        }
        let Some((of, site)) = self.roster.shown(action, command, |view| view.log) else {
            return;
        };
        let what = match source {
            SilentSource::Command { script, .. } => {
                format!("{site}: {}", script.lines().collect::<Vec<_>>().join("; "))
            }
            source => source.to_string(),
        };
        let text = format!("still waiting for {what} ({})", duration(silent));
        self.tell(of, &site, Said::Meanwhile, &text);
    }

    pub(super) fn output(&mut self, key: CommandKey, stream: Stream, bytes: &[u8]) {
        match (self.show(key), stream) {
            (Show::All, _) | (Show::Errors, Stream::Stderr) => {}
            (Show::Errors, Stream::Stdout) | (Show::Nothing, _) => return,
        }
        let Some((of, site)) = self.shown(key) else {
            return;
        };
        let mut lines = std::mem::take(&mut self.lines);
        lines.push(key, stream, bytes, |line| {
            self.tell_output(of, &site, stream, line);
        });
        self.lines = lines;
    }

    fn tell_output(&mut self, of: LineOwner, site: &str, stream: Stream, line: &[u8]) {
        let said = match stream {
            Stream::Stdout => Said::Stdout,
            Stream::Stderr => Said::Stderr,
        };
        self.tell_line(of, site, said, line);
    }

    pub(super) fn end_command(
        &mut self,
        key: CommandKey,
        (code, took): (Option<i32>, Option<Duration>),
        has_leftovers: bool,
    ) {
        let show = self.hidden.remove(&key).unwrap_or_default();
        let Some((of, site)) = self.shown(key) else {
            return;
        };
        let mut lines = std::mem::take(&mut self.lines);
        lines.finish(key, |stream, line| {
            self.tell_output(of, &site, stream, line);
        });
        self.lines = lines;
        if has_leftovers && show != Show::Nothing {
            let text = "ended what the command left running in the background";
            self.tell(of, &site, Said::Remark, text);
        }
        if self.is_verbose() && show == Show::All {
            let how = match code {
                Some(code) => format!("exit {code}"),
                None => "no exit status".to_owned(),
            };
            // None if its action was ended before it.
            let text = format!("{how} ({})", duration(took.unwrap_or_default()));
            self.tell(of, &site, Said::Detail, &text);
        }
    }
}
