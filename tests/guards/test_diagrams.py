"""`docs/states/` is what the machines in code would write today."""

from __future__ import annotations

from pathlib import Path

from qingfeng.workflow import diagrams
from qingfeng.workflow.transitions import Machine, Transition


def differences(folder: Path, wanted: dict[str, str]) -> list[str]:
    """Find pages that are missing, stale, or of a machine that is gone."""
    there = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in there.keys() | wanted.keys() if there.get(name) != wanted.get(name))


def test_diagrams_are_in_step_with_the_machines() -> None:
    wanted = diagrams.pages()

    assert wanted
    assert differences(diagrams.folder(), wanted) == [], "run: python manage.py write_state_diagrams"


def test_guard_bites_a_stale_a_missing_and_a_left_over_page(tmp_path: Path) -> None:
    (tmp_path / "stale.md").write_text("old")
    (tmp_path / "gone.md").write_text("old")

    assert differences(tmp_path, {"stale.md": "new", "missing.md": "new"}) == [
        "gone.md",
        "missing.md",
        "stale.md",
    ]


def test_drawing_names_states_steps_and_ends() -> None:
    machine = Machine(
        "matter", "事项", (("open", "办理中"), ("closed", "已办结")), "open",
        (Transition("close", from_={"open"}, to="closed", label="办结"),),
    )  # fmt: skip

    text = diagrams.draw(machine)

    assert 'state "办理中" as open' in text
    assert "[*] --> open" in text
    assert "open --> closed: 办结" in text
    assert "closed --> [*]" in text
    assert "| `close` | 办结 | 办理中 | 已办结 |" in text
