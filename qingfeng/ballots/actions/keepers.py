"""Keepers: named by the officer; each makes his own key in his own session, under his own passphrase."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction

from qingfeng.accounts.models import User
from qingfeng.ballots import rules
from qingfeng.ballots.actions import common
from qingfeng.ballots.enums import UrnState
from qingfeng.ballots.events import KeeperNamed
from qingfeng.ballots.models import SEATS, Keeper, Urn
from qingfeng.ballots.queries import limits
from qingfeng.ballots.sealing import keys, phrases
from qingfeng.core import events, preferences
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused


@transaction.atomic
def name(*, urn: Urn, seat: int, user: User, by: Actor, at: dt.datetime) -> Keeper:
    """Name one of the two keepers; naming another person before the opening throws the first one's key away.

    Raises `Refused` where the person cannot keep a key, or keeps the other one.
    """
    row = common.locked(urn)
    rules.arrange_urn.check(by, row)
    common.require_state(row, "指定保管人", UrnState.PREPARING)
    if seat not in SEATS:
        raise Refused("保管人只有两席")
    reason = rules.be_keeper.why_not(user)
    if reason:
        raise Refused(reason)
    if Keeper.objects.filter(urn=row, user=user).exclude(seat=seat).exists():
        raise Refused("两位保管人必须是两个人")
    keeper, _ = Keeper.objects.update_or_create(
        urn=row,
        seat=seat,
        defaults={
            "user": user,
            "public_key": None,
            "wrapped_key": None,
            "accepted_at": None,
            "named_at": at,
            "named_by_id": by.pk,
        },
    )
    common.record("urn.name_keeper", row, by=by, at=at, seat=seat, user=user.pk)
    events.publish(KeeperNamed(urn_id=row.pk, user_id=user.pk))
    return keeper


@transaction.atomic
def name_both(*, urn: Urn, users: Sequence[User], by: Actor, at: dt.datetime) -> None:
    """Name the two keepers; who keeps a seat already stays in it, with his key.

    Raises `Refused` where they are not two people, or one of them cannot keep a key.
    """
    if len({user.pk for user in users}) != len(SEATS):
        raise Refused("两位保管人必须是两个人")
    seated = dict(Keeper.objects.filter(urn=urn).values_list("user_id", "seat"))
    kept = {seated[user.pk] for user in users if user.pk in seated}
    free = [seat for seat in SEATS if seat not in kept]
    for seat, user in zip(free, [user for user in users if user.pk not in seated], strict=True):
        name(urn=urn, seat=seat, user=user, by=by, at=at)


@transaction.atomic
def accept(*, keeper: Keeper, passphrase: str, by: Actor, at: dt.datetime) -> Keeper:
    """Make the keeper's key pair under his passphrase; again before the opening where he wants another one.

    Raises `Refused` where the passphrase is too weak.
    """
    urn = common.locked(keeper.urn)
    row = Keeper.objects.select_related("user").get(pk=keeper.pk)
    rules.accept_key.check(by, row)
    common.require_state(urn, "设置口令", UrnState.PREPARING)
    shortest = preferences.get(limits.PASSPHRASE_LENGTH.key)
    faults = phrases.faults_of(passphrase, shortest=shortest, forbidden=(row.user.username, row.user.name))
    if faults:
        raise Refused(*faults)
    pair = keys.make_pair()
    row.public_key = pair.public
    row.wrapped_key = keys.wrap(pair, passphrase, log_n=settings.BALLOT_SCRYPT_LOG_N)
    row.accepted_at = at
    row.save(update_fields=["public_key", "wrapped_key", "accepted_at"])
    common.record("urn.accept_key", urn, by=by, at=at, seat=row.seat)
    return row


def try_passphrase(*, keeper: Keeper, passphrase: str, by: Actor) -> bool:
    """Say whether the keeper still knows his passphrase; nothing is opened and nothing is written."""
    rules.accept_key.check(by, keeper)
    row = Keeper.objects.get(pk=keeper.pk)
    if row.wrapped_key is None or row.public_key is None:
        raise Refused("还没有设置口令，或票箱已经开箱")
    try:
        keys.unwrap(bytes(row.wrapped_key), passphrase, bytes(row.public_key))
    except keys.WrongPassphrase:
        return False
    return True
