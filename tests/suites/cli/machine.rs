//! What programs read of a run.

use ploy_tests::{Finished, Program};
use rustix::process::Signal;
use serde_json::Value;

/// The events on standard output, if there is nothing else on it.
fn events(finished: &Finished) -> Vec<Value> {
    let text = std::str::from_utf8(&finished.stdout).unwrap();
    let events: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect();
    let number = |event: &Value| event["number"].as_u64().unwrap();
    let expected = 1..=events.len() as u64;
    assert!(events.iter().map(number).eq(expected), "{text}");
    events
}

fn of_kind<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    events
        .iter()
        .filter(|event| event["event"] == kind)
        .collect()
}

#[test]
fn json_is_an_event_a_line_and_nothing_else() {
    for (arguments, code) in [
        (&["succeed", "--roles", "web", "--output", "json"][..], 0),
        (&["-o", "jsonl", "fail", "--roles", "web"], 1),
        (&["run", "forgive", "--output=json"], 0),
        (&["panic", "--output", "json"], 1),
    ] {
        let finished = Program::new("probe", arguments).run().exited(code);
        assert_eq!(finished.err(), "", "{arguments:?}");
        let events = events(&finished);
        assert_eq!(events[0]["event"], "run-started");
        assert_eq!(events[0]["schema_version"], 2);
        assert_eq!(events[0]["ploy_version"], env!("CARGO_PKG_VERSION"));
        let last = events.last().unwrap();
        assert_eq!(last["event"], "run-finished");
        finished.assert_clean();
    }
}

#[test]
fn a_mistake_leaves_standard_output_to_the_events_of_which_there_are_none() {
    let finished = Program::new("probe", ["scuceed", "--output", "json"])
        .run()
        .exited(2);
    assert_eq!(finished.out(), "");
    assert!(
        finished.err().contains("did you mean `succeed`"),
        "{}",
        finished.err()
    );
    for (arguments, said) in [
        (
            &["list", "--output", "json"][..],
            "`--output` means nothing to the command `list`",
        ),
        (&["succeed", "--output", "jsn"], "invalid value 'jsn'"),
    ] {
        let finished = Program::new("probe", arguments).run().exited(2);
        assert!(finished.err().contains(said), "{}", finished.err());
    }
}

#[test]
fn text_is_whole_characters_and_other_bytes_are_base64() {
    // Each byte of the first two characters comes by itself.
    let script = r"printf '\303'; sleep 0.2; printf '\266\342'; sleep 0.2; printf '\202'; sleep 0.2; printf '\254\n'; printf '\303\050\n' >&2";
    let arguments = ["script", "--sites", "web1", "-o", "json"];
    let finished = Program::new("probe", arguments)
        .env("PROBE_SCRIPT", script)
        .run()
        .exited(0);
    let events = events(&finished);
    let output = of_kind(&events, "output");
    let from = |stream: &str, form: &str| -> String {
        let of = output.iter().filter(|event| event["stream"] == stream);
        of.map(|event| event[form].as_str().unwrap()).collect()
    };
    assert_eq!(from("stdout", "text"), "\u{f6}\u{20ac}\n");
    assert_eq!(from("stderr", "base64"), "wygK");
}

#[test]
fn a_failure_has_its_command_and_its_place() {
    let arguments = ["fail", "--sites", "web1", "-o", "json"];
    let finished = Program::new("probe", arguments).run().exited(1);
    let events = events(&finished);
    let ended = of_kind(&events, "action-finished");
    let fault = &ended[0]["errors"][0];
    assert_eq!(fault["kind"], "command");
    assert_eq!(fault["command"]["code"], 3);
    assert_eq!(fault["command"]["stderr"]["text"], "the disk is full");
    assert!(fault["command"]["duration_ms"].is_u64());
    assert_eq!(fault["location"]["file"], "tests/probe/main.rs");
    assert!(fault["location"]["line"].is_u64());
}

#[test]
fn a_flood_comes_in_pieces_of_64_kib_at_most_and_whole() {
    let finished = Program::new("probe", ["flood", "-o", "json"])
        .run()
        .exited(0);
    let events = events(&finished);
    let output = of_kind(&events, "output");
    let lengths = output
        .iter()
        .map(|event| event["text"].as_str().unwrap().len());
    assert_eq!(lengths.clone().sum::<usize>(), 20 * 1024 * 1024);
    assert!(lengths.max() <= Some(64 * 1024));
}

#[test]
fn an_interrupted_run_is_told_to_its_end() {
    let running = Program::new("probe", ["sleep", "-o", "json"]).start();
    running.wait_for(3, r#""text":"asleep\n""#);
    running.signal(Signal::INT);
    let finished = running.finish().exited(130);
    let events = events(&finished);
    assert_eq!(of_kind(&events, "cancel-started")[0]["reason"], "interrupt");
    assert_eq!(events.last().unwrap()["stats"]["cancelled"], 3);
    finished.assert_clean();
}

/// Runs the program in a line of bash, which goes on like that.
fn bash(line: &str) -> std::process::Output {
    let script = format!("{} {line}", ploy_tests::built("probe").display());
    let mut bash = std::process::Command::new("bash");
    bash.args(["-c", &script]).output().unwrap()
}

#[test]
fn a_reader_that_goes_away_does_not_end_the_run() {
    let output = bash("flood --output json | head -n 1; exit ${PIPESTATUS[0]}");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn lines_that_cannot_be_written_are_told() {
    let output = bash("succeed --roles web --output json >/dev/full");
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("warning: cannot write all events: No space left on device"),
        "{said}"
    );
    assert_eq!(said.matches("warning").count(), 1, "{said}");
}
