//! The memory of a task, at its peak: `cargo bench -p ploy-benches --bench memory`.
//!
//! Each figure is that of a process of its own, whose peak the system keeps (`VmHWM` in
//! `/proc/self/status`).
#![allow(missing_docs, clippy::unwrap_used)] // A benchmark may panic.

use std::process::Command;

use ploy::scheduling::Mode;
use ploy_benches::{crowd, empty, run, runtime};

const SITES: usize = 100_000;
const JOBS: usize = 10;
const CROWD: usize = 10_000;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.get(1).map(String::as_str) {
        Some("child") => child(&arguments[2]),
        Some("--bench") => report(),
        // `cargo test --all-targets` calls benchmarks too.
        _ => {}
    }
}

fn child(case: &str) {
    let runtime = runtime();
    let stats = match case {
        "sites" => {
            // All that a plan is made from, and no task.
            let _runner = empty(SITES, JOBS);
            None
        }
        "planned" => {
            Some(runtime.block_on(run(empty(SITES, JOBS), JOBS, Mode::SiteSequential, 32)))
        }
        "few" => Some(runtime.block_on(run(empty(CROWD, 1), 1, Mode::Parallel, 32))),
        "crowd" => Some(runtime.block_on(run(crowd(CROWD), 1, Mode::Parallel, u32::MAX))),
        other => panic!("no case is named {other}"),
    };
    assert!(stats.is_none_or(|stats| stats.is_ok()));
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    println!("{}", peak.trim().trim_end_matches(" kB"));
}

/// The median peak of five processes, in bytes.
fn peak(case: &str) -> u64 {
    let mut peaks: Vec<u64> = (0..5)
        .map(|_| {
            let output = Command::new(std::env::current_exe().unwrap())
                .args(["child", case])
                .output()
                .unwrap();
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            String::from_utf8(output.stdout)
                .unwrap()
                .trim()
                .parse::<u64>()
                .unwrap()
                * 1024
        })
        .collect();
    peaks.sort_unstable();
    peaks[2]
}

fn report() {
    let planned = (peak("planned") - peak("sites")) / (SITES * JOBS) as u64;
    println!("a planned task, of {}: {planned} B", SITES * JOBS);
    let running = (peak("crowd") - peak("few")) / CROWD as u64;
    println!("a running task, of {CROWD}: {running} B");
}
