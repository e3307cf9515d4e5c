"""`@rule`: one definition of who may do what, with three faces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from qingfeng.core import actors
from qingfeng.core.errors import Denied


def require(condition: bool, sentence: str) -> None:
    """Refuse with the sentence unless the condition holds."""
    if not condition:
        raise Denied(sentence)


@dataclass(frozen=True)
class Rule:
    """A permission: `.check` raises `Denied`, `.allows` gives a bool, `.why_not` gives the sentence."""

    name: str
    body: Callable[..., None]

    def check(self, user: Any, *subjects: Any) -> None:
        """Pass silently or raise `Denied` with the sentence and the rule's name."""
        try:
            with actors.deciding():
                self.body(user, *subjects)
        except Denied as refusal:
            if not refusal.rule:
                refusal.rule = self.name
            raise

    def allows(self, user: Any, *subjects: Any) -> bool:
        return not self.why_not(user, *subjects)

    def why_not(self, user: Any, *subjects: Any) -> str:
        """Return the sentence of the refusal, or an empty string."""
        try:
            self.body(user, *subjects)
        except Denied as refusal:
            return refusal.sentence
        return ""


REGISTRY: dict[str, Rule] = {}
"""Every rule by `app.name`; `docs/permissions.md` is generated from it."""


def rule(body: Callable[..., None]) -> Rule:
    """Make a function that calls `require` a rule of its app."""
    app = body.__module__.split(".")[1]
    made = Rule(name=f"{app}.{body.__name__}", body=body)
    REGISTRY[made.name] = made
    return made
