"""The hosts, as pyinfra wants them."""

import os

peers = [
    (
        f"127.0.1.{number}",
        {
            "ssh_user": "root",
            "ssh_port": int(os.environ["PEERS_PORT"]),
            "ssh_key": os.environ["PEERS_KEY"],
            "ssh_allow_agent": False,
            "ssh_look_for_keys": False,
            "ssh_known_hosts_file": os.environ["PEERS_KNOWN_HOSTS"],
            "ssh_strict_host_key_checking": "yes",
        },
    )
    for number in range(1, int(os.environ["PEERS_SITES"]) + 1)
]
