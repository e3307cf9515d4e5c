"""Pages: every URL asks for sign-in, every template is used, every feature names page and test."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.template import Context, Template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from django.urls.exceptions import Resolver404

from qingfeng.accounts import middleware
from tests.guards import source

FEATURES = source.ROOT / "docs/features.md"
SAMPLES = {"int": "1", "slug": "x", "str": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


def patterns(resolver: URLResolver, prefix: str = "", names: str = "") -> Iterator[tuple[str, str]]:
    """Yield (view name, a path with sample arguments) of every pattern."""
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            space = f"{names}{entry.namespace}:" if entry.namespace else names
            yield from patterns(entry, route, space)
        elif isinstance(entry, URLPattern):
            path = re.sub(r"<(?:(\w+):)?\w+>", lambda m: SAMPLES.get(m.group(1) or "str", "1"), route)
            yield (
                f"{names}{entry.name}",
                "/" + re.sub(r"\(\?P<\w+>[^)]*\)|[\^$\\]", "x", path).replace("xx", "x"),
            )


def open_pages(client: Client, rows: list[tuple[str, str]], allowed: dict[str, str]) -> list[str]:
    """Find pages that answer an anonymous visitor with anything but the way to the sign-in page."""
    found = []
    for name, path in rows:
        if name in allowed:
            continue
        response = client.get(path)
        to_login = response.status_code == 302 and response["Location"].startswith("/accounts/login/")
        if not (to_login or response.status_code == 404):
            found.append(f"{name} {path} → {response.status_code}")
    return found


def used_templates(texts: dict[Path, str]) -> set[str]:
    """Collect every template name that code or another template mentions."""
    joined = "\n".join(texts.values())
    return set(re.findall(r"""["']([\w/\-.]+\.html)(?:#[\w-]+)?["']""", joined))


def template_name(path: Path) -> str:
    parts = path.parts
    return "/".join(parts[len(parts) - 1 - parts[::-1].index("templates") + 1 :])


def feature_faults(text: str, exists, resolves) -> list[str]:
    """Find rows of the feature table whose URL or test does not exist."""
    found = []
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if (
            not line.startswith("|")
            or len(cells) < 3
            or set(cells[0]) <= {"-", ":"}
            or cells[0] in {"功能", "Feature"}
        ):
            continue
        urls = re.findall(r"`(/[^`]*)`", cells[1])
        tests = re.findall(r"`(tests/[^`]+)`", cells[2])
        commands = re.findall(r"`((?:make|manage\.py|\.ci)[^`]*)`", cells[1])
        found += [f"{cells[0]}: no page" for _ in [0] if not urls and not commands]
        found += [f"{cells[0]}: no test" for _ in [0] if not tests]
        found += [f"{cells[0]}: {url}" for url in urls if not resolves(url)]
        found += [f"{cells[0]}: {test}" for test in tests if not exists(test)]
    return found


def reference_exists(reference: str) -> bool:
    path, _, name = reference.partition("::")
    file = source.ROOT / path
    return file.exists() and (not name or f"def {name}(" in file.read_text(encoding="utf-8"))


def url_resolves(url: str) -> bool:
    try:
        resolve(re.sub(r"<\w+>", "1", url.split("?", maxsplit=1)[0]))
    except Resolver404:
        return False
    return True


@pytest.mark.django_db
def test_every_url_asks_for_sign_in() -> None:
    assert open_pages(Client(), list(patterns(get_resolver())), middleware.PUBLIC) == []


@pytest.mark.django_db
def test_url_guard_bites_an_open_page() -> None:
    assert open_pages(Client(), [("planted", "/accounts/login/")], {})


def test_every_template_is_used() -> None:
    templates = [
        p
        for p in source.tracked(".html")
        if "templates" in p.parts and p.is_relative_to(source.ROOT / "qingfeng")
    ]
    code = [p for p in source.tracked(".py", ".html") if p.is_relative_to(source.ROOT / "qingfeng")]
    used = used_templates({p: p.read_text(encoding="utf-8") for p in code})
    overrides = ("account/", "mfa/", "usersessions/", "allauth/", "django/")

    unused = [
        name for name in map(template_name, templates) if name not in used and not name.startswith(overrides)
    ]

    assert unused == []


def test_template_guard_sees_only_what_is_mentioned() -> None:
    assert used_templates({Path("a.py"): 'render(request, "a/b.html#rows")'}) == {"a/b.html"}


def test_features_name_pages_and_tests_that_exist() -> None:
    assert feature_faults(FEATURES.read_text(encoding="utf-8"), reference_exists, url_resolves) == []


def test_feature_guard_bites_a_row_that_lies() -> None:
    row = "| 画像 | `/nowhere/` | `tests/none.py::test_none` |\n| 空 | 无 | 无 |"

    faults = feature_faults(row, reference_exists, url_resolves)

    assert len(faults) == 4


def test_unknown_template_variable_fails_the_test() -> None:
    with pytest.raises(pytest.fail.Exception):
        Template("{{ nobody_gave_this }}").render(Context({}))


def test_settings_keep_debug_off() -> None:
    assert settings.DEBUG is False
