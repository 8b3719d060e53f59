//! The doc comment is the help text; the function's name with dashes is the name.

use ploy::__private::Handle;

ploy::sites! {
    site web1 { roles: ["web"] }
}

/// Upload the release.
///
///   * indented
///
#[doc(hidden)]
#[ploy::job(roles = ["web", "web1"])]
fn upload_release() {}

fn main() {
    let job = <upload_release as Handle>::JOB;
    assert_eq!(job.name, "upload-release");
    assert_eq!(job.help, "Upload the release.\n\n  * indented");
    assert_eq!(job.roles, ["web", "web1"]);
    assert_eq!(job.function, "upload_release");
    assert_eq!(job.source.line, 14);
}
