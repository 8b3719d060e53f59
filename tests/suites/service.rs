//! The web service of the examples: runs are started, streamed and ended over HTTP.
#![allow(clippy::unwrap_used, clippy::expect_used)] // In a test a panic is the message.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use ploy_tests::{GUARD, Program, Running};
use rustix::process::Signal;
use serde_json::Value;

struct Service {
    running: Running,
    address: String,
}

fn service() -> Service {
    let running = Program::new("service", ["0"]).start();
    running.wait_for(1, "listening on http://127.0.0.1:");
    ploy_tests::until("its line is whole", || running.output().ends_with('\n'));
    let line = running.output();
    let address = line
        .trim()
        .strip_prefix("listening on http://")
        .unwrap()
        .to_owned();
    Service { running, address }
}

impl Service {
    /// Sends a request, and returns the status and a reader of the body.
    fn ask(&self, method: &str, path: &str) -> (u16, BufReader<TcpStream>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(GUARD)).unwrap();
        // A body of HTTP/1.0 ends with the connection, and is not in chunks.
        write!(
            stream,
            "{method} {path} HTTP/1.0\r\nHost: localhost\r\n\r\n"
        )
        .unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        let status = line.split(' ').nth(1).unwrap().parse().unwrap();
        while line != "\r\n" {
            line.clear();
            reader.read_line(&mut line).unwrap();
        }
        (status, reader)
    }

    fn text(&self, method: &str, path: &str) -> (u16, String) {
        let (status, mut body) = self.ask(method, path);
        let mut text = String::new();
        body.read_to_string(&mut text).unwrap();
        (status, text)
    }

    fn start(&self, job: &str) -> String {
        let (status, text) = self.text("POST", &format!("/jobs/{job}"));
        assert_eq!(status, 202, "{text}");
        let answer: Value = serde_json::from_str(&text).unwrap();
        answer["run"].as_str().unwrap().to_owned()
    }

    /// The events of a run as they come, until it is over.
    fn events(&self, run: &str) -> impl Iterator<Item = Value> + use<> {
        let (status, body) = self.ask("GET", &format!("/runs/{run}/events"));
        assert_eq!(status, 200);
        body.lines()
            .map_while(Result::ok)
            .filter_map(|line| serde_json::from_str(line.strip_prefix("data:")?.trim()).ok())
    }

    fn last(&self, run: &str) -> Value {
        let events: Vec<Value> = self.events(run).collect();
        let numbers: Vec<u64> = events
            .iter()
            .map(|event| event["number"].as_u64().unwrap())
            .collect();
        assert_eq!(
            numbers,
            (1..=events.len() as u64).collect::<Vec<_>>(),
            "none is missing"
        );
        events.into_iter().last().unwrap()
    }
}

#[test]
fn runs_are_started_streamed_and_ended() {
    let service = service();
    let failed = service.last(&service.start("verify"));
    assert_eq!(
        (&failed["event"], &failed["stats"]["failed"]),
        (&"run-finished".into(), &3.into())
    );
    let backup = service.start("backup");
    assert_eq!(service.last(&backup)["stats"]["succeeded"], 3);
    assert_eq!(
        service.last(&backup)["stats"]["succeeded"],
        3,
        "its events can be read again"
    );
    assert_eq!(
        service.last(&service.start("verify"))["stats"]["succeeded"],
        3
    );

    // Events come while the run goes on.
    let watch = service.start("watch");
    let mut events = service.events(&watch);
    assert!(events.any(|event| event["event"] == "output"));
    assert_eq!(service.text("DELETE", &format!("/runs/{watch}")).0, 202);
    let last = events.last().unwrap();
    assert_eq!(
        (&last["event"], &last["stats"]["cancel"]),
        (&"run-finished".into(), &"requested".into())
    );

    let (status, text) = service.text("POST", "/jobs/bakcup");
    assert_eq!(
        (status, text.as_str()),
        (404, r#"{"error":"there is no job `bakcup`"}"#)
    );
    assert_eq!(service.text("DELETE", "/runs/none").0, 404);
    assert_eq!(service.text("GET", "/runs/none/events").0, 404);
    service.running.signal(Signal::TERM);
    let finished = service.running.finish().exited(0);
    finished.mark.wait_until_gone(|_| false);
}

#[test]
fn the_end_of_the_service_ends_its_runs() {
    let service = service();
    let watch = service.start("watch");
    let mut events = service.events(&watch);
    assert!(events.any(|event| event["event"] == "output"));
    service.running.signal(Signal::INT);
    assert_eq!(events.last().unwrap()["stats"]["cancel"], "terminate");
    service
        .running
        .finish()
        .exited(0)
        .mark
        .wait_until_gone(|_| false);
}
