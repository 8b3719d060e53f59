//! The time of a task: `cargo bench -p ploy-benches --bench tasks`.
#![allow(missing_docs)] // A benchmark's name says what it is.

use divan::Bencher;
use divan::counter::ItemsCount;
use ploy::scheduling::Mode;
use ploy_benches::{empty, run, runtime};

fn main() {
    // `cargo test --all-targets` calls benchmarks too; a million tasks are not for it.
    if std::env::args().any(|argument| argument == "--bench") {
        divan::main();
    }
}

/// 10,000 sites × 10 jobs, in each mode.
#[divan::bench(args = Mode::ALL, sample_count = 9, sample_size = 1)]
fn engine(bencher: Bencher<'_, '_>, mode: Mode) {
    measure(bencher, 10_000, 10, mode);
}

/// One job on many sites: the time of a task must not grow with their number.
#[divan::bench(args = [10_000, 100_000, 1_000_000], sample_count = 5, sample_size = 1)]
fn engine_tasks(bencher: Bencher<'_, '_>, tasks: usize) {
    measure(bencher, tasks / 10, 10, Mode::SiteSequential);
}

fn measure(bencher: Bencher<'_, '_>, sites: usize, jobs: usize, mode: Mode) {
    let runtime = runtime();
    bencher
        .counter(ItemsCount::new(sites * jobs))
        .with_inputs(|| empty(sites, jobs))
        .bench_values(|runner| {
            let stats = runtime.block_on(run(runner, jobs, mode, 32));
            assert_eq!(stats.succeeded as usize, sites * jobs);
        });
}

/// The same number of tasks of the runtime alone, each spawned and awaited, 32 at a time.
#[divan::bench(args = [100_000], sample_count = 9, sample_size = 1)]
fn bare_spawn(bencher: Bencher<'_, '_>, tasks: usize) {
    let runtime = runtime();
    bencher.counter(ItemsCount::new(tasks)).bench(|| {
        runtime.block_on(async {
            let mut running = tokio::task::JoinSet::new();
            for number in 0..tasks {
                if number >= 32 {
                    running.join_next().await;
                }
                running.spawn(async {});
            }
            while running.join_next().await.is_some() {}
        });
    });
}
