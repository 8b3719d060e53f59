//! How bytes that are mostly text are written as data: `{"text": ".."}`, or `{"base64": ".."}` if
//! they are not UTF-8.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Written<'a> {
    Text(&'a str),
    Base64(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Read {
    Text(String),
    Base64(String),
}

pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Written::Text(text),
        Err(_) => Written::Base64(STANDARD.encode(bytes)),
    }
    .serialize(serializer)
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    match Read::deserialize(deserializer)? {
        Read::Text(text) => Ok(text.into_bytes()),
        Read::Base64(text) => STANDARD.decode(text).map_err(D::Error::custom),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Output {
        number: u32,
        #[serde(flatten, with = "super")]
        bytes: Vec<u8>,
        #[serde(with = "super")]
        rest: Vec<u8>,
    }

    fn output(bytes: &[u8], rest: &[u8]) -> Output {
        Output {
            number: 1,
            bytes: bytes.to_vec(),
            rest: rest.to_vec(),
        }
    }

    #[test]
    fn text_is_text_and_all_else_is_base64() {
        for (output, expected) in [
            (
                output("h\u{f6}\n".as_bytes(), b"\xff\0"),
                r#"{"number":1,"text":"hö\n","rest":{"base64":"/wA="}}"#,
            ),
            (
                output(b"\xff\0", b""),
                r#"{"number":1,"base64":"/wA=","rest":{"text":""}}"#,
            ),
        ] {
            assert_eq!(serde_json::to_string(&output).unwrap(), expected);
            assert_eq!(serde_json::from_str::<Output>(expected).unwrap(), output);
        }
        let broken = r#"{"number":1,"base64":"?","rest":{"text":""}}"#;
        assert!(serde_json::from_str::<Output>(broken).is_err());
    }
}
