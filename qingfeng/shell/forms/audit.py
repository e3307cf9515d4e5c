from __future__ import annotations

from typing import Any

from django import forms


class PeriodForm(forms.Form):
    """The days that a list is narrowed to."""

    since = forms.DateField(
        label="起始日期", required=False, error_messages={"invalid": "起始日期须写成 2026-03-01"}
    )
    until = forms.DateField(
        label="截止日期", required=False, error_messages={"invalid": "截止日期须写成 2026-03-31"}
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "截止日期不能早于起始日期")
        return cleaned
