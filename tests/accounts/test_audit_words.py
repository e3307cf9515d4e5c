"""What accounts write into the audit book is read there in Chinese."""

from __future__ import annotations

import re

import pytest

from qingfeng.accounts.enums import AccountChangeKind
from qingfeng.shell.queries.audit_words import action_words
from tests.guards import source

SLUG = re.compile(r'action="([a-z_.]+)"')
WRITTEN = {
    slug
    for path in source.modules("qingfeng", "accounts")
    for slug in SLUG.findall(path.read_text(encoding="utf-8"))
}
SLUGS = sorted(
    {
        *WRITTEN,
        *(f"user.{kind.value}" for kind in AccountChangeKind),
        *("factor.add", "factor.remove", "factor.renew", "export.user", "export.grant"),
    }
)


@pytest.mark.parametrize("slug", SLUGS)
def test_audit_slug_has_chinese_words(slug: str) -> None:
    assert not re.search(r"[a-z]", action_words(slug))
