from __future__ import annotations

from django import forms


class SheetForm(forms.Form):
    name = forms.CharField(max_length=4)
    points = forms.DecimalField(max_value=4, decimal_places=2, max_digits=5)
    due = forms.DateField()
    kind = forms.ChoiceField(choices=[("town", "镇街")])


def faults(**given: str) -> dict[str, list[str]]:
    form = SheetForm({"name": "云溪镇", "points": "1.5", "due": "2026-09-30", "kind": "town", **given})
    return {name: [str(error) for error in errors] for name, errors in form.errors.items()}


def test_clean_good_input_has_no_faults() -> None:
    assert faults() == {}


def test_clean_empty_fields_says_what_is_missing() -> None:
    assert faults(name="", kind="") == {"name": ["这一项没有填。"], "kind": ["请选择一项。"]}


def test_clean_long_name_counts_the_characters() -> None:
    assert faults(name="云溪镇人民政府") == {"name": ["最多 4 个字，现在有 7 个。"]}


def test_clean_figures_out_of_bounds_names_the_bound() -> None:
    assert faults(points="7.5")["points"] == ["不能大于 4。"]
    assert faults(points="1.234")["points"] == ["小数点后最多 2 位。"]
    assert faults(points="很多")["points"] == ["请填写数字，例如 1.5。"]


def test_clean_strange_date_shows_an_example() -> None:
    assert faults(due="三十号")["due"] == ["请填写日期，例如 2026-09-30。"]


def test_clean_unknown_choice_points_to_the_list() -> None:
    assert faults(kind="moon")["kind"] == ["请从列出的选项里选择。"]
