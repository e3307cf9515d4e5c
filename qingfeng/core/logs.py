"""What a log line may hold: never the text of an exception, which may be a name or a case fact."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType


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
