"""A round whose ballot is cast into a sealed urn, up to the frozen tallies."""

from __future__ import annotations

import pytest

from qingfeng.accounts.models import User
from qingfeng.ballots.actions import codes, keepers, mixing, votes
from qingfeng.ballots.actions import urns as sealed
from qingfeng.ballots.models import Urn
from qingfeng.ballots.sealing import codes as made
from qingfeng.core.errors import Denied, Refused
from qingfeng.core.roles import Role
from qingfeng.evaluation.actions import gathering, results, tallies, urns
from qingfeng.evaluation.models.rounds import Round, RoundUnit
from qingfeng.evaluation.queries import ballots
from qingfeng.evaluation.queries import rounds as round_queries
from tests import stories
from tests.ballots.stories import PHRASES
from tests.evaluation import stories as rounds

pytestmark = pytest.mark.django_db
AT = rounds.COLLECTING


def prepared(place: rounds.City, round: Round, size: int = 8) -> Urn:
    """Return the round's urn, with so many people in each pool."""
    urn = urns.prepare_urn(round=round, by=place.officer, at=AT)
    sizes = dict.fromkeys(urn.pools.values_list("pk", flat=True), size)
    return sealed.set_sizes(urn=urn, sizes=sizes, by=place.officer, at=AT)


def opened(place: rounds.City, urn: Urn) -> dict[int, User]:
    people = {1: stories.user_with(Role.OFFICE), 2: stories.user_with(Role.CASE_OFFICE)}
    for seat, user in people.items():
        keeper = keepers.name(urn=urn, seat=seat, user=user, by=place.officer, at=AT)
        keepers.accept(keeper=keeper, passphrase=PHRASES[seat], by=user, at=AT)
    sealed.open_urn(urn=urn, by=place.officer, at=AT)
    return people


def voted(place: rounds.City, urn: Urn, count: int, answer: str) -> None:
    """Let so many people of each pool give one answer to all they are asked."""
    for pool in urn.pools.select_related("urn"):
        for code in codes.issue(pool=pool, count=pool.size, by=place.officer, at=AT)[:count]:
            chosen = {question["code"]: answer for question in urn.questions_of(pool.group)}
            votes.cast(code=code, answers=chosen, comment="", receipt=made.new_receipt())


def mixed(place: rounds.City, urn: Urn, people: dict[int, User]) -> None:
    sealed.close(urn=urn, by=place.officer, at=AT)
    mixing.mix(urn=urn, passphrases=PHRASES, by=people[1], at=AT)


def test_prepare_asks_the_due_questions_of_every_unit_and_group() -> None:
    place = rounds.city()
    round = rounds.opened(place)

    urn = urns.prepare_urn(round=round, by=place.officer, at=AT)

    scheme = round_queries.scheme_of(round)
    asked = {share.group for c in ballots.channels(round).values() for share in c.groups}
    units = set(round_queries.taking_part(round).values_list("unit_id", flat=True))
    assert set(urn.question_codes) == set(ballots.channels(round))
    assert set(urn.pools.values_list("unit_id", "group")) == {(u, g) for u in units for g in asked}
    assert urn.minimum == scheme.settings.minimum_ballots
    assert [a["code"] for a in urn.answers if not a["is_valid"]] == [
        answer.code for answer in scheme.answers if answer.score is None
    ]


def test_prepare_by_somebody_else_is_refused() -> None:
    place = rounds.city()
    round = rounds.opened(place)

    with pytest.raises(Denied, match="党风室"):
        urns.prepare_urn(round=round, by=place.secretary, at=AT)


def test_mixed_answers_are_gathered_by_unit_question_and_group() -> None:
    place = rounds.city()
    round = rounds.opened(place)
    urn = prepared(place, round)
    people = opened(place, urn)
    voted(place, urn, 6, urn.answer_codes[1])
    mixed(place, urn, people)

    found = gathering.gather(round)

    for question in urn.questions:
        for group in question["groups"]:
            at = _place(round, question["code"], group, urn.answer_codes[1])
            assert found.tallies[(slice(None), *at)].tolist() == [6] * len(found.units.codes)
    assert int(found.tallies.sum()) == 6 * len(found.units.codes) * sum(
        len(question["groups"]) for question in urn.questions
    )


def _place(round: Round, question: str, group: str, answer: str) -> tuple[int, int, int]:
    scheme = round_queries.scheme_of(round)
    return (
        [entry.code for entry in scheme.questions].index(question),
        [entry.code for entry in scheme.groups].index(group),
        [entry.code for entry in scheme.answers].index(answer),
    )


def test_page_of_tallies_shows_what_was_mixed_and_nothing_before() -> None:
    place = rounds.city()
    round = rounds.opened(place)
    urn = prepared(place, round)
    people = opened(place, urn)
    voted(place, urn, 6, urn.answer_codes[0])
    channel = next(iter(ballots.channels(round).values()))
    units = list(RoundUnit.objects.filter(round=round))

    before = ballots.cells_of(round, channel, units)
    mixed(place, urn, people)
    after = ballots.cells_of(round, channel, units)

    assert {cell.valid for row in before.values() for cell in row.values()} == {0}
    assert {(cell.valid, cell.mean) for row in after.values() for cell in row.values()} == {(6, 100.0)}
    assert ballots.count_imported(round) == len(units)


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [("prepared", "还没有启用"), ("opened", "还在投票中"), ("closed", "还没有开箱")],
)
def test_freeze_before_the_mix_is_refused_even_with_gaps(steps: str, sentence: str) -> None:
    place = rounds.city()
    round = rounds.in_review(place)
    urn = prepared(place, round)
    if steps != "prepared":
        opened(place, urn)
    if steps == "closed":
        sealed.close(urn=urn, by=place.officer, at=AT)

    with pytest.raises(Refused, match=sentence):
        results.freeze(round=round, with_gaps=True, by=place.officer, at=rounds.CUTOFF)


def test_freeze_after_the_urn_was_made_void_takes_paper_tallies() -> None:
    place = rounds.city()
    round = rounds.in_review(place)
    urn = prepared(place, round)
    opened(place, urn)
    voted(place, urn, 6, urn.answer_codes[0])
    sealed.make_void(urn=urn, reason="会场断网，改用纸质票", by=place.secretary, at=AT)

    snapshot = results.freeze(round=round, with_gaps=True, by=place.officer, at=rounds.CUTOFF)

    assert snapshot.pk
    assert ballots.why_no_paper(round) == ""


def test_import_of_paper_tallies_beside_an_urn_is_refused() -> None:
    place = rounds.city()
    round = rounds.in_review(place)
    prepared(place, round)
    content = tallies.tally_template(round=round, by=place.officer)

    with pytest.raises(Refused, match="票箱投票"):
        tallies.import_tallies(round=round, content=content, by=place.officer, at=AT)


def test_urn_after_an_import_of_paper_tallies_is_refused() -> None:
    place = rounds.city()
    round = rounds.in_review(place)
    rounds.counted(place, round)

    with pytest.raises(Refused, match="已经导入纸质票"):
        urns.prepare_urn(round=round, by=place.officer, at=AT)
