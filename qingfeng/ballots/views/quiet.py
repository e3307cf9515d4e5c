"""Whatever goes wrong on a voter's page is told to the voter alone, and to nobody at that moment."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from qingfeng.ballots.presenters import voting as words
from qingfeng.core import logs

View = Callable[..., HttpResponse]
faults = logs.Belated("投票页面出错")


def quietly(*methods: str) -> Callable[[View], View]:
    """Serve a voter's page: the methods it takes, no CSRF cookie asked for, every fault kept inside.

    A fault that left the view would be logged, audited or answered with a page of the signed-in part.
    The form's own seal takes the place of the CSRF token (`forms.voting.is_ours`).
    """

    def wrap(view: View) -> View:
        @functools.wraps(view)
        def served(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                if request.method not in methods:
                    return sentence(words.NOWHERE, 405)
                return view(request, *args, **kwargs)
            except Exception as error:
                faults.note(error)
                return sentence(words.BROKEN, 500)

        served.csrf_exempt = True  # type: ignore[attr-defined]
        return served

    return wrap


def page(template: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render a voter's page without a request: no session, no navigation, no token."""
    text = render_to_string(template, {"style": words.style_url(), **context})
    return HttpResponse(text, status=status)


def sentence(said: words.Sentence, status: int, *, over: str = "", receipt: str = "") -> HttpResponse:
    """Show one plain sentence."""
    return page(
        "ballots/vote/vote_sentence.html",
        status,
        title=said.title,
        sentence=said.text,
        again=said.again,
        over=over,
        receipt=receipt,
    )
