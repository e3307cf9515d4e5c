from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from qingfeng.accounts.models import User
from qingfeng.decisions.actions.recording import Votes
from qingfeng.decisions.enums import Capacity, Ground, Presence, Result
from qingfeng.decisions.models.committee import AgendaItem, Attendance, Matter


class PersonField(forms.ModelChoiceField[User]):
    def label_from_instance(self, obj: User) -> str:
        return str(obj.name)


class MatterField(forms.ModelChoiceField[Matter]):
    def label_from_instance(self, obj: Matter) -> str:
        return str(obj.title)


class ItemField(forms.ModelChoiceField[AgendaItem]):
    def label_from_instance(self, obj: AgendaItem) -> str:
        return str(obj)


class AttendanceField(forms.ModelChoiceField[Attendance]):
    def label_from_instance(self, obj: Attendance) -> str:
        return f"{obj.name}（{obj.get_capacity_display()}）"


class MeetingForm(forms.Form):
    """When and where a meeting is, who presides and who records."""

    planned_for = forms.DateTimeField(
        label="开会时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label="地点", max_length=80)
    chair = PersonField(label="主持人", queryset=None, empty_label="请选择")
    chair_note = forms.CharField(
        label="由他人主持的原因",
        max_length=200,
        required=False,
        help_text="会议由书记主持；由他人主持的，写明受谁委托、什么原因，纪要照写。",
    )
    recorder = PersonField(label="记录人", queryset=None, empty_label="请选择")
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, initial=0)

    def __init__(self, data: Any, *, people: QuerySet[User], clerks: QuerySet[User], **given: Any) -> None:
        super().__init__(data, **given)
        self.fields["chair"].queryset = people  # type: ignore[attr-defined]
        self.fields["recorder"].queryset = clerks  # type: ignore[attr-defined]


class AgendaForm(forms.Form):
    """Which waiting matter goes on the agenda."""

    matter = MatterField(label="待上会的议题", queryset=None, empty_label="请选择")

    def __init__(self, data: Any, *, matters: QuerySet[Matter]) -> None:
        super().__init__(data)
        self.fields["matter"].queryset = matters  # type: ignore[attr-defined]


class AddPersonForm(forms.Form):
    """One more member, or an observer."""

    capacity = forms.ChoiceField(
        label="身份", choices=[(Capacity.OBSERVER, "列席"), (Capacity.MEMBER, "委员")]
    )
    user = PersonField(label="本机关人员", queryset=None, required=False, empty_label="不在平台上")
    name = forms.CharField(
        label="姓名", max_length=40, required=False, help_text="不在平台上的列席人员填写。"
    )
    item = ItemField(
        label="列席哪一项",
        queryset=None,
        required=False,
        empty_label="全部议题",
        help_text="只列席一项的，看不到其他议题的材料。",
    )

    def __init__(self, data: Any, *, people: QuerySet[User], items: QuerySet[AgendaItem]) -> None:
        super().__init__(data)
        self.fields["user"].queryset = people  # type: ignore[attr-defined]
        self.fields["item"].queryset = items  # type: ignore[attr-defined]


class PresenceForm(forms.Form):
    """Whether somebody is here."""

    presence = forms.ChoiceField(label="到会情况", choices=Presence.choices)
    reason = forms.CharField(label="请假事由", max_length=200, required=False)


class RecordForm(forms.Form):
    """What is written down on one item: the discussion at any time, votes and result at its end."""

    discussion = forms.CharField(
        label="讨论摘要",
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="会上随时可以保存。",
    )
    result = forms.ChoiceField(
        label="议决结果", required=False, choices=[("", "还没有结果"), *Result.choices]
    )
    text = forms.CharField(
        label="决定事项",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="写进纪要的决定；缓议的写明原因。",
    )
    in_favour = forms.IntegerField(label="同意票", min_value=0, max_value=99, required=False, initial=0)
    against = forms.IntegerField(label="反对票", min_value=0, max_value=99, required=False, initial=0)
    abstained = forms.IntegerField(label="弃权票", min_value=0, max_value=99, required=False, initial=0)
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def votes(self) -> Votes:
        data = self.cleaned_data
        return Votes(data["in_favour"] or 0, data["against"] or 0, data["abstained"] or 0)


class RecusalForm(forms.Form):
    """Who takes no part in an item, and why."""

    attendance = AttendanceField(label="回避人", queryset=None, empty_label=None)
    ground = forms.ChoiceField(label="回避情形", choices=Ground.choices)
    note = forms.CharField(
        label="说明", max_length=200, required=False, help_text="属于“其他情形”的必须写明；纪要照写。"
    )

    def __init__(self, data: Any, *, people: QuerySet[Attendance]) -> None:
        super().__init__(data)
        self.fields["attendance"].queryset = people  # type: ignore[attr-defined]


class PresiderForm(forms.Form):
    presider = PersonField(label="本议题主持人", queryset=None, empty_label=None)

    def __init__(self, data: Any, *, people: QuerySet[User]) -> None:
        super().__init__(data)
        self.fields["presider"].queryset = people  # type: ignore[attr-defined]


class CorrectionForm(forms.Form):
    """A correction of what was recorded."""

    item = ItemField(label="哪一项", queryset=None, required=False, empty_label="会议基本情况")
    text = forms.CharField(label="更正内容", widget=forms.Textarea(attrs={"rows": 3}))
    reason = forms.CharField(label="更正原因", max_length=200)

    def __init__(self, data: Any, *, items: QuerySet[AgendaItem]) -> None:
        super().__init__(data)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]


class NumbersForm(forms.Form):
    year = forms.IntegerField(label="年份", min_value=2000, max_value=2099)
    next_number = forms.IntegerField(
        label="下一次会议为第几次",
        min_value=1,
        max_value=500,
        help_text="今年已在纸面上开到第 8 次的，填 9。",
    )
