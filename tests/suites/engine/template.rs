//! Files filled in from templates.

use std::collections::BTreeMap;
use std::fs;

use ploy::Shell;
use ploy::error::Kind;
use ploy::topology::Settings;
use ploy::transfer::{Template, context};
use serde::Serialize;

#[derive(Serialize)]
struct Context {
    port: u16,
    hosts: Vec<&'static str>,
}

const CONTEXT: fn() -> Context = || Context {
    port: 8080,
    hosts: vec!["a", "b"],
};

fn shell(folder: &tempfile::TempDir) -> Shell {
    let settings = Settings::new()
        .path(folder.path().to_str().unwrap())
        .var("workers", 4);
    Shell::with("web1", settings)
}

#[tokio::test]
async fn a_template_is_filled_in_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let shell = shell(&folder);
    let text = "# {{ site.name }}: <{{ port }}> & {{ site.vars.workers }}\n{# not this #}\n\
                {% for host in hosts %}\nserver {{ host }};\n{% endfor %}\nx={{ \"it's\" | quote }}\n\n";
    let path = folder.path().join("page.conf");
    let expected = "# web1: <8080> & 4\nserver a;\nserver b;\nx=\"it's\"\n\n";
    let written = shell
        .template(Template::text(text), "page.conf", CONTEXT())
        .mode(0o600)
        .await
        .unwrap();
    assert!(written.changed);
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    // The same from a file, with the same values made otherwise.
    let file = folder.path().join("page.j2");
    fs::write(&file, text).unwrap();
    let values = context!(port => 8080, hosts => vec!["a", "b"]);
    let written = shell
        .template(Template::file(&file), "page.conf", values)
        .await
        .unwrap();
    assert!(!written.changed);
    // A value of one's own goes before what is offered.
    let values = BTreeMap::from([("site", BTreeMap::from([("name", "mine")]))]);
    shell
        .template(Template::text("{{ site.name }}"), "other", values)
        .await
        .unwrap();
    assert_eq!(
        fs::read_to_string(folder.path().join("other")).unwrap(),
        "mine"
    );
}

#[tokio::test]
async fn what_is_wrong_in_a_template_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let shell = shell(&folder);
    let file = folder.path().join("page.j2");
    for (text, line, says) in [
        ("one\ntwo {{ prot }}\n", 2, "undefined value"),
        ("one\n\n{{ site.vars.missing }}", 3, "undefined value"),
        ("{% for x in hosts %}\n{{ x }}\n", 2, "syntax error"),
        ("{{ port | no_such_filter }}", 1, "no_such_filter"),
        ("\n{% include 'other' %}", 2, "unknown statement include"),
        ("{% extends 'other' %}", 1, "unknown statement extends"),
        ("{% import 'other' as x %}", 1, "unknown statement import"),
    ] {
        fs::write(&file, text).unwrap();
        let failure = shell
            .template(Template::file(&file), "page", CONTEXT())
            .await
            .unwrap_err();
        assert_eq!(failure.kind(), Kind::Usage, "{failure:?}");
        assert_eq!(failure.to_string(), "cannot fill in page for web1");
        let told = failure.detail().to_string();
        assert!(
            told.starts_with(&format!("{}, line {line}: ", file.display())),
            "{told}"
        );
        assert!(told.contains(says), "{told}");
    }
    let failure = shell
        .template(Template::text("\n{{ nothing }}"), "page", CONTEXT())
        .await
        .unwrap_err();
    let told = failure.detail().to_string();
    assert!(
        told.starts_with("template of tests/suites/engine/template.rs:"),
        "{told}"
    );
    assert!(told.ends_with("in `{{ nothing }}`"), "{told}");
    assert!(failure.hint().unwrap().contains("default"));
    let failure = shell
        .template(Template::file("no/such.j2"), "page", CONTEXT())
        .await
        .unwrap_err();
    assert!(
        failure
            .detail()
            .to_string()
            .starts_with("cannot read no/such.j2: "),
        "{failure:?}"
    );
    let failure = shell
        .template(Template::text("x"), "page", 5)
        .await
        .unwrap_err();
    assert!(
        failure
            .detail()
            .to_string()
            .starts_with("the context is no map"),
        "{failure:?}"
    );
    assert!(!folder.path().join("page").exists());
}
