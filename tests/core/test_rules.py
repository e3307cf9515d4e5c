from __future__ import annotations

import pytest

from qingfeng.core.errors import Denied
from qingfeng.core.rules import REGISTRY, require, rule


@rule
def open_drawer(user, drawer):
    require(user == "keeper", "仅限保管人")
    require(not drawer["locked"], "抽屉已锁")


REGISTRY.pop(open_drawer.name)


def test_check_when_refused_raises_the_sentence_and_the_rule() -> None:
    with pytest.raises(Denied) as refusal:
        open_drawer.check("guest", {"locked": False})

    assert refusal.value.sentence == "仅限保管人"
    assert refusal.value.rule.endswith(".open_drawer")


def test_three_faces_when_allowed_agree() -> None:
    open_drawer.check("keeper", {"locked": False})

    assert open_drawer.allows("keeper", {"locked": False})
    assert open_drawer.why_not("keeper", {"locked": False}) == ""


def test_why_not_when_several_fail_gives_the_first_sentence() -> None:
    assert open_drawer.why_not("guest", {"locked": True}) == "仅限保管人"
    assert open_drawer.why_not("keeper", {"locked": True}) == "抽屉已锁"


def test_rule_when_the_body_breaks_does_not_swallow_the_error() -> None:
    with pytest.raises(KeyError):
        open_drawer.allows("keeper", {})
