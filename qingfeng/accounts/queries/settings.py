"""The settings as the page shows them: each with its value, its basis, and who changed it when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Max

from qingfeng.accounts.queries import policy
from qingfeng.audit.models import Entry
from qingfeng.core import clock, preferences
from qingfeng.core.models import Setting
from qingfeng.core.preferences import Preference

NO_FACTOR_WORDS = "现在谁都不必两步验证，不合等保三级的要求。"
DEMO_WORDS = "演示城市为了便于试用，谁都不必两步验证；正式使用须选定角色。"


@dataclass(frozen=True)
class SettingRow:
    declared: Preference
    value: Any
    is_default: bool
    changed_by: str = ""
    changed_at: dt.datetime | None = None

    @property
    def is_missing(self) -> bool:
        """Say whether the commission must still name its own: only an example stands there."""
        return self.is_default and bool(self.value) and self.declared.basis == "本机关自定"

    @property
    def warning(self) -> str:
        """Say what is wrong with a value that may stand for trying the platform only."""
        if self.declared.key != policy.FACTOR_ROLES.key or self.value:
            return ""
        return DEMO_WORDS if settings.QINGFENG_DEMO else NO_FACTOR_WORDS

    @property
    def words(self) -> str:
        return value_words(self.declared, self.value)


def value_words(declared: Preference, value: Any) -> str:
    """Say a value as people read it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    labels = dict(declared.choices)
    if isinstance(value, (list, tuple)):
        return "、".join(labels.get(part, str(part)) for part in value) or "无"
    if declared.choices:
        return labels.get(value, str(value))
    return str(value)


def rows() -> dict[str, list[SettingRow]]:
    """Return every declared setting by its group, in the order declared, in three queries."""
    stored = {row.key: row for row in Setting.objects.all()}
    last = _last_changes([row.pk for row in stored.values()])
    groups: dict[str, list[SettingRow]] = {}
    for declared in preferences.REGISTRY.values():
        groups.setdefault(declared.group, []).append(_row(declared, stored.get(declared.key), last))
    return groups


def row(key: str) -> SettingRow | None:
    """Return one declared setting, or None where the key is not declared."""
    declared = preferences.REGISTRY.get(key)
    if declared is None:
        return None
    stored = Setting.objects.filter(key=key).first()
    return _row(declared, stored, _last_changes([stored.pk] if stored else []))


def history(declared: Preference) -> list[dict[str, Any]]:
    """Return the changes of one setting from the audit book, the newest first, as a timeline takes them."""
    stored = Setting.objects.filter(key=declared.key).values_list("pk", flat=True).first()
    if stored is None:
        return []
    return [
        {
            "at": clock.spoken(entry.at),
            "who": entry.actor_name,
            "what": f"改为“{value_words(declared, entry.detail['after'])}”",
            "note": f"原为“{value_words(declared, entry.detail['before'])}”",
        }
        for entry in _entries().filter(subject_id=stored).order_by("-pk")[:50]
    ]


def _row(declared: Preference, stored: Setting | None, last: dict[int, Entry]) -> SettingRow:
    if stored is None:
        return SettingRow(declared, declared.default, is_default=True)
    entry = last.get(stored.pk)
    return SettingRow(
        declared,
        stored.value,
        is_default=stored.value == declared.default,
        changed_by=entry.actor_name if entry else "",
        changed_at=entry.at if entry else None,
    )


def _entries() -> Any:
    return Entry.objects.filter(subject_kind=Setting.kind, action="setting.change")


def _last_changes(ids: list[int]) -> dict[int, Entry]:
    newest = _entries().filter(subject_id__in=ids).values("subject_id").annotate(newest=Max("pk"))
    found = Entry.objects.filter(pk__in=[each["newest"] for each in newest])
    return {entry.subject_id: entry for entry in found if entry.subject_id is not None}
