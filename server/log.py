"""Structured log lines of the server: ``time level event key=value …`` on stderr or in a file."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

#: Size of a log file at which it is put aside and a new one begun, bytes.
MAX_BYTES = 4 << 20
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})
_NEEDS_QUOTES = frozenset(' "=\n\t')


class Log:
    """Writes events with facts; keys are plain words, values are quoted where they need it.

    The wire's own messages (package logging, ``espalier.*``) go to the same place.
    """

    def __init__(self, path: Path | None = None) -> None:
        handler: logging.Handler = logging.StreamHandler(sys.stderr)
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            handler = RotatingFileHandler(path, maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8")
        handler.setFormatter(_Lines())
        self._logger = logging.getLogger("espalier")
        self._logger.setLevel(logging.INFO)
        self._logger.handlers[:] = [handler]
        self._logger.propagate = False

    def info(self, event: str, **facts: Any) -> None:
        """Something happened as it should."""
        self._logger.info("%s", event, extra={"facts": facts})

    def warning(self, event: str, **facts: Any) -> None:
        """Something is odd, and the server goes on."""
        self._logger.warning("%s", event, extra={"facts": facts})

    def error(self, event: str, **facts: Any) -> None:
        """Something failed."""
        self._logger.error("%s", event, extra={"facts": facts})

    def close(self) -> None:
        """Write out and let go of the file."""
        for handler in self._logger.handlers:
            handler.close()
        self._logger.handlers.clear()


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        facts: dict[str, Any] = getattr(record, "facts", {})
        parts = [f"time={time}", f"level={record.levelname.lower()}", f"event={quoted(record.getMessage())}"]
        parts += [f"{key}={quoted(str(value))}" for key, value in facts.items()]
        if record.exc_info:
            parts.append(f"traceback={quoted(self.formatException(record.exc_info))}")
        return " ".join(parts)


def quoted(text: str) -> str:
    """``text`` as a value of a log line: one line, quoted when it holds spaces, quotes or equal signs."""
    if text and not _NEEDS_QUOTES.intersection(text) and text.isprintable():
        return text
    return f'"{text.translate(_ESCAPES)}"'
