//! What is made of the answers of sites, and of mistakes.

use super::judge::{Answer, judge, without_host};
use super::script::{Disk, Facts, Folder, Sudo};
use super::survey::left_out;
use super::verdict::{Severity, size};
use super::{CheckArgs, check};
use crate::exit::ExitStatus;
use crate::options::shared::SharedOptions;
use ploy_core::topology::{Settings, Site, Topology};
use ploy_report::ColorChoice;
use ploy_runtime::action::{Action, Cx};
use ploy_runtime::engine::Catalogue;

fn facts() -> Facts {
    Facts {
        user: "deploy".into(),
        clock: Some(1000),
        rsync: true,
        sudo: Some(Sudo::Free),
        folder: Some(Folder::Ready),
        disk: Some(Disk {
            free: 12 << 30,
            used: 40,
        }),
        is_whole: true,
    }
}

fn judged(facts: Facts, run_as: Option<&str>) -> (String, Vec<(Severity, String)>) {
    judged_with(Settings::new().host("web1"), facts, run_as)
}

fn judged_with(
    settings: Settings,
    facts: Facts,
    run_as: Option<&str>,
) -> (String, Vec<(Severity, String)>) {
    let mut settings = settings.path("/srv");
    if let Some(user) = run_as {
        settings = settings.run_as(user);
    }
    let site = Site::new("web1".to_owned(), settings);
    let answer = Answer::Facts {
        facts,
        asked: (990, 1010),
        password: None,
    };
    let verdict = judge(&site, &answer, true);
    let cells: Vec<String> = verdict.cells.into_iter().map(|cell| cell.text).collect();
    let findings = verdict.findings.into_iter();
    (
        cells.join(" "),
        findings.map(|found| (found.severity, found.text)).collect(),
    )
}

#[test]
fn a_sound_site_has_no_findings() {
    let (cells, findings) = judged(facts(), None);
    assert_eq!(cells, "kept deploy free yes ready 12 GiB right");
    assert_eq!(findings, []);
    let (cells, findings) = judged(
        Facts {
            folder: Some(Folder::Missing),
            sudo: Some(Sudo::Password),
            clock: Some(961),
            ..facts()
        },
        None,
    );
    assert_eq!(cells, "kept deploy password yes to make 12 GiB right");
    assert_eq!(findings, [], "none of it is wrong");
}

#[test]
fn a_local_site_needs_rsync_for_another_user_only() {
    let without = || Facts {
        rsync: false,
        ..facts()
    };
    let (cells, findings) = judged_with(Settings::new(), without(), None);
    assert_eq!(cells, "local deploy free - ready 12 GiB right");
    assert_eq!(findings, []);
    let (_, findings) = judged_with(Settings::new(), without(), Some("www"));
    assert_eq!(findings.len(), 1, "{findings:?}");
}

#[test]
fn what_is_wrong_is_told_and_what_may_be_is_a_warning() {
    let found = |facts, user| judged(facts, user).1;
    let closed = Facts {
        folder: Some(Folder::Closed),
        clock: Some(1052),
        rsync: false,
        ..facts()
    };
    assert_eq!(
        found(closed, None),
        [
            (
                Severity::Warning,
                "there is no rsync, so nothing can be uploaded to it, or downloaded".to_owned()
            ),
            (
                Severity::Error,
                "`deploy` cannot write into its folder `/srv`".to_owned()
            ),
            (
                Severity::Warning,
                "its clock is 42 s ahead of this machine's".to_owned()
            ),
        ]
    );
    let without = |sudo| Facts {
        sudo: Some(sudo),
        ..facts()
    };
    assert_eq!(found(without(Sudo::None), None), []);
    assert_eq!(
        found(without(Sudo::None), Some("www"))[0].0,
        Severity::Error
    );
    assert_eq!(
        found(without(Sudo::Refused("no".into())), Some("www"))[0].0,
        Severity::Error
    );
    assert_eq!(found(without(Sudo::Password), Some("www")), []);
    let scarce = |free, used| Facts {
        disk: Some(Disk { free, used }),
        ..facts()
    };
    assert_eq!(found(scarce(0, 100), None)[0].0, Severity::Error);
    assert_eq!(found(scarce(1 << 20, 10), None)[0].0, Severity::Warning);
    assert_eq!(found(scarce(1 << 40, 96), None)[0].0, Severity::Warning);
    assert_eq!(found(Facts::default(), None).len(), 1, "no whole answer");
}

#[test]
fn the_cause_names_no_host() {
    for (said, cause) in [
        (
            "connect to host web1 port 22: Connection refused",
            "Connection refused",
        ),
        (
            "me@web1: Permission denied (publickey)",
            "Permission denied (publickey)",
        ),
        (
            "Connection to 10.0.0.1 port 22 timed out",
            "the connection timed out",
        ),
        ("no connection within 30 s", "no connection within 30 s"),
    ] {
        assert_eq!(without_host(said), cause);
    }
}

#[test]
fn sizes_read_well() {
    assert_eq!(size(0), "0 B");
    assert_eq!(size(1536 << 20), "1 GiB");
    assert_eq!(size(u64::MAX), "16777215 TiB");
}

async fn checked(fill: impl FnOnce(&mut Topology, &mut Catalogue)) -> ExitStatus {
    let (mut topology, mut catalogue) = (Topology::new(), Catalogue::new());
    fill(&mut topology, &mut catalogue);
    // Sockets of other programs are left alone.
    let options = SharedOptions {
        no_keep: true,
        color: ColorChoice::Never,
        ..SharedOptions::default()
    };
    let args = CheckArgs { names: Vec::new() };
    match check(&topology, &catalogue, &args, &options).await {
        Ok(status) => status,
        Err(error) => error.exit_status(),
    }
}

fn nothing() -> [Action; 1] {
    [Action::new(async |_: Cx| ())]
}

#[tokio::test]
async fn a_mistake_in_the_catalogue_counts_more_than_a_site_that_is_not_ready() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_str().unwrap();
    let sound = checked(|topology, catalogue| {
        topology.add("here", Settings::new().path(path));
        catalogue.add("job", ["here"], nothing());
    });
    assert_eq!(sound.await, ExitStatus::OK);
    let not_ready = checked(|topology, _| {
        topology.add("here", Settings::new().path("/dev/null/x"));
    });
    assert_eq!(not_ready.await, ExitStatus::PREFLIGHT);
    let unsound = checked(|topology, catalogue| {
        topology.add("here", Settings::new().path("/dev/null/x"));
        catalogue.add("job", ["hree"], nothing());
    });
    assert_eq!(unsound.await, ExitStatus::USAGE);
    let fatal = checked(|topology, _| {
        topology
            .add("here", Settings::new())
            .add("not a name", Settings::new());
    });
    assert_eq!(fatal.await, ExitStatus::USAGE);
    assert_eq!(checked(|_, _| {}).await, ExitStatus::OK);
}

#[test]
fn guarded_sites_are_named_where_they_are_left_out() {
    let mut topology = Topology::new();
    topology.add("web1", Settings::new());
    assert_eq!(left_out(&topology), "");
    for name in ["live1", "live2"] {
        topology.add(name, Settings::new().guarded(true));
    }
    assert_eq!(
        left_out(&topology),
        "not looked at, since guarded: live[1-2] (name them by `--limit`)\n"
    );
}

#[tokio::test]
async fn a_shell_that_is_not_there_is_told() {
    let missing = checked(|topology, _| {
        topology.add("here", Settings::new().shell("no-such-shell"));
    });
    assert_eq!(missing.await, ExitStatus::PREFLIGHT);
}
