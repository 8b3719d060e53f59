#!/usr/bin/env python3
"""What ploy's attributes cost the compiler: a table of user CPU seconds, against the same crate without them.

    benches/compile/measure.py [--jobs 1000] [--rounds 3] [--only CRATE,..] [--steps STEP,..]

The script writes a workspace with three crates below `target/compile-bench` of the project:

    none        the functions in a plain table
    untouched   the same, each under an attribute that returns its function as it is: the floor of an attribute
    ploy        the same functions under `#[ploy::job]`

Every job has three `cmd!`, two awaits, one parameter, and two roles. The steps, in the profile that a new project
has (line tables only):

    check        cargo check, nothing of the crate compiled before
    check-edit   cargo check after one line of one job has changed
    build        cargo build, nothing of the crate compiled before
    build-edit   cargo build, linking included, after one line of one job has changed

Measured is the user time of cargo and all that it starts, by wait4, so that a busy machine disturbs little. Rounds
go through all crates in turn, and the median of the rounds is shown. Dependencies are built beforehand.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
WORK = PROJECT / "target" / "compile-bench"
CRATES = ["none", "untouched", "ploy"]
STEPS = ["check", "check-edit", "build", "build-edit"]
JOBS_A_MODULE = 50

MANIFEST = """\
[workspace]
members = ["none", "untouched", "ploy", "attribute"]
resolver = "3"

[profile.dev]
debug = "line-tables-only"
"""

CRATE = """\
[package]
name = "compile-bench-{name}"
version = "0.1.0"
edition = "2024"

[dependencies]
attribute = {{ path = "../attribute" }}
ploy = {{ path = "{ploy}" }}
"""

ATTRIBUTE = """\
//! An attribute that returns its item as it is.
use proc_macro::TokenStream;

#[proc_macro_attribute]
pub fn job(_: TokenStream, item: TokenStream) -> TokenStream {
    item
}
"""

ATTRIBUTE_MANIFEST = """\
[package]
name = "attribute"
version = "0.1.0"
edition = "2024"

[lib]
proc-macro = true
"""

BODY = """\
    let name = "job-{n}";
    let shell = cx.shell();
    shell.run(cmd!("mkdir -p releases/{{tag}} && echo {{name}}")).await?;
    let list = cmd!("ls -1 releases | head -n 5");
    let mark = cmd!("touch releases/{{tag}}/done-{{name}}-{edit}");
    cx.report(list.to_string());
    shell.run(mark).await?;
    Ok(())
"""


def module(crate, number, jobs, edit):
    """The source of one module: its jobs, and the table where the crate needs one."""
    numbers = range(number * JOBS_A_MODULE, min(jobs, (number + 1) * JOBS_A_MODULE))
    parts = ["//! Jobs.\nuse ploy::{Cx, Result, cmd};\n"]
    for n in numbers:
        attribute = {
            "none": "",
            "untouched": f'#[attribute::job(name = "job-{n}", roles = ["web", "db"])]\n',
            "ploy": f'#[ploy::job(name = "job-{n}", roles = ["web", "db"])]\n',
        }[crate]
        # The edit is in the middle of the crate, in the first job of its module.
        changed = edit if n == numbers[0] and number == (jobs // JOBS_A_MODULE) // 2 else 0
        body = BODY.format(n=n, edit=changed)
        parts.append(
            f"/// Job number {n}.\n{attribute}"
            f"pub async fn job_{n}(cx: Cx, tag: String) -> Result {{\n{body}}}\n"
        )
    if crate != "ploy":
        parts.append("/// The jobs of this module.\npub const TABLE: &[crate::Entry] = &[\n")
        for n in numbers:
            parts.append(
                f'    crate::Entry {{ name: "job-{n}", help: "Job number {n}.", roles: &["web", "db"], '
                f"action: |cx, tag| Box::pin(job_{n}(cx, tag)) }},\n"
            )
        parts.append("];\n")
    return "\n".join(parts)


def main_source(crate, jobs):
    modules = range((jobs + JOBS_A_MODULE - 1) // JOBS_A_MODULE)
    declared = "".join(f"pub mod jobs_{number};\n" for number in modules)
    if crate == "ploy":
        return f"""\
//! A deploy binary.
{declared}
ploy::sites! {{
    site web1 {{ roles: ["web"] }}
    site db1 {{ roles: ["db"] }}
}}

ploy::main!();
"""
    tables = ", ".join(f"jobs_{number}::TABLE" for number in modules)
    return f"""\
//! The same functions in a table.
{declared}
ploy::sites! {{
    site web1 {{ roles: ["web"] }}
    site db1 {{ roles: ["db"] }}
}}

pub type Future = std::pin::Pin<Box<dyn std::future::Future<Output = ploy::Result> + Send>>;

pub struct Entry {{
    pub name: &'static str,
    pub help: &'static str,
    pub roles: &'static [&'static str],
    pub action: fn(ploy::Cx, String) -> Future,
}}

const TABLES: &[&[Entry]] = &[{tables}];

fn main() -> std::process::ExitCode {{
    for entry in TABLES.iter().copied().flatten() {{
        println!("{{}} {{}} {{:?}} {{:p}}", entry.name, entry.help, entry.roles, entry.action);
    }}
    ploy::cli::run()
}}
"""


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def write_workspace(jobs):
    write(WORK / "Cargo.toml", MANIFEST)
    shutil.copy(PROJECT / "Cargo.lock", WORK / "Cargo.lock")
    write(WORK / "attribute/Cargo.toml", ATTRIBUTE_MANIFEST)
    write(WORK / "attribute/src/lib.rs", ATTRIBUTE)
    for crate in CRATES:
        write(WORK / crate / "Cargo.toml", CRATE.format(name=crate, ploy=PROJECT / "ploy"))
        write(WORK / crate / "src/main.rs", main_source(crate, jobs))
        for number in range((jobs + JOBS_A_MODULE - 1) // JOBS_A_MODULE):
            write(WORK / crate / f"src/jobs_{number}.rs", module(crate, number, jobs, 0))


def edit(crate, jobs, count):
    number = (jobs // JOBS_A_MODULE) // 2
    write(WORK / crate / f"src/jobs_{number}.rs", module(crate, number, jobs, count))


def cargo(*arguments):
    """Runs cargo in the workspace; the user seconds of it and of what it started."""
    environment = {**os.environ, "CARGO_TARGET_DIR": str(WORK / "target"), "CARGO_TERM_COLOR": "never"}
    process = subprocess.Popen(
        ["cargo", *arguments, "--offline"], cwd=WORK, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    output = process.stdout.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"cargo {' '.join(arguments)} failed:\n{output}")
    return usage.ru_utime


def forget(crate):
    """Takes away all that was compiled of a crate, and of nothing else."""
    name = f"compile-bench-{crate}"
    cargo("clean", "-p", name)
    for folder in (WORK / "target/debug/incremental").glob(f"{name.replace('-', '_')}-*"):
        shutil.rmtree(folder)


def measure_round(crates, steps, jobs, counter):
    """The seconds of each step of each crate."""
    seconds = {}
    for kind in ["check", "build"]:
        wanted = [step for step in steps if step.split("-")[0] == kind]
        if not wanted:
            continue
        for crate in crates:
            package = ["-p", f"compile-bench-{crate}"]
            edit(crate, jobs, 0)
            forget(crate)
            seconds[crate, kind] = cargo(kind, *package)
        if f"{kind}-edit" not in wanted:
            continue
        for crate in crates:
            counter[crate] += 1
            edit(crate, jobs, counter[crate])
            seconds[crate, f"{kind}-edit"] = cargo(kind, "-p", f"compile-bench-{crate}")
    return seconds


def print_table(crates, steps, rounds):
    medians = {key: statistics.median(each[key] for each in rounds) for key in rounds[0]}
    print(f"{'':12}" + "".join(f"{crate:>12}" for crate in crates) + f"{'ploy/none':>12}{'ploy/untouched':>16}")
    for step in steps:
        row = [medians.get((crate, step)) for crate in crates]
        line = f"{step:12}" + "".join(f"{seconds:12.2f}" for seconds in row)
        for base, width in [("none", 12), ("untouched", 16)]:
            known = (base, step) in medians and ("ploy", step) in medians
            line += f"{medians['ploy', step] / medians[base, step]:{width}.2f}" if known else f"{'':{width}}"
        print(line, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=1000, help="how many jobs a crate has")
    parser.add_argument("--rounds", type=int, default=3, help="how often each step is measured")
    parser.add_argument("--only", default=",".join(CRATES), help="the crates to measure")
    parser.add_argument("--steps", default=",".join(STEPS), help="the steps to measure")
    arguments = parser.parse_args()
    crates, steps = arguments.only.split(","), arguments.steps.split(",")
    write_workspace(arguments.jobs)
    for kind in {step.split("-")[0] for step in steps}:
        for crate in crates:
            cargo(kind, "-p", f"compile-bench-{crate}")
    counter = dict.fromkeys(CRATES, 0)
    rounds = []
    for number in range(arguments.rounds):
        rounds.append(measure_round(crates, steps, arguments.jobs, counter))
        print(f"round {number + 1} of {arguments.rounds}", file=sys.stderr, flush=True)
    print(f"user CPU seconds, {arguments.jobs} jobs, median of {arguments.rounds}\n")
    print_table(crates, steps, rounds)


if __name__ == "__main__":
    main()
