//! A schedule as a catalogue has it: its name, where it is declared, and its stages or code.

use super::param::{Arguments, Param, resolve};
use super::place::place;
use super::stage::Schedule;
use crate::error::{Problem, Source};

/// A schedule: its name, where it is declared, and its stages or code.
#[derive(Clone, Debug)]
pub struct ScheduleEntry<S> {
    #[doc(hidden)]
    pub name: String,
    #[doc(hidden)]
    pub help: String,
    #[doc(hidden)]
    pub source: Option<Source>,
    #[doc(hidden)]
    pub params: Vec<Param>,
    #[doc(hidden)]
    pub body: ScheduleBody<S>,
}

/// What a schedule is made of.
#[derive(Clone, Debug)]
pub enum ScheduleBody<S> {
    /// Stages that are known before anything runs.
    Data(Schedule),
    /// Stages that depend on the schedule's parameters, and are known before anything runs.
    Made(fn(&Arguments) -> Schedule),
    /// Code that decides as it goes.
    Code(S),
}

impl<S: Clone> ScheduleEntry<S> {
    /// What it runs, given this for its parameters: stages, or code, and all that it gets.
    ///
    /// # Errors
    ///
    /// What it does not have among its parameters, what is of another type, and what is missing.
    pub fn given(
        &self,
        arguments: &Arguments,
    ) -> Result<(ScheduleBody<S>, Arguments), Vec<Problem>> {
        let arguments = resolve("schedule", &self.name, &self.params, arguments)?;
        let body = match &self.body {
            ScheduleBody::Made(make) => {
                let data = made(self, *make, &arguments).map_err(|problem| vec![problem])?;
                ScheduleBody::Data(data)
            }
            body => body.clone(),
        };
        Ok((body, arguments))
    }
}

impl<S> ScheduleEntry<S> {
    /// The schedule's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The schedule's doc comment; empty if it has none.
    pub fn help(&self) -> &str {
        &self.help
    }

    /// Where the schedule is declared, if by a macro.
    pub fn source(&self) -> Option<Source> {
        self.source
    }

    /// The schedule's parameters.
    pub fn params(&self) -> &[Param] {
        &self.params
    }

    /// Its stages, or its code.
    pub fn body(&self) -> &ScheduleBody<S> {
        &self.body
    }
}

/// The stages that a schedule makes of what it is given. Its function is the user's, and may panic.
pub(super) fn made<S>(
    schedule: &ScheduleEntry<S>,
    make: fn(&Arguments) -> Schedule,
    arguments: &Arguments,
) -> Result<Schedule, Problem> {
    let name = &schedule.name;
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| make(arguments))).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Problem::of(
            name,
            format!(
                "schedule `{name}` panics: {}: {}",
                text.unwrap_or("it does not say why"),
                place(schedule.source)
            ),
        )
    })
}
