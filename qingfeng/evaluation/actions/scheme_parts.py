"""One part of a draft scheme, by its place: change it, add one, take it out, move it."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction

from qingfeng.core.actors import Actor
from qingfeng.core.errors import Refused
from qingfeng.evaluation import rules
from qingfeng.evaluation.actions import schemes
from qingfeng.evaluation.models.schemes import SchemeVersion
from qingfeng.evaluation.queries import scheme_parts as queries
from qingfeng.evaluation.queries import schemes as scheme_queries
from qingfeng.evaluation.scoring import plain, scheme_json

Path = Sequence[str]
"""Keys of records and codes (or numbers) of list entries: `("dimensions", "A", "indicators", "A1")`."""


@transaction.atomic
def edit_part(
    *,
    version: SchemeVersion,
    path: Path,
    changes: Mapping[str, Any],
    digest: str,
    by: Actor,
    at: dt.datetime,
) -> SchemeVersion:
    """Change some fields of the part at a place; values are JSON values of `scoring.scheme_json`.

    Raises `Refused` where there is no such part or a value has the wrong shape, `Conflict`, `WrongState`.
    """
    body = _body(version, by=by)
    _found(body, path).update(changes)
    return _keep(version, body, digest, by=by, at=at)


@transaction.atomic
def add_part(
    *,
    version: SchemeVersion,
    path: Path,
    part: Mapping[str, Any],
    digest: str,
    by: Actor,
    at: dt.datetime,
) -> SchemeVersion:
    """Add a part at the end of the list at a place. Raises as `edit_part`; `Refused` for a code in use."""
    body = _body(version, by=by)
    siblings = _found(body, path)
    code = part.get("code")
    if code in queries.codes_like(body, path):
        raise Refused(f"编码“{code}”已经用过，请换一个")
    siblings.append(dict(part))
    return _keep(version, body, digest, by=by, at=at)


@transaction.atomic
def remove_part(
    *, version: SchemeVersion, path: Path, digest: str, by: Actor, at: dt.datetime
) -> SchemeVersion:
    """Take a part with all that is in it out of the draft. Raises as `edit_part`."""
    body = _body(version, by=by)
    siblings = _found(body, path[:-1])
    siblings.remove(_found(body, path))
    return _keep(version, body, digest, by=by, at=at)


@transaction.atomic
def move_part(
    *, version: SchemeVersion, path: Path, places: int, digest: str, by: Actor, at: dt.datetime
) -> SchemeVersion:
    """Move a part down its list by some places (up where negative). Raises as `edit_part`."""
    body = _body(version, by=by)
    siblings, part = _found(body, path[:-1]), _found(body, path)
    place = siblings.index(part)
    siblings.insert(max(place + places, 0), siblings.pop(place))
    return _keep(version, body, digest, by=by, at=at)


@transaction.atomic
def edit_weights(
    *,
    version: SchemeVersion,
    weights: Mapping[str, Decimal],
    channels: Mapping[str, Mapping[str, Any]],
    digest: str,
    by: Actor,
    at: dt.datetime,
) -> SchemeVersion:
    """Set weights of indicators, and fields of channels that follow them, as one change.

    Both by code. Raises as `edit_part`.
    """
    body = _body(version, by=by)
    for entry in [entry for dimension in body["dimensions"] for entry in dimension["indicators"]]:
        if entry["code"] in weights:
            entry["weight"] = plain.number_text(weights[entry["code"]])
        for channel in entry["channels"]:
            channel.update(channels.get(channel["code"], {}))
    return _keep(version, body, digest, by=by, at=at)


@transaction.atomic
def order_facts(
    *, version: SchemeVersion, places: Mapping[str, int], digest: str, by: Actor, at: dt.datetime
) -> SchemeVersion:
    """Rank the indicators for the one-fact rule; equal places keep their order. Raises as `edit_part`."""
    body = _body(version, by=by)
    listed = [entry for dimension in body["dimensions"] for entry in dimension["indicators"]]
    listed.sort(key=lambda entry: (places.get(entry["code"], entry["order"]), entry["order"]))
    for number, entry in enumerate(listed, start=1):
        entry["order"] = number
    return _keep(version, body, digest, by=by, at=at)


def _body(version: SchemeVersion, *, by: Actor) -> dict[str, Any]:
    rules.edit_scheme.check(by)
    return scheme_json.to_plain(scheme_queries.scheme_of(version))


def _found(body: dict[str, Any], path: Path) -> Any:
    found = queries.part_at(body, path)
    if found is None:
        raise Refused("方案里没有这一项，可能已被删去，请刷新页面")
    return found


def _keep(
    version: SchemeVersion, body: dict[str, Any], digest: str, *, by: Actor, at: dt.datetime
) -> SchemeVersion:
    """Keep dimension weights the sums of their indicators', and replace the draft."""
    for dimension in body["dimensions"]:
        with contextlib.suppress(ArithmeticError):  # no number: `replace_body` says so with its place
            weights = [Decimal(str(entry["weight"])) for entry in dimension["indicators"]]
            dimension["weight"] = plain.number_text(sum(weights, Decimal(0)))
    return schemes.replace_body(version=version, body=body, digest=digest, by=by, at=at)
