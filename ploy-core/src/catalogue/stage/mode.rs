//! The modes: in which order the jobs of a stage run over its sites.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::did_you_mean;

/// The order in which a stage's jobs run over its sites.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Mode {
    /// On each site, job after job; sites do not wait for each other.
    #[default]
    SiteSequential,
    /// A job begins when the one before it has ended on all sites.
    Sequential,
    /// One task at a time: job by job, and within it site by site.
    Atomic,
    /// All jobs on a group of sites, then on the next group.
    Rolling,
    /// Everything at once.
    Parallel,
}

/// What comes first in a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// On each site its jobs follow one another, whatever other sites do.
    BySite,
    /// All sites do a job before the next one begins.
    ByJob,
    /// There is none.
    None,
}

/// How many sites may be at the same place in that order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// All of them.
    All,
    /// One at a time.
    One,
    /// One group at a time.
    Groups,
}

impl Mode {
    /// All modes.
    pub const ALL: [Mode; 5] = [
        Mode::SiteSequential,
        Mode::Sequential,
        Mode::Atomic,
        Mode::Rolling,
        Mode::Parallel,
    ];

    /// The mode's name, as on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Mode::SiteSequential => "site-sequential",
            Mode::Sequential => "sequential",
            Mode::Atomic => "atomic",
            Mode::Rolling => "rolling",
            Mode::Parallel => "parallel",
        }
    }

    /// A mode is an order and a width, and nothing else.
    #[doc(hidden)]
    pub const fn shape(self) -> (Order, Width) {
        match self {
            Mode::SiteSequential => (Order::BySite, Width::All),
            Mode::Sequential => (Order::ByJob, Width::All),
            Mode::Atomic => (Order::ByJob, Width::One),
            Mode::Rolling => (Order::BySite, Width::Groups),
            Mode::Parallel => (Order::None, Width::All),
        }
    }

    /// Whether one task runs at a time.
    #[doc(hidden)]
    pub const fn is_exclusive(self) -> bool {
        matches!(self.shape().1, Width::One)
    }

    /// How many tasks may fail, if nothing is said: where sites wait for each other none, else any
    /// number.
    #[doc(hidden)]
    pub const fn allowed_failures(self) -> Option<u32> {
        match self.shape() {
            (Order::ByJob, _) | (_, Width::Groups | Width::One) => Some(0),
            (Order::BySite | Order::None, Width::All) => None,
        }
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Mode {
    type Err = String;

    /// Reads a mode's name.
    ///
    /// # Errors
    ///
    /// That there is no such mode, and which there are.
    fn from_str(text: &str) -> Result<Self, String> {
        let names = || Mode::ALL.into_iter().map(Mode::name);
        Mode::ALL
            .into_iter()
            .find(|mode| mode.name() == text)
            .ok_or_else(|| {
                let hint = did_you_mean(text, names()).unwrap_or_else(|| {
                    format!("there are {}", names().collect::<Vec<_>>().join(", "))
                });
                format!("no mode is named `{}`; {hint}", text.escape_debug())
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for mode in Mode::ALL {
            assert_eq!(mode.to_string().parse(), Ok(mode));
        }
        assert_eq!(
            "rollin".parse::<Mode>(),
            Err("no mode is named `rollin`; did you mean `rolling`?".to_owned())
        );
    }
}
