//! Builds a script from the pieces of text and the values of a `cmd!`.

use super::interpolate::Interpolate;
use super::quoting::quoted;
use super::script::{Script, ScriptRefusal};

/// Where a value stands in its command; found by `cmd!` when it is compiled.
#[derive(Clone, Copy, Debug)]
pub struct ValuePosition {
    /// It is the first thing in its word.
    pub is_word_start: bool,
    /// It is the whole word.
    pub is_whole_word: bool,
    /// It was written `{value:any}`.
    pub is_any_allowed: bool,
}

/// What `cmd!` turns into: pieces of text and values, in order.
#[derive(Debug, Default)]
pub struct ScriptBuilder {
    text: Vec<u8>,
    refusal: Option<ScriptRefusal>,
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
    pub fn value<T: Interpolate + ?Sized>(
        &mut self,
        name: &'static str,
        position: ValuePosition,
        value: &T,
    ) {
        self.push(name, position, &value.bytes());
    }

    /// Appends each value of a list as a word of its own, quoted; nothing if there are none.
    pub fn splice<'a, T: ?Sized>(
        &mut self,
        name: &'static str,
        position: ValuePosition,
        values: &'a T,
    ) where
        &'a T: IntoIterator<Item: Interpolate>,
    {
        for (index, value) in values.into_iter().enumerate() {
            if index > 0 {
                self.text.push(b' ');
            }
            self.push(name, position, &value.bytes());
        }
    }

    fn push(&mut self, name: &str, position: ValuePosition, value: &[u8]) {
        let refusal = if value.contains(&0) {
            Some((
                "holds a NUL byte",
                "no shell takes one; pass such data through a file",
            ))
        } else if position.is_any_allowed {
            None
        } else if value.is_empty() && !position.is_whole_word {
            Some((
                "is empty inside a longer word",
                "write `{value:any}` if that is meant",
            ))
        } else if value.first() == Some(&b'-') && position.is_word_start {
            Some((
                "begins with `-` and would be taken for an option",
                "write `./{value}`, or `{value:any}` if an option is meant",
            ))
        } else {
            None
        };
        if let Some((message, hint)) = refusal {
            let message = format!("the value of `{{{name}}}` {message}");
            self.refusal.get_or_insert(ScriptRefusal { message, hint });
        }
        self.text.extend_from_slice(&quoted(value));
    }

    /// The script.
    pub fn finish(self) -> Script {
        Script::new(self.text, self.refusal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn built(position: ValuePosition, value: &str) -> Result<String, String> {
        let mut builder = ScriptBuilder::new();
        builder.text("rm -rf ");
        builder.value("dir", position, value);
        let script = builder.finish();
        script
            .text()
            .map(|text| String::from_utf8(text.to_vec()).unwrap())
            .map_err(|error| format!("{error:?}"))
    }

    const WORD: ValuePosition = ValuePosition {
        is_word_start: true,
        is_whole_word: true,
        is_any_allowed: false,
    };
    const PART: ValuePosition = ValuePosition {
        is_word_start: true,
        is_whole_word: false,
        is_any_allowed: false,
    };
    const ANY: ValuePosition = ValuePosition {
        is_word_start: true,
        is_whole_word: false,
        is_any_allowed: true,
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
