//! The schema of events: it describes every kind of event, and the lines of real runs are as it
//! says.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jsonschema::Validator;
use ploy::action::Action;
use ploy::catalogue::Catalogue;
use ploy::event::{CancelReason, Event, EventKind};
use ploy::report::Json;
use ploy::run::Runner;
use ploy::scheduling::Stage;
use ploy::{Batch, Cx, Error, Group, HealthCheck, Schedule, Script};
use ploy_tests::{Going, golden, start};
use serde_json::{Value, json};

use super::{command, err, jobs, ok, sites};

fn schema() -> Value {
    serde_json::from_str(Json::SCHEMA).unwrap()
}

/// The schema, made to refuse what it does not describe: what is sent is described, though a reader
/// is to ignore what it does not know.
fn strict() -> Validator {
    let mut schema = schema();
    for (name, definition) in schema["$defs"].as_object_mut().unwrap() {
        let is_event = definition["properties"]["event"]["const"] == json!(name);
        if definition["properties"].is_object() && !is_event {
            definition["additionalProperties"] = json!(false);
        }
    }
    schema["unevaluatedProperties"] = json!(false);
    jsonschema::validator_for(&schema).unwrap()
}

/// The names of all kinds of events, as serde knows them.
fn kinds() -> BTreeSet<String> {
    let error = serde_json::from_str::<EventKind>(r#"{"event":"?"}"#).unwrap_err();
    let error = error.to_string();
    let (_, names) = error.split_once("expected one of").unwrap();
    let names = names.split('`').skip(1).step_by(2);
    names.map(str::to_owned).collect()
}

#[test]
fn every_kind_of_event_and_every_field_is_described() {
    let schema = schema();
    assert!(jsonschema::meta::is_valid(&schema));
    let listed: BTreeSet<String> = schema["oneOf"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["$ref"].as_str().unwrap())
        .map(|path| path.strip_prefix("#/$defs/").unwrap().to_owned())
        .collect();
    assert_eq!(listed, kinds());
    assert!(listed.contains("run-started") && listed.contains("run-finished"));
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        assert!(definition["description"].is_string(), "{name}");
        let fields = definition["properties"].as_object().into_iter().flatten();
        for (field, of) in fields.filter(|(field, _)| *field != "event") {
            assert!(of["description"].is_string(), "{name}.{field}");
        }
    }
    let version = &schema["$defs"]["run-started"]["properties"]["schema_version"];
    assert_eq!(version["const"], EventKind::SCHEMA_VERSION);
}

/// Each field that is described, and each value, with its path.
fn fields(schema: &Value) -> BTreeSet<String> {
    let mut fields = BTreeSet::new();
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        let properties = definition["properties"].as_object();
        let properties = properties.into_iter().flatten();
        fields.extend(properties.map(|(field, _)| format!("{name}.{field}")));
        let values = definition["oneOf"].as_array().into_iter().flatten();
        let values = values.filter_map(|value| value["const"].as_str());
        fields.extend(values.map(|value| format!("{name}={value}")));
    }
    fields
}

#[test]
fn what_version_2_has_stays() {
    // A new version has a file of its own.
    assert_eq!(EventKind::SCHEMA_VERSION, 2);
    let (fields, file) = (fields(&schema()), "events/version-2");
    let path = format!("{}/golden/{file}.txt", env!("CARGO_MANIFEST_DIR"));
    let frozen = std::fs::read_to_string(path).unwrap_or_default();
    let gone: Vec<&str> = frozen
        .lines()
        .filter(|line| !fields.contains(*line))
        .collect();
    assert!(gone.is_empty(), "readers of version 2 rely on {gone:?}");
    // What was added stays from then on, too.
    let lines: Vec<String> = fields.iter().map(|field| format!("{field}\n")).collect();
    golden(file, &lines.concat());
}

/// Lines that are kept.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// A run whose lines are kept.
fn written<F, T>(
    count: usize,
    catalogue: Catalogue,
    schedule: impl FnOnce(Batch) -> F + Send + 'static,
) -> (Going, Kept)
where
    F: Future<Output = T> + Send + 'static,
    T: ploy::action::JobOutput + 'static,
{
    let kept = Kept::default();
    let runner = Runner::new(sites(count), catalogue).reporter(Json::new(kept.clone()));
    (start(runner, schedule), kept)
}

/// Checks each line of a run, that it is read back as what happened, and returns the kinds that it
/// had.
fn checked((going, kept): (Going, Kept)) -> BTreeSet<String> {
    let (validator, ran) = (strict(), going.finish());
    let lines = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
    let mut kinds = BTreeSet::new();
    assert_eq!(lines.lines().count(), ran.events.len());
    for (line, event) in lines.lines().zip(&ran.events) {
        let value: Value = serde_json::from_str(line).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{line}\n{}", errors.join("\n"));
        let back: Event = serde_json::from_str(line).unwrap();
        // The fold's own books are not part of the data.
        if !matches!(event.kind, EventKind::RunFinished { .. }) {
            assert_eq!(&back, event);
        }
        kinds.insert(value["event"].as_str().unwrap().to_owned());
    }
    kinds
}

/// Goes wrong at its first try, in a command with an output of all sorts.
async fn second_time_lucky(cx: Cx) -> Result<(), Error> {
    cx.report("beginning");
    cx.debug("looking");
    let text = format!(
        r"printf 'h\303\266\n'; printf 'a\377' >&2; [ {} -gt 1 ]",
        cx.attempt()
    );
    cx.shell().run(Script::raw(text)).await?;
    Ok(())
}

/// Leaves something in the background, and waits for another.
async fn shares(cx: Cx) -> Result<(), Error> {
    cx.background("after", |cx: Cx| async move {
        cx.shell().run(Script::raw("sleep 0.5")).await.map(drop)
    });
    let guard = cx.lock("one").acquire().await?;
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(guard);
    Ok(())
}

/// Waits for what nobody does.
async fn stuck(cx: Cx) -> Result<(), Error> {
    cx.latch("never").wait().await?;
    Ok(())
}

#[test]
fn the_lines_of_real_runs_are_as_the_schema_says() {
    let mut seen = BTreeSet::new();

    let catalogue = jobs([
        ("lucky", Action::new(second_time_lucky)),
        ("shares", Action::new(shares)),
        ("late", command("sleep 20")),
        ("silent", command("sleep 10.5")),
        ("fails", err()),
        ("ok", ok()),
    ]);
    seen.extend(checked(written(2, catalogue, |batch| async move {
        let pause = Duration::from_millis(1);
        let silent = batch.parallel("silent").start();
        batch
            .run("lucky")
            .retries(1)
            .backoff(pause)
            .await
            .into_result()?;
        batch
            .run(["shares", "ok"])
            .name("shares")
            .desc("all of them")
            .await
            .into_result()?;
        batch
            .run("late")
            .timeout(Duration::from_millis(100))
            .await
            .allow_failure();
        batch.run(["fails", "ok"]).await.allow_failure();
        batch.run("missing").await.allow_failure();
        let well = HealthCheck::new(|_: Group| async { Ok::<(), Error>(()) });
        batch
            .stage(Stage::rolling(1, "ok").pause(pause).check(well))
            .await
            .into_result()?;
        let ill = HealthCheck::new(|_: Group| async { Err::<(), _>(Error::msg("it is ill")) });
        batch
            .stage(Stage::rolling(1, "ok").check(ill))
            .await
            .allow_failure();
        silent.await.into_result()?;
        Err::<(), _>(Error::msg("the schedule is not content"))
    })));

    let schedule = Schedule::new()
        .run("stuck")
        .name("stuck")
        .run("ok")
        .run("shares")
        .always("stuck");
    let catalogue = jobs([
        ("ok", ok()),
        ("stuck", Action::new(stuck)),
        ("shares", Action::new(shares)),
    ]);
    seen.extend(checked(written(1, catalogue, |batch| async move {
        batch.schedule(&schedule).await
    })));

    let catalogue = jobs([("a", err()), ("b", command("echo asleep; sleep 30"))]);
    let run = written(2, catalogue, |batch| async move {
        let (a, b) = (
            batch
                .run("a")
                .retries(1)
                .backoff(Duration::from_secs(60))
                .start(),
            batch.run(["b", "a"]).start(),
        );
        let (a, b) = tokio::join!(a, b);
        a.into_result()?;
        b.into_result()
    });
    run.0.wait_for(2, |kind| {
        matches!(
            kind,
            EventKind::ActionFinished {
                retry_in: Some(_),
                ..
            }
        )
    });
    run.0.wait_for_output("asleep");
    run.0.cancel(CancelReason::Interrupt);
    seen.extend(checked(run));

    // What moves files has a test of its own.
    let expected: BTreeSet<String> = kinds()
        .into_iter()
        .filter(|kind| kind != "transfer-progress")
        .collect();
    assert_eq!(seen, expected);
}

#[test]
fn the_lines_of_a_transfer_are_as_the_schema_says() {
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("from"), folder.path().join("to"));
    std::fs::write(&from, vec![b'x'; 3_000_000]).unwrap();
    let action = Action::new(move |cx: Cx| {
        let (from, to) = (from.clone(), to.display().to_string());
        async move { cx.shell().upload(from, to).await.map(drop) }
    });
    let seen = checked(written(1, jobs([("a", action)]), |batch| async move {
        batch.run("a").await.into_result()
    }));
    assert!(seen.contains("transfer-progress"), "{seen:?}");
}
