//! Transfers of many sources.

use std::fs;

use ploy::Shell;
use ploy::error::Kind;
use ploy::topology::Settings;
use ploy_tests::Server;

use super::shell;

const MANY: usize = 5000;

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn thousands_of_sources_are_moved() {
    let server = Server::start();
    let here = tempfile::tempdir().unwrap();
    let sources: Vec<String> = (0..MANY)
        .map(|number| {
            // So long that they do not fit into one argument of 128 KiB.
            let path = here.path().join(format!("{number:060}"));
            fs::write(&path, "x").unwrap();
            path.display().to_string()
        })
        .collect();
    let local = Shell::with("here", Settings::new());
    let remote = shell(&server);
    let to = |name: &str| server.path("tmp").join(name).display().to_string();
    for transfer in [
        local.upload(sources.clone(), to("up")),
        local.download(sources.clone(), to("down")),
        remote.upload(sources.clone(), to("there")),
    ] {
        assert_eq!(transfer.await.unwrap().files, MANY as u64);
    }
    let mirror = remote.upload(sources.clone(), to("there")).mirror();
    assert_eq!(mirror.await.unwrap().files, 0);

    // rsync itself takes no more than some 1,000 of another host.
    let back = here.path().join("back");
    let some = sources[..900].to_vec();
    assert_eq!(remote.download(some, &back).await.unwrap().files, 900);
    let failure = remote.download(sources, &back).await.unwrap_err();
    let cause = failure.detail().to_string();
    assert!(
        cause.starts_with("too many sources to name one by one (5000)"),
        "{failure:?}"
    );
    assert!(failure.hint().unwrap().contains("--files-from=LIST"));
    // Nor are they all named.
    let headline = failure.to_string();
    assert!(headline.contains(" and 4997 more to "), "{headline}");
    assert!(headline.len() < 1000, "{headline}");
}

#[tokio::test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
async fn more_than_a_program_is_given_are_too_many() {
    let server = Server::start();
    let sources = vec![format!("/tmp/{}", "x".repeat(2000)); MANY];
    let local = Shell::with("here", Settings::new());
    for upload in [
        shell(&server).upload(sources.clone(), "/tmp/never"),
        // An option that only rsync knows.
        local
            .upload(sources.clone(), "/tmp/never")
            .args(["--whole-file"]),
    ] {
        let failure = upload.await.unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage, "{failure:?}");
        assert_eq!(
            failure.detail().to_string(),
            "too many sources to name one by one (5000)"
        );
        assert!(failure.hint().unwrap().starts_with("upload the folder"));
    }
}
