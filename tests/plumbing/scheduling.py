"""Which tests stay together on one worker: xdist's own groups do not reach it under this pytest."""

from __future__ import annotations

from typing import Any

from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "tests/e2e/": "e2e",  # one browser, and servers started once
    "tests/platform/test_jobs_killed.py": "killed",
    "tests/audit/test_database_roles.py": "roles",  # a role belongs to the whole server
}


def group_of(nodeid: str) -> str:
    """Return the group of a test, or its own id: then it goes wherever there is room."""
    return next((group for start, group in TOGETHER.items() if nodeid.startswith(start)), nodeid)


class Scheduling(LoadScopeScheduling):
    """Give a group to one worker, and each other test to the next free one."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)


def make(config: Any, log: Any) -> Scheduling:
    return Scheduling(config, log)
