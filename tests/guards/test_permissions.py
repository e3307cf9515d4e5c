"""`docs/permissions.md` says what the rules say, and its reading of them bites."""

from __future__ import annotations

import ast
import sys

import pytest

from qingfeng.accounts import rules as account_rules
from qingfeng.core.roles import ADMIN_ROLES, Role
from qingfeng.core.rules import REGISTRY, Rule, require
from qingfeng.evaluation import rules, states
from qingfeng.shell.permissions import page, steps
from qingfeng.shell.permissions import rules as reading
from qingfeng.workflow.transitions import MACHINES

OFFICES = (Role.OFFICE, Role.CONDUCT_OFFICE)
HERE = sys.modules[__name__]


def _helper(user, role, sentence) -> None:
    require(user.is_system or user.holds(role), sentence)


def _planted(user, thing) -> None:
    require(user.holds(*OFFICES), "仅限两室")
    require(not user.holds(Role.SECRETARY), "书记不办")
    require(thing.role not in ADMIN_ROLES, "三员不在此列")
    _helper(user, Role.MENTOR, "仅限帮带人")


PLANTED = Rule("planted.act", _planted)


def test_permissions_page_is_what_the_rules_say() -> None:
    assert page.PATH.read_text(encoding="utf-8") == page.compose(), "run: manage.py write_permissions"


def test_permissions_page_bites_a_rule_that_is_not_written_down() -> None:
    composed = page.compose(rules=[*REGISTRY.values(), PLANTED])

    assert composed != page.PATH.read_text(encoding="utf-8")
    assert "| `act` |" in composed


def test_permissions_page_bites_a_rule_that_lets_another_role_pass() -> None:
    changed = Rule("accounts.open_account", account_rules.give_grant.body)
    others = [rule for rule in REGISTRY.values() if rule.name != changed.name]

    assert page.compose(rules=[*others, changed]) != page.PATH.read_text(encoding="utf-8")


def test_reading_follows_helpers_sets_and_negations() -> None:
    read = reading.read(PLANTED)

    assert read.roles == {Role.OFFICE, Role.CONDUCT_OFFICE, Role.MENTOR}
    assert read.barred == {Role.SECRETARY}
    assert read.system
    assert read.sentences == ["仅限两室", "书记不办", "三员不在此列", "仅限帮带人"]


def test_every_rule_names_a_role_or_a_condition() -> None:
    steps.import_rules()
    silent = [rule.name for rule in REGISTRY.values() if not reading.read(rule).sentences]

    assert silent == []


DIRECT = "def act(x):\n    engine.advance(x, states.FREEZE, rule=rules.freeze, by=None, at=None)"
PASSED_ON = """
def act(x):
    _back(x, states.UNFREEZE, guard=rules.unfreeze)
def _back(x, step, guard):
    engine.advance(x, step, rule=guard, by=None, at=None)
"""
HIDDEN = "def act(x):\n    step = pick(x)\n    engine.advance(x, step, rule=rules.freeze, by=None, at=None)"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (DIRECT, [(states.FREEZE, rules.freeze)]),
        (PASSED_ON, [(states.UNFREEZE, rules.unfreeze)]),
    ],
)
def test_steps_are_read_through_helpers(source: str, expected) -> None:
    assert list(steps.pairs(HERE, ast.parse(source))) == expected


def test_step_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(steps.Unreadable, match="name step and rule"):
        list(steps.pairs(HERE, ast.parse(HIDDEN)))


def test_every_transition_has_a_rule() -> None:
    """A step that no action takes is dead, or taken past the rules."""
    taken = {(step.machine.kind, step.transition.name) for step in steps.all_steps()}
    declared = {
        (machine.kind, transition.name)
        for machine in MACHINES.values()
        for transition in machine.transitions
        if not machine.kind.startswith("test_")
    }

    assert declared - taken == set()
