//! One site for each number of a range, with its name in the values.

#![deny(warnings, missing_docs)]

use std::path::{Path, PathBuf};

fn home() -> PathBuf {
    PathBuf::from("/home")
}

ploy::sites! {
    site "db[08-11]" { roles: ["db"], host: "{name}.internal", env: { NAME: "{name}" }, vars: { all: ["{name}-a", "b"] } }
    site "web[1-2,7]" { identity: home().join("{name}.key"), vars: { upper: "{name}".to_uppercase(), json: format!("{{{{}}}}{}", 1) } }
    site "rack[1-2]-node[01,05]" { path: format!("/srv/{}", 1) }
}

fn main() {
    let topology = topology::topology();
    let names: Vec<&str> = topology.sites().iter().map(|site| site.name()).collect();
    assert_eq!(
        names,
        [
            "db08",
            "db09",
            "db10",
            "db11",
            "web1",
            "web2",
            "web7",
            "rack1-node01",
            "rack1-node05",
            "rack2-node01",
            "rack2-node05"
        ]
    );
    let db10 = topology.get("db10").unwrap();
    assert_eq!(db10.settings().host.as_deref(), Some("db10.internal"));
    assert_eq!(db10.settings().env.as_ref().unwrap()["NAME"], "db10");
    assert_eq!(db10.var::<Vec<String>>("all").unwrap(), ["db10-a", "b"]);
    assert_eq!(
        topology
            .get("rack1-node05")
            .unwrap()
            .settings()
            .path
            .as_deref(),
        Some("/srv/1")
    );
    assert_eq!(topology::roles::rack2_node01.as_str(), "rack2-node01");
    assert_eq!(topology.list("db").len(), 4);
    let web7 = topology.get("web7").unwrap();
    assert_eq!(
        web7.settings().identity.as_deref(),
        Some(Path::new("/home/web7.key"))
    );
    assert_eq!(web7.var::<String>("upper").unwrap(), "WEB7");
    assert_eq!(web7.var::<String>("json").unwrap(), "{{}}1");
}
