//! The colours of an output.

use std::fmt;
use std::io::IsTerminal;

use anstyle::{AnsiColor, Style};

use crate::ci_log::is_run_by;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ColorChoice {
    /// When it is right: see [`Palette::choose`].
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The colours of an output, or none.
#[derive(Clone, Copy, Debug)]
pub struct Palette {
    on: bool,
}

impl Palette {
    /// Without colours.
    pub const PLAIN: Palette = Palette { on: false };

    /// Decides for one stream. A choice other than auto is followed. Else the first of these that
    /// is set decides: `NO_COLOR` (off), `CLICOLOR_FORCE` or `FORCE_COLOR` (on, unless 0),
    /// `CLICOLOR=0` (off); else it is on if the stream is a terminal and `TERM` is not `dumb`, or
    /// in the log of a service that shows colours: where `GITHUB_ACTIONS`, `GITLAB_CI` or
    /// `BUILDKITE` is `true`.
    pub fn choose(choice: ColorChoice, stream: &impl IsTerminal) -> Self {
        let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let on = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if variable("NO_COLOR").is_some() => false,
            ColorChoice::Auto => {
                match variable("CLICOLOR_FORCE").or_else(|| variable("FORCE_COLOR")) {
                    Some(force) => force != "0",
                    None => {
                        let shows_colors = || {
                            let logs = ["GITHUB_ACTIONS", "GITLAB_CI", "BUILDKITE"];
                            logs.into_iter().any(is_run_by)
                                || (variable("TERM").is_none_or(|term| term != "dumb")
                                    && stream.is_terminal())
                        };
                        variable("CLICOLOR").is_none_or(|value| value != "0") && shows_colors()
                    }
                }
            }
        };
        Palette { on }
    }

    fn paint(self, style: Style, text: impl fmt::Display) -> String {
        if self.on {
            format!("{style}{text}{style:#}")
        } else {
            text.to_string()
        }
    }

    /// A colour for the `index`-th site; neighbours differ.
    pub fn site(self, index: usize, text: impl fmt::Display) -> String {
        const COLORS: [AnsiColor; 6] = [
            AnsiColor::Cyan,
            AnsiColor::Magenta,
            AnsiColor::Blue,
            AnsiColor::Yellow,
            AnsiColor::BrightCyan,
            AnsiColor::BrightMagenta,
        ];
        self.paint(COLORS[index % COLORS.len()].on_default(), text)
    }

    /// What went wrong.
    pub fn error(self, text: impl fmt::Display) -> String {
        self.paint(AnsiColor::Red.on_default().bold(), text)
    }

    /// What may be wrong.
    pub fn warning(self, text: impl fmt::Display) -> String {
        self.paint(AnsiColor::Yellow.on_default().bold(), text)
    }

    /// What went well.
    pub fn good(self, text: impl fmt::Display) -> String {
        self.paint(AnsiColor::Green.on_default(), text)
    }

    pub(crate) fn removed(self, text: impl fmt::Display) -> String {
        self.paint(AnsiColor::Red.on_default(), text)
    }

    /// What matters less.
    pub fn faint(self, text: impl fmt::Display) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    /// What matters more.
    pub fn strong(self, text: impl fmt::Display) -> String {
        self.paint(Style::new().bold(), text)
    }
}
