"""What a log line may hold: never the text of an exception, which may be a name or a case fact.

And when there may be one: never about a request that is hushed, whose moment nobody may learn.
"""

from __future__ import annotations

import contextlib
import logging
import random
import threading
import traceback
from collections import Counter
from collections.abc import Iterator
from contextvars import ContextVar
from types import TracebackType

from django.http import HttpRequest

logger = logging.getLogger(__name__)
HUSHED = "qingfeng.hushed"
"""The mark of a hushed request in its `META`: Django logs some faults after every middleware has ended."""
_is_hushed: ContextVar[bool] = ContextVar("is_hushed", default=False)


class Reticent(logging.Formatter):
    """Write of an exception and its causes the class and the places, and leave out what it says.

    A database, for one, puts the values of the refused row into its message.
    """

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        lines: list[str] = []
        error, seen = ei[1], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines += [*traceback.format_tb(error.__traceback__), f"{type(error).__qualname__}\n"]
            error = error.__cause__ or error.__context__
        return "".join(lines).rstrip()


@contextlib.contextmanager
def hushed(request: HttpRequest) -> Iterator[None]:
    """Let nothing be logged while the request is served, nor about it afterwards."""
    request.META[HUSHED] = True
    token = _is_hushed.set(True)
    try:
        yield
    finally:
        _is_hushed.reset(token)


class Hush(logging.Filter):
    """Drop what is logged during a hushed request, or about one. Every handler carries it."""

    def filter(self, record: logging.LogRecord) -> bool:
        about = getattr(getattr(record, "request", None), "META", {})
        return not (_is_hushed.get() or about.get(HUSHED))


class Belated:
    """Tell of faults whose moment nobody may learn: counted by their place, logged together much later.

    They are kept in memory alone; a process that ends takes with it what it has not told.
    """

    def __init__(self, what: str, seconds: tuple[float, float] = (1800, 5400)) -> None:
        self.what, self.seconds = what, seconds
        self._counts: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def note(self, error: BaseException) -> None:
        """Count a fault by its class and the innermost place, without its words."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
        with self._lock:
            self._counts[f"{type(error).__qualname__} at {place}"] += 1
            if self._timer is None:
                # The delay only blurs a moment; nothing is drawn by it that must be hard to guess.
                self._timer = threading.Timer(random.uniform(*self.seconds), self.tell)  # noqa: S311
                self._timer.daemon = True
                self._timer.start()

    def tell(self) -> None:
        """Log what was counted, one line a place."""
        with self._lock:
            told, self._counts, self._timer = self._counts, Counter(), None
        for place, count in sorted(told.items()):
            logger.error("%s: %d × %s", self.what, count, place)
