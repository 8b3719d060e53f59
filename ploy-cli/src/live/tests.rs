//! Events into what is drawn and told.

use std::time::Duration;

use super::draw::draw;
use super::state::State;
use super::status::status;
use ploy_core::catalogue::Mode;
use ploy_core::event::{
    ActionId, CancelReason, CommandId, Event, EventKind, EventTime, GroupIndex, JobIndex, Show,
    SilentSource, SiteIndex, StageId, Stream, TaskId, TaskResult, View, WaitTarget,
};
use ploy_report::Palette;
use ploy_runtime::terminal::TerminalSize;

const ALL: View = View {
    report: false,
    debug: false,
    log: true,
    quiet: false,
};

/// A run whose clock the test turns.
#[derive(Default)]
struct Run {
    state: State,
    /// In milliseconds.
    time: i64,
}

fn at(milliseconds: i64) -> EventTime {
    EventTime::from_unix_milliseconds(milliseconds)
}

impl Run {
    /// A run of a job `upload` on so many sites, each a task of the number of its site.
    fn on(sites: usize, view: View) -> Self {
        let mut run = Run::default();
        run.tell(EventKind::StageStarted {
            stage: StageId(1),
            name: None,
            desc: None,
            mode: Mode::SiteSequential,
            jobs: vec!["upload".to_owned()],
            arguments: Vec::new(),
            sites: (1..=sites).map(|number| format!("web{number}")).collect(),
            task_count: u32::try_from(sites).unwrap(),
            group_sizes: vec![1, 1],
            view,
        });
        run
    }

    fn tell(&mut self, kind: EventKind) {
        let (number, time) = (1, at(self.time));
        self.state.fold(&Event { number, time, kind });
    }

    /// Starts the task of this number with an action of the same, which runs a command.
    fn start(&mut self, task: u32, script: &str, show: Show) {
        let (stage, job) = (StageId(1), JobIndex(0));
        let (site, action) = (SiteIndex(task), ActionId(task));
        let task = TaskId(task);
        self.tell(EventKind::TaskStarted {
            stage,
            task,
            job,
            site,
        });
        self.tell(EventKind::ActionStarted {
            stage,
            task,
            action,
            name: "upload".to_owned(),
            fragment: 1,
            fragment_count: 1,
            attempt: 1,
        });
        if !script.is_empty() {
            self.command(action.0, script, show);
        }
    }

    fn command(&mut self, action: u32, script: &str, show: Show) {
        self.tell(EventKind::CommandStarted {
            action: ActionId(action),
            command: CommandId(1),
            script: script.to_owned(),
            local: true,
            show,
        });
    }

    fn put_out(&mut self, action: u32, stream: Stream, text: &str) {
        self.tell(EventKind::Output {
            action: ActionId(action),
            command: CommandId(1),
            stream,
            bytes: text.as_bytes().to_vec(),
        });
    }

    fn finish(&mut self, task: u32, result: TaskResult) {
        let (stage, task, duration) = (StageId(1), TaskId(task), Duration::from_millis(1));
        self.tell(EventKind::TaskFinished {
            stage,
            task,
            result,
            duration,
        });
    }

    fn drawn(&self, columns: usize, rows: usize) -> Vec<String> {
        draw(
            &self.state,
            at(self.time),
            TerminalSize { columns, rows },
            Palette::PLAIN,
        )
    }

    /// All lines but the first.
    fn rows(&self) -> Vec<String> {
        self.drawn(80, 24).split_off(1)
    }

    fn told(&self) -> String {
        status(&self.state, at(self.time), Palette::PLAIN)
    }
}

#[test]
fn a_run_is_drawn_with_its_sites_in_order() {
    let mut run = Run::on(12, ALL);
    run.start(9, "make", Show::All);
    run.time = 20_000;
    run.start(0, "rsync -a dist/ www\nsync", Show::All);
    run.start(1, "true", Show::All);
    run.finish(1, TaskResult::Failed);
    run.put_out(9, Stream::Stdout, "cc a.c\ncc b.c\n");
    run.time = 21_500;
    assert_eq!(
        run.drawn(80, 24),
        [
            "[=>                  ] 1/12 tasks · 1 failed · 2 running · 00:21",
            "web1  upload 00:01 $ rsync -a dist/ www; sync",
            "web10 upload 00:21 | cc b.c",
        ]
    );
}

#[test]
fn nothing_is_wider_than_the_terminal() {
    let mut run = Run::on(3, ALL);
    for task in 0..3 {
        run.start(task, "make", Show::All);
        run.put_out(task, Stream::Stderr, &"世界 \t\x1b[2J".repeat(50));
    }
    run.finish(0, TaskResult::Unreachable);
    let interrupt = EventKind::CancelStarted {
        reason: CancelReason::Interrupt,
        running: 2,
        grace: Duration::from_secs(30),
    };
    run.tell(interrupt);
    for columns in (1..=20).chain([40, 79, 80, 81, 200]) {
        for line in run.drawn(columns, 24) {
            assert!(
                unicode_width::UnicodeWidthStr::width(&*line) < columns,
                "{columns}: {line:?}"
            );
            assert!(!line.contains(['\x1b', '\t', '\n']), "{line:?}");
        }
    }
    assert_eq!(run.drawn(20, 24)[1], "web2 upl… 00:00 ! …");
}

#[test]
fn no_more_is_drawn_than_fits_and_the_rest_is_counted() {
    let mut run = Run::on(100, ALL);
    for task in 0..100 {
        run.start(task, "make", Show::All);
    }
    for (rows, lines) in [
        (1, 1),
        (4, 1),
        (5, 1),
        (6, 2),
        (10, 6),
        (24, 15),
        (50, 33),
        (200, 101),
    ] {
        let drawn = run.drawn(80, rows);
        assert_eq!(drawn.len(), lines, "{rows} rows: {drawn:#?}");
        assert!(drawn[0].contains("0/100 tasks"));
        if (2..101).contains(&lines) {
            let rest = format!("… and {} more", 100 - (lines - 2));
            assert_eq!(*drawn.last().unwrap(), rest, "{rows} rows");
        }
    }
}

#[test]
fn what_has_run_for_longest_is_drawn_first_of_all() {
    let mut run = Run::on(100, ALL);
    for task in (0..100).rev() {
        run.start(task, "make", Show::All);
        run.time += 1;
    }
    let rows = run.rows();
    assert!(rows[0].starts_with("web88 "), "{rows:#?}");
    assert!(rows[12].starts_with("web100 "), "{rows:#?}");
    assert_eq!(rows[13], "… and 87 more");
}

#[test]
fn a_silent_command_is_told_by_its_time() {
    let mut run = Run::on(1, ALL);
    run.start(0, "make", Show::All);
    run.time = 9_999;
    assert_eq!(run.rows(), ["web1 upload 00:09 $ make"]);
    run.time = 10_000;
    assert_eq!(run.rows(), ["web1 upload 00:10 - silent for 00:10: make"]);
    run.put_out(0, Stream::Stderr, "warning: unused");
    assert_eq!(run.rows(), ["web1 upload 00:10 ! warning: unused"]);
    run.time = 75_000;
    assert_eq!(
        run.rows(),
        ["web1 upload 01:15 - silent for 01:05: warning: unused"]
    );
}

#[test]
fn what_is_not_to_be_seen_is_neither_drawn_nor_told() {
    for show in [Show::Errors, Show::Nothing] {
        let mut run = Run::on(1, ALL);
        run.start(0, "make", show);
        run.put_out(0, Stream::Stdout, "all well");
        assert_eq!(run.rows(), ["web1 upload 00:00"]);
        run.put_out(0, Stream::Stderr, "no such file");
        let seen = if show == Show::Errors {
            " ! no such file"
        } else {
            ""
        };
        assert_eq!(run.rows(), [format!("web1 upload 00:00{seen}")]);
        let told = format!("web1 upload 00:00{seen}\n0/1 tasks · 1 running · 00:00\n");
        assert_eq!(run.told(), told);
    }
    let mut run = Run::on(1, View { log: false, ..ALL });
    run.start(0, "make", Show::All);
    run.put_out(0, Stream::Stderr, "no such file");
    assert_eq!(run.rows(), ["web1 upload 00:00"]);
    assert_eq!(
        run.told(),
        "web1 upload 00:00\n0/1 tasks · 1 running · 00:00\n"
    );
}

#[test]
fn waits_transfers_and_reports_are_drawn() {
    let mut run = Run::on(
        2,
        View {
            report: true,
            ..ALL
        },
    );
    run.start(0, "", Show::All);
    let connecting = EventKind::StillWaiting {
        action: ActionId(0),
        source: SilentSource::Connection {
            host: "web1".to_owned(),
        },
        silent: Duration::from_secs(5),
    };
    run.tell(connecting);
    assert_eq!(
        run.rows(),
        ["web1 upload 00:00 - still waiting for the connection to web1"]
    );
    run.start(1, "", Show::All);
    run.tell(EventKind::WaitStarted {
        action: ActionId(0),
        target: WaitTarget::Lock("deploy".to_owned()),
        holder: Some(ActionId(1)),
    });
    assert_eq!(
        run.rows()[0],
        "web1 upload 00:00 - waits for the lock `deploy`, which upload on web2 has"
    );
    run.finish(1, TaskResult::Succeeded);
    run.tell(EventKind::WaitFinished {
        action: ActionId(0),
    });
    let text = "half\x1b way".to_owned();
    run.tell(EventKind::Report {
        action: ActionId(0),
        text,
    });
    assert_eq!(run.rows(), ["web1 upload 00:00 > half␛ way"]);
    run.command(0, "upload dist/ to www", Show::All);
    run.tell(EventKind::TransferProgress {
        action: ActionId(0),
        command: CommandId(1),
        bytes: 12_345_678,
        files: 1,
        percent_done: 45,
    });
    assert_eq!(run.rows(), ["web1 upload 00:00 - 45 % (12.3 MB, 1 file)"]);
    run.tell(EventKind::CommandFinished {
        action: ActionId(0),
        command: CommandId(1),
        code: Some(0),
        duration: Some(Duration::from_millis(1)),
        has_leftovers: false,
    });
    assert_eq!(run.rows(), ["web1 upload 00:00 > half␛ way"]);
    run.tell(EventKind::ActionFinished {
        action: ActionId(0),
        errors: Vec::new(),
        duration: Duration::from_millis(1),
        retry_in: Some(Duration::from_secs(2)),
    });
    assert_eq!(
        run.rows(),
        ["web1 upload 00:00 - failed, and is tried again in 2 s"]
    );
}

#[test]
fn groups_and_work_in_the_background_have_lines_of_their_own() {
    let mut run = Run::on(2, ALL);
    run.tell(EventKind::GateStarted {
        stage: StageId(1),
        group: GroupIndex(0),
        action: ActionId(7),
        pause: Duration::from_secs(30),
        check: Some("healthy".to_owned()),
    });
    run.tell(EventKind::BackgroundStarted {
        action: ActionId(8),
        parent: ActionId(1),
        stage: StageId(1),
        job: JobIndex(0),
        site: SiteIndex(1),
        name: "watch".to_owned(),
    });
    let rows = [
        "group 1 of 2 healthy        00:00 - pauses for 30 s",
        "web2         upload (watch) 00:00",
    ];
    assert_eq!(run.rows(), rows);
    // Neither is a task.
    assert!(
        run.told()
            .ends_with("\n0/2 tasks · 2 running · 2 to come · 00:00\n"),
        "{}",
        run.told()
    );
    run.tell(EventKind::GateFinished {
        stage: StageId(1),
        group: GroupIndex(0),
        action: ActionId(7),
        errors: Vec::new(),
        duration: Duration::from_millis(1),
    });
    run.tell(EventKind::BackgroundFinished {
        action: ActionId(8),
        result: TaskResult::Succeeded,
        errors: Vec::new(),
        duration: Duration::from_millis(1),
    });
    assert_eq!(
        run.drawn(80, 24),
        ["[>                   ] 0/2 tasks · 00:00"]
    );
}

#[test]
fn a_cancelled_run_says_how_long_it_waits() {
    let mut run = Run::on(1, ALL);
    run.start(0, "make", Show::All);
    let cancel = |reason, grace| EventKind::CancelStarted {
        reason,
        running: 1,
        grace,
    };
    run.tell(cancel(CancelReason::Interrupt, Duration::from_secs(30)));
    run.time = 2_500;
    assert!(run.drawn(80, 24)[0].ends_with("· 00:02 · ending, 00:28 left"));
    run.time = 31_000;
    assert!(run.drawn(80, 24)[0].ends_with("· 00:31 · ending"));
    run.tell(cancel(CancelReason::SecondSignal, Duration::ZERO));
    assert!(run.drawn(80, 24)[0].ends_with("· 00:31 · killing what runs"));
}

#[test]
fn whoever_asks_is_told_all_that_is_known() {
    let mut run = Run::on(4, ALL);
    run.start(0, "make -j4", Show::All);
    run.put_out(0, Stream::Stdout, "cc a.c\n");
    run.start(2, "", Show::All);
    run.tell(EventKind::WaitStarted {
        action: ActionId(2),
        target: WaitTarget::Lock("deploy".to_owned()),
        holder: None,
    });
    run.start(1, "", Show::All);
    run.finish(1, TaskResult::Succeeded);
    run.time = 3_000;
    let told = "\
web1 upload 00:03 $ make -j4
                  | cc a.c
                  - silent for 00:03
web3 upload 00:03 - waits for the lock `deploy`
1/4 tasks · 2 running · 1 to come · 00:03
";
    assert_eq!(run.told(), told);
    run.finish(0, TaskResult::Failed);
    run.finish(2, TaskResult::Failed);
    assert_eq!(
        run.told(),
        "3/4 tasks · 2 failed · nothing runs · 1 to come · 00:03\n"
    );
}

#[test]
fn a_hundred_sites_that_put_much_out_keep_little() {
    let mut run = Run::on(100, ALL);
    let chunk = "x".repeat(64 * 1024);
    for task in 0..100 {
        run.start(task, &"make; ".repeat(10_000), Show::All);
        for _ in 0..10 {
            run.put_out(task, Stream::Stdout, &chunk);
            run.put_out(task, Stream::Stdout, "\nshort\n");
        }
    }
    assert!(run.rows()[0].ends_with("| short"), "{}", run.rows()[0]);
    // Scripts and lines are cut before they are kept.
    assert!(format!("{:?}", run.state).len() < 100 * 20_000);
}
