"""parallel-ssh of PyPI, over libssh2. It checks no host keys."""

import os
import sys

from pssh.clients import ParallelSSHClient

sites, times = int(sys.argv[1]), int(sys.argv[2])
client = ParallelSSHClient(
    [f"127.0.1.{number}" for number in range(1, sites + 1)],
    user="root",
    port=int(os.environ["PEERS_PORT"]),
    pkey=os.environ["PEERS_KEY"],
    allow_agent=False,
    identity_auth=False,
    pool_size=32,
)
failed = False
for _ in range(times):
    output = client.run_command(os.environ["PEERS_COMMAND"], stop_on_errors=False)
    client.join(output)
    failed = failed or any(host.exception or host.exit_code for host in output)
sys.exit(failed)
