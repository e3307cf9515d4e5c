"""What an officer types about a round: its quarter and dates, its departments, decisions and reasons."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from qingfeng.evaluation.enums import Milestone
from qingfeng.evaluation.forms.common import ReasonForm

QUARTER_CHOICES = [("1", "第一季度"), ("2", "第二季度"), ("3", "第三季度"), ("4", "第四季度")]


def date_field(label: str, help_text: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": f"请选定“{label}”日期", "invalid": "日期写法不对，应如 2026-09-30"},
    )


class DatesForm(forms.Form):
    """The six dates of a round, each with what it is proposed from."""

    def __init__(self, *args: Any, helps: Mapping[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in Milestone.choices:
            self.fields[name] = date_field(label, (helps or {}).get(name, ""))

    def clean(self) -> dict[str, Any]:
        """Say beside a date that it comes before the one above it."""
        cleaned = super().clean() or {}
        given = [(name, cleaned[name]) for name in Milestone.values if cleaned.get(name)]
        for (before, earlier), (after, later) in itertools.pairwise(given):
            if later < earlier:
                self.add_error(after, f"不能早于“{Milestone(before).label}”（{earlier:%Y-%m-%d}）")
        return cleaned

    @property
    def dates(self) -> dict[str, dt.date]:
        return {name: self.cleaned_data[name] for name in Milestone.values}


class QuarterForm(forms.Form):
    """Which quarter is planned: the dates are worked out from its end."""

    year = forms.IntegerField(label="年度", min_value=2000, max_value=2100)
    quarter = forms.ChoiceField(label="季度", choices=QUARTER_CHOICES)


class PlanForm(DatesForm):
    """A round to be planned: its scheme and its dates."""

    field_order = ["scheme_version", "title", *Milestone.values]

    scheme_version = forms.ChoiceField(label="评价方案", help_text="只列出已发布的版本；轮次开启后不再更换。")
    title = forms.CharField(
        label="名称", max_length=80, required=False, help_text="可以不填，按“某年第几季度政治生态评价”命名。"
    )

    def __init__(self, *args: Any, versions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["scheme_version"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = list(versions)


class ReschedulingForm(DatesForm, ReasonForm):
    """New dates, with the reason for moving them."""

    field_order = [*Milestone.values, "reason"]


class SchemeChoiceForm(forms.Form):
    """Another published version for a planned round."""

    scheme_version = forms.ChoiceField(label="评价方案")

    def __init__(self, *args: Any, versions: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["scheme_version"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = list(versions)


class BindingForm(forms.Form):
    """Which unit acts as each department; a unit is written by its short name, offered from a list."""

    def __init__(
        self,
        *args: Any,
        departments: Sequence[Any],
        helps: Mapping[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for row in departments:
            self.fields[row.code] = forms.CharField(
                label=row.name,
                required=False,
                max_length=30,
                initial=row.unit.short_name if row.unit else "",
                help_text=(helps or {}).get(row.code, ""),
                widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
            )

    def names(self) -> set[str]:
        return {name for name in self.cleaned_data.values() if name}

    def chosen(self, units: Mapping[str, Any]) -> dict[str, Any]:
        """Return the unit of each department; say beside a field that no unit has its name."""
        found = {}
        for code, name in list(self.cleaned_data.items()):
            if name and name not in units:
                self.add_error(code, f"没有简称为“{name}”的单位，或有两个单位同名，请从列表里选")
            elif name:
                found[code] = units[name]
        return found


class FreezeForm(forms.Form):
    """Ask the officer to say that he knows what is missing."""

    with_gaps = forms.BooleanField(
        label="我知道上面这些部分还没有交，仍然冻结",
        help_text="部门和数据来源没交的按“不适用”处理，权重由其他部分分担，不按零分；"
        "单位自己没报的按方案规定处理。页面和通报都会写明。",
        error_messages={"required": "还有部分没有交齐。确实要带缺冻结，请勾选这一项；否则请先催办。"},
    )


class MoreTimeForm(ReasonForm):
    """How many working days more the units get, and why."""

    field_order = ["days", "reason"]

    days = forms.IntegerField(
        label="延长几个工作日",
        min_value=1,
        max_value=30,
        initial=1,
        error_messages={"required": "请填写延长几个工作日", "invalid": "请填写整数"},
    )


class ApprovalForm(forms.Form):
    """What the standing committee decided, as its record states it."""

    meeting = forms.CharField(
        label="会议名称和次数",
        max_length=80,
        help_text="例如：2026年第7次常委会会议",
        error_messages={"required": "请写明会议名称和次数"},
    )
    decided_on = date_field("审定日期")
    outside = forms.CharField(
        label="为什么没有在平台上开会",
        max_length=200,
        help_text="在平台上开的会，议决后自动登记，不用在这里填。",
        error_messages={"required": "请写明为什么没有在平台上开会"},
    )
    note = forms.CharField(
        label="审定意见", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReminderForm(forms.Form):
    """Whom to remind: those due, or everybody whose part has not come."""

    DUE, ALL = "due", "all"
    scope = forms.ChoiceField(label="催哪些", widget=forms.RadioSelect)

    def __init__(self, *args: Any, due: int, waiting: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields["scope"]
        assert isinstance(chooser, forms.ChoiceField)
        chooser.choices = [
            (self.DUE, f"逾期的和明天到期的，{due} 件"),
            (self.ALL, f"所有还没交的，{waiting} 件"),
        ]
        chooser.initial = self.DUE if due else self.ALL
