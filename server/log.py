"""The structured log of the server, on stderr or in a file: a JSON object a line, or ``time level event key=value``."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import msgspec

from server.error import ServerError

#: Size of a log file at which it is put aside and a new one begun, bytes.
MAX_BYTES = 4 << 20
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})
_PLAIN = (str, int, float, bool, type(None), list, dict)
_NEEDS_QUOTES = frozenset(' "=\n\t')


class Log:
    """Writes events with facts; keys are plain words.

    The wire's own messages (package logging, ``espalier.*``) go to the same place.

    Args:
        path: The file; standard error when None.
        level: The least that is written: a name of :data:`LEVELS`.
        form: A name of :data:`FORMS`.

    Raises:
        ServerError: the file cannot be written.
    """

    def __init__(self, path: Path | None = None, *, level: str = "info", form: str = "json") -> None:
        handler: logging.Handler = logging.StreamHandler(sys.stderr)
        if path:
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                handler = RotatingFileHandler(path, maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8")
            except OSError as error:
                raise ServerError(f"the log {path} cannot be written: {error.strerror or error}") from error
        handler.setFormatter(FORMS[form]())
        self._logger = logging.getLogger("espalier")
        self._logger.setLevel(LEVELS[level])
        self._logger.handlers[:] = [handler]
        self._logger.propagate = False

    def debug(self, event: str, **facts: Any) -> None:
        """For who looks for a fault."""
        self._logger.debug("%s", event, extra={"facts": facts})

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


class _Text(logging.Formatter):
    """``time=… level=… event=… key=value``; values are quoted where they need it."""

    def format(self, record: logging.LogRecord) -> str:
        return " ".join(f"{key}={quoted(str(value))}" for key, value in _facts(self, record).items())


class _Json(logging.Formatter):
    """One JSON object a line; values that JSON does not know become texts."""

    def format(self, record: logging.LogRecord) -> str:
        return msgspec.json.encode(_facts(self, record), enc_hook=str).decode()


def _facts(formatter: logging.Formatter, record: logging.LogRecord) -> dict[str, Any]:
    """The record as names and values, in the order of the line."""
    facts = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "event": record.getMessage(),
        **getattr(record, "facts", {}),
    }
    if record.exc_info:
        facts["traceback"] = formatter.formatException(record.exc_info)
    return {name: whole(value) for name, value in facts.items()}


def whole(value: Any) -> Any:
    """``value`` with nothing in its texts that has no UTF-8: half characters, as in odd file names, are escaped."""
    if isinstance(value, list):
        return [whole(one) for one in value]
    if isinstance(value, dict):
        return {whole(name): whole(one) for name, one in value.items()}
    text = value if type(value) in _PLAIN else str(value)
    if not isinstance(text, str) or text.isascii():
        return text
    return text.encode(errors="backslashreplace").decode()


#: What a line looks like, by name.
FORMS: dict[str, type[logging.Formatter]] = {"json": _Json, "text": _Text}
#: The least that is written, by name.
LEVELS: dict[str, int] = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}


def quoted(text: str) -> str:
    """``text`` as a value of a log line: one line, quoted when it holds spaces, quotes or equal signs."""
    if text and not _NEEDS_QUOTES.intersection(text) and text.isprintable():
        return text
    return f'"{text.translate(_ESCAPES)}"'
