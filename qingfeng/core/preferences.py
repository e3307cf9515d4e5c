"""Settings that a commission changes on a page: every key with its label, default and basis.

What the law fixes is data with its basis; what we propose says so (`basis` begins with “建议”).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qingfeng.core.models import Setting


@dataclass(frozen=True)
class Preference:
    """A setting: the type of the default is the type of every value."""

    key: str
    label: str
    default: Any
    help: str
    basis: str
    group: str
    minimum: int | None = None
    maximum: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    check: Callable[[Any], str] | None = None

    def fault_of(self, value: Any) -> str:
        """Return in the user's words why the value cannot be set, or an empty string."""
        if type(value) is not type(self.default):
            return f"“{self.label}”的值类型不对"
        if isinstance(value, str) and not value.strip() and self.default:
            return f"请填写“{self.label}”"
        if self.choices and not set(_parts(value)) <= {choice for choice, _ in self.choices}:
            return f"“{self.label}”不是可选的值"
        if self.minimum is not None and value < self.minimum:
            return f"“{self.label}”不能小于 {self.minimum}"
        if self.maximum is not None and value > self.maximum:
            return f"“{self.label}”不能大于 {self.maximum}"
        return self.check(value) if self.check else ""


def _parts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


REGISTRY: dict[str, Preference] = {}


def declare(
    key: str,
    label: str,
    default: Any,
    *,
    group: str,
    help: str = "",
    basis: str = "建议值",
    minimum: int | None = None,
    maximum: int | None = None,
    choices: tuple[tuple[str, str], ...] = (),
    check: Callable[[Any], str] | None = None,
) -> Preference:
    """Declare a setting; each app declares its own at import, with the bounds its page checks.

    `choices` of a list are what each of its values is chosen from; `check` says what else is wrong.
    """
    made = Preference(key, label, default, help, basis, group, minimum, maximum, choices, check)
    REGISTRY[key] = made
    return made


def get(key: str) -> Any:
    """Return the commission's value of a declared key, or its default. Raises KeyError if undeclared."""
    declared = REGISTRY[key]
    row = Setting.objects.filter(key=key).first()
    return declared.default if row is None else row.value


def get_all(*keys: str) -> dict[str, Any]:
    """Return several values in one query."""
    stored = dict(Setting.objects.filter(key__in=keys).values_list("key", "value"))
    return {key: stored.get(key, REGISTRY[key].default) for key in keys}


COMMISSION_NAME = declare(
    "commission_name",
    "机关名称",
    "中共示例市纪律检查委员会",
    group="机关",
    help="印发文书的机关全称",
    basis="本机关自定",
)
COMMISSION_SHORT = declare("commission_short", "机关简称", "示例市纪委监委", group="机关", basis="本机关自定")
SUPERVISORY_NAME = declare(
    "supervisory_name", "监察机关名称", "示例市监察委员会", group="机关", basis="本机关自定"
)
CITY_NAME = declare("city_name", "地区名称", "示例市", group="机关", basis="本机关自定")
SEAL_NAME = declare("seal_name", "印章名称", "中共示例市纪律检查委员会", group="机关", basis="本机关自定")
DOCUMENT_WORD = declare(
    "document_word", "发文代字", "示纪", group="文书", help="发文字号的代字，如“云纪”", basis="本机关自定"
)
BULLETIN_WORD = declare("bulletin_word", "通报代字", "示纪通", group="文书", basis="本机关自定")
LOGO = declare("logo", "标识文字", "清", group="机关", help="左上角方章里的一个字", basis="建议值")
