//! What is refused of a request.

use std::path::{Path, PathBuf};

use super::refusal::MirrorRefusal;
use super::{local_mirror, mirror};
use crate::error::Failure;
use crate::shell::Shell;
use crate::transfer::request::{BaseFolder, Direction, TransferRequest};
use crate::transfer::{arguments, paths};

/// The hint for a destination that is refused.
pub(in crate::transfer) const NAME_ANOTHER: &str =
    "a mirror deletes all else in its destination: name a folder of its own for it";

/// Refuses requests that make no sense, and mirrors that would probably delete by mistake.
pub(in crate::transfer) fn check(request: &TransferRequest) -> Result<(), Failure> {
    check_words(request)?;
    if request.should_delete()
        && let Some(refusal) = mirror_refusal(request)
    {
        let failure = request.refused(refusal.to_string());
        return Err(failure.with_hint(NAME_ANOTHER));
    }
    let has_base = request.direction == Direction::Upload && request.site_path.is_some();
    if request.destination.as_os_str().is_empty() && !has_base {
        let base = match request.direction {
            Direction::Upload => request.base_folder(),
            Direction::Download => BaseFolder::Current,
        };
        return Err(request
            .refused("the destination is empty")
            .with_hint(format!("write `.` for {base}")));
    }
    Ok(())
}

fn check_words(request: &TransferRequest) -> Result<(), Failure> {
    let sources = &request.sources;
    if sources.is_empty() || sources.iter().any(|path| path.as_os_str().is_empty()) {
        return Err(request.refused("a source is empty"));
    }
    let on_site = request.written_on_site();
    if on_site.iter().any(|path| path.to_str().is_none()) {
        return Err(request.refused("a path on the site is not in UTF-8"));
    }
    let has_nul = |text: &std::ffi::OsStr| text.as_encoded_bytes().contains(&0);
    let mut paths = sources.iter().chain([&request.destination]);
    if paths.any(|path| has_nul(path.as_os_str())) {
        return Err(request.refused("no path has a NUL byte in it"));
    }
    if request.arguments.iter().any(|argument| has_nul(argument)) {
        return Err(request.refused("no argument of rsync has a NUL byte in it"));
    }
    if request.arguments.iter().any(|argument| argument == "--") {
        return Err(request
            .refused("`--` ends the options of rsync, and more of them follow the `args`")
            .with_hint("leave it out: paths are never taken for options"));
    }
    if arguments::has(&request.arguments, b'q', "quiet") {
        return Err(request
            .refused("with `--quiet` rsync does not tell what it has moved")
            .with_hint("`.show(Show::Errors)` shows nothing but what goes wrong"));
    }
    Ok(())
}

fn mirror_refusal(request: &TransferRequest) -> Option<MirrorRefusal> {
    let is_local = request.is_local;
    let base = request.site_path.as_deref();
    let here = |path: &Path| PathBuf::from(paths::here(path));
    let on_local_site = |path: &str| PathBuf::from(paths::on_local_site(path));
    if let Some(destination) = request.destination_on_site() {
        let written = request.destination.to_string_lossy();
        let refusal = mirror::refusal(&written, base, request.base_folder());
        if refusal.is_some() {
            return refusal;
        }
        let is_above_base = |source: &PathBuf| {
            let place = mirror::goes_to(Path::new(destination), &here(source));
            base.is_some_and(|base| mirror::is_above(&place.to_string_lossy(), base))
        };
        if request.sources.iter().any(is_above_base) {
            return Some(MirrorRefusal::HoldsSitePath);
        }
        if !is_local {
            // The host checks the rest before rsync starts.
            return None;
        }
    }
    let destination = match request.destination_on_site() {
        Some(destination) => on_local_site(destination),
        None => request.destination.clone(),
    };
    let sources: Vec<PathBuf> = match (request.direction, is_local) {
        (Direction::Upload, _) => request.sources.iter().map(|path| here(path)).collect(),
        (Direction::Download, true) => {
            let on_site = request.paths_on_site().iter();
            on_site.map(|path| here(&on_local_site(path))).collect()
        }
        (Direction::Download, false) => request.sources.clone(),
    };
    let base = base.filter(|_| is_local).map(on_local_site);
    let mut places: Vec<PathBuf> = sources
        .iter()
        .map(|source| mirror::goes_to(&destination, source))
        .collect();
    places.sort();
    places.dedup();
    local_mirror::refusal(&destination, None)
        .or_else(|| {
            places
                .iter()
                .find_map(|place| local_mirror::refusal(place, base.as_deref()))
        })
        .or_else(|| {
            let destination = Shell::local_path(&destination);
            let excludes = arguments::have_excludes(&request.arguments);
            is_local
                .then(|| local_mirror::refusal_between(&destination, &sources, excludes))
                .flatten()
        })
}
