"""What runs, and how much memory it has."""

import os


def below(ancestor):
    """The ids of all processes that descend from this one."""
    parents = _parents()
    return {process for process in parents if _descends(process, ancestor, parents)}


def memory(servers, others):
    """The memory in MB, each process by its share (PSS), of all but the servers, what they run, and these others."""
    parents = _parents()
    total = 0
    for process in parents:
        served = any(process == server or _descends(process, server, parents) for server in servers)
        if served or process in others:
            continue
        try:
            with open(f"/proc/{process}/smaps_rollup") as file:
                total += next(int(line.split()[1]) for line in file if line.startswith("Pss:"))
        except (OSError, StopIteration):
            pass  # It has ended meanwhile, or is about to.
    return total * 1024 / 1e6


def _parents():
    parents = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    stat = file.read().rsplit(")", 1)[1].split()
            except OSError:
                continue
            if stat[0] != "Z":
                parents[int(name)] = int(stat[1])
    return parents


def _descends(process, ancestor, parents):
    process = parents.get(process, 0)
    while process:
        if process == ancestor:
            return True
        process = parents.get(process, 0)
    return False
