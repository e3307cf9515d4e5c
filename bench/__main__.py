"""`python -m bench`: measure, print a table, write `bench/out/results.json`. See README.md."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import tempfile


def main() -> int:
    """Set the environment before anything reads it; keep keys and files out of the working tree."""
    state = tempfile.mkdtemp(prefix="qingfeng-bench-state-")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "QINGFENG_STATE": state,
        "QINGFENG_PLAIN_STATIC": "1",
        "QINGFENG_HOSTS": "testserver",
        "QINGFENG_STATIC_ROOT": state,
        "QINGFENG_LOG_LEVEL": "ERROR",
    }
    os.environ.pop("DATABASE_URL", None)
    try:
        import django  # noqa: PLC0415 -- reads the environment

        django.setup()
        logging.disable(logging.WARNING)  # the walk asks for pages that are refused
        from bench import command  # noqa: PLC0415

        return command.run(sys.argv[1:])
    finally:
        shutil.rmtree(state, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
