"""Layers: the contracts hold, and they bite; the demo acts only by actions; migrations are linear."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.guards import source


def forbidden_demo_imports(module: Any, path: Path) -> list[str]:
    """Find imports of the demo city that reach past actions: models, and writes through managers."""
    found = []
    node: Any
    for node in ast.walk(module):
        names = []
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if re.search(r"qingfeng\.\w+\.models\b", name) or name.startswith("django.db.models"):
                found.append(f"{source.where(path, node.lineno)} {name}")
        if isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "bulk_create"}:
            found.append(f"{source.where(path, node.lineno)} .{node.attr}")
    return found


def branching(loader: MigrationLoader, labels: set[str]) -> list[str]:
    return [label for label in labels if len(loader.graph.leaf_nodes(label)) > 1]


def missing_readme_events(app: Path) -> list[str]:
    """Find events an app declares that its README does not name."""
    declared = app / "events.py"
    if not declared.exists():
        return []
    names = [n.name for n in source.tree(declared).body if isinstance(n, ast.ClassDef)]
    readme = app / "README.md"
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    return [f"{app.name}: {name}" for name in names if name not in text]


def app_folders() -> list[Path]:
    return sorted(p.parent for p in source.tracked(".py") if p.name == "apps.py")


def test_demo_city_acts_only_by_actions() -> None:
    demo = source.ROOT / "qingfeng/shell/demo"
    paths = [p for p in source.modules("qingfeng", "shell", "demo") if p.is_relative_to(demo)]

    assert paths
    assert [hit for p in paths for hit in forbidden_demo_imports(source.tree(p), p)] == []


@pytest.mark.parametrize(
    "offence",
    [
        "from qingfeng.evaluation import models",
        "from qingfeng.accounts.models import User",
        "Unit.objects.create()",
    ],
)
def test_demo_guard_bites(offence: str) -> None:
    assert forbidden_demo_imports(ast.parse(offence), Path("planted.py"))


@pytest.mark.django_db
def test_migrations_are_linear_and_in_step() -> None:
    loader = MigrationLoader(None)
    labels = {key[0] for key in loader.graph.nodes}

    call_command("makemigrations", check=True, dry_run=True, verbosity=0)

    assert branching(loader, labels) == []


def test_migrations_have_names_and_import_no_app_code() -> None:
    migrations = [
        p for p in source.tracked(".py") if p.parent.name == "migrations" and p.name != "__init__.py"
    ]
    unnamed = [p.name for p in migrations if re.search(r"_auto_|_initial$", p.stem)]
    twins = [key for key, n in Counter((p.parent, p.name[:4]) for p in migrations).items() if n > 1]

    assert unnamed == []
    assert twins == []


def test_readme_of_every_app_names_its_events() -> None:
    missing = [app.name for app in app_folders() if not (app / "README.md").exists()]

    assert missing == []
    assert [hit for app in app_folders() for hit in missing_readme_events(app)] == []


def test_readme_guard_bites(tmp_path: Path) -> None:
    (tmp_path / "events.py").write_text("class CaseDecided:\n    pass\n")

    assert missing_readme_events(tmp_path)
