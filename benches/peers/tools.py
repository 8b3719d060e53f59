"""The tools: which rows each has a place in, and how it is told to run a command on the first so many addresses.

Each has the fastest configuration that we know of and that its users would take. Keys of hosts are checked against the
same file by all but parallel-ssh of PyPI, which cannot.
"""

import json
import os
import shlex
import subprocess
from dataclasses import dataclass
from typing import Callable

from server import ADDRESSES

FANOUT = "32"
CLIENTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "clients")


@dataclass
class Work:
    """What is to be run, and by which server."""

    server: object
    sites: int
    times: int
    command: str
    # Whether sites may fail, and the others must have their turn.
    may_fail: bool = False


@dataclass
class Places:
    """Where things are."""

    scratch: str
    out: str
    programs: str

    def sockets(self, name):
        folder = f"{self.scratch}/s/{name}"
        os.makedirs(folder, exist_ok=True)
        return folder

    def venv(self, program):
        return f"{self.out}/venv/bin/{program}"


@dataclass
class Tool:
    name: str
    rows: str
    # Work and places to arguments.
    arguments: Callable
    # What it is a part of: a package of Debian or PyPI, as `run` installs them.
    package: str = ""
    # The folder of its control sockets, if its connections outlive it.
    sockets: str = ""

    def environment(self, work, places):
        """What its program reads, where it is one of ours or reads variables."""
        return {
            "PEERS_SITES": str(work.sites),
            "PEERS_TIMES": str(work.times),
            "PEERS_COMMAND": work.command,
            "PEERS_CONFIG": work.server.config,
            "PEERS_KEY": work.server.key,
            "PEERS_PORT": str(work.server.port),
            "PEERS_KNOWN_HOSTS": work.server.known_hosts,
            "PEERS_SOCKETS": places.sockets("bare"),
            "PDSH_SSH_ARGS": f"-F {work.server.config} -a -x -l%u %h",
            "ANSIBLE_CONFIG": f"{places.scratch}/ansible.cfg",
            "ANSIBLE_HOME": f"{places.scratch}/home/.ansible",
        }

    def close(self, places):
        """Ends the connections that it has kept."""
        if not self.sockets:
            return
        if self.name == "ploy":
            close = [f"{places.programs}/peers-ploy", "connections", "--close"]
            subprocess.run(close, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            return
        folder = places.sockets(self.sockets)
        masters = [f"{folder}/{name}" for name in os.listdir(folder)]
        asked = [
            subprocess.Popen(["ssh", "-F", "none", "-O", "exit", "-S", master, "x"],
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for master in masters
        ]
        for one in asked:
            one.wait()
        for master in masters:
            if os.path.exists(master):
                os.remove(master)


def _ploy(work, places):
    job = "true" if work.times == 1 else "ten"
    return [f"{places.programs}/peers-ploy", job, "--fanout", FANOUT]


def _bare(work, places):
    return [f"{places.programs}/peers-bare", str(work.sites), str(work.times)]


def _pdsh(work, _):
    return ["pdsh", "-S", "-R", "ssh", "-f", FANOUT, "-w", _range(work), work.command]


def _clush(work, _):
    return ["clush", "-S", "-f", FANOUT, "-o", f"-F {work.server.config}", "-w", _range(work), work.command]


def _pssh(work, places):
    hosts = _file(places, "pssh-hosts", "".join(f"{address}\n" for address in ADDRESSES[: work.sites]))
    return ["/usr/bin/parallel-ssh", "-p", FANOUT, "-t", "0", "-x", f"-F {work.server.config}", "-h", hosts, work.command]


def _xargs(work, places):
    ssh = f"ssh -n -F {work.server.config} @ {shlex.quote(work.command)}"
    if work.may_fail:
        # xargs would stop at the status by which ssh says that there is no connection.
        ssh = f"sh -c {shlex.quote(ssh + ' || exit 1')}"
    ssh = f"xargs -P {FANOUT} -I @ {ssh}"
    return ["sh", "-c", f"{ssh} <{_hosts(work, places)}"]


def _control(work, places):
    """ssh as whoever wants speed configures it: the first command makes a connection, which stays."""
    lines = f"ControlMaster auto\nControlPersist 600\nControlPath {places.sockets('cm')}/%h\n"
    with open(work.server.config) as config:
        config = _file(places, "control_config", config.read() + lines)
    ssh = f"ssh -n -F {config} $1 {shlex.quote(work.command)}"
    each = " && ".join([ssh] * work.times)
    if work.times == 1:
        # A shell less for each site.
        once = f"xargs -P {FANOUT} -I @ ssh -n -F {config} @ {shlex.quote(work.command)}"
        return ["sh", "-c", f"{once} <{_hosts(work, places)}"]
    return ["sh", "-c", f'xargs -P {FANOUT} -I @ sh -c "$0" sh @ <{_hosts(work, places)}', each]


def _ansible(work, places):
    inventory = "".join(f"{address}\n" for address in ADDRESSES[: work.sites])
    inventory = _file(places, "ansible-inventory", inventory)
    _file(places, "ansible.cfg", f"""\
[defaults]
forks = {FANOUT}
gathering = explicit
host_key_checking = True
remote_user = root
remote_port = {work.server.port}
private_key_file = {work.server.key}
retry_files_enabled = False
[ssh_connection]
pipelining = True
usetty = False
ssh_args = -F {work.server.config} -o ControlMaster=auto -o ControlPersist=60s
control_path_dir = {places.sockets("an")}
control_path = %(directory)s/%%h
""")
    if work.times == 1:
        return [places.venv("ansible"), "all", "-i", inventory, "-m", "raw", "-a", work.command]
    # `raw` starts no python there, and `free` does not wait for the slowest host after each task.
    task = f"    - raw: {json.dumps(work.command)}\n"
    play = "- hosts: all\n  gather_facts: false\n  strategy: free\n  tasks:\n" + task * work.times
    return [places.venv("ansible-playbook"), "-i", inventory, _file(places, "play.yml", play)]


def _pyinfra(_, places):
    inventory, deploy = f"{CLIENTS}/pyinfra_inventory.py", f"{CLIENTS}/pyinfra_deploy.py"
    return [places.venv("pyinfra"), "-y", "--parallel", FANOUT, inventory, deploy]


def _python(client):
    return lambda work, places: [places.venv("python"), f"{CLIENTS}/{client}", str(work.sites), str(work.times)]


def _sshkit(work, places):
    return ["/usr/bin/ruby", f"{CLIENTS}/sshkit_client.rb", str(work.sites), str(work.times)]


def _range(work):
    return f"127.0.1.[1-{work.sites}]"


def _hosts(work, places):
    return _file(places, "hosts", "".join(f"{address}\n" for address in ADDRESSES[: work.sites]))


def _file(places, name, text):
    path = f"{places.scratch}/{name}"
    with open(path, "w") as file:
        file.write(text)
    return path


TOOLS = [
    Tool("ploy", "alcbd", _ploy, sockets="x"),
    Tool("bare native-mux", "alcbd", _bare, sockets="bare"),
    Tool("ssh + xargs", "al", _xargs),
    Tool("ssh with ControlMaster", "bcd", _control, sockets="cm"),
    Tool("pdsh", "al", _pdsh, "pdsh"),
    Tool("pssh", "al", _pssh, "pssh"),
    Tool("clush", "al", _clush, "clustershell"),
    Tool("parallel-ssh (PyPI)", "al", _python("parallel_ssh_client.py"), "parallel-ssh"),
    Tool("sshkit", "c", _sshkit, "ruby-sshkit"),
    Tool("fabric", "alc", _python("fabric_client.py"), "fabric"),
    Tool("pyinfra", "alc", _pyinfra, "pyinfra"),
    Tool("ansible", "alcbd", _ansible, "ansible-core", sockets="an"),
]
