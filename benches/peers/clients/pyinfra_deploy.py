"""One operation of all commands: pyinfra is slower with an operation for each."""

import os

from pyinfra.operations import server

server.shell(name="run", commands=[os.environ["PEERS_COMMAND"]] * int(os.environ["PEERS_TIMES"]))
