from __future__ import annotations

from collections.abc import Callable
from typing import Any

from qingfeng.core.actors import Actor
from qingfeng.core.roles import Role
from qingfeng.core.rules import require, rule
from qingfeng.documents.enums import Slot
from qingfeng.documents.models.files import FileVersion
from qingfeng.documents.models.official import OfficialDocument
from qingfeng.documents.queries import scope

OFFICE_ONLY = "印发、更正、撤回和归档由办公室办理"
MayOpen = Callable[[Any, FileVersion], bool]
OPENERS: dict[str, MayOpen] = {}
"""Who may open the files of a kind of owner; `documents` knows its own, `shell/wiring.py` adds the others."""


def let_open(owner_kind: str, may_open: MayOpen) -> None:
    """Declare who may open the files of a kind of owner, which `version.attachment` names."""
    OPENERS[owner_kind] = may_open


def close(origin_kind: str, readers: scope.Readers) -> None:
    """Let only those read the documents of an origin whom its owner names, in `shell/wiring.py`.

    `readers(user)` gives the ids of the origins whose documents the user may read.
    """
    scope.CLOSED[origin_kind] = readers


Condition = Callable[[OfficialDocument], str]
CONDITIONS: dict[str, list[Condition]] = {}
"""What must be so before a document composed from a kind of origin may be issued."""


def require_before_issue(origin_kind: str, condition: Condition) -> None:
    """Let a document of the origin be issued only where the condition returns no sentence.

    The sentence says what is missing; button, page and action show it. Called from `shell/wiring.py`.
    """
    known = CONDITIONS.setdefault(origin_kind, [])
    if condition not in known:
        known.append(condition)


def _may_open_official(user: Any, version: FileVersion) -> bool:
    """Let everybody in scope have what was issued, and the drafts those who write or issue them."""
    document = scope.visible_to(user).filter(pk=version.attachment.owner_id).first()
    if document is None:
        return False
    is_issued = version.attachment.slot == Slot.SCAN or document.copies.filter(version=version).exists()
    return is_issued or scope.sees_drafts(user, document)


let_open(OfficialDocument.kind, _may_open_official)


@rule
def open_file(user: Actor, version: FileVersion) -> None:
    may_open = OPENERS.get(version.attachment.owner_kind)
    require(may_open is not None and may_open(user, version), "您不在这份文件的知悉范围内")


@rule
def read_register(user: Actor) -> None:
    require(scope.sees_register(user), "文书供本机关干部和收文单位查看")


@rule
def draft(user: Actor) -> None:
    require(user.is_system or user.holds(*scope.STAFF), "公文由本机关干部拟稿")


@rule
def edit(user: Actor, document: OfficialDocument) -> None:
    is_own = user.is_system or document.drafted_by_id == user.pk
    require(is_own or user.holds(Role.OFFICE), "修改稿由拟稿人或办公室上传")


@rule
def discard(user: Actor, document: OfficialDocument) -> None:
    is_own = user.is_system or document.drafted_by_id == user.pk
    require(is_own or user.holds(Role.OFFICE), "拟稿由拟稿人或办公室作废")


@rule
def issue(user: Actor, document: OfficialDocument) -> None:
    require(user.holds(Role.OFFICE), OFFICE_ONLY)
    for condition in CONDITIONS.get(document.origin_kind, ()):
        missing = condition(document)
        require(not missing, missing)


@rule
def attach_scan(user: Actor, document: OfficialDocument) -> None:
    require(user.holds(Role.OFFICE), OFFICE_ONLY)


@rule
def correct(user: Actor, document: OfficialDocument) -> None:
    require(user.holds(Role.OFFICE), OFFICE_ONLY)


@rule
def withdraw(user: Actor, document: OfficialDocument) -> None:
    require(user.holds(Role.OFFICE), OFFICE_ONLY)


@rule
def reissue(user: Actor, document: OfficialDocument) -> None:
    require(user.holds(Role.OFFICE), OFFICE_ONLY)


@rule
def open_series(user: Actor) -> None:
    require(user.holds(Role.OFFICE), "发文字号由办公室启用")


@rule
def read_series(user: Actor) -> None:
    require(user.holds(*scope.STAFF), "发文字号供本机关干部查看")
