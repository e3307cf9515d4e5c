"""Sealing and verifying as jobs; scheduled in `shell/wiring.py`."""

from __future__ import annotations

from qingfeng.audit import actions, presenters
from qingfeng.audit.gateways import KeyMissing
from qingfeng.core import clock, jobs
from qingfeng.core.jobs import progress, running

SEAL = "audit.seal"
VERIFY = "audit.verify"
BATCH = 20_000


@jobs.handler(SEAL, stepwise=True)
def seal(run: running.Run) -> str:
    """Seal what waits and export the head after each batch; raises `GiveUp` where the key is gone.

    It ends at the first batch that is not full: what is written meanwhile waits for the next minute, so that
    a busy hour does not keep it at work for ever.
    """
    count, made = 0, BATCH
    while made == BATCH:
        with run.step():
            try:
                made = actions.seal(at=clock.now(), limit=BATCH)
            except KeyMissing as missing:
                raise running.GiveUp(missing.sentence) from None
        count += made
        actions.export_head(at=clock.now())
    return f"封存 {count} 条"


@jobs.handler(VERIFY, stepwise=True)
def verify(run: running.Run) -> running.Result:
    """Read the whole chain; a broken one is a result, not a failure of the job."""
    try:
        verdict = actions.verify(
            at=clock.now(), on_progress=lambda done, total: progress.advance(done, total, f"已核对 {done} 条")
        )
    except KeyMissing as missing:
        raise running.GiveUp(missing.sentence) from None
    return running.Result(
        presenters.verdict_sentence(verdict), {"is_sound": verdict.is_sound, "upto": verdict.links}
    )
