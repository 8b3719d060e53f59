//! A parameter of a job or a schedule.

use std::any::{Any, TypeId};
use std::fmt;

use ploy_syntax::option::{is_global_option, is_taken_by_secret};

use super::argument::{Argument, Shape};
use super::given::Given;
use super::value::Choice;

/// A parameter of a job or a schedule: a further argument of its function, and an option of the
/// command line.
#[derive(Clone, Copy)]
pub struct Param {
    name: &'static str,
    setter: &'static str,
    help: &'static str,
    type_name: &'static str,
    shape: Shape,
    required: bool,
    value_name: Option<&'static str>,
    choices: &'static [Choice],
    default: Option<fn() -> Given>,
    kind: fn() -> TypeId,
    read_kind: fn() -> TypeId,
    read: fn(&'static str, &[&str]) -> Result<Given, String>,
    give: fn(&'static str, Box<dyn Any>) -> Option<Given>,
    copy: fn(&Given) -> Option<Box<dyn Any>>,
    absent: fn(&'static str) -> Option<Given>,
}

impl Param {
    /// A parameter of this name, as it stands after `--`, with a value of type `T`.
    ///
    /// ```
    /// use ploy::params::Param;
    ///
    /// let tag = Param::new::<String>("tag").help("The release to upload");
    /// assert!(tag.is_required());
    /// ```
    pub const fn new<T: Argument>(name: &'static str) -> Self {
        Param {
            name,
            setter: name,
            help: "",
            type_name: "",
            shape: T::SHAPE,
            required: T::REQUIRED,
            value_name: T::VALUE_NAME,
            choices: T::CHOICES,
            default: None,
            kind: TypeId::of::<T>,
            read_kind: TypeId::of::<T::Read>,
            read: |name, texts| T::read(texts).map(|value| Given::new(name, value)),
            give: |name, value| Some(Given::new(name, *value.downcast::<T>().ok()?)),
            copy: |given| Some(Box::new(given.value::<T>()?.clone())),
            absent: |name| T::absent().map(|value| Given::new(name, value)),
        }
    }

    /// What it is for, in words.
    #[must_use]
    pub const fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    /// Its type as it is written in the source.
    #[must_use]
    pub const fn typed(mut self, type_name: &'static str) -> Self {
        self.type_name = type_name;
        self
    }

    /// Its name in code, where that is another: `keep_days` of `keep-days`. For the macros.
    #[doc(hidden)]
    #[must_use]
    pub const fn set_by(mut self, setter: &'static str) -> Self {
        self.setter = setter;
        self
    }

    /// What it is when nothing is given: a [`Given`] of its own name and type.
    #[must_use]
    pub const fn default(mut self, default: fn() -> Given) -> Self {
        self.default = Some(default);
        self.required = false;
        self
    }

    /// The parameter's name, as it stands after `--`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it is for; empty if nobody said.
    pub fn help_text(&self) -> &'static str {
        self.help
    }

    /// Its type as it is written in the source; empty if it was added by hand.
    pub fn type_name(&self) -> &'static str {
        self.type_name
    }

    /// How it is given.
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Its name in code.
    pub(super) const fn setter(&self) -> &'static str {
        self.setter
    }

    /// Whether it must be given.
    pub const fn is_required(&self) -> bool {
        self.required
    }

    /// What stands for a value in help: `N`, `PATH`, or its name in capitals.
    pub fn value_name(&self) -> String {
        match self.value_name {
            Some(name) => name.to_owned(),
            None => self.name.to_uppercase().replace('-', "_"),
        }
    }

    /// All values that it can have, where these can be counted; else none.
    pub fn choices(&self) -> &'static [Choice] {
        self.choices
    }

    /// What it is when nothing is given, if it has a default of its own.
    pub fn default_value(&self) -> Option<Given> {
        self.default.map(|make| make())
    }

    /// Ends the compilation if its options are those of every deploy binary. In a constant, at the
    /// parameter's name.
    ///
    /// # Panics
    ///
    /// If they are: that is the error.
    #[track_caller]
    pub const fn assert_free(&self) {
        let taken = match self.shape {
            Shape::Secret => is_taken_by_secret(self.name),
            _ => is_global_option(self.name),
        };
        if taken {
            panic!(
                "every deploy binary has an option of this name: name the parameter otherwise, or say `#[param(name = \"..\")]`"
            );
        }
    }

    /// Reads values that were given as text.
    ///
    /// # Errors
    ///
    /// Why one of them is none.
    pub fn read(&self, texts: &[&str]) -> Result<Given, String> {
        (self.read)(self.name, texts)
    }

    /// This value under its name; `None` if it is of another type. For the macros: that the type
    /// can be a parameter's is said once, where the parameter is made.
    #[doc(hidden)]
    pub fn give(&self, value: Box<dyn Any>) -> Option<Given> {
        (self.give)(self.name, value)
    }

    /// A copy of what is given for it.
    #[doc(hidden)]
    pub fn copy(&self, given: &Given) -> Option<Box<dyn Any>> {
        (self.copy)(given)
    }

    /// What it is when nothing is given: its default, or that of its type; `None` if it must be
    /// given.
    pub fn fallback(&self) -> Option<Given> {
        self.default_value().or_else(|| (self.absent)(self.name))
    }

    /// Whether both have values of the same type.
    pub fn is_alike(&self, other: &Param) -> bool {
        (self.kind)() == (other.kind)()
    }

    /// Whether the same text means the same to both: so do `T` and `Option<T>`.
    #[doc(hidden)]
    pub fn is_read_alike(&self, other: &Param) -> bool {
        self.shape == other.shape && (self.read_kind)() == (other.read_kind)()
    }

    /// Whether a value is of its type.
    pub fn takes(&self, given: &Given) -> bool {
        given.type_id() == (self.kind)()
    }
}

impl fmt::Debug for Param {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Param")
            .field("name", &self.name)
            .field("shape", &self.shape)
            .field("required", &self.required)
            .finish_non_exhaustive()
    }
}
