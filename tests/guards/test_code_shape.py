"""Lengths, state writes, managers in views, overridden saves: read off the syntax tree."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from tests.guards import source

LIMIT = 500
ENGINE = source.ROOT / "qingfeng/workflow/engine.py"


def too_long(paths: list[Path], limit: int = LIMIT) -> list[str]:
    counted = ((path, len(path.read_text(encoding="utf-8").splitlines())) for path in paths)
    return [f"{source.where(path, count)} has {count} lines" for path, count in counted if count > limit]


def state_writes(module: Any, path: Path) -> list[str]:
    """Find assignments to `.state` and `update(state=…)`."""
    found = []
    node: Any
    for node in ast.walk(module):
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, (ast.AugAssign, ast.AnnAssign)):
            targets = [node.target]
        attributes = [
            part for target in targets for part in ast.walk(target) if isinstance(part, ast.Attribute)
        ]
        if any(part.attr == "state" and isinstance(part.ctx, ast.Store) for part in attributes):
            found.append(source.where(path, node.lineno))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            writes = node.func.attr in {"update", "update_or_create"}
            if writes and any(keyword.arg == "state" for keyword in node.keywords):
                found.append(source.where(path, node.lineno))
            if node.func.attr == "bulk_update" and "'state'" in ast.dump(node):
                found.append(source.where(path, node.lineno))
    return found


def manager_uses(module: ast.Module, path: Path) -> list[str]:
    """Find `.objects` in a view, form or template tag: they read through `queries`."""
    return [
        source.where(path, node.lineno)
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager"}
    ]


def unscoped_fetches(module: ast.Module, path: Path) -> list[str]:
    """Find `get_object_or_404(Model, …)`: it fetches past every `visible_to`."""
    return [
        source.where(path, node.lineno)
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).endswith(("get_object_or_404", "get_list_or_404"))
        and node.args
        and ast.unparse(node.args[0]).rsplit(".", maxsplit=1)[-1][:1].isupper()
    ]


def overridden_writes(module: ast.Module, path: Path) -> list[str]:
    """Find `save`, `delete` or `ordering` in a model class."""
    found = []
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}:
            found.append(source.where(path, node.lineno))
        if isinstance(node, ast.ClassDef) and node.name == "Meta":
            found += [
                source.where(path, part.lineno)
                for part in node.body
                if isinstance(part, ast.Assign)
                and any(getattr(t, "id", "") == "ordering" for t in part.targets)
            ]
    return found


def model_files() -> list[Path]:
    return [p for p in source.modules("qingfeng") if p.name == "models.py" or p.parent.name == "models"]


def view_files() -> list[Path]:
    names = {"views", "forms", "templatetags", "presenters"}
    return [p for p in source.modules("qingfeng") if p.stem in names or names & set(p.parts)]


def test_files_stay_short() -> None:
    assert too_long(list(source.tracked(".py", ".html", ".css", ".js"))) == []


def test_states_are_written_by_the_engine_alone() -> None:
    paths = [p for p in source.modules("qingfeng") if p != ENGINE]

    assert [hit for p in paths for hit in state_writes(source.tree(p), p)] == []


def test_views_read_through_queries() -> None:
    assert [hit for p in view_files() for hit in manager_uses(source.tree(p), p)] == []


def test_views_fetch_in_scope() -> None:
    paths = list(source.modules("qingfeng"))

    assert [hit for p in paths for hit in unscoped_fetches(source.tree(p), p)] == []


def test_models_override_neither_save_nor_order() -> None:
    assert [hit for p in model_files() for hit in overridden_writes(source.tree(p), p)] == []


@pytest.mark.parametrize(
    ("guard", "offence"),
    [
        (state_writes, "case.state = 'open'"),
        (state_writes, "Case.objects.filter(pk=1).update(state='open')"),
        (state_writes, "Case.objects.bulk_update(rows, ['state'])"),
        (manager_uses, "def view(request):\n    return Case.objects.all()"),
        (unscoped_fetches, "def view(request, pk):\n    return get_object_or_404(Case, pk=pk)"),
        (unscoped_fetches, "case = shortcuts.get_object_or_404(models.Case, pk=1)"),
        (overridden_writes, "class Case:\n    def save(self): pass"),
        (overridden_writes, "class Case:\n    class Meta:\n        ordering = ['pk']"),
    ],
)
def test_guard_bites_a_planted_offence(guard, offence: str) -> None:
    assert guard(ast.parse(offence), Path("planted.py"))


def test_length_guard_bites_a_long_file(tmp_path: Path) -> None:
    long = tmp_path / "long.py"
    long.write_text("x = 1\n" * (LIMIT + 1))

    assert too_long([long])
