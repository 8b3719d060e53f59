//! Further arguments are parameters.

use std::path::PathBuf;
use std::time::Duration;

use ploy::params::{Given, Shape};
use ploy::prelude::*;

ploy::sites! {
    site web1 { roles: ["web"] }
}

#[derive(Clone, Debug, PartialEq, ParamValue)]
enum Target {
    /// For those who test
    OnlyStaging,
    #[param(name = "live")]
    Production,
}

#[derive(Clone, Debug, PartialEq, ParamValue)]
struct Version(u32);

impl std::str::FromStr for Version {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        text.trim_start_matches('v').parse().map(Version)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "v{}", self.0)
    }
}

/// Upload.
#[job(roles = ["web"])]
async fn upload(
    cx: Cx,
    /// The tag
    ///
    /// More about it.
    mut tag: Version,
    #[param(default = 3)] keep_days: u32,
    #[param(default = "dist", name = "from")] r#where: PathBuf,
    targets: Vec<Target>,
    maybe: Option<Duration>,
    _dirty: bool,
    token: Secret,
    other_token: Option<Secret>,
) -> Result {
    tag.0 += keep_days;
    let _ = (cx, tag, r#where, targets, maybe, token, other_token);
    Ok(())
}

/// Takes fewer, in another order.
#[action(job = upload, roles = ["web1"])]
fn backup(_: Cx, targets: Vec<Target>, tag: Version) {
    let _ = (targets, tag);
}

/// One without any may be listed as it is; so may one that needs none.
#[job(roles = ["web"])]
fn switch(_: Cx, #[param(default = Target::Production)] target: Target) {
    let _ = target;
}

#[schedule]
fn release(tag: Version, #[param(default = 2)] keep: u32) -> Schedule {
    let keep_days = keep + 1;
    Schedule::new()
        .run(jobs![upload(
            tag,
            keep_days,
            token = Secret::new("12345678"),
            targets = [Target::OnlyStaging]
        )])
        .run(jobs![switch, [switch(target = Target::OnlyStaging)]])
}

#[schedule]
async fn code(batch: Batch, #[param(default = "x")] name: String) -> Result {
    let _ = (batch, name);
    Ok(())
}

fn main() {
    let catalogue = ploy::catalogue::linked::catalogue();
    let problems = catalogue.validate(&topology::topology());
    assert!(problems.is_empty(), "{problems:?}");
    let params = catalogue.job("upload").unwrap().params();
    let names: Vec<&str> = params.iter().map(|param| param.name()).collect();
    assert_eq!(
        names,
        [
            "tag",
            "keep-days",
            "from",
            "targets",
            "maybe",
            "dirty",
            "token",
            "other-token"
        ]
    );
    assert_eq!(params[0].help_text(), "The tag\n\nMore about it.");
    assert_eq!(
        (params[0].type_name(), params[3].type_name()),
        ("Version", "Vec<Target>")
    );
    assert_eq!(params[1].default_value().unwrap().shown(), ["3"]);
    assert_eq!(params[2].default_value().unwrap().shown(), ["dist"]);
    let required: Vec<&str> = params
        .iter()
        .filter(|param| param.is_required())
        .map(|param| param.name())
        .collect();
    assert_eq!(required, ["tag", "token"]);
    assert_eq!(
        (params[3].shape(), params[7].shape()),
        (Shape::Many, Shape::Secret)
    );
    assert_eq!(params[3].choices()[0].name, "only-staging");
    assert_eq!(params[3].choices()[0].help, "For those who test");
    assert_eq!(params[0].read(&["v7"]).unwrap().value(), Some(&Version(7)));
    assert!(
        params[3]
            .read(&["lvie"])
            .unwrap_err()
            .contains("did you mean `live`?")
    );

    let release = catalogue.schedule("release").unwrap();
    let given = [Given::new("tag", Version(4))].into_iter().collect();
    let (ploy::catalogue::ScheduleBody::Data(schedule), arguments) = release.given(&given).unwrap()
    else {
        panic!("data")
    };
    assert_eq!(arguments.get("keep").unwrap().value(), Some(&2_u32));
    let jobs: Vec<_> = schedule.stages()[0].jobs().iter().collect();
    assert_eq!(
        format!("{:?}", jobs[0].arguments()),
        "Arguments([tag=v4, keep-days=3, token=***, targets=only-staging])"
    );
    assert!(release.given(&Default::default()).is_err());
}
