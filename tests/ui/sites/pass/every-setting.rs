//! All settings, as literals and as expressions.

#![deny(warnings)]

use std::path::PathBuf;
use std::time::Duration;

fn home() -> PathBuf {
    PathBuf::from("/home/deploy")
}

const PORT: u16 = 2222;

ploy::sites! {
    site web1 {
        host: "{name}.example.com",
        user: "deploy",
        port: 22,
        identity: home().join(".ssh/id_ed25519"),
        config: "ssh_config",
        jump: "bastion.example.com",
        connect_timeout: Duration::from_secs(5),
        path: "/srv/www",
        shell: "/bin/bash",
        env: { LANG: "C", "LC_ALL": format!("{}", "C"), },
        timeout: Duration::from_secs(30),
        max_sessions: 4,
        run_as: "www-data",
        password_domain: "prod",
        guarded: true,
        roles: ["web", ["linux", ["debian"]], []],
        vars: { keep: 7, "with-dash": 1.5, on: true, root: "/{name}", list: [1, 2], made: home().display().to_string() },
    }
    site local { port: PORT }
}

fn main() {
    let topology = topology::topology();
    let web1 = topology.get("web1").unwrap();
    let settings = web1.settings();
    assert_eq!(settings.host.as_deref(), Some("web1.example.com"));
    assert_eq!(settings.port, Some(22));
    assert_eq!(settings.timeout, Some(Duration::from_secs(30)));
    assert_eq!(settings.env.as_ref().unwrap().len(), 2);
    assert!(
        web1.has_role("web")
            && web1.has_role("linux")
            && web1.has_role("debian")
            && web1.has_role("web1")
    );
    assert_eq!(web1.var::<u32>("keep").unwrap(), 7);
    assert_eq!(web1.var::<f64>("with-dash").unwrap(), 1.5);
    assert_eq!(web1.var::<String>("root").unwrap(), "/web1");
    assert_eq!(web1.var::<Vec<u8>>("list").unwrap(), [1, 2]);
    assert_eq!(web1.var::<String>("made").unwrap(), "/home/deploy");
    assert!(topology.get("local").unwrap().is_local());
}
