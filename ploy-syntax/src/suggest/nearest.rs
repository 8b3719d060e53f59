//! The suggestion while a program runs.

use super::allowed_edits;

/// The known word that is likely meant by `wrong`, if one is near enough. Of several that are
/// equally near it is the first.
pub fn closest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = wrong.chars().count();
    let limit = allowed_edits(length);
    known
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| (strsim::osa_distance(wrong, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// ``did you mean `x`?``, if a known word is near enough.
pub fn did_you_mean<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    closest(wrong, known).map(|candidate| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found() {
        for slip in ["hots", "hst", "hosst", "hoat", "Host"] {
            assert_eq!(closest(slip, ["user", "host", "port"]), Some("host"));
        }
        assert_eq!(
            did_you_mean("connect-timeout", ["timeout", "connect_timeout"]).as_deref(),
            Some("did you mean `connect_timeout`?")
        );
        assert_eq!(
            closest("uplaod-web", ["backup", "upload-web"]),
            Some("upload-web")
        );
        assert_eq!(closest("büor", ["büro"]), Some("büro"));
    }

    #[test]
    fn another_word_is_not() {
        for other in ["", "banana", "x", "identification"] {
            assert_eq!(closest(other, ["user", "host", "port"]), None, "{other}");
        }
        assert_eq!(did_you_mean("xyz", ["db", "web"]), None);
    }
}
