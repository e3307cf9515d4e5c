"""No list that searches names of people or free text takes its words from the address."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.guards import source

PUBLIC = {
    "ballots/views/urns.py": "titles of urns, names of units",
    "organizations/views/units.py": "names and codes of units",
    "shell/views/deadlines.py": "labels and legal bases of limits",
    "documents/views/numbers.py": "document words and numbers",
    "evaluation/views/annual.py": "names of units",
    "evaluation/views/ballots.py": "names of units",
    "evaluation/views/changes.py": "names of units",
    "evaluation/views/heat.py": "names of units",
    "evaluation/views/problems.py": "names of indicators and departments",
    "evaluation/views/ranking.py": "names of units",
    "evaluation/views/round_progress.py": "names of units and departments",
    "evaluation/views/round_revisions.py": "names of units",
    "evaluation/views/rounds.py": "titles of rounds and schemes",
    "evaluation/views/schemes.py": "names and notes of schemes",
    "evaluation/views/sheets.py": "names of departments",
    "evaluation/views/studies.py": "codes of dimensions",
    "evaluation/views/submission_lists.py": "names of units",
    "evaluation/views/task_lists.py": "names of departments",
}
"""Files whose lists may carry the search words in the address, with what is searched there."""


def open_searches(module: ast.Module) -> list[int]:
    """Find `build(…, request.GET, …, search=…)`."""
    return [
        node.lineno
        for node in ast.walk(module)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func).rsplit(".", maxsplit=1)[-1] == "build"
        and any(ast.unparse(part) == "request.GET" for part in node.args)
        and any(keyword.arg == "search" for keyword in node.keywords)
    ]


def name_of(path: Path) -> str:
    return path.relative_to(source.ROOT / "qingfeng").as_posix()


def test_only_public_lists_take_their_words_from_the_address() -> None:
    open_ones = {name_of(path) for path in source.modules("qingfeng") if open_searches(source.tree(path))}

    assert open_ones == set(PUBLIC)


@pytest.mark.parametrize(("asked", "found"), [("request.GET", 1), ("searches.sought(request)", 0)])
def test_guard_bites_a_list_that_searches_in_the_address(asked: str, found: int) -> None:
    planted = f"listing.build(rows, {asked}, columns=COLUMNS, search=('name',), default_sort='name')"

    assert len(open_searches(ast.parse(planted))) == found
