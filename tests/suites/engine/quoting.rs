//! Values in commands, through each shell that a site may have: what stands in `{..}` arrives as it
//! is.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use ploy::topology::Settings;
use ploy::{Script, Shell, cmd};
use proptest::prelude::*;
use tokio::runtime::Runtime;

/// Every byte but NUL, the awkward ones often.
fn value() -> impl Strategy<Value = OsString> {
    let awkward = prop::sample::select(b"'\"\\$`!\n\r\t -=~#*?[]{}()<>|&;%^,\xff\x80\xc3".to_vec());
    proptest::collection::vec(prop_oneof![1..=255_u8, awkward], 0..60).prop_map(OsString::from_vec)
}

/// dash, bash and busybox's shell: links in a folder, since busybox is what it is called by.
fn shells(folder: &Path) -> Vec<Shell> {
    let found = |name: &str| -> PathBuf {
        let path = std::env::var_os("PATH").unwrap();
        std::env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|path| path.exists())
            .unwrap_or_else(|| panic!("{name} is missing: install it"))
    };
    [("dash", "dash"), ("bash", "bash"), ("ash", "busybox")]
        .map(|(name, program)| {
            let link = folder.join(name);
            std::os::unix::fs::symlink(found(program), &link).unwrap();
            Shell::with(name, Settings::new().shell(link.to_str().unwrap()))
        })
        .into()
}

fn check(runtime: &Runtime, shell: &Shell, script: Script, expected: &[u8]) {
    let shown = script.to_string();
    let output = runtime.block_on(shell.run(script).into_future()).unwrap();
    assert_eq!(output.stdout(), expected, "{shown}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    #[ignore = "needs dash, bash and busybox: tests/run runs it"]
    fn a_value_arrives_wherever_it_stands(x in value(), y in value()) {
        let folder = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        let bytes = x.as_encoded_bytes();
        let ended = [bytes, b"\n"].concat();
        for shell in shells(folder.path()) {
            let shell = &shell;
            check(&runtime, shell, cmd!("printf %s {x:any}"), bytes);
            check(&runtime, shell, cmd!("printf %s a{x:any}b"), &[b"a", bytes, b"b"].concat());
            check(&runtime, shell, cmd!("printf %s {x:any}{y:any}"), &[bytes, y.as_encoded_bytes()].concat());
            check(&runtime, shell, cmd!(r#"V={x:any}; printf '%s\n' "$V""#), &ended);
            check(&runtime, shell, cmd!(r#"V={x:any} sh -c 'printf %s "$V"'"#), bytes);
            check(&runtime, shell, cmd!("printf %s --option={x:any}"), &[b"--option=", bytes].concat());
            check(&runtime, shell, cmd!("printf %s {x:any} | cat && true"), bytes);
            let list = [&x, &y];
            let both = [b"<", bytes, b"><", y.as_encoded_bytes(), b">"].concat();
            check(&runtime, shell, cmd!("printf '<%s>' {list...:any}"), &both);
        }
    }

    #[test]
    #[ignore = "needs dash, bash and busybox: tests/run runs it"]
    fn a_file_of_any_name_is_redirected_to(name in value()) {
        prop_assume!(!name.is_empty() && !name.as_encoded_bytes().contains(&b'/'));
        let folder = tempfile::tempdir().unwrap();
        let runtime = Runtime::new().unwrap();
        for shell in shells(folder.path()) {
            let target = tempfile::tempdir().unwrap();
            let path = target.path();
            let script = cmd!("cd {path}; printf there >./{name:any}; cat <./{name:any}");
            if name != "." && name != ".." {
                check(&runtime, &shell, script, b"there");
                prop_assert_eq!(std::fs::read(path.join(&name)).unwrap(), b"there");
            }
        }
    }
}
