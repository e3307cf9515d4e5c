"""The bench at a tiny size: it measures, its file has its shape, and a growing page is an error."""

from __future__ import annotations

import json

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import path

from bench import city, command, crowd, migrating, pages, report, scoring, walk
from bench.report import Measurement
from qingfeng.accounts.models import User
from qingfeng.core.roles import Role
from qingfeng.evaluation.enums import RoundState
from qingfeng.evaluation.models.results import Revision, UnitResult
from qingfeng.evaluation.models.rounds import Round
from qingfeng.organizations.models import Unit

pytestmark = pytest.mark.django_db


def planted(request: HttpRequest) -> HttpResponse:
    """Ask the database once for each unit: what no page may do."""
    names = [Unit.objects.get(pk=pk).name for pk in Unit.objects.values_list("pk", flat=True)]
    return HttpResponse(f'<a href="/ui/">{len(names)}</a>')


def steady(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Unit.objects.count()))


urlpatterns = [path("", planted, name="home"), path("ui/", steady, name="ui")]


@override_settings(ROOT_URLCONF=__name__)
def tours() -> tuple[pages.Tour, pages.Tour]:
    """Tour the planted pages in a city that has more units the second time."""
    place = city.found(2)
    people: dict[str, User] = {Role.OFFICE: place.people[Role.OFFICE]}
    small = pages.tour(people, 2, 1)
    Unit.objects.create(
        code="N1", name="新单位", short_name="新单位", unit_class="town", active_from="2020-01-01"
    )
    return small, pages.tour(people, 3, 1)


def test_pages_with_a_growing_page_count_it_as_an_error() -> None:
    small, large = tours()

    found = {each.name: each for each in pages.measurements(small, large)}

    counted = found["pages.statements.2-3"]
    assert set(counted.detail["growing"]) == {f"home ({Role.OFFICE})"}
    before, after = counted.detail["growing"][f"home ({Role.OFFICE})"]
    assert after == before + 1
    assert (counted.value, counted.errors, counted.lost, counted.met) == (2, 1, 0, False)


def test_pages_without_a_growing_page_meet_the_target() -> None:
    small, _ = tours()

    counted = pages.measurements(small, small)[0]

    assert (counted.errors, counted.met) == (0, True)
    assert all(one.statements > 0 for one in small.visits.values())


def test_walk_of_a_real_city_takes_arguments_from_links() -> None:
    place = crowd.prepare(3)
    states = list(Round.objects.order_by("year", "quarter").values_list("state", flat=True))
    people: dict[str, User] = {
        Role.CONDUCT_OFFICE: place.officer,
        Role.SYSTEM_ADMIN: place.people[Role.SYSTEM_ADMIN],
    }

    tour = pages.tour(people, 3, 1, spaces=("organizations", "home"))

    assert states == [RoundState.ANNOUNCED, RoundState.ANNOUNCED, RoundState.REVIEWING]
    assert tour.failed == {}
    assert {"organizations:list", "organizations:detail", "organizations:person"} <= set(tour.visits)
    assert {f"home ({person})" for person in people} <= set(tour.visits)
    assert tour.visits["organizations:detail"].status == 200


def test_fillings_of_a_route_use_what_was_seen_in_their_place() -> None:
    trie = walk.Trie()
    for seen in ("/rounds/7/", "/rounds/9/units/", "/rounds/plan/"):
        trie.add(seen)

    found = list(trie.fillings(["rounds", "<int:pk>", "bulletin"]))

    assert found == ["/rounds/7/bulletin/", "/rounds/9/bulletin/"]


def test_measure_scores_every_unit_and_leaves_nothing_behind() -> None:
    round = scoring.prepare(20)

    timed = scoring.measure(round, 20, 1)

    assert (timed.units, timed.errors, timed.lost) == (20, 0, 0)
    assert timed.rows > 20 * scoring.INDICATORS
    assert set(timed.stages) == {"read", "freeze", "thaw", "compute", "pack", "store"}
    assert not Revision.objects.exists()
    assert not UnitResult.objects.exists()
    assert Round.objects.get().state == RoundState.REVIEWING


def test_results_file_holds_one_object_a_measurement(tmp_path) -> None:
    target = tmp_path / "out/results.json"
    measured = [*scoring.measurements({20: timed(20, 3.0), 2: timed(2, 0.25)}), *pages.measurements(*tours())]

    report.write(measured, report.machine(), target)

    read = json.loads(target.read_text(encoding="utf-8"))
    assert {"at", "cpu", "cores", "memory", "load", "python"} <= set(read["machine"])
    assert all({"name", "value", "unit"} <= set(each) for each in read["measurements"])
    by_name = {each["name"]: each for each in read["measurements"]}
    assert len(by_name) == len(read["measurements"])
    whole = by_name["scoring.20"]
    assert (whole["errors"], whole["lost"], whole["ratio_to"]) == (0, 0, "scoring.20.read_and_add")
    assert by_name["scoring.growth.2-20"]["met"] is False
    assert by_name["pages.statements.2-3"]["errors"] == 1
    assert "MISSED" in report.table(measured)


def timed(units: int, seconds: float) -> scoring.Timed:
    return scoring.Timed(
        units, rows=9, scoring=seconds, reading=1, ratio=seconds, acting=seconds, stages={"read": seconds},
        errors=0, lost=0,
    )  # fmt: skip


def test_migrating_an_empty_database_succeeds() -> None:
    seconds, code = migrating.once()

    assert (seconds > 0, code) == (True, 0)


@pytest.mark.parametrize(
    ("found", "code"),
    [
        ([Measurement("a", 1, "s", met=True, errors=0)], 0),
        ([Measurement("a", 1, "s", met=False)], 1),
        ([Measurement("a", 1, "s", errors=2)], 1),
    ],
)
def test_verdict_is_bad_where_a_target_is_missed_or_something_is_wrong(found, code: int) -> None:
    assert command.verdict(found) == code
