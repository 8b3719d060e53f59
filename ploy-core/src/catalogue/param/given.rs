//! What is given for parameters.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use super::argument::Argument;
use crate::error::{Failure, Kind, did_you_mean};

/// The value of a parameter, under its name.
#[derive(Clone)]
pub struct Given {
    name: Arc<str>,
    value: Arc<dyn Any + Send + Sync>,
    /// Its values as text. A secret has none that is shown.
    shown: Vec<String>,
}

impl Given {
    /// A value for the parameter of this name.
    pub fn new<T: Argument>(name: impl Into<Arc<str>>, value: T) -> Self {
        Given {
            name: name.into(),
            shown: value.show(),
            value: Arc::new(value),
        }
    }

    /// The parameter's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The values as they are written on a command line; none where nothing is given, and `***` for
    /// a secret.
    pub fn shown(&self) -> &[String] {
        &self.shown
    }

    /// The value, if it is of that type.
    pub fn value<T: Argument>(&self) -> Option<&T> {
        self.value.downcast_ref()
    }

    pub(super) fn type_id(&self) -> std::any::TypeId {
        self.value.as_ref().type_id()
    }
}

impl fmt::Debug for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.shown.join(","))
    }
}

/// Two that are written alike are the same, unless they are secrets: these are compared by
/// identity.
impl PartialEq for Given {
    fn eq(&self, other: &Self) -> bool {
        let same = Arc::ptr_eq(&self.value, &other.value);
        let secret = || self.shown.iter().any(|text| text == "***");
        let alike = || self.type_id() == other.type_id() && self.shown == other.shown;
        self.name == other.name && (same || (!secret() && alike()))
    }
}

impl Eq for Given {}

/// What is given for the parameters of a job, each name once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arguments(Vec<Given>);

impl Arguments {
    /// Nothing.
    pub const fn new() -> Self {
        Arguments(Vec::new())
    }

    /// Gives a value; it takes the place of one that was given before.
    pub fn set(&mut self, given: Given) {
        match self.0.iter_mut().find(|one| one.name == given.name) {
            Some(before) => *before = given,
            None => self.0.push(given),
        }
    }

    /// What is given under a name.
    pub fn get(&self, name: &str) -> Option<&Given> {
        self.0.iter().find(|given| given.name() == name)
    }

    /// The value that is given under a name. `whose` parameter it is goes into the error.
    #[doc(hidden)]
    pub fn value<T: Argument>(&self, name: &str, whose: impl fmt::Display) -> Result<T, Failure> {
        let wrong = |detail: String| Failure::new(Kind::Usage, "an argument is not there", detail);
        let Some(given) = self.get(name) else {
            let failure = wrong(format!("{whose} has no parameter `{name}`"));
            return Err(match did_you_mean(name, self.0.iter().map(Given::name)) {
                Some(hint) => failure.with_hint(hint),
                None => failure,
            });
        };
        given.value().cloned().ok_or_else(|| {
            let wanted = std::any::type_name::<T>();
            wrong(format!(
                "the parameter `{name}` of {whose} is no `{wanted}`"
            ))
        })
    }

    /// All that is given, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Given> {
        self.0.iter()
    }

    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Given> for Arguments {
    fn from_iter<I: IntoIterator<Item = Given>>(all: I) -> Self {
        let mut arguments = Arguments::new();
        all.into_iter().for_each(|given| arguments.set(given));
        arguments
    }
}
