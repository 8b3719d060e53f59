"""The table."""

import os
import platform
import subprocess
from statistics import median

TITLES = {
    "a": "100 × `true`, cold",
    "l": "the same, sshd's default limits",
    "b": "100 × `true`, warm",
    "c": "50 × 10, cold",
    "d": "50 × 10, warm",
}
MEMORY = {"a": "peak MB, 100 × `true`", "c": "peak MB, 50 × 10"}


def render(benchmark, tools, options):
    rows = [row for row in TITLES if row in benchmark.rows]
    memory = [row for row in MEMORY if row in benchmark.rows]
    titles = ["tool", *(TITLES[row] for row in rows), *(MEMORY[row] for row in memory)]
    lines = [_line(titles), _line(["---"] * len(titles))]
    for tool in tools:
        cells = [_time(benchmark, tool, row) for row in rows] + [_memory(benchmark, tool, row) for row in memory]
        lines.append(_line([tool.name, *cells]))
    rounds = "a round" if options.rounds == 1 else f"{options.rounds} rounds, by turns"
    notes = [
        f"Seconds are medians of {rounds}; in brackets the median of the rounds' ratios to ploy. "
        "Fan-out 32, loopback sshd, curve25519-sha256. An empty cell: not measured there.",
        *(f"{name} (-): {reason}." for name, reason in benchmark.reasons.items()),
        "sshkit exchanges keys by ecdh-sha2-nistp256: Net::SSH of Debian does not know the other. "
        "parallel-ssh (PyPI) checks no host keys.",
        f"{os.cpu_count()} CPUs, Linux {platform.release()}; ploy {options.commit}; {_versions(options)}.",
    ]
    return "\n".join(lines) + "\n\n" + "\n\n".join(notes) + "\n"


def _time(benchmark, tool, row):
    if row not in tool.rows:
        return ""
    if tool.name in benchmark.reasons:
        return "-"
    times = benchmark.times[tool.name][row]
    done = [seconds for seconds in times if seconds is not None]
    if len(done) < len(times):
        return _failure(benchmark, tool, row, len(times) - len(done), len(times))
    ratios = [
        seconds / ploy
        for seconds, ploy in zip(times, benchmark.times.get("ploy", {}).get(row, []))
        if ploy is not None
    ]
    ratio = f" ({median(ratios):.2f}×)" if ratios else ""
    return f"{median(done):.2f} s{ratio}"


def _failure(benchmark, tool, row, failed, rounds):
    often = "" if rounds == 1 else f", {failed} of {rounds} rounds"
    if row != "l":
        return f"fails{often}"
    sites = [count for count in benchmark.failed[tool.name] if count]
    return f"fails on {median(sites):.0f} of 100 sites{often}"


def _memory(benchmark, tool, row):
    if row not in tool.rows:
        return ""
    peak = benchmark.memory.get(tool.name, {}).get(row)
    if peak is None:
        return "-" if tool.name in benchmark.reasons else "fails"
    return f"{peak:.0f}"


def _line(cells):
    return "| " + " | ".join(cells) + " |"


def _versions(options):
    """Of what was measured, as the packages have them."""
    debian = ["openssh-server", "pdsh", "pssh", "clustershell", "ruby-sshkit"]
    query = ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *debian]
    found = subprocess.run(query, capture_output=True, text=True).stdout.splitlines()
    freeze = [f"{options.out}/venv/bin/python", "-m", "pip", "freeze"]
    frozen = subprocess.run(freeze, capture_output=True, text=True).stdout.splitlines()
    pypi = ["fabric", "pyinfra", "ansible-core", "parallel-ssh"]
    found += [line.replace("==", " ") for line in frozen if line.split("==")[0] in pypi]
    return ", ".join(found)
