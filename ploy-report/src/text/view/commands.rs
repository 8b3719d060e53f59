//! What commands put out.

use std::time::Duration;

use super::TextView;
use crate::quantities::duration;
use crate::text::line_owner::LineOwner;
use crate::text::report_line::LineKind;
use ploy_core::event::{ActionId, CommandKey, Show, SilentSource, Stream};

impl TextView {
    pub(crate) fn start_command(&mut self, key: CommandKey, script: &str, show: Show) {
        if show != Show::All {
            self.hidden.insert(key, show);
            return;
        }
        if let Some((owner, site)) = self.shown(key) {
            self.add_lines(owner, &site, LineKind::Command, script);
        }
    }

    fn shown_part(&self, key: CommandKey) -> Show {
        self.hidden.get(&key).copied().unwrap_or_default()
    }

    /// Whose lines of a command are, and on which site, if its stage shows such lines.
    fn shown(&self, key: CommandKey) -> Option<(LineOwner, String)> {
        let CommandKey { action, command } = key;
        self.context.shown(action, Some(command), |view| view.log)
    }

    pub(crate) fn add_silence(
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
        if key.is_some_and(|key| self.shown_part(key) == Show::Nothing) {
            return;
        }
        let Some((owner, site)) = self.context.shown(action, command, |view| view.log) else {
            return;
        };
        let what = match source {
            SilentSource::Command { script, .. } => {
                format!("{site}: {}", script.lines().collect::<Vec<_>>().join("; "))
            }
            source => source.to_string(),
        };
        let text = format!("still waiting for {what} ({})", duration(silent));
        self.add_lines(owner, &site, LineKind::Meanwhile, &text);
    }

    pub(crate) fn add_output(&mut self, key: CommandKey, stream: Stream, bytes: &[u8]) {
        match (self.shown_part(key), stream) {
            (Show::All, _) | (Show::Errors, Stream::Stderr) => {}
            (Show::Errors, Stream::Stdout) | (Show::Nothing, _) => return,
        }
        let Some((owner, site)) = self.shown(key) else {
            return;
        };
        let mut lines = std::mem::take(&mut self.lines);
        lines.push(key, stream, bytes, |line| {
            self.add_output_line(owner, &site, stream, line);
        });
        self.lines = lines;
    }

    fn add_output_line(&mut self, owner: LineOwner, site: &str, stream: Stream, line: &[u8]) {
        let kind = match stream {
            Stream::Stdout => LineKind::Stdout,
            Stream::Stderr => LineKind::Stderr,
        };
        self.add_line(owner, site, kind, line);
    }

    pub(crate) fn finish_command(
        &mut self,
        key: CommandKey,
        (code, took): (Option<i32>, Option<Duration>),
        has_leftovers: bool,
    ) {
        let show = self.hidden.remove(&key).unwrap_or_default();
        let Some((owner, site)) = self.shown(key) else {
            return;
        };
        let mut lines = std::mem::take(&mut self.lines);
        lines.finish(key, |stream, line| {
            self.add_output_line(owner, &site, stream, line);
        });
        self.lines = lines;
        if has_leftovers && show != Show::Nothing {
            let text = "ended what the command left running in the background";
            self.add_lines(owner, &site, LineKind::Remark, text);
        }
        if self.is_verbose() && show == Show::All {
            let how = match code {
                Some(code) => format!("exit {code}"),
                None => "no exit status".to_owned(),
            };
            // None if its action was ended before it.
            let text = format!("{how} ({})", duration(took.unwrap_or_default()));
            self.add_lines(owner, &site, LineKind::Detail, &text);
        }
    }
}
