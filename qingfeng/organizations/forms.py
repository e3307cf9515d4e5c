from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django import forms

from qingfeng.core.errors import Conflict, Refused
from qingfeng.organizations import queries
from qingfeng.organizations.enums import UnitClass
from qingfeng.organizations.models import Person, Post, Unit, UnitQuerySet

T = TypeVar("T")
EMPTY = "（空）"


class Day(forms.DateField):
    """A date, picked from the browser's calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class UnitChoice(forms.ModelChoiceField[Unit]):
    """A unit, found by typing a part of its name; the form sets its queryset when it is made."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, widget=forms.Select(attrs={"data-search": ""}), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.short_name}（{obj.code}）"


def units_of(date: dt.date, keep: int | None = None) -> UnitQuerySet:
    return queries.in_order(queries.choosable(date, keep))


class UnitForm(forms.Form):
    code = forms.CharField(label="编码", max_length=20, help_text="每个单位一个，导入时按它识别")
    name = forms.CharField(label="全称", max_length=80)
    short_name = forms.CharField(label="简称", max_length=30, help_text="页面和通报里用的名称")
    unit_class = forms.ChoiceField(
        label="类别", choices=[("", "请选择"), *UnitClass.choices], help_text="排名在同类别里比"
    )
    parent = UnitChoice(label="上级单位", required=False, empty_label="没有上级单位")
    active_from = Day(label="启用日期")
    is_evaluated = forms.BooleanField(label="参加政治生态评价", required=False, initial=True)
    sort_order = forms.IntegerField(
        label="排序", min_value=0, max_value=1_000_000, initial=0, help_text="同类别内从小到大"
    )

    def __init__(self, *args: Any, today: dt.date, keep: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        parent.queryset = units_of(today, keep)

    @staticmethod
    def values_of(unit: Unit) -> dict[str, Any]:
        return {name: getattr(unit, name) for name in UnitForm.base_fields}


class UnitEditForm(UnitForm):
    revision = forms.IntegerField(widget=forms.HiddenInput)


class NoForm(forms.Form):
    """A step that asks for nothing but a yes."""


class CloseForm(forms.Form):
    last_day = Day(label="最后一天", help_text="这一天仍算在用，次日起停用")


class MergeForm(CloseForm):
    into = UnitChoice(label="并入单位", empty_label="请选择")
    field_order = ("into", "last_day")

    def __init__(self, *args: Any, unit: Unit, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        into: Any = self.fields["into"]
        into.queryset = units_of(today).exclude(pk=unit.pk)


class PersonForm(forms.Form):
    code = forms.CharField(label="人员编号", max_length=20, help_text="每人一个，不要用身份证号")
    name = forms.CharField(label="姓名", max_length=40)
    is_party_member = forms.BooleanField(label="中共党员", required=False, initial=True)

    @staticmethod
    def values_of(person: Person) -> dict[str, Any]:
        return {name: getattr(person, name) for name in PersonForm.base_fields}


class PersonEditForm(PersonForm):
    revision = forms.IntegerField(widget=forms.HiddenInput)


class CorrectPostForm(forms.Form):
    title = forms.CharField(label="职务", max_length=60)
    is_leader = forms.BooleanField(label="班子成员", required=False)
    is_head = forms.BooleanField(
        label="主要负责人", required=False, help_text="同一单位同一时间只能有一名，自动算班子成员"
    )
    is_concurrent = forms.BooleanField(label="兼任", required=False, help_text="兼任不改变这个人属于哪个单位")
    held_from = Day(label="任职日期")
    held_to = Day(label="免职日期", required=False, help_text="在任的留空")

    @staticmethod
    def values_of(post: Post) -> dict[str, Any]:
        return {name: getattr(post, name) for name in CorrectPostForm.base_fields}


class AppointForm(CorrectPostForm):
    unit = UnitChoice(label="单位", empty_label="请选择")
    field_order = ("unit", "title", "is_leader", "is_head", "is_concurrent", "held_from", "held_to")

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit: Any = self.fields["unit"]
        unit.queryset = units_of(today)


class LeaveForm(forms.Form):
    last_day = Day(label="任职最后一天")


class ImportForm(forms.Form):
    file = forms.FileField(
        label="Excel 工作簿（.xlsx）",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        help_text="先检查，列出全部错误或将要发生的变化，您确认后才写入",
    )


def carried_out(form: forms.Form, act: Callable[[], T]) -> T | None:
    """Carry the action out on valid input; a refusal's sentences go into the form."""
    if not form.is_valid():
        return None
    try:
        return act()
    except Refused as refusal:
        for sentence in refusal.sentences:
            form.add_error(None, sentence)
        return None


def note_conflict(form: forms.Form, conflict: Conflict, stored: Any, values: Iterable[str]) -> None:
    """Show what another editor has stored beside what was typed; the next save then knows of it."""
    form.add_error(None, conflict.sentence)
    typed = {name: form.cleaned_data[name] for name in values if name in form.cleaned_data}
    for label, now, mine in queries.changed_since(stored, typed):
        form.add_error(None, f"“{label}”现在是“{worded(now)}”，您填的是“{worded(mine)}”")
    sent: Any = form.data
    data = sent.copy()
    data["revision"] = str(stored.revision)
    form.data = data


def worded(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return EMPTY if value is None or value == "" else str(value)
