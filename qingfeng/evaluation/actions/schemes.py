"""Schemes: install, draft, edit, import, publish, retire."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
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
from qingfeng.evaluation.scoring import scheme as core
from qingfeng.evaluation.scoring import scheme_json, shipped
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
