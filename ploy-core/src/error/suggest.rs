/// The candidate that is likely meant by `wrong`, if one is near enough.
pub(super) fn closest<'a>(
    wrong: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let length = wrong.chars().count();
    // Two typing errors in a word of six letters are a typing error; in one of three they are another word.
    let limit = (length / 3).max(1);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= limit)
        .map(|candidate| (strsim::damerau_levenshtein(wrong, candidate), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// ``did you mean `x`?``, if a candidate is near enough.
pub fn did_you_mean<'a>(
    wrong: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    closest(wrong, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_suggested_and_far_ones_are_not() {
        assert_eq!(
            closest("uplaod-web", ["backup", "upload-web"]),
            Some("upload-web")
        );
        assert_eq!(closest("wbe", ["db", "web"]), Some("web"));
        assert_eq!(closest("xyz", ["db", "web"]), None);
        assert_eq!(
            did_you_mean("lst", ["list"]).as_deref(),
            Some("did you mean `list`?")
        );
    }
}
