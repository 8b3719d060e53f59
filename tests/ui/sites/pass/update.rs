//! An update adds roles and settings to the sites above it.

#![deny(warnings)]

ploy::sites! {
    site web1 { roles: ["web"], port: 22 }
    site db1 { roles: ["db"] }
    role "spare";
    update ["web", [db1], "spare"] { roles: ["linux"], port: 2222 }
    update ["linux"] { password_domain: "prod" }
    site builder {}
}

fn main() {
    let topology = topology::topology();
    for name in ["web1", "db1"] {
        let site = topology.get(name).unwrap();
        assert!(site.has_role("linux"));
        assert_eq!(site.settings().port, Some(2222));
        assert_eq!(site.settings().password_domain.as_deref(), Some("prod"));
    }
    assert!(!topology.get("builder").unwrap().has_role("linux"));
    assert!(topology.is_declared("spare"));
    assert!(topology.problems().is_empty());
}
