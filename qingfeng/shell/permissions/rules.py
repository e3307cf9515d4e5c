"""What a rule asks for, read off its syntax tree: the roles it names and the sentences it refuses with.

Nothing is run: a rule is a function whose body, and the helpers it calls, name roles and sentences. Names are
looked up in their module, so that a tuple or set of roles counts as its members.
"""

from __future__ import annotations

import ast
import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from qingfeng.core.roles import Role
from qingfeng.core.rules import Rule, require

PACKAGE = "qingfeng."


@dataclass
class Reading:
    """The roles that let pass, those that bar, whether the platform itself may, and the sentences."""

    roles: set[Role] = field(default_factory=set)
    barred: set[Role] = field(default_factory=set)
    system: bool = False
    sentences: list[str] = field(default_factory=list)


def read(rule: Rule) -> Reading:
    """Read a rule and every helper it follows."""
    reading = Reading()
    _follow(rule.body, reading, set())
    return reading


def _follow(function: Callable[..., Any], reading: Reading, seen: set[str]) -> None:
    name = f"{function.__module__}.{function.__qualname__}"
    if name in seen:
        return
    seen.add(name)
    module = sys.modules[function.__module__]
    _Visitor(module, reading, seen).visit(definition_of(function))


@functools.cache
def definition_of(function: Callable[..., Any]) -> ast.FunctionDef:
    """Return the function's definition in the tree of its file."""
    lines, start = inspect.getsourcelines(function)
    tree = ast.parse(inspect.getsource(sys.modules[function.__module__]))
    span = range(start, start + len(lines))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name == function.__name__ and node.lineno in span:
            return node
    raise LookupError(f"{function.__module__}.{function.__name__} is not in its file")


def look_up(module: ModuleType, node: ast.expr) -> Any:
    """Return what a name or dotted name stands for in the module, or None."""
    if isinstance(node, ast.Name):
        return getattr(module, node.id, None)
    if isinstance(node, ast.Attribute):
        owner = look_up(module, node.value)
        return getattr(owner, node.attr, None) if isinstance(owner, (ModuleType, type, Rule)) else None
    return None


def roles_in(value: Any) -> Iterator[Role]:
    """Yield the roles that a value is or holds."""
    if isinstance(value, Role):
        yield value
    elif isinstance(value, (frozenset, set, tuple, list)):
        for part in value:
            yield from roles_in(part)


class _Visitor(ast.NodeVisitor):
    def __init__(self, module: ModuleType, reading: Reading, seen: set[str]) -> None:
        self.module = module
        self.reading = reading
        self.seen = seen
        self.negated = False

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        for statement in node.body:
            self.visit(statement)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self.negated = not self.negated
            self.visit(node.operand)
            self.negated = not self.negated
        else:
            self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        """A comparison speaks of the subject's role, not of the user's: `role not in ADMIN_ROLES`."""

    def visit_Name(self, node: ast.Name) -> None:
        self._take(look_up(self.module, node))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if node.attr == "is_system":
            self.reading.system = True
        value = look_up(self.module, node)
        if value is not None:
            self._take(value)
        else:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        called = look_up(self.module, node.func)
        if called is require:
            self._add_sentence(node.args[1])
        elif isinstance(node.func, ast.Attribute) and isinstance(look_up(self.module, node.func.value), Rule):
            _follow(look_up(self.module, node.func.value).body, self.reading, self.seen)
        elif inspect.isfunction(called) and self._is_ours(called, node):
            for argument in (*node.args, *(word.value for word in node.keywords)):
                self._add_sentence(argument)
            _follow(called, self.reading, self.seen)
        self.generic_visit(node)

    def _is_ours(self, called: Callable[..., Any], node: ast.Call) -> bool:
        """Follow the rules' own helpers, and queries that are asked on behalf of the user."""
        asks = any(isinstance(argument, ast.Name) and argument.id == "user" for argument in node.args)
        parts = called.__module__.split(".")
        if called.__module__ == self.module.__name__:
            return True
        return called.__module__.startswith(PACKAGE) and ("rules" in parts or (asks and "queries" in parts))

    def _take(self, value: Any) -> None:
        target = self.reading.barred if self.negated else self.reading.roles
        target.update(roles_in(value))

    def _add_sentence(self, node: ast.expr) -> None:
        """Keep a sentence written or named here; one that a helper passes on is kept by its caller."""
        text = node.value if isinstance(node, ast.Constant) else look_up(self.module, node)
        if not isinstance(text, str) or isinstance(text, Role) or text.isascii():
            return
        if text not in self.reading.sentences:
            self.reading.sentences.append(text)
