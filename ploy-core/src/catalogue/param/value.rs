//! One value of a parameter, as text and as what it means.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// One of the values that a parameter can have, where these can be counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The value as it is written on the command line.
    pub name: &'static str,
    /// What it means, in a line; may be empty.
    pub help: &'static str,
}

/// A type of which a parameter can have a value: text, numbers, paths, times, addresses, and enums
/// of your own by `#[derive(ParamValue)]`.
///
/// ```
/// use ploy::ParamValue;
///
/// assert_eq!(u32::parse("3"), Ok(3));
/// assert_eq!(std::time::Duration::parse("1m 30s"), Ok(std::time::Duration::from_secs(90)));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the type of a parameter",
    label = "not a parameter's type",
    note = "text, numbers, `bool`, `char`, `PathBuf`, `Duration`, addresses and `Secret` can; so can `Option<..>` and `Vec<..>` of them",
    note = "an enum or a type that is `FromStr` and `Display` can with `#[derive(Clone, ploy::ParamValue)]`"
)]
pub trait ParamValue: Clone + Send + Sync + 'static {
    /// What stands for a value in help: `N`, `PATH`, `TIME`; `None` for the parameter's own name.
    const VALUE_NAME: Option<&'static str> = None;

    /// All values, where these can be counted.
    const CHOICES: &'static [Choice] = &[];

    /// Reads a value.
    ///
    /// # Errors
    ///
    /// Why the text is none, in words that can follow "invalid value: ".
    fn parse(text: &str) -> Result<Self, String>;

    /// Writes the value as [`parse`](ParamValue::parse) reads it.
    fn show(&self) -> String;
}

macro_rules! from_str {
    ($($type:ty: $name:expr;)*) => {
        $(impl ParamValue for $type {
            const VALUE_NAME: Option<&'static str> = $name;

            fn parse(text: &str) -> Result<Self, String> {
                text.parse().map_err(|error| format!("{error}"))
            }

            fn show(&self) -> String {
                self.to_string()
            }
        })*
    };
}

/// The standard library's own words say neither what is wanted nor from where to where.
macro_rules! whole {
    ($($type:ty)*) => {
        $(impl ParamValue for $type {
            const VALUE_NAME: Option<&'static str> = Some("N");

            fn parse(text: &str) -> Result<Self, String> {
                text.parse().map_err(|_| {
                    format!("it is a whole number from {} to {}", Self::MIN, Self::MAX)
                })
            }

            fn show(&self) -> String {
                self.to_string()
            }
        })*
    };
}

whole!(u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize);

from_str! {
    String: None;
    char: None;
    f32: Some("NUMBER");
    f64: Some("NUMBER");
    IpAddr: Some("ADDRESS"); Ipv4Addr: Some("ADDRESS"); Ipv6Addr: Some("ADDRESS");
    SocketAddr: Some("ADDRESS:PORT");
}

impl ParamValue for PathBuf {
    const VALUE_NAME: Option<&'static str> = Some("PATH");

    fn parse(text: &str) -> Result<Self, String> {
        if text.is_empty() {
            return Err("a path is not empty".to_owned());
        }
        Ok(text.into())
    }

    fn show(&self) -> String {
        self.display().to_string()
    }
}

/// Written as `90s`, `1m 30s` or `1h`.
impl ParamValue for Duration {
    const VALUE_NAME: Option<&'static str> = Some("TIME");

    fn parse(text: &str) -> Result<Self, String> {
        let hint = "write it as `90s`, `5m` or `1h 30m`";
        if text.trim_start().starts_with('-') {
            return Err(format!("`{text}` is less than nothing: {hint}"));
        }
        humantime::parse_duration(text).map_err(|_| format!("`{text}` is no time: {hint}"))
    }

    fn show(&self) -> String {
        humantime::format_duration(*self).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_they_are_written() {
        fn round<T: ParamValue + PartialEq + std::fmt::Debug>(value: T) {
            assert_eq!(T::parse(&value.show()), Ok(value));
        }
        round("a b".to_owned());
        round(-7_i64);
        round(PathBuf::from("/srv/www"));
        round(Duration::from_millis(90_500));
        round(Duration::ZERO);
        round(IpAddr::from([127, 0, 0, 1]));
    }

    #[test]
    fn what_is_no_value_is_told() {
        let wrong = Err("it is a whole number from 0 to 255".to_owned());
        assert_eq!((u8::parse("300"), u8::parse("x")), (wrong.clone(), wrong));
        assert!(Duration::parse("5").unwrap_err().contains("`90s`"));
        assert!(Duration::parse("-5s").unwrap_err().contains("less than"));
        assert!(PathBuf::parse("").is_err());
    }
}
