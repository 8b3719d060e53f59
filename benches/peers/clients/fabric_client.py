"""Fabric as its ThreadingGroup uses it, but with 32 threads and not one for each host."""

import base64
import os
import sys
from concurrent.futures import ThreadPoolExecutor

import paramiko
from fabric import Config, Connection

sites, times = int(sys.argv[1]), int(sys.argv[2])
port, command = int(os.environ["PEERS_PORT"]), os.environ["PEERS_COMMAND"]


class Known(paramiko.MissingHostKeyPolicy):
    """Fabric reads no known_hosts file: here it is read once for all connections."""

    def __init__(self, path):
        with open(path) as file:
            lines = [line.split() for line in file]
        self.keys = {name: base64.b64decode(key) for name, _, key in lines}

    def missing_host_key(self, client, hostname, key):
        if self.keys.get(hostname) != key.asbytes():
            raise paramiko.SSHException(f"the key of {hostname} is not known")


known = Known(os.environ["PEERS_KNOWN_HOSTS"])
connect = {
    "pkey": paramiko.Ed25519Key.from_private_key_file(os.environ["PEERS_KEY"]),
    "allow_agent": False,
    "look_for_keys": False,
}


def connection(number):
    # One for each: a configuration is not safe to share between threads.
    config = Config(lazy=True, overrides={"load_ssh_configs": False})
    one = Connection(f"127.0.1.{number}", user="root", port=port, config=config, connect_kwargs=connect)
    one.client.set_missing_host_key_policy(known)
    return one


def run(connection):
    try:
        with connection:
            for _ in range(times):
                connection.run(command, hide=True, in_stream=False)
        return True
    except Exception as error:
        print(f"{connection.host}: {error}", file=sys.stderr)
        return False


# Made before the threads begin, as a group does it.
connections = [connection(number) for number in range(1, sites + 1)]
with ThreadPoolExecutor(32) as threads:
    sys.exit(not all(threads.map(run, connections)))
