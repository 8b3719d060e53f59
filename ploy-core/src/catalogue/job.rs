//! A job, and its actions.

use super::param::Param;
use crate::error::Source;

/// A job: its name, where it is declared, and its actions.
#[derive(Clone, Debug)]
pub struct Job<A> {
    #[doc(hidden)]
    pub name: String,
    #[doc(hidden)]
    pub help: String,
    #[doc(hidden)]
    pub source: Option<Source>,
    #[doc(hidden)]
    pub critical: bool,
    #[doc(hidden)]
    pub run_as: Option<String>,
    #[doc(hidden)]
    pub params: Vec<Param>,
    #[doc(hidden)]
    pub actions: Vec<JobAction<A>>,
}

/// An action of a job: its own roles, and what it does.
#[derive(Clone, Debug)]
pub struct JobAction<A> {
    #[doc(hidden)]
    pub name: String,
    #[doc(hidden)]
    pub roles: Vec<String>,
    #[doc(hidden)]
    pub source: Option<Source>,
    /// Those parameters of its job that it takes.
    #[doc(hidden)]
    pub params: Vec<Param>,
    #[doc(hidden)]
    pub body: A,
}

impl<A> Job<A> {
    /// The job's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The job's doc comment; empty if it has none.
    pub fn help(&self) -> &str {
        &self.help
    }

    /// Where the job is declared, if by a macro.
    pub fn source(&self) -> Option<Source> {
        self.source
    }

    /// Whether it may finish when the run is cancelled.
    pub fn is_critical(&self) -> bool {
        self.critical
    }

    /// The user who runs its commands, if it says so.
    pub fn run_as(&self) -> Option<&str> {
        self.run_as.as_deref()
    }

    /// The job's parameters.
    pub fn params(&self) -> &[Param] {
        &self.params
    }

    /// The job's actions.
    pub fn actions(&self) -> &[JobAction<A>] {
        &self.actions
    }

    /// The roles of all actions, each once, in order.
    pub fn roles(&self) -> Vec<&str> {
        let mut roles = Vec::new();
        for role in self.actions.iter().flat_map(|action| &action.roles) {
            if !roles.contains(&role.as_str()) {
                roles.push(role.as_str());
            }
        }
        roles
    }
}

impl<A> JobAction<A> {
    /// The action's name: that of its function.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The action's roles.
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// Where the action is declared, if by a macro.
    pub fn source(&self) -> Option<Source> {
        self.source
    }

    /// Those parameters of its job that it takes.
    pub fn params(&self) -> &[Param] {
        &self.params
    }

    /// What the action does.
    pub fn body(&self) -> &A {
        &self.body
    }
}
