"""What the browser is sent: nothing newer than the stated minimum, nothing that the policy forbids."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.guards import source

ADR = source.ROOT / "docs/adr/0005-minimum-browser.md"
BUILD = source.ROOT / "assets/build.mjs"


def node(script: str, *args: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("node", path=f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin")
    assert program is not None
    return subprocess.run(
        [program, "--input-type=module", "-e", script, "--", *args],
        cwd=source.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def refusal(name: str, text: str) -> str:
    """Return what the check says of a built file, or nothing."""
    script = (
        "import { refuseTooNew } from './assets/check.mjs';"
        f"try {{ refuseTooNew({json.dumps(name)}, {json.dumps(text)}) }}"
        "catch (problem) { console.log(problem.message) }"
    )
    done = node(script)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.node
@pytest.mark.parametrize(
    ("name", "text", "named"),
    [
        ("a.css", ".a:has(.b){color:red}", ":has()"),
        ("a.css", ".a{color:color-mix(in oklab,var(--b) 50%,red)}", "color-mix()"),
        ("a.css", ".a{color:oklch(50% .1 20)}", "oklch()"),
        ("a.css", ".a{& .b{color:red}}", "nesting"),
        ("a.css", "@media (width>=700px){.a{color:red}}", "media range"),
        ("a.css", ".a{mask:url(#b)}", "unprefixed mask"),
        ("a.js", "const b=structuredClone(a)", "structuredClone"),
        ("a.js", "const b=new Function('return 1')", "new Function"),
        ("a.js", "eval('1')", "eval"),
        ("a.js", "//# sourceMappingURL=a.js.map", "source map"),
    ],
)
def test_check_refuses_what_is_too_new(name: str, text: str, named: str) -> None:
    assert named in refusal(name, text)


@pytest.mark.node
def test_check_passes_what_every_browser_reads() -> None:
    assert refusal("a.css", ".a{color:#9d1c24;-webkit-mask:url(#b);mask:url(#b)}") == ""
    assert refusal("a.js", "const b=a.map(c=>c+1)") == ""


@pytest.mark.node
def test_built_files_pass_the_check() -> None:
    built = source.ROOT / "assets-built/qingfeng"
    for name in ("qingfeng.css", "ballot.css", "qingfeng.js", "charts.js"):
        assert refusal_of_file(built / name) == ""


def refusal_of_file(path: Path) -> str:
    script = (
        "import { readFileSync } from 'node:fs'; import { refuseTooNew } from './assets/check.mjs';"
        f"try {{ refuseTooNew({json.dumps(path.name)}, readFileSync({json.dumps(str(path))}, 'utf8')) }}"
        "catch (problem) { console.log(problem.message) }"
    )
    done = node(script)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_adr_states_the_minimum_that_is_built_for() -> None:
    stated = re.search(
        r"MINIMUM = \{ chrome: (\d+), firefox: (\d+), ios_saf: (\d+) \}", BUILD.read_text("utf-8")
    )

    assert stated is not None
    text = ADR.read_text("utf-8")
    for words in (f"Chromium {stated[1]}", f"Firefox {stated[2]}", f"iOS {stated[3]}"):
        assert words in text


def test_templates_carry_no_inline_script() -> None:
    offences = [
        path.name
        for path in source.tracked(".html")
        if "templates" in path.parts and inline_scripts(path.read_text("utf-8"))
    ]

    assert offences == []


def inline_scripts(text: str) -> list[str]:
    """Return scripts without a source that are not data, handlers in attributes, and style elements."""
    scripts = [
        tag
        for tag in re.findall(r"<script\b[^>]*>", text)
        if "src=" not in tag and "application/json" not in tag
    ]
    return scripts + re.findall(r"\son[a-z]+=\"", text) + re.findall(r"<style\b", text)


def test_inline_script_guard_bites() -> None:
    assert inline_scripts('<script>go()</script><a onclick="go()">x</a><style>a{}</style>') != []
    assert inline_scripts('<script src="a.js"></script><script type="application/json">{}</script>') == []
