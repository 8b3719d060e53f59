use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

/// The path of a binary or an example of this workspace, built if need be.
///
/// # Panics
///
/// If there is none of that name.
pub fn built(name: &str) -> PathBuf {
    static ALL: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    let all = ALL.get_or_init(build);
    all.get(name)
        .unwrap_or_else(|| panic!("no binary is named `{name}` among {:?}", all.keys()))
        .clone()
}

fn build() -> BTreeMap<String, PathBuf> {
    let output = Command::new(env!("CARGO"))
        .args([
            "build",
            "--workspace",
            "--bins",
            "--examples",
            "--message-format=json",
        ])
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let lines = String::from_utf8(output.stdout).unwrap();
    let messages = lines
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    messages
        .filter_map(|message| {
            let path = message["executable"].as_str()?;
            Some((
                message["target"]["name"].as_str()?.to_owned(),
                PathBuf::from(path),
            ))
        })
        .collect()
}
