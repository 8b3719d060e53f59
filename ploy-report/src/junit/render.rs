//! What is known of a run as JUnit's elements.

use std::collections::BTreeMap;

use quick_junit::{
    NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestRerun, TestSuite, XmlString,
};

use super::case::{Case, CaseEnd};
use super::results::{RunResults, Suite};
use crate::error_text::render_error;
use crate::palette::Palette;
use ploy_core::event::{ErrorReport, EventTime, SourceLocation, StageId, TaskResult};
use ploy_core::text::safe;

/// How long a message may be, in bytes: it is a title in a list.
const LONGEST: usize = 300;

/// The report of a run that ended at this time.
pub(super) fn report(results: &RunResults, ended: EventTime) -> Report {
    let mut report = Report::new("ploy");
    report.set_time(ended.since(results.began));
    let mut names: BTreeMap<&str, StageId> = BTreeMap::new();
    for (number, suite) in &results.suites {
        let name = match &suite.name {
            None => format!("stage {number}"),
            // Two stages of a name are told apart.
            Some(name) => match names.insert(name, *number) {
                None => name.clone(),
                Some(_) => format!("{name} (stage {number})"),
            },
        };
        report.add_test_suite(test_suite(results, &name, *number, suite));
    }
    if let Some(error) = &results.schedule {
        let mut suite = TestSuite::new("schedule");
        suite.add_property(Property::new("run", &results.run));
        let status = failed(NonSuccessKind::Error, &[error], error);
        suite.add_test_case(with_place(TestCase::new("schedule", status), error));
        report.add_test_suite(suite);
    }
    report
}

fn test_suite(results: &RunResults, name: &str, number: StageId, suite: &Suite) -> TestSuite {
    let mut all = TestSuite::new(text(name));
    all.set_time(suite.ended.since(suite.began));
    if let Ok(since) = u64::try_from(suite.began.as_unix_milliseconds()) {
        let time = std::time::UNIX_EPOCH + std::time::Duration::from_millis(since);
        let time = humantime::format_rfc3339_millis(time).to_string();
        all.extra.insert("timestamp".into(), time.into());
    }
    all.add_property(Property::new("run", &results.run));
    all.add_property(Property::new("stage", number.to_string()));
    for (name, value) in [("mode", suite.mode), ("desc", suite.desc.as_deref())] {
        if let Some(value) = value {
            all.add_property(Property::new(name, text(value)));
        }
    }
    for case in suite.cases.values() {
        all.add_test_case(test_case(case, suite.allowed));
    }
    all
}

fn test_case(case: &Case, allowed: bool) -> TestCase {
    let errors: Vec<&ErrorReport> = case.errors.iter().collect();
    let error = case.error();
    let mut status = match (case.end, error) {
        (CaseEnd::Skipped(reason), _) => skipped(&format!("not started, {}", reason.in_words())),
        (CaseEnd::Ended(TaskResult::Succeeded), _) => TestCaseStatus::success(),
        (CaseEnd::Ended(TaskResult::Failed), Some(error)) if !allowed => {
            failed(NonSuccessKind::Failure, &errors, error)
        }
        (_, Some(error)) if !allowed => failed(NonSuccessKind::Error, &errors, error),
        (_, Some(error)) => {
            let mut status = skipped("it failed, which the schedule allows");
            status.set_description(description(&[error]));
            status
        }
        (_, None) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message("it has not ended");
            status
        }
    };
    for (errors, duration) in &case.tries {
        let mut rerun = TestRerun::new(NonSuccessKind::Failure);
        rerun.set_time(*duration);
        if let Some(error) = errors.first() {
            rerun.set_message(line(error)).set_type(kind(error));
        }
        rerun.set_description(description(&errors.iter().collect::<Vec<_>>()));
        status.add_rerun(rerun);
    }
    let mut shown = TestCase::new(text(&case.name), status);
    shown.set_classname(text(&case.place));
    shown.set_time(case.duration);
    match error {
        Some(error) => with_place(shown, error),
        None => shown,
    }
}

/// The place in the source, where those who show reports look for it.
fn with_place(mut case: TestCase, error: &ErrorReport) -> TestCase {
    if let Some(SourceLocation { file, line }) = &error.location {
        case.extra.insert("file".into(), text(file));
        case.extra.insert("line".into(), line.to_string().into());
    }
    case
}

fn failed(how: NonSuccessKind, errors: &[&ErrorReport], first: &ErrorReport) -> TestCaseStatus {
    let mut status = TestCaseStatus::non_success(how);
    status.set_message(line(first)).set_type(kind(first));
    status.set_description(description(errors));
    status
}

fn skipped(why: &str) -> TestCaseStatus {
    let mut status = TestCaseStatus::skipped();
    status.set_message(why);
    status
}

/// All that the end of a run tells of these.
fn description(errors: &[&ErrorReport]) -> XmlString {
    let mut all = String::new();
    for error in errors {
        all.push('\n');
        if let Some(location) = &error.location {
            let location = location.to_string();
            all.push_str(&format!("{}\n", safe(location.as_bytes())));
        }
        all.push_str(&render_error(error, Palette::PLAIN));
    }
    valid(&all)
}

/// What went wrong, in one line; a long script is in the description.
fn line(error: &ErrorReport) -> XmlString {
    let whole = error.to_string();
    let mut line = whole.lines().map(str::trim).collect::<Vec<_>>().join(" ");
    if line.len() > LONGEST {
        line.truncate(line.floor_char_boundary(LONGEST));
        line.push_str(" ..");
    }
    text(&line)
}

/// The kind's name, as events have it.
fn kind(error: &ErrorReport) -> String {
    let name = serde_json::to_value(error.kind).ok();
    let name = name.as_ref().and_then(|name| name.as_str());
    name.unwrap_or("other").to_owned()
}

/// One line of text, in which nothing is hidden: what XML cannot hold is shown by its picture,
/// rather than left out.
fn text(text: &str) -> XmlString {
    valid(&safe(text.as_bytes()))
}

/// What `safe` lets through and XML does not.
fn valid(text: &str) -> XmlString {
    XmlString::new(text.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}"))
}
