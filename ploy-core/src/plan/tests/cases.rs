//! Plans of single stages, task by task.

use crate::catalogue::{Catalogue, Mode, Options, Stage};
use crate::plan::{EdgeKind, Node, Plan, build};
use crate::topology::{Settings, Topology};

fn topology() -> Topology {
    let mut topology = Topology::new();
    topology
        .add("web1", Settings::new().roles(["web", "primary"]))
        .add("db1", Settings::new().roles(["db"]))
        .add("web2", Settings::new().roles(["web"]))
        .add(
            "live",
            Settings::new().roles(["web", "production"]).guarded(true),
        );
    topology
}

fn catalogue() -> Catalogue<(), ()> {
    let mut catalogue = Catalogue::new();
    catalogue
        .add("upload", ["web", "primary"], [()])
        .add("upload", ["primary"], [()])
        .add("upgrade", ["web"], [()])
        .add("smoke", Vec::<String>::new(), Vec::<()>::new())
        .add("dump", ["db"], [()])
        .add("live-only", ["production"], [()]);
    catalogue
}

fn plan(stage: &Stage) -> Plan {
    build(&catalogue(), &topology(), stage, &Options::new()).unwrap()
}

fn tasks(plan: &Plan) -> Vec<String> {
    plan.tasks()
        .map(|(_, task)| {
            let (job, site) = (
                &plan.jobs[task.job as usize],
                &plan.sites[task.site as usize],
            );
            format!("{}@{}:{}", job.name, site.name(), plan.actions(task).len())
        })
        .collect()
}

#[test]
fn an_action_runs_once_on_a_site_however_many_of_its_roles_match() {
    let plan = plan(&Stage::new(
        Mode::SiteSequential,
        ["upload", "upgrade", "upload"],
    ));
    assert_eq!(
        tasks(&plan),
        [
            "upload@web1:2",
            "upload@web2:1",
            "upgrade@web1:1",
            "upgrade@web2:1",
            "upload@web1:2",
            "upload@web2:1"
        ]
    );
    assert!(plan.edges().all(|edge| edge.kind == EdgeKind::Needs));
    assert_eq!(plan.edges().count(), 4);
}

#[test]
fn a_stage_can_be_restricted_and_guarded_sites_must_be_meant() {
    let on = |roles: &[&str], job: &str| tasks(&plan(&Stage::new(Mode::Parallel, job).on(roles)));
    assert_eq!(on(&["primary"], "upload"), ["upload@web1:2"]);
    assert_eq!(on(&["web2", "db"], "upload"), ["upload@web2:1"]);
    assert_eq!(on(&["live"], "upload"), ["upload@live:1"]);
    assert_eq!(on(&["production"], "live-only"), ["live-only@live:1"]);
    assert!(plan(&Stage::new(Mode::Parallel, "live-only")).jobs[0].is_idle());
    assert_eq!(
        tasks(&plan(&Stage::of("upload").on("web!web1"))),
        ["upload@web2:1"]
    );
}

#[test]
fn once_is_the_first_site_in_the_order_of_the_topology() {
    let stage = Stage::of(["upgrade", "dump"]).once(true);
    assert_eq!(tasks(&plan(&stage)), ["upgrade@web1:1", "dump@db1:1"]);
    assert_eq!(tasks(&plan(&stage.on("web2"))), ["upgrade@web2:1"]);
}

#[test]
fn a_job_without_actions_is_known_and_idle_of_right() {
    let plan = plan(&Stage::of("smoke"));
    assert!(plan.nodes.is_empty() && !plan.jobs[0].is_idle());
}

#[test]
fn what_is_missing_is_told_unless_allowed() {
    let stage = Stage::of(["uplaod", "dump"]).on(["wbe"]);
    let problems = build(&catalogue(), &topology(), &stage, &Options::new()).unwrap_err();
    let texts: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(
        texts,
        ["no site or role is named `wbe`", "no job is named `uplaod`"]
    );
    assert_eq!(problems[1].hint(), Some("did you mean `upload`?"));
    let stage = Stage::of(["uplaod", "dump"]).allow_missing_job(true);
    assert_eq!(tasks(&plan(&stage)), ["dump@db1:1"]);
    let stage = Stage::rolling("1,x", "dump");
    let problems = build(&catalogue(), &topology(), &stage, &Options::new()).unwrap_err();
    assert!(
        problems[0].to_string().contains("`x` is neither a number"),
        "{problems:?}"
    );
}

#[test]
fn a_gate_stands_between_jobs_in_sequential_mode() {
    let plan = plan(&Stage::new(Mode::Sequential, ["upload", "upgrade"]));
    let gates = plan
        .nodes
        .iter()
        .filter(|node| matches!(node, Node::Gate(_)));
    assert_eq!(gates.count(), 1);
    assert_eq!(
        plan.edges()
            .filter(|edge| edge.kind == EdgeKind::After)
            .count(),
        4
    );
    assert_eq!(plan.budget, Some(0));
}

#[test]
fn groups_follow_the_order_of_the_topology() {
    let mut topology = Topology::new();
    for site in 1..=12 {
        topology.add(format!("s{site}"), Settings::new().roles(["all"]));
    }
    let mut catalogue = Catalogue::<(), ()>::new();
    catalogue.add("a", ["all"], [()]).add("b", ["all"], [()]);
    let stage = Stage::rolling("1,25%,100%", ["a", "b"]);
    let plan = build(&catalogue, &topology, &stage, &Options::new()).unwrap();
    assert_eq!(plan.groups, [0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2]);
    assert_eq!(plan.group_count(), 3);
    let second: Vec<_> = plan.group_sites(1).map(|site| site.name()).collect();
    assert_eq!(second, ["s2", "s3", "s4"]);
}
