"""Which rule guards which step of which machine, read off every call of `advance`."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import ModuleType

import qingfeng
from qingfeng.core.rules import Rule
from qingfeng.shell.permissions.rules import look_up
from qingfeng.workflow.transitions import MACHINES, Machine, Transition


class Unreadable(Exception):
    """A call of `advance` whose step or rule cannot be read off the code."""


@dataclass(frozen=True)
class Step:
    """A step of a machine with the rule that guards it."""

    machine: Machine
    transition: Transition
    rule: Rule


def all_steps() -> list[Step]:
    """Return every step that some action takes. Raises `Unreadable` with the place."""
    found = {}
    for module in action_modules():
        source = ast.parse(_source(module))
        for transition, rule in pairs(module, source):
            machine = machine_of(transition)
            found[machine.kind, transition.name, rule.name] = Step(machine, transition, rule)
    return list(found.values())


def action_modules() -> Iterator[ModuleType]:
    return _modules("actions")


def import_rules() -> None:
    """Import every module of rules, so that the registry is whole."""
    for _ in _modules("rules"):
        continue


def _modules(part: str) -> Iterator[ModuleType]:
    for info in pkgutil.walk_packages(qingfeng.__path__, "qingfeng."):
        if info.name.count(".") > 1 and info.name.split(".")[2] == part:
            yield importlib.import_module(info.name)


def machine_of(transition: Transition) -> Machine:
    for machine in MACHINES.values():
        if any(transition is each for each in machine.transitions):
            return machine
    raise Unreadable(f"{transition.name} belongs to no machine")


def _source(module: ModuleType) -> str:
    path = module.__file__
    if path is None:
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def pairs(module: ModuleType, tree: ast.Module) -> Iterator[tuple[Transition, Rule]]:
    """Yield step and rule of each `advance` in a module, through its helpers that pass them on."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for function in functions:
        for call in _calls(function, "advance"):
            given = {word.arg: word.value for word in call.keywords}
            step = call.args[1] if len(call.args) > 1 else given.get("transition")
            rule = given.get("rule")
            if step is not None and rule is not None:
                yield from _resolve(module, functions, function, step, rule)


def _resolve(
    module: ModuleType,
    functions: list[ast.FunctionDef],
    inside: ast.FunctionDef,
    step: ast.expr,
    rule: ast.expr,
) -> Iterator[tuple[Transition, Rule]]:
    made, guard = look_up(module, step), look_up(module, rule)
    if isinstance(made, Transition) and isinstance(guard, Rule):
        yield made, guard
        return
    callers = [
        (outer, _argument(inside, call, step), _argument(inside, call, rule))
        for outer in functions
        if outer is not inside
        for call in _calls(outer, inside.name)
    ]
    if not callers:
        where = f"{module.__name__}:{inside.lineno} {inside.name}"
        raise Unreadable(f"{where}: name step and rule as states.X and rules.y, or pass them as parameters")
    for outer, passed_step, passed_rule in callers:
        yield from _resolve(module, functions, outer, passed_step, passed_rule)


def _calls(function: ast.FunctionDef, name: str) -> Iterable[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func
            if getattr(called, "attr", getattr(called, "id", "")) == name:
                yield node


def _argument(function: ast.FunctionDef, call: ast.Call, wanted: ast.expr) -> ast.expr:
    """Return what the call passes for the parameter that `wanted` names, or `wanted` where it names none."""
    if not isinstance(wanted, ast.Name):
        return wanted
    for word in call.keywords:
        if word.arg == wanted.id:
            return word.value
    positions = [argument.arg for argument in function.args.args]
    if wanted.id in positions and positions.index(wanted.id) < len(call.args):
        return call.args[positions.index(wanted.id)]
    return wanted
