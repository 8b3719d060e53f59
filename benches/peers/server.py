"""The sshd that all tools are measured against, and what the tools must know of it."""

import os
import signal
import subprocess
import sys
import time

import processes

ADDRESSES = [f"127.0.1.{number}" for number in range(1, 101)]
KEX = "curve25519-sha256"


class Server:
    """An sshd with keys and configuration of its own. It ends with the namespace in which it runs."""

    def __init__(self, folder, port, max_startups=None):
        self.folder, self.port = folder, port
        os.makedirs(f"{folder}/home")
        self.key, self.known_hosts = f"{folder}/user_key", f"{folder}/known_hosts"
        self.config = f"{folder}/ssh_config"
        for key in ["host_key", "user_key"]:
            command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", key, "-f", f"{folder}/{key}"]
            subprocess.run(command, check=True)
        host_key = " ".join(self._read("host_key.pub").split()[:2])
        lines = [f"[{address}]:{port} {host_key}\n" for address in ADDRESSES]
        self._write("known_hosts", "".join(lines))
        self._write("authorized_keys", self._read("user_key.pub"))
        # The login shell finds no start files in its home. The second exchange is for Net::SSH: as Debian has it,
        # it does not know the first.
        self._write("sshd_config", f"""\
Port {port}
ListenAddress 0.0.0.0
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
LogLevel ERROR
StrictModes no
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
PrintMotd no
PrintLastLog no
KexAlgorithms {KEX},{KEX}@libssh.org,ecdh-sha2-nistp256
SetEnv HOME={folder}/home
""" + (f"MaxStartups {max_startups}\n" if max_startups else ""))
        self._write("ssh_config", f"""\
Host *
User root
Port {port}
IdentityFile {self.key}
IdentitiesOnly yes
IdentityAgent none
UserKnownHostsFile {self.known_hosts}
GlobalKnownHostsFile /dev/null
StrictHostKeyChecking yes
BatchMode yes
KexAlgorithms {KEX}
""")
        log = open(f"{folder}/log", "wb")
        self.process = subprocess.Popen(
            ["/usr/sbin/sshd", "-D", "-e", "-f", f"{folder}/sshd_config"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
        )
        self._wait_until_it_answers()

    def _wait_until_it_answers(self):
        for _ in range(200):
            probe = subprocess.run(
                ["ssh", "-F", self.config, ADDRESSES[0], "true"],
                stdin=subprocess.DEVNULL, capture_output=True, text=True,
            )
            if probe.returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise SystemExit(f"sshd does not answer:\n{probe.stderr}{self._read('log')}")

    def settle(self):
        """Waits until it serves nobody any more."""
        for _ in range(1000):
            if not processes.below(self.process.pid):
                time.sleep(0.1)
                return
            time.sleep(0.03)
        print("  ending connections that a tool has left", file=sys.stderr, flush=True)
        for process in processes.below(self.process.pid):
            os.kill(process, signal.SIGKILL)

    def end(self):
        self.process.terminate()
        self.process.wait()

    def _read(self, name):
        with open(f"{self.folder}/{name}") as file:
            return file.read()

    def _write(self, name, text):
        with open(f"{self.folder}/{name}", "w") as file:
            file.write(text)
