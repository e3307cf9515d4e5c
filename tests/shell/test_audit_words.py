"""What any app writes into the audit book is read there in Chinese."""

from __future__ import annotations

import re

import pytest

from qingfeng.shell.queries import audit_words
from tests.guards import source

GIVEN = re.compile(r'\baction="([a-z_]+(?:\.[a-z_.]+)?)"')
RECORDED = re.compile(r'\brecord\("([a-z_]+\.[a-z_.]+)"')
COMPOSED = re.compile(r'action=f"([a-z_]+)\.\{verb\}"')
"""An app that composes its slugs hands the verb to its own small function, as a word in quotation marks."""
VERB = re.compile(r'\b_note\(\w+, "([a-z_]+)"')
FORMS = {"store_true"}
"""What looks the same and is an option of a command."""


def slugs_of(text: str) -> set[str]:
    """Return the slugs that a module writes into the book."""
    found = {*GIVEN.findall(text), *RECORDED.findall(text)}
    for kind in COMPOSED.findall(text):
        found |= {f"{kind}.{verb}" for verb in VERB.findall(text)}
    return found - FORMS


WRITTEN = sorted(
    {slug for path in source.modules("qingfeng") for slug in slugs_of(path.read_text(encoding="utf-8"))}
)


def test_collect_slugs_finds_each_way_of_writing_one() -> None:
    text = """audit.record(action="appeal.write", by=by)
    common.record("urn.prepare", urn, by=by)
    def _note(): audit.record(action=f"agenda_item.{verb}")
    _note(item, "recuse", by, at)"""

    assert slugs_of(text) == {"appeal.write", "urn.prepare", "agenda_item.recuse"}
    assert len(WRITTEN) > 60


@pytest.mark.parametrize("slug", WRITTEN)
def test_audit_slug_of_any_app_has_chinese_words(slug: str) -> None:
    assert not re.search(r"[a-z]", audit_words.action_words(slug))
