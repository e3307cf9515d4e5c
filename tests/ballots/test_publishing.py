"""What is published, counted again without the platform; and what cannot be learned from it."""

from __future__ import annotations

import io
import itertools
import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from config.environment import ROOT
from qingfeng.audit.models import Entry
from qingfeng.ballots.actions import publishing
from qingfeng.ballots.models import Pool
from qingfeng.ballots.queries import mixed, turnout
from qingfeng.ballots.sealing import recount
from qingfeng.core.errors import Denied, WrongState
from tests.ballots import stories

pytestmark = pytest.mark.django_db


def published(hall: stories.Hall) -> dict[str, Any]:
    archive = zipfile.ZipFile(io.BytesIO(publishing.export(urn=hall.urn, by=hall.officer, at=stories.AT)))
    found: dict[str, Any] = json.loads(archive.read("publication.json"))
    return found


def uneven(*, few: int = 3) -> stories.Hall:
    """Return a mixed urn of two units by two groups, one pool of which has too few votes."""
    hall = stories.opened()
    pools = hall.pools
    stories.vote_all(hall, {pool.pk: 8 for pool in pools[1:]})
    for number in range(few):
        stories.vote(hall, pools[0], number, "bad")
    return stories.mixed(stories.closed(hall))


def test_archive_is_counted_again_by_its_own_program_alone(tmp_path: Path) -> None:
    hall = uneven()
    content = publishing.export(urn=hall.urn, by=hall.officer, at=stories.AT)
    zipfile.ZipFile(io.BytesIO(content)).extractall(tmp_path)

    alone = [sys.executable, "-I", "-S", "recount.py", "publication.json"]
    done = subprocess.run(alone, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "与平台公布的一致" in done.stdout
    assert Entry.objects.filter(action="export.ballot_publication").count() == 1


def test_command_counts_without_a_database(tmp_path: Path) -> None:
    file = tmp_path / "publication.json"
    file.write_text(json.dumps(published(uneven())), encoding="utf-8")
    nowhere = {**os.environ, "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none"}

    command = [sys.executable, "manage.py", "tally_ballots", str(file)]
    done = subprocess.run(command, cwd=ROOT, env=nowhere, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "与平台公布的一致" in done.stdout


def test_recount_finds_a_figure_that_was_changed() -> None:
    content = published(uneven())
    content["figures"][-1]["votes"]["good"] += 1

    assert "不符" in recount.faults_of(content)[0]


def test_recount_finds_an_answer_that_was_changed() -> None:
    content = published(uneven())
    votes = content["pools"][-1]["votes"]["q1"]
    votes[0] = "bad" if votes[0] != "bad" else "good"

    assert recount.faults_of(content)


def test_recount_finds_a_ballot_that_was_added() -> None:
    content = published(uneven())
    for votes in content["pools"][-1]["votes"].values():
        votes.append("good")
    content["figures"] = recount.recount(content)

    assert "两者不符" in recount.faults_of(content)[0]


def test_recount_finds_answers_that_should_have_been_withheld() -> None:
    content = published(uneven())
    content["minimum"] = 9

    assert any("不应公布" in fault for fault in recount.faults_of(content))


def test_export_before_the_mix_is_refused() -> None:
    hall = stories.closed(stories.opened())

    with pytest.raises(WrongState, match="已截止"):
        publishing.export(urn=hall.urn, by=hall.officer, at=stories.AT)


def test_export_by_a_keeper_from_another_office_is_refused() -> None:
    hall = uneven()

    with pytest.raises(Denied, match="导出公布文件"):
        publishing.export(urn=hall.urn, by=hall.keepers[2], at=stories.AT)


def everything(hall: stories.Hall) -> dict[str, Any]:
    """Return all that anybody is shown after the mix, but the receipts' own letters, which are random."""
    content = published(hall)
    receipts = content.pop("receipts")
    for pool in content["pools"]:
        pool["votes"] = {question: sorted(votes) for question, votes in pool["votes"].items()}
    listed = turnout.by_pool(hall.urn)
    return {
        "publication": content,
        "receipts": {name: len(texts) for name, texts in receipts.items()},
        "turnout": [(entry.pool.group, entry.step) for entry in listed],
        "total": turnout.total(listed),
        "counts": mixed.counts(hall.urn).table.tolist(),
        "comments": [comment.text for comment in mixed.comments(hall.urn)],
        "damaged": hall.urn.damaged,
    }


def normal(found: dict[str, Any]) -> str:
    """Return it as text, without the codes that two cities made one after the other do not share."""
    for pool in found["publication"]["pools"]:
        pool["unit"] = pool["unit_name"] = ""
    for row in found["publication"]["figures"]:
        row["unit"] = ""
    return json.dumps(found, sort_keys=True)


@pytest.mark.parametrize("answer", ["good", "bad", "unknown"])
def test_nothing_about_a_withheld_pool_differs_whatever_it_voted(answer: str) -> None:
    """The strongest difference attack: all that is shown is the same for 0 to 4 voters and any answers."""
    seen = set()
    for few in (0, 1, 4):
        hall = stories.opened(units=1, groups=("few", "many"))
        small, large = hall.pools
        for number in range(few):
            stories.vote(hall, small, number, answer, comment="只有我知道")
        for number in range(7):
            stories.vote(hall, large, number, "good" if number < 5 else "bad")
        seen.add(normal(everything(stories.mixed(stories.closed(hall)))))

    assert len(seen) == 1


def test_comparison_above_tells_a_pool_that_is_counted() -> None:
    """The same measure bites: a pool that is counted does differ by what it voted."""
    seen = set()
    for answer in ("good", "bad"):
        hall = stories.opened(units=1, groups=("few", "many"))
        for pool, number in itertools.product(hall.pools, range(6)):
            stories.vote(hall, pool, number, answer)
        seen.add(normal(everything(stories.mixed(stories.closed(hall)))))

    assert len(seen) == 2


def test_nobody_knows_in_a_pool_reads_like_a_pool_of_few_valid_votes() -> None:
    seen = set()
    for answers in (["unknown"] * 8, ["bad"] * 4 + ["unknown"] * 4):
        hall = stories.opened(units=1, groups=("all",))
        for number, answer in enumerate(answers):
            stories.vote(hall, hall.pools[0], number, answer)
        seen.add(normal(everything(stories.mixed(stories.closed(hall)))))

    assert len(seen) == 1


def test_withheld_question_shows_not_even_how_many_did_not_know() -> None:
    seen = set()
    for knowing in (0, 4):
        hall = stories.opened(units=1, groups=("all",))
        for number in range(8):
            stories.vote(
                hall, hall.pools[0], number, "good", "bad" if number < knowing else "unknown", "good"
            )
        seen.add(normal(everything(stories.mixed(stories.closed(hall)))))

    assert len(seen) == 1


def test_turnout_while_open_is_a_step_and_its_sum_a_sum_of_steps() -> None:
    hall = stories.opened(units=1, groups=("few", "many"))
    stories.vote_all(hall, {hall.pools[0].pk: 4, hall.pools[1].pk: 8})

    listed = turnout.by_pool(hall.urn)

    assert [(entry.step, entry.words) for entry in listed] == [(0, "不足 5 人"), (5, "5 人以上")]
    assert turnout.total(listed) == 5


def test_published_columns_are_not_in_one_order() -> None:
    """Whole ballots are gone: people who gave one answer to everything leave rows that mix answers."""
    hall = stories.opened(units=1, groups=("all",), size=40, questions=8)
    pool = hall.pools[0]
    for number in range(40):
        stories.vote(hall, pool, number, "good" if number % 2 else "bad")

    content = published(stories.mixed(stories.closed(hall)))

    columns = list(content["pools"][0]["votes"].values())
    assert all(Counter(column) == Counter(good=20, bad=20) for column in columns)
    whole = sum(len(set(row)) == 1 for row in zip(*columns, strict=True))
    assert whole < 10
    assert Pool.objects.get().turnout == 40
