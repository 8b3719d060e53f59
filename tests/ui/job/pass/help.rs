//! The doc comment is the help text; the function's name with dashes is the name.

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
    let catalogue = ploy::catalogue::linked::catalogue();
    let job = catalogue.job("upload-release").unwrap();
    assert_eq!(job.help(), "Upload the release.\n\n  * indented");
    assert_eq!(job.roles(), ["web", "web1"]);
    assert_eq!(job.actions()[0].name(), "upload_release");
    assert_eq!(job.source().unwrap().line, 12);
}
