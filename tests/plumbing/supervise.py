"""Run a server in the background and stop it when the test run is over, however that ends.

python supervise.py WATCHED_PID USER LOG COMMAND…: prints the background process's id and returns. That
process polls the watched one, and on its end or on SIGTERM stops the server.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path


def guard(watched: int, user: str, log: str, command: list[str]) -> int:
    """Run the server until it ends, the watched process is gone, or SIGTERM asks."""
    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: asked.append(number))
    rights = {"user": user, "group": user, "extra_groups": []} if user else {}
    with open(log, "w", encoding="utf-8") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, cwd="/", **rights)  # type: ignore[call-overload]
    while server.poll() is None and not asked and os.path.exists(f"/proc/{watched}"):
        time.sleep(0.3)
    if server.poll() is None:
        server.send_signal(signal.SIGINT)  # PostgreSQL's fast shutdown
    code = int(server.wait())
    folder = Path(log).parent
    if not asked and folder.name.startswith("qingfeng-postgres-"):  # nobody is left to remove it
        shutil.rmtree(folder, ignore_errors=True)
    return code


def main() -> int:
    watched, user, log, *command = sys.argv[1:]
    child = os.fork()
    if child:
        print(child)
        return 0
    os.setsid()
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    return guard(int(watched), user, log, command)


if __name__ == "__main__":
    sys.exit(main())
