//! From two listings to the steps that make the destination like the source.

use std::collections::HashSet;
use std::path::Path;

use super::entry::{Attributes, Entry, EntryKind};
use super::listing::Listing;
use super::options::PlanOptions;
use super::step::Step;

/// What the user who carries out a plan may do.
#[derive(Clone, Debug)]
pub(in crate::transfer) struct Privileges {
    /// Whether files can be given to others, and devices made.
    pub(in crate::transfer) is_root: bool,
    /// The groups to which files can be given.
    pub(in crate::transfer) groups: Vec<u32>,
}

/// What is to be done, in three parts.
#[derive(Debug, Default)]
pub(in crate::transfer) struct Plan<'a> {
    /// First: all that is made, copied, or gets other attributes.
    pub(in crate::transfer) steps: Vec<Step<'a>>,
    /// Then, if none of the first part failed: what is not in the source goes.
    pub(in crate::transfer) deletions: Vec<Step<'a>>,
    /// At last: folders get their attributes, which all before would change.
    pub(in crate::transfer) finishes: Vec<Step<'a>>,
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
    privileges: &'a Privileges,
) -> Plan<'a> {
    let mut planner = Planner {
        source,
        destination,
        options,
        privileges,
        plan: Plan::default(),
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
    privileges: &'a Privileges,
    plan: Plan<'a>,
    /// Folders whose attributes the plan changes on its way.
    changed: HashSet<&'a Path>,
}

impl<'a> Planner<'a> {
    fn put(&mut self) {
        let root = Path::new("");
        let is_root_missing = self.destination.get(root).is_none();
        if is_root_missing && !self.source.is_empty() && self.source.get(root).is_none() {
            self.plan.steps.push(Step::MakeFolder {
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
                    if self.differ(entry, present) {
                        self.plan.steps.push(Step::SetAttributes { path, entry });
                    }
                }
                _ => {
                    if present.is_some_and(Entry::is_folder) {
                        self.make_way(path);
                    }
                    self.put_other(path, entry);
                }
            }
        }
    }

    fn put_folder(&mut self, path: &'a Path, entry: &Entry, present: Option<&Entry>) {
        match present {
            Some(present) if present.is_folder() => {
                let mode = present.attributes.mode;
                if !self.privileges.is_root && mode & 0o700 != 0o700 {
                    self.changed.insert(path);
                    self.plan.steps.push(Step::OpenFolder {
                        path,
                        mode: mode | 0o700,
                    });
                }
                return;
            }
            Some(_) => self.plan.steps.push(Step::MakeWay {
                path,
                is_folder: false,
            }),
            None => {}
        }
        self.changed.insert(path);
        self.change_parent(path);
        self.plan.steps.push(Step::MakeFolder {
            path,
            mode: Some(entry.attributes.mode | 0o700),
        });
    }

    /// Plans that something goes where a folder is. What is in the folder goes only if the
    /// transfer deletes.
    fn make_way(&mut self, path: &'a Path) {
        if self.options.should_delete {
            let mut deletable = Deletable::new(self.options);
            self.destination
                .below(path)
                .for_each(|(path, entry)| deletable.look_at(path, entry));
            let deletions = deletable.steps();
            self.plan.deleted += deletions.len() as u64;
            self.plan.steps.extend(deletions);
        }
        self.plan.steps.push(Step::MakeWay {
            path,
            is_folder: true,
        });
    }

    fn put_other(&mut self, path: &'a Path, entry: &'a Entry) {
        let attributes = entry.attributes;
        let step = match &entry.kind {
            EntryKind::File { bytes } => {
                self.plan.files += 1;
                self.plan.bytes += bytes;
                Step::PutFile {
                    path,
                    source: entry.source,
                    attributes,
                }
            }
            EntryKind::Link { target } => Step::PutLink {
                path,
                target,
                attributes,
            },
            EntryKind::Special(special) => Step::PutSpecial {
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
        let mut deletable = Deletable::new(self.options);
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
            if is_below_extra || parent.is_some_and(Entry::is_folder) {
                if !is_below_extra {
                    extra = Some(path);
                }
                deletable.look_at(path, entry);
            }
        }
        let deletions = deletable.steps();
        self.plan.deleted += deletions.len() as u64;
        for step in &deletions {
            if let Step::Delete { path, .. } = *step {
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
            let differs = present.is_none_or(|present| self.differ(entry, present));
            if differs || self.changed.contains(path) {
                self.plan.finishes.push(Step::FinishFolder {
                    path,
                    attributes: entry.attributes,
                });
            }
        }
    }

    fn change_parent(&mut self, path: &'a Path) {
        self.changed.extend(path.parent());
    }

    /// Whether attributes differ that are to be kept, and that can be set.
    fn differ(&self, entry: &Entry, present: &Entry) -> bool {
        let (wanted, current) = (entry.attributes, present.attributes);
        let is_link = matches!(entry.kind, EntryKind::Link { .. });
        wanted.mode != current.mode && !is_link
            || !wanted.modified.is_kept_by(current.modified)
            || self.privileges.owner_to_set(wanted, current).is_some()
            || self.privileges.group_to_set(wanted, current).is_some()
    }
}

impl Privileges {
    /// The owner that a file of these attributes is to get.
    pub(in crate::transfer) fn owner_to_set(
        &self,
        wanted: Attributes,
        current: Attributes,
    ) -> Option<u32> {
        (self.is_root && wanted.owner != current.owner).then_some(wanted.owner)
    }

    /// The group that a file of these attributes is to get.
    pub(in crate::transfer) fn group_to_set(
        &self,
        wanted: Attributes,
        current: Attributes,
    ) -> Option<u32> {
        let is_allowed = self.is_root || self.groups.contains(&wanted.group);
        (is_allowed && wanted.group != current.group).then_some(wanted.group)
    }
}

/// Whether a copy has the content of its original, as far as size and time tell.
fn is_up_to_date(entry: &Entry, present: &Entry) -> bool {
    match (&entry.kind, &present.kind) {
        (
            EntryKind::File { bytes },
            EntryKind::File {
                bytes: present_bytes,
            },
        ) => {
            let modified = entry.attributes.modified;
            bytes == present_bytes && modified.is_kept_by(present.attributes.modified)
        }
        (kind, present) => kind == present,
    }
}

/// What is to be deleted of the entries of a destination, which come folders first.
struct Deletable<'a> {
    options: &'a PlanOptions,
    entries: Vec<(&'a Path, bool)>,
    /// The last path that is left out, and so protected with all that is in it.
    protected: Option<&'a Path>,
    /// Folders in which something is protected.
    kept: HashSet<&'a Path>,
}

impl<'a> Deletable<'a> {
    fn new(options: &'a PlanOptions) -> Self {
        Deletable {
            options,
            entries: Vec::new(),
            protected: None,
            kept: HashSet::new(),
        }
    }

    fn look_at(&mut self, path: &'a Path, entry: &Entry) {
        if self
            .protected
            .is_some_and(|folder| path.starts_with(folder))
        {
            return;
        }
        if self.options.protects(path, entry.is_folder()) {
            self.protected = Some(path);
            self.kept.extend(path.ancestors().skip(1));
        } else {
            self.entries.push((path, entry.is_folder()));
        }
    }

    /// The deepest first.
    fn steps(self) -> Vec<Step<'a>> {
        let entries = self.entries.into_iter().rev();
        entries
            .filter(|(path, _)| !self.kept.contains(path))
            .map(|(path, is_folder)| Step::Delete { path, is_folder })
            .collect()
    }
}
