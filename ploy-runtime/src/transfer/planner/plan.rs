//! From two listings to the steps that make the destination like the source.

use std::collections::HashSet;
use std::path::Path;

use super::comparison::{have_other_attributes, is_up_to_date};
use super::deletions::DeletionSet;
use super::entry::{EntryKind, TreeEntry};
use super::listing::Listing;
use super::options::PlanOptions;
use super::privileges::CopyPrivileges;
use super::step::TransferStep;

/// What is to be done, in three parts.
#[derive(Debug, Default)]
pub(in crate::transfer) struct TransferPlan<'a> {
    /// First: all that is made, copied, or gets other attributes.
    pub(in crate::transfer) steps: Vec<TransferStep<'a>>,
    /// Then, if none of the first part failed: what is not in the source goes.
    pub(in crate::transfer) deletions: Vec<TransferStep<'a>>,
    /// At last: folders get their attributes, which all before would change.
    pub(in crate::transfer) finishes: Vec<TransferStep<'a>>,
    /// What only root can copy.
    pub(in crate::transfer) skipped: Vec<&'a Path>,
    pub(in crate::transfer) files: u64,
    pub(in crate::transfer) bytes: u64,
    pub(in crate::transfer) deleted: u64,
}

/// Plans a transfer. The destination's listing need have only what is also in the source, and what
/// may be deleted; its empty path is missing if its folder is.
pub(in crate::transfer) fn plan<'a>(
    source: &'a Listing,
    destination: &'a Listing,
    options: &'a PlanOptions,
    privileges: &'a CopyPrivileges,
) -> TransferPlan<'a> {
    let mut planner = Planner {
        source,
        destination,
        options,
        privileges,
        plan: TransferPlan::default(),
        changed: HashSet::new(),
    };
    planner.put();
    if options.should_delete {
        planner.delete();
    }
    planner.finish();
    planner.plan
}

struct Planner<'a> {
    source: &'a Listing,
    destination: &'a Listing,
    options: &'a PlanOptions,
    privileges: &'a CopyPrivileges,
    plan: TransferPlan<'a>,
    /// Folders whose attributes the plan changes on its way.
    changed: HashSet<&'a Path>,
}

impl<'a> Planner<'a> {
    fn put(&mut self) {
        let root = Path::new("");
        let is_root_missing = self.destination.get(root).is_none();
        if is_root_missing && !self.source.is_empty() && self.source.get(root).is_none() {
            self.plan.steps.push(TransferStep::MakeFolder {
                path: root,
                mode: None,
            });
        }
        for (path, entry) in self.source.iter() {
            let present = self.destination.get(path);
            match (&entry.kind, present) {
                (EntryKind::Folder, _) => self.put_folder(path, entry, present),
                (EntryKind::Special(special), _)
                    if special.is_device() && !self.privileges.is_root =>
                {
                    self.plan.skipped.push(path);
                }
                (_, Some(present)) if is_up_to_date(entry, present) => {
                    if have_other_attributes(entry, present, self.privileges) {
                        self.plan
                            .steps
                            .push(TransferStep::SetAttributes { path, entry });
                    }
                }
                _ => {
                    if present.is_some_and(TreeEntry::is_folder) {
                        self.make_way(path);
                    }
                    self.put_other(path, entry);
                }
            }
        }
    }

    fn put_folder(&mut self, path: &'a Path, entry: &TreeEntry, present: Option<&TreeEntry>) {
        match present {
            Some(present) if present.is_folder() => {
                let mode = present.attributes.mode;
                if !self.privileges.is_root && mode & 0o700 != 0o700 {
                    self.changed.insert(path);
                    self.plan.steps.push(TransferStep::OpenFolder {
                        path,
                        mode: mode | 0o700,
                    });
                }
                return;
            }
            Some(_) => self.plan.steps.push(TransferStep::MakeWay {
                path,
                is_folder: false,
            }),
            None => {}
        }
        self.changed.insert(path);
        self.change_parent(path);
        self.plan.steps.push(TransferStep::MakeFolder {
            path,
            mode: Some(entry.attributes.mode | 0o700),
        });
    }

    /// Plans that something goes where a folder is. What is in the folder goes only if the
    /// transfer deletes.
    fn make_way(&mut self, path: &'a Path) {
        if self.options.should_delete {
            let mut deletable = DeletionSet::new(self.options);
            self.destination
                .below(path)
                .for_each(|(path, entry)| deletable.look_at(path, entry));
            let deletions = deletable.steps();
            self.plan.deleted += deletions.len() as u64;
            self.plan.steps.extend(deletions);
        }
        self.plan.steps.push(TransferStep::MakeWay {
            path,
            is_folder: true,
        });
    }

    fn put_other(&mut self, path: &'a Path, entry: &'a TreeEntry) {
        let attributes = entry.attributes;
        let step = match &entry.kind {
            EntryKind::File { bytes } => {
                self.plan.files += 1;
                self.plan.bytes += bytes;
                TransferStep::PutFile {
                    path,
                    source: entry.source,
                    attributes,
                }
            }
            EntryKind::Link { target } => TransferStep::PutLink {
                path,
                target,
                attributes,
            },
            EntryKind::Special(special) => TransferStep::PutSpecial {
                path,
                special: *special,
                attributes,
            },
            EntryKind::Folder => return self.put_folder(path, entry, None),
        };
        self.change_parent(path);
        self.plan.steps.push(step);
    }

    /// Plans what goes at the end: all that is in a folder of the source, and not in the source.
    fn delete(&mut self) {
        let mut deletable = DeletionSet::new(self.options);
        // What lies in a folder that makes way for something else is gone by then.
        let mut made_way: Option<&Path> = None;
        let mut extra: Option<&Path> = None;
        for (path, entry) in self.destination.iter() {
            if made_way.is_some_and(|folder| path.starts_with(folder)) {
                continue;
            }
            if let Some(source) = self.source.get(path) {
                if entry.is_folder() && !source.is_folder() {
                    made_way = Some(path);
                }
                continue;
            }
            let is_below_extra = extra.is_some_and(|folder| path.starts_with(folder));
            let parent = path.parent().and_then(|parent| self.source.get(parent));
            if is_below_extra || parent.is_some_and(TreeEntry::is_folder) {
                if !is_below_extra {
                    extra = Some(path);
                }
                deletable.look_at(path, entry);
            }
        }
        let deletions = deletable.steps();
        self.plan.deleted += deletions.len() as u64;
        for step in &deletions {
            if let TransferStep::Delete { path, .. } = *step {
                self.change_parent(path);
            }
        }
        self.plan.deletions = deletions;
    }

    fn finish(&mut self) {
        // The deepest first: to finish one folder changes the one that it is in.
        for (path, entry) in self
            .source
            .iter()
            .rev()
            .filter(|(_, entry)| entry.is_folder())
        {
            let present = self
                .destination
                .get(path)
                .filter(|present| present.is_folder());
            let differs = present
                .is_none_or(|present| have_other_attributes(entry, present, self.privileges));
            if differs || self.changed.contains(path) {
                self.plan.finishes.push(TransferStep::FinishFolder {
                    path,
                    attributes: entry.attributes,
                });
            }
        }
    }

    fn change_parent(&mut self, path: &'a Path) {
        self.changed.extend(path.parent());
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::super::entry::{Attributes, SpecialFile, Timestamp};
    use super::*;

    static ROOT: CopyPrivileges = CopyPrivileges {
        is_root: true,
        groups: Vec::new(),
    };

    fn listing(entries: &[(&str, EntryKind, i64)]) -> Listing {
        let mut listing = Listing::default();
        for (path, kind, seconds) in entries {
            let modified = Timestamp {
                seconds: *seconds,
                nanoseconds: 0,
            };
            let attributes = Attributes {
                mode: 0o755,
                modified,
                owner: 0,
                group: 0,
            };
            let entry = TreeEntry {
                kind: kind.clone(),
                attributes,
                source: 0,
            };
            listing.add(path.into(), entry);
        }
        listing
    }

    fn mirror(exclude: &[&str]) -> PlanOptions {
        let words: Vec<_> = exclude
            .iter()
            .map(|pattern| OsString::from(format!("--exclude={pattern}")))
            .collect();
        PlanOptions::parse(&words, true).unwrap()
    }

    /// The steps in short: a letter for each kind, and its path.
    fn short(steps: &[TransferStep<'_>]) -> Vec<String> {
        let letter = |step: &TransferStep<'_>| match step {
            TransferStep::MakeFolder { .. } => "make",
            TransferStep::OpenFolder { .. } => "open",
            TransferStep::MakeWay { .. } => "way",
            TransferStep::PutFile { .. } => "file",
            TransferStep::PutLink { .. } => "link",
            TransferStep::PutSpecial { .. } => "special",
            TransferStep::SetAttributes { .. } => "set",
            TransferStep::Delete { .. } => "delete",
            TransferStep::FinishFolder { .. } => "finish",
        };
        steps
            .iter()
            .map(|step| format!("{} {}", letter(step), step.path().display()))
            .collect()
    }

    const FILE: EntryKind = EntryKind::File { bytes: 5 };
    const FOLDER: EntryKind = EntryKind::Folder;

    #[test]
    fn what_is_new_is_made_from_the_top_and_finished_from_the_bottom() {
        let source = listing(&[("", FOLDER, 1), ("a", FOLDER, 1), ("a/f", FILE, 1)]);
        let (nothing, options) = (Listing::default(), PlanOptions::default());
        let plan = plan(&source, &nothing, &options, &ROOT);
        assert_eq!(short(&plan.steps), ["make ", "make a", "file a/f"]);
        assert_eq!(short(&plan.finishes), ["finish a", "finish "]);
        assert_eq!((plan.files, plan.bytes, plan.deleted), (1, 5, 0));
    }

    #[test]
    fn what_is_up_to_date_is_left_alone() {
        let source = listing(&[("", FOLDER, 1), ("a", FOLDER, 1), ("a/f", FILE, 1)]);
        let options = mirror(&[]);
        let same = plan(&source, &source, &options, &ROOT);
        assert_eq!(
            (same.steps, same.deletions, same.finishes),
            (vec![], vec![], vec![])
        );
        // A file that was touched is copied, and the folder that it is in gets its time back.
        let old = listing(&[("", FOLDER, 1), ("a", FOLDER, 1), ("a/f", FILE, 0)]);
        let touched = plan(&source, &old, &options, &ROOT);
        assert_eq!(short(&touched.steps), ["file a/f"]);
        assert_eq!(short(&touched.finishes), ["finish a"]);
    }

    #[test]
    fn a_mirror_keeps_what_is_left_out_and_the_folders_it_is_in() {
        let source = listing(&[("", FOLDER, 1), ("kept", FILE, 1)]);
        let old = listing(&[
            ("", FOLDER, 1),
            ("kept", FILE, 1),
            ("old", FOLDER, 1),
            ("old/a.log", FILE, 1),
            ("old/b", FILE, 1),
            ("gone", FOLDER, 1),
            ("gone/c", FILE, 1),
        ]);
        let options = mirror(&["*.log"]);
        let plan = plan(&source, &old, &options, &ROOT);
        assert_eq!(
            short(&plan.deletions),
            ["delete old/b", "delete gone/c", "delete gone"]
        );
        assert_eq!(plan.deleted, 3);
        assert_eq!(short(&plan.finishes), ["finish "]);
    }

    #[test]
    fn a_named_folder_is_mirrored_and_nothing_beside_it() {
        let source = listing(&[("dist", FOLDER, 1)]);
        let old = listing(&[
            ("", FOLDER, 1),
            ("beside", FILE, 1),
            ("dist", FOLDER, 1),
            ("dist/old", FILE, 1),
        ]);
        let options = mirror(&[]);
        let plan = plan(&source, &old, &options, &ROOT);
        assert_eq!(short(&plan.deletions), ["delete dist/old"]);
    }

    #[test]
    fn a_folder_makes_way_with_its_content_only_in_a_mirror() {
        let source = listing(&[("a", FILE, 1)]);
        let old = listing(&[("", FOLDER, 1), ("a", FOLDER, 1), ("a/x", FILE, 1)]);
        let (plain, mirror) = (PlanOptions::default(), mirror(&[]));
        let kept = plan(&source, &old, &plain, &ROOT);
        assert_eq!(short(&kept.steps), ["way a", "file a"]);
        let cleared = plan(&source, &old, &mirror, &ROOT);
        assert_eq!(short(&cleared.steps), ["delete a/x", "way a", "file a"]);
        assert_eq!((cleared.deleted, cleared.deletions), (1, vec![]));
    }

    #[test]
    fn devices_are_for_root() {
        let device = EntryKind::Special(SpecialFile::CharacterDevice { device: 259 });
        let source = listing(&[("null", device, 1)]);
        let old = listing(&[("", FOLDER, 1)]);
        let options = PlanOptions::default();
        assert_eq!(
            short(&plan(&source, &old, &options, &ROOT).steps),
            ["special null"]
        );
        let anybody = CopyPrivileges {
            is_root: false,
            groups: vec![0],
        };
        let plan = plan(&source, &old, &options, &anybody);
        assert_eq!(
            (plan.steps, plan.skipped),
            (vec![], vec![Path::new("null")])
        );
    }
}
