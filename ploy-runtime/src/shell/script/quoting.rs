//! Quotes values and paths for a POSIX shell.

/// One word of the shell that stands for these bytes. NUL bytes, which no shell takes, are left
/// out.
pub fn quoted(bytes: &[u8]) -> Vec<u8> {
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

/// A path quoted for the shell, except a leading `~/`, which is the home directory there.
pub fn quoted_path(path: &str) -> Vec<u8> {
    match path.strip_prefix("~/") {
        Some(rest) => [b"\"$HOME\"/".to_vec(), quoted(rest.as_bytes())].concat(),
        None if path == "~" => b"\"$HOME\"".to_vec(),
        None => quoted(path.as_bytes()),
    }
}
