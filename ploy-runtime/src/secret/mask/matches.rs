//! Where secrets are in what is shown.

use std::sync::Arc;

use super::forms::Forms;
use super::registry::STARS;

/// From and to, in order, none touching another.
pub(crate) type Places = Vec<(usize, usize)>;

/// Where secrets are in these bytes.
pub(crate) fn places(forms: &[Arc<Forms>], bytes: &[u8]) -> Places {
    if forms.is_empty() {
        return Vec::new();
    }
    let joined = Joined::new(bytes);
    let mut places = Places::new();
    for forms in forms {
        for form in &forms.plain {
            let found = memchr::memmem::find_iter(bytes, form.as_slice());
            places.extend(found.map(|at| (at, at + form.len())));
        }
        for form in &forms.encoded {
            let found = memchr::memmem::find_iter(&joined.bytes, form.as_slice());
            places
                .extend(found.map(|at| (joined.place(at), joined.place(at + form.len() - 1) + 1)));
        }
    }
    places.sort_unstable();
    let mut merged = Places::with_capacity(places.len());
    for (from, to) in places {
        match merged.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => merged.push((from, to)),
        }
    }
    merged
}

/// How much at the end may be the beginning of a secret.
pub(crate) fn begun(forms: &[Arc<Forms>], bytes: &[u8]) -> usize {
    let longest = |forms: &[zeroize::Zeroizing<Vec<u8>>], bytes: &[u8]| {
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
            count => plain.max(bytes.len() - joined.place(joined.bytes.len() - count)),
        }
    });
    all.max().unwrap_or(0)
}

/// The bytes from `at` on, with stars at these places.
pub(crate) fn starred(bytes: &[u8], mut at: usize, places: &[(usize, usize)]) -> Vec<u8> {
    let mut shown = Vec::with_capacity(bytes.len());
    for (from, to) in places {
        shown.extend_from_slice(bytes.get(at..*from).unwrap_or_default());
        shown.extend_from_slice(STARS);
        at = *to;
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

    /// Where one of the bytes was.
    fn place(&self, at: usize) -> usize {
        at + self.breaks.partition_point(|before| *before <= at)
    }
}
