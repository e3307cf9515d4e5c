"""What the shell does on events: the limits of a round follow its dates and its steps."""

from __future__ import annotations

import pytest
from django.urls import reverse

from qingfeng.core import references
from qingfeng.core.roles import Role
from qingfeng.evaluation.models.rounds import Round
from qingfeng.workflow import deadlines
from tests.evaluation import stories
from tests.stories import signed_in, user_with

pytestmark = pytest.mark.django_db


def limits(row: Round) -> dict[str, tuple[object, bool]]:
    found = deadlines.of(references.reference_to(row))
    return {limit.name: (limit.due_date, limit.met_at is not None) for limit in found}


def test_opened_round_lets_its_limits_run_to_its_dates() -> None:
    row = stories.opened(stories.city())

    assert limits(row) == {
        "submit_by": (row.submit_by, False),
        "review_by": (row.review_by, False),
        "trial_on": (row.trial_on, False),
        "announce_by": (row.announce_by, False),
    }


@pytest.mark.parametrize(
    ("reach", "met"),
    [
        (stories.in_review, {"submit_by"}),
        (stories.frozen, {"submit_by", "review_by"}),
        (stories.announced, {"submit_by", "review_by", "trial_on", "appeal_1", "announce_by"}),
    ],
)
def test_limits_of_a_round_are_met_step_by_step(reach, met: set[str]) -> None:
    row = reach(stories.city())

    assert {name for name, (_, is_met) in limits(row).items() if is_met} == met


def test_limits_of_a_round_stand_in_the_overview_by_its_name() -> None:
    row = stories.opened(stories.city())
    page = signed_in(user_with(Role.OFFICE)).get(reverse("deadlines:list")).content.decode()

    assert row.title in page
    assert "单位报送" in page
    assert "本轮评价日程" in page
