"""What a data supplier types: numbers by unit, and facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms

from qingfeng.core.figures import plain
from qingfeng.evaluation.actions.data import Value
from qingfeng.evaluation.actions.ledger import Draft
from qingfeng.evaluation.forms.sheets import number
from qingfeng.evaluation.models.data import Fact
from qingfeng.evaluation.models.rounds import RoundUnit
from qingfeng.evaluation.scoring.scheme import Measure, Named, Scheme

DATE_WORDS = {"invalid": "日期写法不对，应如 2026-09-30", "required": "请选定日期"}


@dataclass
class ValueCell:
    measure: Measure
    name: str
    text: str = ""
    error: str = ""


@dataclass
class ValueLine:
    unit: RoundUnit
    cells: list[ValueCell] = field(default_factory=list)


class ValuesForm:
    """A table of numbers, units by measures; a blank box means that there is no number."""

    def __init__(
        self,
        rows: Sequence[tuple[RoundUnit, Mapping[str, Decimal]]],
        measures: Sequence[Measure],
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.measures = measures
        self.lines = [ValueLine(unit, _cells(unit, values, measures, data)) for unit, values in rows]

    def is_valid(self) -> bool:
        for cell in self.cells():
            cell.error = "应为数字" if cell.text and number(cell.text) is None else ""
        return not any(cell.error for cell in self.cells())

    def cells(self) -> list[ValueCell]:
        return [cell for line in self.lines for cell in line.cells]

    def values(self) -> list[Value]:
        """Return every box; None where it is blank."""
        return [
            Value(line.unit.pk, cell.measure.code, number(cell.text) if cell.text else None)
            for line in self.lines
            for cell in line.cells
        ]


def _cells(
    unit: RoundUnit,
    values: Mapping[str, Decimal],
    measures: Sequence[Measure],
    data: Mapping[str, Any] | None,
) -> list[ValueCell]:
    found = []
    for measure in measures:
        name = f"u{unit.pk}-{measure.code}"
        stored = plain(values.get(measure.code))
        found.append(ValueCell(measure, name, stored if data is None else str(data.get(name, "")).strip()))
    return found


class FactForm(forms.Form):
    """One fact of the ledger, as it is to stand."""

    unit = forms.ChoiceField(label="单位", help_text="行为发生时所在的单位")
    fact_kind = forms.ChoiceField(label="类别")
    title = forms.CharField(label="摘要", max_length=200, help_text="一句话写清是什么事，不写姓名。")
    act_date = forms.DateField(label="行为日期", error_messages=DATE_WORDS)
    effective_date = forms.DateField(
        label="决定生效日期", error_messages=DATE_WORDS, help_text="按这一天计入季度。"
    )
    quantity = forms.DecimalField(
        label="数量",
        min_value=Decimal("0.01"),
        max_digits=9,
        decimal_places=2,
        help_text="人次、件数或次数。",
    )
    category = forms.ChoiceField(label="领域", required=False)
    level = forms.ChoiceField(label="层级", required=False)
    reference_text = forms.CharField(label="文号或编号", max_length=120, required=False)
    event_key = forms.CharField(
        label="同一事件标识",
        max_length=60,
        required=False,
        help_text="同一件事在几处登记的，填同一个标识，只扣一次分。",
    )
    is_leader = forms.BooleanField(label="涉及班子成员", required=False)
    is_self_reported = forms.BooleanField(label="单位主动发现、主动报告", required=False)
    is_concealed = forms.BooleanField(label="存在瞒报", required=False)

    def __init__(
        self,
        *args: Any,
        units: Sequence[RoundUnit],
        kinds: Sequence[Named],
        scheme: Scheme,
        with_reason: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.units = {str(unit.unit_id): unit.unit for unit in units}
        self._offer("unit", [(str(unit.unit_id), unit.short_name) for unit in units])
        self._offer("fact_kind", [(kind.code, kind.name) for kind in kinds])
        self._offer("category", [(entry.code, entry.name) for entry in scheme.categories])
        self._offer("level", [(entry.code, entry.name) for entry in scheme.levels])
        self.fields["unit"].widget.attrs["data-search"] = ""
        for name in ("act_date", "effective_date"):
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        if with_reason:
            self.fields["reason"] = forms.CharField(
                label="更正理由", max_length=200, error_messages={"required": "请写明更正理由"}
            )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "请选择" if field.required else "不区分"), *choices]

    def draft(self) -> Draft:
        values = {name: value for name, value in self.cleaned_data.items() if name != "reason"}
        return Draft(**{**values, "unit": self.units[values["unit"]]})


def initial_of(fact: Fact) -> dict[str, Any]:
    """Return what stands in an entry, to correct it."""
    names = (
        "fact_kind", "title", "act_date", "effective_date", "category", "level", "reference_text",
        "event_key", "is_leader", "is_self_reported", "is_concealed",
    )  # fmt: skip
    return {name: getattr(fact, name) for name in names} | {
        "unit": str(fact.unit_id),
        "quantity": plain(fact.quantity),
    }


class PointsForm(forms.Form):
    """The points chosen within a range, with the reason."""

    points = forms.DecimalField(label="每次扣几分", max_digits=6, decimal_places=3)
    reason = forms.CharField(
        label="选定理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明为什么选这个分值"},
    )

    def __init__(self, *args: Any, low: Decimal, high: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["points"].help_text = f"在 {plain(low)} 到 {plain(high)} 分之间选定。"


class NoneForm(forms.Form):
    """The supplier's word that there is nothing to report."""

    sure = forms.BooleanField(
        label="我已核对：本部门本季度没有需要报送的数据和事实",
        error_messages={"required": "请核对后勾选，再报告本期无数据"},
    )
