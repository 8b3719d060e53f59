//! Modes and limits where they meet a network.

use std::time::Duration;

use ploy::action::Action;
use ploy::error::Kind;
use ploy::event::{CancelReason, EventKind, TaskResult};
use ploy::run::Runner;
use ploy::scheduling::Stage;
use ploy::{Cx, Error, Group, HealthCheck, Script};
use ploy_tests::{Server, start};

use super::{command, script, three};

/// The address of the server that the connection came to.
const ADDRESS: &str = "set -- $SSH_CONNECTION; echo $3";

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_check_reaches_the_sites_of_its_group() {
    async fn answers(group: Group) -> Result<(), Error> {
        for site in group.sites() {
            let address = group.shell(site).run(Script::raw(ADDRESS)).await?;
            let here = group
                .local()
                .run(Script::raw("echo ${SSH_CONNECTION:-here}"))
                .await?;
            group.report(format_args!(
                "{} {} {}",
                site.name(),
                address.text(),
                here.text()
            ));
        }
        Ok(())
    }
    let server = Server::start();
    let stage = Stage::rolling(1, "job").check(HealthCheck::new(answers));
    let ran = start(
        Runner::new(three(&server), script(["web"], "true")),
        |batch| async move { batch.stage(stage).await.into_result() },
    )
    .finish();
    assert!(ran.stats.is_ok(), "{:?}", ran.stats);
    assert_eq!(
        ran.reports(),
        ["web1 127.0.0.2 here", "web2 127.0.0.3 here"]
    );
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn a_site_that_cannot_be_reached_is_tried_again_and_told_apart() {
    let server = Server::start();
    let mut topology = three(&server);
    topology.add("dark", server.site("web1").port(1_u16).roles(["web"]));
    let runner = Runner::new(topology, script(["web"], "[ \"$SSH_CONNECTION\" ]"));
    let ran = start(runner, |batch| async move {
        batch
            .run("job")
            .retries(1)
            .backoff(Duration::from_millis(10))
            .await
            .into_result()
    })
    .finish();
    assert_eq!(
        (
            ran.stats.succeeded,
            ran.stats.unreachable,
            ran.stats.retried
        ),
        (3, 1, 1)
    );
    assert_eq!(ran.result("dark", "job"), Some(TaskResult::Unreachable));
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn an_action_whose_time_is_up_leaves_nothing_on_the_site() {
    let server = Server::start();
    let catalogue = script(["web"], "sleep 1700 & sleep 1701");
    let ran = start(Runner::new(three(&server), catalogue), |batch| async move {
        batch
            .run("job")
            .timeout(Duration::from_secs(2))
            .await
            .into_result()
    })
    .finish();
    assert_eq!((ran.stats.failed, ran.stats.cancelled), (3, 0));
    assert_eq!(ran.fault("web1").kind, Kind::Timeout);
    server.assert_empty();
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn background_work_on_a_site_ends_with_the_run() {
    let server = Server::start();
    let begin = Action::new(|cx: Cx| async move {
        cx.background("watch", |cx: Cx| async move {
            cx.shell()
                .run(Script::raw("echo asleep.; sleep 1800; :"))
                .await
                .map(drop)
        });
    });
    let mut catalogue = script(["web"], "true");
    catalogue
        .add("watch", ["web"], [begin])
        .add("after", ["web"], [command("echo after")]);
    let going = start(Runner::new(three(&server), catalogue), |batch| async move {
        batch.run(["watch", "after"]).await.into_result()
    });
    going.wait_for(
        3,
        |kind| matches!(kind, EventKind::Output { bytes, .. } if bytes.starts_with(b"asleep.")),
    );
    going.wait_for(1, |kind| {
        matches!(kind, EventKind::BackgroundAwaited { running: 3, .. })
    });
    going.cancel(CancelReason::Interrupt);
    let ran = going.finish();
    assert_eq!(ran.stats.succeeded, 6);
    server.assert_empty();
}
