//! What an argument of a job's function may be.

use super::value::{Choice, ParamValue};

/// How often a parameter is given, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Shape {
    /// `--tag v1`: once, by a value.
    One,
    /// `--targets a --targets b`, or `--targets a,b`: by any number of values.
    Many,
    /// `--dirty`: there or not.
    Flag,
    /// `--token-file FILE`, or `--token-fd N`: never by a value, which others could see.
    Secret,
}

/// The type of a parameter: a [`ParamValue`], which must be given unless it has a default; an
/// `Option` of one, which need not; a `Vec` of them; `bool`, a switch that is off unless given; and
/// `Secret`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a parameter",
    label = "not a parameter's type",
    note = "text, numbers, `bool`, `char`, `PathBuf`, `Duration`, addresses and `Secret` can; so can `Option<..>` and `Vec<..>` of them",
    note = "an enum or a type that is `FromStr` and `Display` can with `#[derive(Clone, ploy::ParamValue)]`"
)]
pub trait Argument: Clone + Send + Sync + 'static {
    /// What is read from text: of `Option<T>` it is `T`.
    type Read: 'static;

    /// How it is given.
    const SHAPE: Shape;

    /// What stands for a value in help; `None` for the parameter's own name.
    const VALUE_NAME: Option<&'static str>;

    /// All values, where these can be counted.
    const CHOICES: &'static [Choice];

    /// Whether it must be given, unless it has a default.
    const REQUIRED: bool;

    /// Reads it from the values that were given, in order.
    ///
    /// # Errors
    ///
    /// Why one of them is none.
    fn read(texts: &[&str]) -> Result<Self, String>;

    /// What it is when nothing is given; `None` if something must be.
    fn absent() -> Option<Self>;

    /// Its values as they are written; a secret's are not.
    fn show(&self) -> Vec<String>;
}

impl<T: ParamValue> Argument for T {
    type Read = T;
    const SHAPE: Shape = Shape::One;
    const VALUE_NAME: Option<&'static str> = T::VALUE_NAME;
    const CHOICES: &'static [Choice] = T::CHOICES;
    const REQUIRED: bool = true;

    fn read(texts: &[&str]) -> Result<Self, String> {
        one(texts).and_then(T::parse)
    }

    fn absent() -> Option<Self> {
        None
    }

    fn show(&self) -> Vec<String> {
        vec![ParamValue::show(self)]
    }
}

/// The type of a parameter that is given once, so that an `Option` of it need not be given.
#[doc(hidden)]
pub trait OptionalArgument: Argument {}

impl<T: ParamValue> OptionalArgument for T {}

impl<T: OptionalArgument> Argument for Option<T> {
    type Read = T::Read;
    const SHAPE: Shape = T::SHAPE;
    const VALUE_NAME: Option<&'static str> = T::VALUE_NAME;
    const CHOICES: &'static [Choice] = T::CHOICES;
    const REQUIRED: bool = false;

    fn read(texts: &[&str]) -> Result<Self, String> {
        T::read(texts).map(Some)
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn show(&self) -> Vec<String> {
        self.iter().flat_map(Argument::show).collect()
    }
}

impl<T: ParamValue> Argument for Vec<T> {
    type Read = Vec<T>;
    const SHAPE: Shape = Shape::Many;
    const VALUE_NAME: Option<&'static str> = T::VALUE_NAME;
    const CHOICES: &'static [Choice] = T::CHOICES;
    const REQUIRED: bool = false;

    fn read(texts: &[&str]) -> Result<Self, String> {
        texts.iter().map(|text| T::parse(text)).collect()
    }

    fn absent() -> Option<Self> {
        Some(Vec::new())
    }

    fn show(&self) -> Vec<String> {
        self.iter().map(ParamValue::show).collect()
    }
}

impl Argument for bool {
    type Read = bool;
    const SHAPE: Shape = Shape::Flag;
    const VALUE_NAME: Option<&'static str> = None;
    const CHOICES: &'static [Choice] = &[];
    const REQUIRED: bool = false;

    fn read(texts: &[&str]) -> Result<Self, String> {
        match one(texts)? {
            "true" | "yes" | "on" | "1" => Ok(true),
            "false" | "no" | "off" | "0" => Ok(false),
            other => Err(format!("`{other}` is neither `true` nor `false`")),
        }
    }

    fn absent() -> Option<Self> {
        Some(false)
    }

    fn show(&self) -> Vec<String> {
        vec![self.to_string()]
    }
}

fn one<'a>(texts: &[&'a str]) -> Result<&'a str, String> {
    match texts {
        [text] => Ok(text),
        [] => Err("a value is missing".to_owned()),
        _ => Err("it takes one value".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_says_how_often_it_is_given() {
        assert_eq!(u32::read(&["3"]), Ok(3));
        assert!(u32::read(&[]).is_err() && u32::read(&["1", "2"]).is_err());
        assert_eq!(Option::<u32>::read(&["3"]), Ok(Some(3)));
        assert_eq!(Option::<u32>::absent(), Some(None));
        assert_eq!(Vec::<u32>::read(&["1", "2"]), Ok(vec![1, 2]));
        assert!(Vec::<u32>::read(&["1", "x"]).is_err());
        assert_eq!(bool::read(&["true"]), Ok(true));
        assert_eq!(bool::read(&["no"]), Ok(false));
        assert!(bool::read(&["maybe"]).is_err());
        assert_eq!(bool::absent(), Some(false));
        assert_eq!(
            (u32::absent(), vec![1, 2].show()),
            (None, vec!["1".into(), "2".into()])
        );
    }
}
