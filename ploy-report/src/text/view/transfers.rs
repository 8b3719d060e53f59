//! How far transfers are that take long.

use super::TextView;
use super::transfer_notice::TransferNotice;
use crate::quantities::size;
use crate::text::report_line::LineKind;
use ploy_core::event::{CommandKey, EventTime};

impl TextView {
    /// Tells of a transfer that it has moved so many bytes and files, and how much of all that is
    /// in percent.
    pub(crate) fn add_transfer_progress(
        &mut self,
        key: CommandKey,
        time: EventTime,
        (bytes, files, percent): (u64, u64, u8),
    ) {
        let notice = self.transfers.entry(key);
        let notice = notice.or_insert_with(|| TransferNotice::new(time));
        if !notice.is_due(time, percent) {
            return;
        }
        let files = match files {
            1 => "1 file".to_owned(),
            files => format!("{files} files"),
        };
        let text = format!("{percent} % ({}, {files})", size(bytes));
        let CommandKey { action, command } = key;
        if let Some((owner, site)) = self.context.shown(action, Some(command), |view| view.log) {
            self.add_lines(owner, &site, LineKind::Meanwhile, &text);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;
    use crate::Palette;
    use ploy_core::catalogue::Mode;
    use ploy_core::event::{
        ActionId, CommandId, Event, EventKind, JobIndex, Reporter, Show, SiteIndex, StageId,
        StageView, TaskId,
    };

    #[derive(Clone, Default)]
    struct Text(Arc<Mutex<Vec<u8>>>);

    impl std::io::Write for Text {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn begin() -> Vec<EventKind> {
        let (stage, task, action) = (StageId(1), TaskId(0), ActionId(1));
        vec![
            EventKind::StageStarted {
                stage,
                name: None,
                desc: None,
                mode: Mode::Parallel,
                jobs: vec!["upload".to_owned()],
                arguments: Vec::new(),
                sites: vec!["web1".to_owned()],
                task_count: 1,
                group_sizes: Vec::new(),
                view: StageView {
                    report: false,
                    debug: false,
                    log: true,
                    quiet: false,
                },
            },
            EventKind::TaskStarted {
                stage,
                task,
                job: JobIndex(0),
                site: SiteIndex(0),
            },
            EventKind::ActionStarted {
                stage,
                task,
                action,
                name: "upload".to_owned(),
                fragment: 1,
                fragment_count: 1,
                attempt: 1,
            },
            EventKind::CommandStarted {
                action,
                command: CommandId(1),
                script: "upload dist/ to www".to_owned(),
                local: false,
                show: Show::All,
            },
        ]
    }

    /// What is shown of a transfer that tells (after so many seconds) so many bytes and percent.
    fn shown(told: &[(i64, u64, u8)]) -> String {
        let err = Text::default();
        let mut view = TextView::new(std::io::sink(), Palette::PLAIN, err.clone(), Palette::PLAIN);
        let mut report = |time, kind| {
            view.report(&Event {
                number: 1,
                time: EventTime::from_unix_milliseconds(time),
                kind,
            });
        };
        for kind in begin() {
            report(0, kind);
        }
        err.0.lock().unwrap().clear();
        for (seconds, bytes, percent) in told {
            let kind = EventKind::TransferProgress {
                action: ActionId(1),
                command: CommandId(1),
                bytes: *bytes,
                files: 7,
                percent_done: *percent,
            };
            report(seconds * 1000, kind);
        }
        String::from_utf8(err.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn only_what_takes_long_is_shown_and_then_to_its_end() {
        assert_eq!(shown(&[(0, 1, 1), (5, 2, 50), (9, 3, 100)]), "");
        let told = [
            (0, 1, 0),
            (6, 1_000_000, 10),
            (11, 12_345_678, 45),
            (12, 20_000_000, 50),
            (20, 30_000_000, 80),
            (21, 40_000_000, 99),
            (22, 41_000_000, 100),
        ];
        assert_eq!(
            shown(&told),
            "web1 - 45 % (12.3 MB, 7 files)\n\
             web1 - 99 % (40.0 MB, 7 files)\n\
             web1 - 100 % (41.0 MB, 7 files)\n"
        );
    }
}
