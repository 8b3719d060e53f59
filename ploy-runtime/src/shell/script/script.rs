use std::fmt;

use crate::error::{Failure, Kind};
use crate::shell::Interpolate;

/// Shell text that is safe to run: every value in it was quoted by `cmd!`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    text: Vec<u8>,
    /// Why it must not run, if a value cannot stand where it does.
    refusal: Option<Refusal>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Refusal {
    message: String,
    hint: &'static str,
}

impl Script {
    /// A script as it stands, without any quoting. Whatever went into `text` must be trusted or quoted.
    pub fn raw(text: impl Into<String>) -> Self {
        let text = text.into().into_bytes();
        let refusal = text.contains(&0).then(|| Refusal {
            message: "the script holds a NUL byte".to_owned(),
            hint: "no shell takes one; pass such data through a file",
        });
        Script { text, refusal }
    }

    /// A script of our own, whose values are quoted.
    pub(crate) fn whole(text: Vec<u8>) -> Self {
        Script {
            text,
            refusal: None,
        }
    }

    /// The text that the shell gets.
    ///
    /// # Errors
    ///
    /// [`Kind::Usage`] if a value is empty inside a longer word or begins a word with `-`, and was not written
    /// `{value:any}`; or if it holds a NUL byte.
    pub fn text(&self) -> Result<&[u8], Failure> {
        match &self.refusal {
            None => Ok(&self.text),
            Some(refusal) => Err(Failure::new(
                Kind::Usage,
                format!("refused to run `{self}`"),
                refusal.message.clone(),
            )
            .with_hint(refusal.hint)),
        }
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.text))
    }
}

/// What [`Shell::run`](crate::shell::Shell::run) takes: a [`Script`].
#[diagnostic::on_unimplemented(
    message = "a shell command must be a `Script`, not `{Self}`",
    label = "not a script",
    note = "write `cmd!(\"..{{value}}..\")`, which quotes its values",
    note = "text that is trusted as it stands can be wrapped in `Script::raw(..)`"
)]
pub trait IntoScript {
    /// The script.
    fn into_script(self) -> Script;
}

impl IntoScript for Script {
    fn into_script(self) -> Script {
        self
    }
}

impl IntoScript for &Script {
    fn into_script(self) -> Script {
        self.clone()
    }
}

/// Where a value stands in its command; found by `cmd!` when it is compiled.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// It is the first thing in its word.
    pub starts: bool,
    /// It is the whole word.
    pub whole: bool,
    /// It was written `{value:any}`.
    pub any: bool,
}

/// What `cmd!` turns into: pieces of text and values, in order.
#[derive(Debug, Default)]
pub struct ScriptBuilder {
    text: Vec<u8>,
    refusal: Option<Refusal>,
}

impl ScriptBuilder {
    /// Without any piece.
    pub fn new() -> Self {
        ScriptBuilder::default()
    }

    /// Appends text as it stands.
    pub fn text(&mut self, text: &'static str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    /// Appends a value, quoted.
    pub fn value<T: Interpolate + ?Sized>(&mut self, name: &'static str, place: Place, value: &T) {
        self.push(name, place, &value.bytes());
    }

    /// Appends each value of a list as a word of its own, quoted; nothing if there are none.
    pub fn splice<'a, T: ?Sized>(&mut self, name: &'static str, place: Place, values: &'a T)
    where
        &'a T: IntoIterator<Item: Interpolate>,
    {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.text.push(b' ');
            }
            self.push(name, place, &value.bytes());
        }
    }

    fn push(&mut self, name: &str, place: Place, value: &[u8]) {
        let refusal = if value.contains(&0) {
            Some((
                "holds a NUL byte",
                "no shell takes one; pass such data through a file",
            ))
        } else if place.any {
            None
        } else if value.is_empty() && !place.whole {
            Some((
                "is empty inside a longer word",
                "write `{value:any}` if that is meant",
            ))
        } else if value.first() == Some(&b'-') && place.starts {
            Some((
                "begins with `-` and would be taken for an option",
                "write `./{value}`, or `{value:any}` if an option is meant",
            ))
        } else {
            None
        };
        if let Some((message, hint)) = refusal {
            let message = format!("the value of `{{{name}}}` {message}");
            self.refusal.get_or_insert(Refusal { message, hint });
        }
        self.text.extend_from_slice(&quoted(value));
    }

    /// The script.
    pub fn finish(self) -> Script {
        Script {
            text: self.text,
            refusal: self.refusal,
        }
    }
}

/// One word of the shell that stands for these bytes. A NUL byte, which no shell takes, is left out.
pub(crate) fn quoted(bytes: &[u8]) -> Vec<u8> {
    match shlex::bytes::try_quote(bytes) {
        Ok(quoted) => quoted.into_owned(),
        Err(_) => {
            let rest: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
            shlex::bytes::try_quote(&rest)
                .map(std::borrow::Cow::into_owned)
                .unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(place: Place, value: &str) -> Result<String, String> {
        let mut builder = ScriptBuilder::new();
        builder.text("rm -rf ");
        builder.value("dir", place, value);
        let script = builder.finish();
        script
            .text()
            .map(|text| String::from_utf8(text.to_vec()).unwrap())
            .map_err(|error| format!("{error:?}"))
    }

    const WORD: Place = Place {
        starts: true,
        whole: true,
        any: false,
    };
    const PART: Place = Place {
        starts: true,
        whole: false,
        any: false,
    };
    const ANY: Place = Place {
        starts: true,
        whole: false,
        any: true,
    };

    #[test]
    fn values_are_quoted() {
        assert_eq!(built(WORD, "a b").unwrap(), "rm -rf 'a b'");
        assert_eq!(built(WORD, "$(id)").unwrap(), "rm -rf '$(id)'");
        assert_eq!(built(WORD, "").unwrap(), "rm -rf ''");
    }

    #[test]
    fn values_that_change_the_command_are_refused() {
        assert!(
            built(PART, "")
                .unwrap_err()
                .contains("the value of `{dir}` is empty inside a longer word")
        );
        assert!(
            built(WORD, "--no-preserve-root")
                .unwrap_err()
                .contains("begins with `-`")
        );
        assert!(built(WORD, "a\0b").unwrap_err().contains("NUL"));
        assert_eq!(built(ANY, "").unwrap(), "rm -rf ''");
        assert_eq!(built(ANY, "-v").unwrap(), "rm -rf -v");
    }

    #[test]
    fn a_list_is_spliced_word_by_word() {
        let mut builder = ScriptBuilder::new();
        builder.text("tar cf x ");
        builder.splice("files", WORD, &vec!["a b", "c"]);
        assert_eq!(builder.finish().to_string(), "tar cf x 'a b' c");
        let mut builder = ScriptBuilder::new();
        builder.splice("files", WORD, &Vec::<String>::new());
        assert_eq!(builder.finish().to_string(), "");
    }
}
