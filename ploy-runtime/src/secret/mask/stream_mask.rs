//! Masks secrets in a stream that comes in pieces.

use super::matches::{find_secrets, mask_ranges, partial_match_length};
use super::registry::all_forms;

/// Masks secrets in a stream. Holds back only what may be the beginning of one.
#[derive(Default)]
pub(crate) struct StreamMask {
    held: Vec<u8>,
    /// How many of the held bytes were masked already: they are the end of one secret, and may be
    /// the beginning of another.
    masked: usize,
}

impl StreamMask {
    /// Whether there is anything to mask now.
    pub(crate) fn is_needed() -> bool {
        !all_forms().is_empty()
    }

    /// Takes a piece in, and returns what can be shown by now.
    pub(crate) fn push(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        let forms = all_forms();
        if forms.is_empty() && self.held.is_empty() {
            return bytes;
        }
        let mut all = std::mem::take(&mut self.held);
        let masked = std::mem::take(&mut self.masked);
        all.extend_from_slice(&bytes);
        let mut found = find_secrets(&forms, &all);
        let cut = all.len() - partial_match_length(&forms, &all);
        found.retain(|range| range.start < cut);
        self.held = all.split_off(cut);
        if let Some(last) = found.last_mut() {
            self.masked = last.end.saturating_sub(cut);
            last.end = last.end.min(cut);
        }
        // What was masked already is not shown again.
        self.masked = self.masked.max(masked.saturating_sub(cut));
        if found.is_empty() && masked == 0 {
            all
        } else {
            mask_ranges(&all, masked.min(cut), &found)
        }
    }

    /// Returns what was held back, at the end of the stream.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        let rest = std::mem::take(&mut self.held);
        let found = find_secrets(&all_forms(), &rest);
        mask_ranges(&rest, std::mem::take(&mut self.masked), &found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn masked(text: &[u8], size: usize) -> String {
        let mut mask = StreamMask::default();
        let mut out = Vec::new();
        for piece in text.chunks(size) {
            out.extend(mask.push(piece.to_vec()));
        }
        out.extend(mask.finish());
        let mut out = String::from_utf8(out).unwrap();
        // Two secrets that touch get one mask or two, as the pieces come.
        while out.contains("****") {
            out = out.replace("****", "***");
        }
        out
    }

    #[test]
    fn a_secret_is_masked_however_it_is_split() {
        let _secrets = [
            Secret::new("mask-mask-value"),
            Secret::new("other-mask-2"),
            Secret::new("mask-2-and-more"),
        ];
        for (text, shown) in [
            (
                "mask mask-mask-value, mask-mask-mask-valueother-mask-2; mask-mask-valu",
                "mask ***, mask-***; mask-mask-valu",
            ),
            ("<other-mask-2-and-more>", "<***>"),
            ("other-mask-2-and-other-mask-2", "***-and-***"),
            ("a other-mask-2mask-2-and-mor", "a ***mask-2-and-mor"),
        ] {
            for size in 1..=text.len() {
                assert_eq!(masked(text.as_bytes(), size), shown, "{size}");
            }
        }
    }

    #[test]
    fn only_what_may_begin_a_secret_is_held_back() {
        let _secret = Secret::new("held-back-value");
        let mut mask = StreamMask::default();
        assert_eq!(mask.push(b"Continue? [y/N] ".to_vec()), b"Continue? [y/N] ");
        assert_eq!(mask.push(b"held-ba".to_vec()), b"");
        assert_eq!(mask.push(b"d".to_vec()), b"held-bad");
        assert_eq!(mask.push(b"held".to_vec()), b"");
        assert_eq!(mask.finish(), b"held");
    }
}
