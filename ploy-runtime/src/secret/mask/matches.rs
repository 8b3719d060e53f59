//! Finds secrets in what is shown, and masks them.

use std::ops::Range;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::forms::MaskedForms;

/// What is shown instead of a secret.
const MASK: &[u8] = b"***";

/// Where secrets are in these bytes: ranges in order, none touching another.
pub(crate) fn find_secrets(forms: &[Arc<MaskedForms>], bytes: &[u8]) -> Vec<Range<usize>> {
    if forms.is_empty() {
        return Vec::new();
    }
    let joined = Joined::new(bytes);
    let mut found = Vec::new();
    for forms in forms {
        for form in &forms.plain {
            let matches = memchr::memmem::find_iter(bytes, form.as_slice());
            found.extend(matches.map(|at| at..at + form.len()));
        }
        for form in &forms.encoded {
            let matches = memchr::memmem::find_iter(&joined.bytes, form.as_slice());
            found.extend(matches.map(|at| {
                let last = at + form.len() - 1;
                joined.position(at)..joined.position(last) + 1
            }));
        }
    }
    found.sort_unstable_by_key(|range| (range.start, range.end));
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(found.len());
    for range in found {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

/// How many bytes at the end may be the beginning of a secret.
pub(crate) fn partial_match_length(forms: &[Arc<MaskedForms>], bytes: &[u8]) -> usize {
    let longest = |forms: &[Zeroizing<Vec<u8>>], bytes: &[u8]| {
        let begun = forms.iter().map(|form| {
            (1..form.len().min(bytes.len() + 1))
                .rev()
                .find(|count| bytes.ends_with(&form[..*count]))
                .unwrap_or(0)
        });
        begun.max().unwrap_or(0)
    };
    let joined = Joined::new(bytes);
    let all = forms.iter().map(|forms| {
        let plain = longest(&forms.plain, bytes);
        match longest(&forms.encoded, &joined.bytes) {
            0 => plain,
            count => plain.max(bytes.len() - joined.position(joined.bytes.len() - count)),
        }
    });
    all.max().unwrap_or(0)
}

/// The bytes from `at` on, with these ranges masked.
pub(crate) fn mask_ranges(bytes: &[u8], mut at: usize, ranges: &[Range<usize>]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(bytes.len());
    for range in ranges {
        shown.extend_from_slice(bytes.get(at..range.start).unwrap_or_default());
        shown.extend_from_slice(MASK);
        at = range.end;
    }
    shown.extend_from_slice(bytes.get(at..).unwrap_or_default());
    shown
}

/// Bytes without the line breaks that programs put into base64.
struct Joined {
    bytes: Vec<u8>,
    /// For each line break: how many other bytes are before it.
    breaks: Vec<usize>,
}

impl Joined {
    fn new(all: &[u8]) -> Self {
        let (mut bytes, mut breaks) = (Vec::with_capacity(all.len()), Vec::new());
        for byte in all {
            match byte {
                b'\n' | b'\r' => breaks.push(bytes.len()),
                byte => bytes.push(*byte),
            }
        }
        Joined { bytes, breaks }
    }

    /// Where one of these bytes was among all.
    fn position(&self, at: usize) -> usize {
        at + self.breaks.partition_point(|before| *before <= at)
    }
}
