use super::matches::begun;
use super::matches::places;
use super::matches::starred;
use super::registry::all_forms;

/// Masks secrets in a stream that comes in pieces. It holds back only what may be the beginning of one.
#[derive(Default)]
pub(crate) struct Mask {
    held: Vec<u8>,
    /// How much of it has been shown, as stars: it is the end of one secret, and may be the beginning of another.
    shown: usize,
}

impl Mask {
    /// Whether there is anything to be masked now.
    pub(crate) fn is_needed() -> bool {
        !all_forms().is_empty()
    }

    /// Takes a piece in, and gives what can be shown by now.
    pub(crate) fn push(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        let forms = all_forms();
        if forms.is_empty() && self.held.is_empty() {
            return bytes;
        }
        let mut all = std::mem::take(&mut self.held);
        let shown = std::mem::take(&mut self.shown);
        all.extend_from_slice(&bytes);
        let mut places = places(&forms, &all);
        let cut = all.len() - begun(&forms, &all);
        places.retain(|(from, _)| *from < cut);
        self.held = all.split_off(cut);
        if let Some(last) = places.last_mut() {
            self.shown = last.1.saturating_sub(cut);
            last.1 = last.1.min(cut);
        }
        // What was shown as stars is not shown again.
        self.shown = self.shown.max(shown.saturating_sub(cut));
        if places.is_empty() && shown == 0 {
            all
        } else {
            starred(&all, shown.min(cut), &places)
        }
    }

    /// What was held back, at the end.
    pub(crate) fn finish(&mut self) -> Vec<u8> {
        let rest = std::mem::take(&mut self.held);
        let places = places(&all_forms(), &rest);
        starred(&rest, std::mem::take(&mut self.shown), &places)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    fn masked(text: &[u8], size: usize) -> String {
        let mut mask = Mask::default();
        let mut out = Vec::new();
        for piece in text.chunks(size) {
            out.extend(mask.push(piece.to_vec()));
        }
        out.extend(mask.finish());
        let mut out = String::from_utf8(out).unwrap();
        // Two that touch are one, or two, by how they come.
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
    fn nothing_is_held_that_begins_none() {
        let _secret = Secret::new("held-back-value");
        let mut mask = Mask::default();
        assert_eq!(mask.push(b"Continue? [y/N] ".to_vec()), b"Continue? [y/N] ");
        assert_eq!(mask.push(b"held-ba".to_vec()), b"");
        assert_eq!(mask.push(b"d".to_vec()), b"held-bad");
        assert_eq!(mask.push(b"held".to_vec()), b"");
        assert_eq!(mask.finish(), b"held");
    }
}
