//! Names and roles of sites from texts.

use super::super::Format;
#[cfg(feature = "toml")]
use super::wrong_in;
use super::{cause, topology, wrong};
use crate::topology::Settings;

#[test]
fn a_list_of_objects_names_its_sites() {
    let text =
        r#"[{ "roles": ["db"], "name": "z" }, { "name": "db[08-11]", "host": "{name}.int" }]"#;
    let mut topology = topology();
    assert_eq!(
        crate::import::text(&mut topology, Format::Json, text, "x").unwrap(),
        5
    );
    let names: Vec<_> = topology.sites()[1..]
        .iter()
        .map(|site| site.name())
        .collect();
    assert_eq!(names, ["z", "db08", "db09", "db10", "db11"]);
    assert_eq!(
        topology.get("db09").unwrap().host.as_deref(),
        Some("db09.int")
    );
    assert_eq!(
        cause(r#"[{}, 5, { "name": 5 }]"#),
        "site 1 of the list has no `name`; site 2 of the list is not an object; \
         site 3 of the list has a `name` that is not a string"
    );
}

#[test]
fn roles_are_declared_elsewhere() {
    let (cause, hint) = wrong(r#"{ "web3": { "roles": ["wbe"] } }"#);
    assert_eq!(
        cause,
        "site `web3` wants the role `wbe`, which nobody declared"
    );
    assert_eq!(
        hint.unwrap(),
        "did you mean `web`? Else declare it in `sites!` with `role \"wbe\";`"
    );
    // Once, however many sites the name stands for.
    let (cause, hint) = wrong(r#"{ "n[1-100]": { "roles": ["mail-relay"] } }"#);
    assert!(!cause.contains(';'), "{cause}");
    assert_eq!(
        hint.unwrap(),
        "declare it in `sites!` with `role \"mail-relay\";`"
    );
    for name in ["web1", "b"] {
        let text = format!(r#"{{ "a": {{ "roles": ["{name}"] }}, "b": {{}} }}"#);
        let cause = self::cause(&text);
        assert_eq!(
            cause,
            format!("site `a` wants the role `{name}`, which is the name of a site")
        );
    }
}

#[test]
fn names_are_well_formed_and_new() {
    for (name, message) in [
        ("-rf", "begins with `-`"),
        ("a b[1-3]", "holds ' '"),
        ("", "is empty"),
        ("db[2-1]", "the site name `db[2-1]` is malformed: the range"),
        ("db[1-100001]", "more than 100000 names"),
        ("web[1-2]", "site `web1` is there already"),
        ("db", "the role `db` has the name of a site"),
    ] {
        let cause = cause(&format!("{{ \"{name}\": {{}} }}"));
        assert!(
            cause.contains(message) && !cause.contains("; "),
            "{name}: {cause}"
        );
    }
    assert_eq!(
        cause(r#"{ "a[1-3]": {}, "a2": {} }"#),
        "site `a2` is there twice"
    );
    assert_eq!(cause(r#"{ "a": {}, "a": {} }"#), "site `a` is there twice");
}

#[test]
fn all_problems_are_told_at_once() {
    let (cause, hint) = wrong(
        r#"{ "web1": { "port": 0 }, "ok": {}, "a": { "usr": "x", "roles": ["no"] }, "b c": 5 }"#,
    );
    for part in ["there already", "is 0", "`usr`", "`no`", "`b c`"] {
        assert!(cause.contains(part), "{part}: {cause}");
    }
    assert_eq!(cause.matches("; ").count(), 4, "{cause}");
    assert_eq!(hint.unwrap(), "did you mean `user`?");
    let many: Vec<_> = (0..13).map(|n| format!("\"a{n}\": 1")).collect();
    let cause = self::cause(&format!("{{ {} }}", many.join(",")));
    assert!(cause.ends_with("site `a9` is an integer, and takes a table of settings; and 3 more"));
}

#[test]
fn old_problems_are_not_those_of_the_text() {
    let mut topology = topology();
    topology.add("-x", Settings::new());
    assert_eq!(
        crate::import::text(&mut topology, Format::Json, r#"{ "a": {} }"#, "x").unwrap(),
        1
    );
}

#[test]
fn malformed_json_has_its_place() {
    assert_eq!(
        cause("{\n  \"a\": { \"port\": x }\n}"),
        "line 2, column 18: expected value"
    );
    assert!(cause("{} {}").starts_with("line 1, column 4: trailing"));
    assert!(cause("").starts_with("line 1, column 0: EOF"));
}

#[cfg(feature = "toml")]
#[test]
fn malformed_toml_has_its_place() {
    let (cause, hint) = wrong_in(Format::Toml, "[a]\nuser = \"ä\" x\n");
    assert!(cause.starts_with("line 2, column 12: "), "{cause}");
    assert_eq!(hint, None);
    let (cause, hint) = wrong_in(Format::Toml, "[a]\n\n[db[01-12]]\n");
    assert!(cause.starts_with("line 3, column "), "{cause}");
    assert!(hint.unwrap().contains("`[\"db[01-12]\"]`"));
    let (cause, _) = wrong_in(Format::Toml, "[a]\n[b]\n[a]\n");
    assert!(cause.starts_with("line 3, column 2: duplicate"), "{cause}");
    let (cause, _) = wrong_in(Format::Toml, "[a]\nvars.x = [nan]\n[b]\nport = \"x\"");
    assert!(
        cause.starts_with("`vars` of site `a` holds NaN, which is no number; `port` of"),
        "{cause}"
    );
    let (cause, _) = wrong_in(Format::Toml, "[[site]]\nname = \"a\"");
    assert_eq!(
        cause,
        "site `site` is a list, and takes a table of settings"
    );
}
