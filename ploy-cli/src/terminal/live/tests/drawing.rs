//! How much is drawn, and in which order.

use super::*;

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
