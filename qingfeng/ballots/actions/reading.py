"""Read what people wrote: who did is in the audit book."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from qingfeng.ballots import rules
from qingfeng.ballots.actions import common
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.models import MixedComment, Urn
from qingfeng.ballots.queries import mixed
from qingfeng.core.actors import Actor


@transaction.atomic
def read_comments(*, urn: Urn, by: Actor, at: dt.datetime) -> list[MixedComment]:
    """Return the comments by unit and group. Raises `WrongState` before the mix."""
    rules.read_comments.check(by, urn)
    common.require_state(urn, "查看意见", UrnState.MIXED)
    common.record("urn.read_comments", urn, by=by, at=at)
    return mixed.comments(urn)
