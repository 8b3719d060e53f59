"""Runs the tools by turns and takes their times. Started by `run`, in namespaces of its own."""

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import time

import processes
import table
from server import Server
from tools import TOOLS, Places, Work

# Seconds until a run is given up.
LIMIT = 180
# Sites and commands of each row.
SIZES = {"a": (100, 1), "l": (100, 1), "b": (100, 1), "c": (50, 10), "d": (50, 10)}
# The row in which a tool makes the connections that it has in this one.
WARM = {"a": "b", "c": "d"}


class Benchmark:
    def __init__(self, options):
        self.out, self.scratch = options.out, options.scratch
        self.places = Places(options.scratch, options.out, options.programs)
        self.rows = options.rows.split(",")
        for folder in ["home", "t", "x"]:
            os.makedirs(f"{options.scratch}/{folder}", mode=0o700)
        self.server = Server(f"{options.scratch}/many", 2201, "500:30:1000")
        self.default = Server(f"{options.scratch}/default", 2202)
        self.count = f"{options.scratch}/count"
        # Of each tool and row: seconds, or None for a run that failed; how many sites failed; and the peak in MB.
        self.times, self.failed, self.memory = {}, {}, {}
        # Why a tool has no figure.
        self.reasons = {}

    def work(self, row, command="true"):
        sites, times = SIZES[row]
        return Work(self.default if row == "l" else self.server, sites, times, command, row == "l")

    def run(self, tool, work, meanwhile=None):
        """Runs it once. Returns its seconds, and whether it says that all went well."""
        arguments = tool.arguments(work, self.places)
        environment = {**os.environ, **tool.environment(work, self.places)}
        with open(f"{self.scratch}/output", "wb") as output:
            began = time.perf_counter()
            process = subprocess.Popen(
                arguments, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True,
            )
            try:
                while meanwhile and process.poll() is None and time.perf_counter() < began + LIMIT:
                    meanwhile()
                    time.sleep(0.02)
                status = process.wait(LIMIT)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                status = process.wait()
            seconds = time.perf_counter() - began
        if status != 0:
            self._keep_output(tool, work, status)
        return seconds, status == 0

    def counted(self, tool, row):
        """Runs it with a command that leaves a line each time. Returns the seconds and how many lines are missing."""
        open(self.count, "w").close()
        work = self.work(row, f"echo >>{self.count}")
        seconds, _ = self.run(tool, work)
        with open(self.count) as file:
            return seconds, work.sites * work.times - len(file.readlines())

    def check(self, tool):
        """Whether it does what it should, before it is measured: as often as it should, and on each site."""
        for row in {"a": "ab", "c": "cd"}.items():
            if not any(one in tool.rows and one in self.rows for one in row[1]):
                continue
            self.fresh(tool)
            _, missing = self.counted(tool, row[0])
            self.fresh(tool)
            if missing:
                sites, times = SIZES[row[0]]
                self.reasons[tool.name] = f"{missing} of {sites * times} commands did not run; see {self._log(tool)}"
                return False
        return True

    def fresh(self, tool):
        """No connection of it stands, and the servers are at rest."""
        tool.close(self.places)
        self.server.settle()
        self.default.settle()

    def round(self, tools):
        for row in ["a", "l", "c"]:
            warm = WARM.get(row, "")
            for tool in tools:
                wanted = [one for one in (row, warm) if one and one in tool.rows and one in self.rows]
                if not wanted:
                    continue
                self.fresh(tool)
                if row == "l":
                    seconds, missing = self.counted(tool, row)
                    self.failed.setdefault(tool.name, []).append(missing)
                    self.add(tool, row, seconds, missing == 0)
                else:
                    cold = self.run(tool, self.work(row))
                    if row in wanted:
                        self.add(tool, row, *cold)
                if warm in wanted:
                    # What the first run left to do in the background is over then.
                    time.sleep(0.3)
                    seconds, well = self.run(tool, self.work(warm))
                    # Where the first failed, some connections did not stand.
                    self.add(tool, warm, seconds, well and cold[1])
                self.fresh(tool)

    def add(self, tool, row, seconds, well):
        self.times.setdefault(tool.name, {}).setdefault(row, []).append(seconds if well else None)
        print(f"  {tool.name:24} {row} {seconds:7.2f} s{'' if well else '  failed'}", file=sys.stderr, flush=True)

    def peak(self, tool):
        """The most memory that it and its ssh masters have together: read in runs that are not timed."""
        servers, others = [self.server.process.pid, self.default.process.pid], {1, os.getpid()}
        for row in ["a", "c"]:
            if row not in tool.rows or row not in self.rows:
                continue
            read = [0]
            self.fresh(tool)
            _, well = self.run(tool, self.work(row), lambda: read.append(processes.memory(servers, others)))
            self.fresh(tool)
            self.memory.setdefault(tool.name, {})[row] = max(read) if well else None

    def keep(self):
        """Writes down the single times, as far as there are any."""
        with open(f"{self.out}/rounds.json", "w") as file:
            json.dump({"seconds": self.times, "failed_sites": self.failed, "peak_mb": self.memory}, file, indent=1)

    def _log(self, tool):
        return f"target/peers/logs/{re.sub('[^a-z]+', '-', tool.name.lower()).strip('-')}"

    def _keep_output(self, tool, work, status):
        with open(f"{self.scratch}/output", "rb") as output:
            text = output.read()[-20000:]
        with open(f"{self.out}/logs/{os.path.basename(self._log(tool))}", "ab") as log:
            log.write(f"== {work.sites} sites x {work.times}, port {work.server.port}: status {status}\n".encode() + text)


def chosen(only):
    """ploy, and the tools that begin with one of these names: all if there are none."""
    names = [name for name in only.split(",") if name]
    for name in names:
        if not any(tool.name.startswith(name) for tool in TOOLS):
            raise SystemExit(f"--only: no tool is called {name}; there are: {', '.join(tool.name for tool in TOOLS)}")
    return [
        tool for tool in TOOLS
        if tool.name == "ploy" or not names or any(tool.name.startswith(name) for name in names)
    ]


def main():
    parser = argparse.ArgumentParser()
    for name in ["--only", "--rows", "--scratch", "--out", "--programs", "--commit"]:
        parser.add_argument(name, required=True)
    parser.add_argument("--rounds", type=int, required=True)
    options = parser.parse_args()
    tools = chosen(options.only)
    benchmark = Benchmark(options)
    if os.path.exists(f"{options.out}/missing"):
        with open(f"{options.out}/missing") as file:
            absent = dict(line.strip().split(": ", 1) for line in file)
        for tool in tools:
            if tool.package in absent:
                benchmark.reasons[tool.name] = absent[tool.package]
    print("checking that each tool does what it should", file=sys.stderr, flush=True)
    able = [tool for tool in tools if tool.name not in benchmark.reasons and benchmark.check(tool)]
    for name, reason in benchmark.reasons.items():
        print(f"  {name}: {reason}", file=sys.stderr, flush=True)
    for number in range(options.rounds):
        print(f"round {number + 1} of {options.rounds}", file=sys.stderr, flush=True)
        turn = number % max(1, len(able))
        benchmark.round(able[turn:] + able[:turn])
        benchmark.keep()
    print("reading memory", file=sys.stderr, flush=True)
    for tool in able:
        benchmark.peak(tool)
    text = table.render(benchmark, tools, options)
    with open(f"{options.out}/table.md", "w") as file:
        file.write(text)
    benchmark.keep()
    print(text)
    for server in [benchmark.server, benchmark.default]:
        server.end()


main()
