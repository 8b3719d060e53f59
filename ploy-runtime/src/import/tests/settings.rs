//! Settings of sites from texts.

use std::time::Duration;

use serde_json::json;

use super::super::Format;
use super::{cause, topology, wrong};
use crate::topology::Settings;

fn expected() -> Settings {
    Settings::new()
        .host("web3.example.com")
        .user("deploy")
        .port(2222)
        .identity("/keys/web3")
        .config("/ssh/config")
        .jump("hop1,hop2")
        .connect_timeout(Duration::from_secs(5))
        .path("/srv/www")
        .shell("bash")
        .env("STAGE", "prod of web3")
        .timeout(Duration::from_secs(90))
        .max_sessions(4)
        .run_as("www")
        .password_domain("prod")
        .guarded(true)
        .roles(["web", "canary"])
        .var("keep", 7)
        .var("names", json!(["web3", { "x": "web3-x" }, 1.5, false]))
}

const JSON: &str = r#"{ "web3": {
    "host": "{name}.example.com", "user": "deploy", "port": 2222, "identity": "/keys/{name}",
    "config": "/ssh/config", "jump": "hop1,hop2", "connect_timeout": 5, "path": "/srv/www",
    "shell": "bash", "env": { "STAGE": "prod of {name}" }, "timeout": "1m 30s",
    "max_sessions": 4, "run_as": "www", "password_domain": "prod", "guarded": true,
    "roles": ["web", "canary", "web"],
    "vars": { "keep": 7, "names": ["{name}", { "x": "{name}-x" }, 1.5, false] }
} }"#;

#[test]
fn every_setting_arrives_from_json() {
    let mut topology = topology();
    assert_eq!(
        crate::import::text(&mut topology, Format::Json, JSON, "x").unwrap(),
        1
    );
    assert_eq!(*topology.get("web3").unwrap().settings(), expected());
}

#[cfg(feature = "toml")]
#[test]
fn every_setting_arrives_from_toml() {
    let text = r#"
        [web3]
        host = "{name}.example.com"
        user = "deploy"
        port = 2222
        identity = "/keys/{name}"
        config = "/ssh/config"
        jump = "hop1,hop2"
        connect_timeout = 5.0
        path = "/srv/www"
        shell = "bash"
        timeout = "1m 30s"
        max_sessions = 4
        run_as = "www"
        password_domain = "prod"
        guarded = true
        roles = ["web", "canary"]
        env.STAGE = "prod of {name}"
        vars = { keep = 7, names = ["{name}", { x = "{name}-x" }, 1.5, false] }

        [web2]
        vars.born = 2024-05-01
    "#;
    let mut topology = topology();
    assert_eq!(
        crate::import::text(&mut topology, Format::Toml, text, "x").unwrap(),
        2
    );
    assert_eq!(*topology.get("web3").unwrap().settings(), expected());
    assert_eq!(
        topology.get("web2").unwrap().var::<String>("born").unwrap(),
        "2024-05-01"
    );
    // The order of the text, not of the names.
    let names: Vec<_> = topology.sites().iter().map(|site| site.name()).collect();
    assert_eq!(names, ["web1", "web3", "web2"]);
}

#[test]
fn nothing_and_null_set_nothing() {
    let mut topology = topology();
    let text = r#"{ "a": { "user": null, "vars": { "x": null } }, "b": {} }"#;
    assert_eq!(
        crate::import::text(&mut topology, Format::Json, text, "x").unwrap(),
        2
    );
    assert_eq!(topology.get("a").unwrap().user, None);
    assert_eq!(
        crate::import::text(&mut topology, Format::Json, "[]", "x").unwrap(),
        0
    );
}

#[test]
fn unknown_settings_get_a_suggestion() {
    let (cause, hint) = wrong(r#"{ "a": { "hots": "x" } }"#);
    assert_eq!(cause, "site `a` has a setting `hots`, which does not exist");
    assert_eq!(hint.unwrap(), "did you mean `host`?");
    let (_, hint) = wrong(r#"{ "a": { "colour": "x" } }"#);
    assert_eq!(hint.unwrap(), "anything of your own goes under `vars`");
    let (_, hint) = wrong(r#"{ "a": { "eu": {} } }"#);
    assert!(hint.unwrap().ends_with("is quoted: `[\"a.eu\"]`"));
}

#[test]
fn wrong_types_say_what_is_taken() {
    for (setting, message) in [
        (
            r#""host": 5"#,
            "`host` of site `a` is an integer, and takes a string",
        ),
        (
            r#""port": "22""#,
            "`port` of site `a` is a string, and takes a number from 1 to 65535",
        ),
        (r#""port": 70000"#, "is 70000, and takes a number from 1"),
        (r#""port": 0"#, "is 0, and takes a number from 1 to 65535"),
        (
            r#""max_sessions": 0"#,
            "`max_sessions` of site `a` is 0, and takes a number from 1",
        ),
        (
            r#""guarded": "yes""#,
            "is a string, and takes `true` or `false`",
        ),
        (
            r#""timeout": "soon""#,
            r#"`timeout` of site `a` is "soon", and takes a duration such as "30s""#,
        ),
        (r#""timeout": "-3s""#, r#"is "-3s", and takes a duration"#),
        (r#""timeout": -3"#, "is -3, and takes a duration"),
        (r#""timeout": 1e300"#, "and takes a duration"),
        (r#""timeout": [1]"#, "is a list, and takes a duration"),
        (
            r#""roles": "web""#,
            "`roles` of site `a` is a string, and takes a list of names",
        ),
        (
            r#""roles": [["web"]]"#,
            "is a list that holds a list, and takes a list of names",
        ),
        (
            r#""env": { "PORT": 80 }"#,
            "`env.PORT` of site `a` is an integer, and takes a string",
        ),
        (r#""env": { "1A": "x" }"#, "a name that no shell takes"),
        (r#""vars": 5"#, "`vars` of site `a` is an integer"),
        (r#""host": "-oProxyCommand=x""#, "begins with `-`"),
        (r#""host": "a b""#, "holds a blank"),
        (r#""host": "{nmae}.x""#, "the only placeholder is `{name}`"),
        (r#""path": """#, "`path` of site `a` is empty"),
        (
            r#""user": "x", "user": "y""#,
            "site `a` has the setting `user` twice",
        ),
    ] {
        let cause = cause(&format!("{{ \"a\": {{ {setting} }} }}"));
        assert!(cause.contains(message), "{setting}: {cause}");
        assert!(!cause.contains("; site"), "{setting}: {cause}");
    }
    assert_eq!(
        cause(r#"{ "a": 5 }"#),
        "site `a` is an integer, and takes a table of settings"
    );
    assert_eq!(cause("5"), "it is an integer");
}
