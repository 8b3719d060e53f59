//! What is drawn of what runs.

use super::*;

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
    let mut run = Run::on(1, StageView { log: false, ..ALL });
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
        StageView {
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
