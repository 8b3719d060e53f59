//! What a task put out and reported, and whether that is the same as of another.

use std::collections::BTreeMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};
use std::io;

use crate::palette::Palette;
use crate::text::line_owner::LineOwner;
use crate::text::report_line::{LineKind, ReportLine};
use crate::text::spool::{Spool, SpoolStore};
use ploy_core::event::{ActionId, CommandId, ErrorReport};

/// What a task put out and reported. Both streams of a command come on ways of their own, and which
/// line of one was before which of the other is chance: one stands after the other.
#[derive(Default)]
pub(crate) struct TaskOutput {
    /// By action, command, and what it is.
    parts: BTreeMap<OutputPart, Spool>,
    /// The last command of each action.
    commands: BTreeMap<ActionId, CommandId>,
    /// How the commands exited that made each action fail. Others may exit as they like.
    codes: BTreeMap<ActionId, Vec<Option<i32>>>,
}

/// Lines of one kind of one command, or of an action before its first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct OutputPart {
    action: Option<ActionId>,
    command: Option<CommandId>,
    /// The place of their kind in `KINDS`.
    kind: usize,
}

/// What the lines of a part are, in the order in which they stand.
const KINDS: [LineKind; 4] = [
    LineKind::Stdout,
    LineKind::Stderr,
    LineKind::Report,
    LineKind::Debug,
];

/// What is equal of equal contents. The hash has keys of its own in each process, so that no output
/// can be made to look like another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Digest(u64, u64);

/// Makes digests.
#[derive(Default)]
pub(crate) struct Digester(RandomState, RandomState);

impl TaskOutput {
    pub(crate) fn begin_command(&mut self, of: LineOwner) {
        if let (Some(action), Some(command)) = (of.action, of.command) {
            self.commands.insert(action, command);
        }
    }

    pub(crate) fn end_action(&mut self, action: ActionId, errors: &[ErrorReport]) {
        let commands = errors.iter().filter_map(|error| error.command.as_ref());
        let codes: Vec<Option<i32>> = commands.map(|command| command.code).collect();
        if !codes.is_empty() {
            self.codes.insert(action, codes);
        }
    }

    /// Takes a line in, if it is of a kind that is kept.
    pub(crate) fn push(&mut self, store: &mut SpoolStore, line: &ReportLine<'_>) -> bool {
        let Some(kind) = KINDS.iter().position(|kind| *kind == line.kind) else {
            return false;
        };
        let LineOwner {
            action, command, ..
        } = line.owner;
        // What an action says by itself stands after what its last command put out.
        let last = || self.commands.get(&action?).copied();
        let command = command.or_else(last);
        let part = OutputPart {
            action,
            command,
            kind,
        };
        let spool = self.parts.entry(part).or_default();
        store.push(spool, line.text);
        store.push(spool, b"\n");
        true
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// How long it is, in bytes.
    pub(crate) fn len(&self) -> usize {
        self.parts.values().map(Spool::len).sum()
    }

    /// The status of the first command that made it fail.
    pub(crate) fn code(&self) -> Option<i32> {
        self.codes.values().flatten().copied().next().flatten()
    }

    pub(crate) fn digest(&self, store: &SpoolStore, digester: &Digester) -> io::Result<Digest> {
        let (mut one, mut other) = (digester.0.build_hasher(), digester.1.build_hasher());
        for (OutputPart { kind, .. }, spool) in &self.parts {
            (kind, spool.len()).hash(&mut one);
            (kind, spool.len()).hash(&mut other);
            store.read(spool, |part| {
                one.write(part);
                other.write(part);
            })?;
        }
        for code in self.codes.values() {
            code.hash(&mut one);
            code.hash(&mut other);
        }
        Ok(Digest(one.finish(), other.finish()))
    }

    /// Its lines, made safe and with their marks.
    pub(crate) fn lines(
        &self,
        store: &SpoolStore,
        palette: Palette,
        mut line: impl FnMut(&str),
    ) -> io::Result<()> {
        for (part, spool) in &self.parts {
            let said = KINDS[part.kind];
            store.lines(spool, |text| line(&said.line(palette, text)))?;
        }
        Ok(())
    }

    pub(crate) fn free(self, store: &mut SpoolStore) {
        for spool in self.parts.into_values() {
            store.free(spool);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use ploy_core::error::{CommandReport, Error, Failure, Kind};
    use ploy_core::event::{StageId, TaskId};

    /// What is told of a command that exited so.
    fn error(code: i32) -> ErrorReport {
        let mut report = CommandReport::new("s", "false", Duration::ZERO);
        report.code = Some(code);
        let failure = Failure::new(Kind::Command, "command failed", "it exited");
        ErrorReport::from(&Error::from(failure.with_command(report)))
    }

    /// What was told, by action and command, and how commands exited.
    fn content(
        store: &mut SpoolStore,
        told: &[(u32, Option<u32>, LineKind, &[u8])],
        codes: &[i32],
    ) -> TaskOutput {
        let mut content = TaskOutput::default();
        for (action, command, said, text) in told {
            let of = LineOwner {
                stage: StageId(1),
                task: Some(TaskId(0)),
                action: Some(ActionId(*action)),
                command: command.map(CommandId),
            };
            let (said, site) = (*said, "s");
            if said == LineKind::Command {
                content.begin_command(of);
            }
            content.push(
                store,
                &ReportLine {
                    owner: of,
                    site,
                    kind: said,
                    text,
                },
            );
        }
        let errors: Vec<ErrorReport> = codes.iter().map(|code| error(*code)).collect();
        content.end_action(ActionId(told.first().map_or(1, |told| told.0)), &errors);
        content
    }

    #[test]
    fn equal_is_what_is_equal_to_the_byte_and_exits_alike() {
        let (mut store, digester) = (SpoolStore::default(), Digester::default());
        let mut digest = |told: &[(u32, Option<u32>, LineKind, &[u8])], codes: &[i32]| {
            content(&mut store, told, codes)
                .digest(&store, &digester)
                .unwrap()
        };
        let (out, err) = (LineKind::Stdout, LineKind::Stderr);
        let one = digest(&[(1, Some(1), out, b"a"), (1, Some(1), err, b"b")], &[4, 3]);
        // Which stream was first is chance, and so are the numbers of actions.
        assert_eq!(
            one,
            digest(&[(7, Some(1), err, b"b"), (7, Some(1), out, b"a")], &[4, 3])
        );
        for other in [
            digest(&[(1, Some(1), out, b"a"), (1, Some(1), err, b"b")], &[3]),
            digest(&[(1, Some(1), out, b"b"), (1, Some(1), err, b"a")], &[]),
            digest(&[(1, Some(1), out, b"a"), (1, Some(1), out, b"b")], &[]),
            digest(&[(1, Some(1), out, b"a")], &[]),
            digest(&[], &[]),
        ] {
            assert_ne!(one, other);
        }
        let mut broken = |byte: &[u8]| digest(&[(1, Some(1), out, byte)], &[]);
        assert_ne!(broken(b"\xff"), broken(b"\xfe"));
    }

    #[test]
    fn lines_stand_in_the_order_of_what_was_done() {
        let mut store = SpoolStore::default();
        let told: [(u32, Option<u32>, LineKind, &[u8]); 7] = [
            (2, Some(1), LineKind::Stdout, b"other"),
            (1, Some(1), LineKind::Command, b"true"),
            (1, Some(1), LineKind::Stderr, b"err"),
            (1, Some(1), LineKind::Stdout, b"out"),
            (1, None, LineKind::Report, b"between"),
            (1, Some(2), LineKind::Stdout, b"last\x1b"),
            (1, None, LineKind::Remark, b"not results"),
        ];
        let content = content(&mut store, &told, &[]);
        let mut lines = Vec::new();
        content
            .lines(&store, Palette::PLAIN, |line| lines.push(line.to_owned()))
            .unwrap();
        assert_eq!(lines, ["| out", "! err", "> between", "| last␛", "| other"]);
    }
}
