//! Values that the shells on the way must not touch.

use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::{Cx, cmd};
use ploy_tests::Server;

use super::{run, three};

const AWKWARD: [&str; 14] = [
    "",
    "two words",
    "it's",
    "say \"hi\"",
    "$HOME `id` $(id)",
    "back\\slash \\n",
    "a\nline\n",
    "tab\tand\rreturn",
    "* ? [a-z] {a,b} ~ ! # & ; | < > ( )",
    "--no-preserve-root",
    "ünïcödé ☃",
    "\u{1}\u{7f}\u{1b}[31m",
    "'; touch /tmp/ploy-was-here; '",
    "trailing \\",
];

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn values_arrive_as_they_are() {
    let server = Server::start();
    let mut catalogue = Catalogue::new();
    let action = Action::new(|cx: Cx| async move {
        for value in AWKWARD {
            let output = cx.shell().run(cmd!("printf '%s' {value:any}")).await?;
            assert_eq!(output.stdout(), value.as_bytes());
            let output = cx
                .shell()
                .run(cmd!("printf '%s' before{value:any}after"))
                .await?;
            assert_eq!(output.stdout(), format!("before{value}after").as_bytes());
        }
        let values = AWKWARD;
        let output = cx
            .shell()
            .run(cmd!("printf '<%s>' {values...:any}"))
            .await?;
        let expected: String = AWKWARD.iter().map(|value| format!("<{value}>")).collect();
        assert_eq!(output.text(), expected);
        Ok::<(), ploy::Error>(())
    });
    catalogue.add("job", ["web1"], [action]);
    let ran = run(three(&server), catalogue);
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("web1"));
}

#[test]
#[ignore = "needs sshd and rsync: tests/run runs it"]
fn bytes_that_are_no_text_arrive() {
    use std::os::unix::ffi::OsStringExt;
    let server = Server::start();
    let mut catalogue = Catalogue::new();
    let action = Action::new(|cx: Cx| async move {
        let bytes: Vec<u8> = (1..=255).collect();
        let value = std::ffi::OsString::from_vec(bytes.clone());
        let output = cx.shell().run(cmd!("printf %s {value}")).await?;
        assert_eq!(output.stdout(), bytes);
        Ok::<(), ploy::Error>(())
    });
    catalogue.add("job", ["web1"], [action]);
    let ran = run(three(&server), catalogue);
    assert!(ran.stats.is_ok(), "{:#?}", ran.faults("web1"));
}
