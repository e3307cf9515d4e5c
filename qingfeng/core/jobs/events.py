from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class JobEnded:
    """A job was done, or failed for good. Published in the transaction that says so."""

    job_id: int
    by_id: int | None
    is_done: bool
