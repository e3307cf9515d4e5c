"""The data model: direction of keys, constraints of enums and pairs, name lengths, privacy of fields."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from tests.guards import source

ORDER = [
    "core",
    "audit",
    "organizations",
    "accounts",
    "workflow",
    "documents",
    "notifications",
    "ballots",
    "decisions",
    "rectification",
    "evaluation",
    "shell",
]
OURS = [
    model
    for label in ORDER
    if apps.is_installed(f"qingfeng.{label}")
    for model in apps.get_app_config(label).get_models()
]
PRIVACY = source.ROOT / "docs/privacy.toml"


def upward_keys(model: type[models.Model], order: list[str]) -> list[str]:
    """Find foreign keys to an app above, or to an unknown one."""
    found = []
    for field in model._meta.get_fields():
        if not isinstance(field, (models.ForeignKey, models.ManyToManyField)):
            continue
        target: Any = field.related_model
        label = target._meta.app_label
        if label not in order or order.index(label) > order.index(model._meta.app_label):
            found.append(f"{model.__name__}.{field.name} → {label}")
    return found


def unprotected_keys(model: type[models.Model]) -> list[str]:
    return [
        f"{model.__name__}.{field.name}"
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT
    ]


def conditions(model: type[models.Model]) -> str:
    checks = [c for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    return " ".join(str(check.condition) for check in checks)


def unchecked_choices(model: type[models.Model]) -> list[str]:
    """Find fields with choices that no CheckConstraint names."""
    stated = conditions(model)
    return [
        f"{model.__name__}.{field.name}"
        for field in model._meta.fields
        if field.choices and f"'{field.name}__in'" not in stated
    ]


def unchecked_pairs(model: type[models.Model]) -> list[str]:
    """Find nullable `x_at` with `x_by` that no CheckConstraint pairs."""
    names = {field.name: field for field in model._meta.fields}
    stated = conditions(model)
    found = []
    for name, field in names.items():
        partner = names.get(name[:-3] + "_by") if name.endswith("_at") else None
        if partner is not None and field.null and f"'{name}__isnull'" not in stated:
            found.append(f"{model.__name__}.{name}")
    return found


def long_names(model: type[models.Model]) -> list[str]:
    columns = [field.column for field in model._meta.local_fields]
    named = [
        model._meta.db_table,
        *columns,
        *(c.name for c in model._meta.constraints),
        *(i.name for i in model._meta.indexes),
    ]
    return [name for name in named if len(name) > 30]


def undeclared_fields(model: type[models.Model], declared: dict[str, dict[str, list[str]]]) -> list[str]:
    """Find fields that `docs/privacy.toml` does not list once, as public or as sensitive."""
    row = declared.get(model._meta.label, {})
    public, sensitive = row.get("public", []), row.get("sensitive", [])
    names = {field.name for field in model._meta.local_fields}
    wrong = names ^ (set(public) | set(sensitive)) | (set(public) & set(sensitive))
    return [f"{model._meta.label}.{name}" for name in sorted(wrong)]


GUARDS = [unprotected_keys, unchecked_choices, unchecked_pairs, long_names]


@pytest.mark.parametrize("guard", GUARDS)
def test_models_keep_the_rule(guard) -> None:
    assert [hit for model in OURS for hit in guard(model)] == []


def test_foreign_keys_point_downwards() -> None:
    assert [hit for model in OURS for hit in upward_keys(model, ORDER)] == []


def test_every_field_declares_its_privacy() -> None:
    declared = tomllib.loads(PRIVACY.read_text(encoding="utf-8"))

    assert [hit for model in OURS for hit in undeclared_fields(model, declared)] == []


def test_every_business_model_has_a_kind_of_its_own() -> None:
    kinds = [getattr(model, "kind", None) for model in OURS]

    assert None not in kinds
    assert len(kinds) == len(set(kinds))


def test_guards_bite_a_planted_model() -> None:
    user: Any = apps.get_model("accounts", "User")

    class Planted(models.Model):
        owner = models.ForeignKey(user, models.CASCADE)
        state = models.CharField(max_length=5, choices=[("a", "甲")])
        signed_at = models.DateTimeField(null=True)
        signed_by = models.ForeignKey(user, models.PROTECT, null=True, related_name="+")
        a_name_that_is_far_too_long_for_us = models.IntegerField()

        class Meta:
            app_label = "core"
            managed = False

    try:
        assert all(guard(Planted) for guard in GUARDS)
        assert upward_keys(Planted, ORDER)
        assert undeclared_fields(Planted, {})
    finally:
        del apps.all_models["core"]["planted"]
        apps.clear_cache()
