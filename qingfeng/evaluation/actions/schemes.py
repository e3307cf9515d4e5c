"""Schemes: install, draft, edit, import, publish, retire."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from qingfeng.audit import actions as audit
from qingfeng.core import references
from qingfeng.core.actors import Actor
from qingfeng.core.errors import Conflict, Refused, WrongState
from qingfeng.core.rules import Rule
from qingfeng.evaluation import rules, states
from qingfeng.evaluation.actions import common
from qingfeng.evaluation.enums import VersionState
from qingfeng.evaluation.models.schemes import Scheme, SchemeVersion
from qingfeng.evaluation.queries import schemes as queries
from qingfeng.evaluation.scoring import plain, scheme_json, shipped
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.workflow import engine


@transaction.atomic
def install_shipped_schemes(*, by: Actor, at: dt.datetime) -> list[SchemeVersion]:
    """Install the default and the example scheme, published, where they are not there yet."""
    rules.install_schemes.check(by)
    made = []
    for scheme in (shipped.default_scheme(), shipped.example_scheme()):
        if Scheme.objects.filter(slug=scheme.code).exists():
            continue
        row = Scheme.objects.create(slug=scheme.code, name=scheme.name)
        version = _draft(row, scheme, based_on=None, note="随平台提供", by=by, at=at)
        _publish(version, rules.install_version, by=by, at=at)
        made.append(version)
    return made


@transaction.atomic
def create_scheme(
    *, slug: str, name: str, based_on: SchemeVersion, by: Actor, at: dt.datetime
) -> SchemeVersion:
    """Begin another scheme as a copy of a version. Raises `Refused` where the slug is taken or empty."""
    rules.edit_scheme.check(by)
    if not slug or Scheme.objects.filter(slug=slug).exists():
        raise Refused("方案标识为空或已被使用，请换一个")
    scheme = dataclasses.replace(queries.scheme_of(based_on), code=slug, name=name)
    row = Scheme.objects.create(slug=slug, name=name)
    return _draft(row, scheme, based_on=based_on, note="", by=by, at=at)


@transaction.atomic
def create_draft_from(*, version: SchemeVersion, by: Actor, at: dt.datetime, note: str = "") -> SchemeVersion:
    """Begin the next version as a copy. Raises `Refused` where the scheme has a draft already."""
    rules.edit_scheme.check(by)
    row = common.locked(version.scheme)
    if row.versions.filter(state=VersionState.DRAFT).exists():
        raise Refused("本方案已有一份草稿，请先发布或修改那份草稿")
    return _draft(row, queries.scheme_of(version), based_on=version, note=note, by=by, at=at)


def _draft(
    row: Scheme, scheme: core.Scheme, *, based_on: SchemeVersion | None, note: str, by: Actor, at: dt.datetime
) -> SchemeVersion:
    last = row.versions.aggregate(last=Max("number"))["last"] or 0
    version = SchemeVersion.objects.create(
        scheme=row,
        number=last + 1,
        body=scheme_json.to_plain(scheme),
        digest=scheme_json.digest(scheme),
        based_on=based_on,
        note=note,
        created_at=at,
        created_by_id=common.actor_id(by),
    )
    _record("scheme_version.draft", version, by=by, at=at)
    return version


@transaction.atomic
def replace_body(
    *, version: SchemeVersion, body: Mapping[str, Any], digest: str, by: Actor, at: dt.datetime
) -> SchemeVersion:
    """Replace a draft's whole content, if nobody changed it since `digest` was read.

    Raises `Refused` with every fault of shape, `Conflict`, and `WrongState` where it is no draft.
    """
    rules.edit_scheme.check(by)
    return _replace(version, queries.decoded(body), digest, by=by, at=at)


@transaction.atomic
def import_scheme(
    *, version: SchemeVersion, scheme: core.Scheme, digest: str, by: Actor, at: dt.datetime
) -> SchemeVersion:
    """Replace a draft's content by a scheme that `workbook.read_scheme` read. All of it or nothing."""
    rules.edit_scheme.check(by)
    scheme = dataclasses.replace(scheme, code=version.scheme.slug)
    return _replace(version, scheme, digest, by=by, at=at)


@transaction.atomic
def edit_indicator(
    *, version: SchemeVersion, code: str, changes: Mapping[str, Any], digest: str, by: Actor, at: dt.datetime
) -> SchemeVersion:
    """Change some fields of one indicator of a draft (`name`, `weight`, `period`, `order`, `channels`, …).

    Values are JSON values of `scoring.scheme_json`. Raises as `replace_body`; `Refused` for an unknown code.
    """
    rules.edit_scheme.check(by)
    body = _body(version)
    for dimension in body["dimensions"]:
        for indicator in dimension["indicators"]:
            if indicator["code"] == code:
                indicator.update(changes)
                dimension["weight"] = _sum(entry["weight"] for entry in dimension["indicators"])
                return _replace(version, queries.decoded(body), digest, by=by, at=at)
    raise Refused(f"方案中没有编码为“{code}”的指标")


@transaction.atomic
def edit_channel(
    *, version: SchemeVersion, code: str, changes: Mapping[str, Any], digest: str, by: Actor, at: dt.datetime
) -> SchemeVersion:
    """Change some fields of one channel of a draft (`share`, `reviewers`, `items`, `terms`, `groups`, …)."""
    rules.edit_scheme.check(by)
    body = _body(version)
    for dimension in body["dimensions"]:
        for indicator in dimension["indicators"]:
            for channel in indicator["channels"]:
                if channel["code"] == code:
                    channel.update(changes)
                    return _replace(version, queries.decoded(body), digest, by=by, at=at)
    raise Refused(f"方案中没有编码为“{code}”的计分渠道")


@transaction.atomic
def edit_settings(
    *, version: SchemeVersion, changes: Mapping[str, Any], digest: str, by: Actor, at: dt.datetime
) -> SchemeVersion:
    """Change some settings of a draft (`grades`, `quotas`, `downgrades`, `fact_quarter`, …)."""
    rules.edit_scheme.check(by)
    body = _body(version)
    body["settings"].update(changes)
    return _replace(version, queries.decoded(body), digest, by=by, at=at)


def _body(version: SchemeVersion) -> dict[str, Any]:
    return scheme_json.to_plain(queries.scheme_of(version))


def _sum(weights: Any) -> str:
    """Keep a dimension's weight the sum of its indicators', where all are numbers."""
    try:
        return plain.number_text(sum((Decimal(str(weight)) for weight in weights), Decimal(0)))
    except ArithmeticError:
        return "0"


def _replace(
    version: SchemeVersion, scheme: core.Scheme, digest: str, *, by: Actor, at: dt.datetime
) -> SchemeVersion:
    row = common.locked(version)
    if row.state != VersionState.DRAFT:
        raise WrongState("方案一经发布不再修改，请在它的基础上起草新版本")
    if row.digest != digest:
        raise Conflict
    row.body = scheme_json.to_plain(scheme)
    row.digest = scheme_json.digest(scheme)
    row.save(update_fields=["body", "digest"])
    _record("scheme_version.edit", row, by=by, at=at)
    return row


@transaction.atomic
def publish(*, version: SchemeVersion, by: Actor, at: dt.datetime) -> SchemeVersion:
    """Publish a draft: from now on it never changes. Raises `Refused` with every fault of the scheme."""
    _publish(version, rules.publish_version, by=by, at=at)
    return version


def _publish(version: SchemeVersion, rule: Rule, *, by: Actor, at: dt.datetime) -> None:
    locked = common.locked(version)
    faults = queries.faults_of(locked)
    rule.check(by, locked)
    if locked.state == VersionState.DRAFT and faults:
        raise Refused(*faults)
    if locked.state == VersionState.DRAFT:
        locked.published_at = at
        locked.published_by_id = common.actor_id(by)
        locked.save(update_fields=["published_at", "published_by"])
    Scheme.objects.filter(pk=locked.scheme_id).update(name=queries.scheme_of(locked).name)
    engine.advance(version, states.PUBLISH_VERSION, rule=rule, by=by, at=at)


@transaction.atomic
def retire(*, version: SchemeVersion, by: Actor, at: dt.datetime, reason: str = "") -> SchemeVersion:
    """Take a version out of the choice for new rounds; rounds that froze it keep it."""
    engine.advance(version, states.RETIRE_VERSION, rule=rules.retire_version, by=by, at=at, note=reason)
    return version


def _record(action: str, version: SchemeVersion, *, by: Actor, at: dt.datetime) -> None:
    audit.record(
        action=action,
        by=by,
        at=at,
        subject=references.reference_to(version),
        detail={"digest": version.digest},
    )
