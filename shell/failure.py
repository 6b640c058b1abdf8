"""Failures nobody caught: in Qt slots, in threads, in commands. They become a message and a line in the log.

The window lives on. The log is a plain file in the state directory, cut when it grows past a limit.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from kernel.disposer import Disposer
from kernel.error import EspalierError
from kernel.words import say, say_again

#: A log file longer than this is begun anew; the old one is kept beside it.
LOG_LIMIT_BYTES = 1_000_000


def describe(error: BaseException) -> tuple[str, str]:
    """One sentence for the person, and the detail behind it (place and hint, or the traceback)."""
    if isinstance(error, EspalierError):
        detail = "\n".join(part for part in (str(error.where or ""), say_again(error.hint)) if part)
        return say_again(error.message), detail
    return f"{str(error) or type(error).__name__}", _traceback(error)


def refusal_heading(error: EspalierError) -> str:
    """Above why nothing newer of a server is shown: what it offers was refused, or it is not that server at all."""
    from kernel.wire.error import UntrustedServerError

    if isinstance(error, UntrustedServerError):
        return say("Somebody else answers at the server's address; this is the last good version")
    return say("What the server offers was refused; this is the last good version")


def install(report: Callable[[str, str], None], log: Path | None) -> Disposer:
    """Send uncaught exceptions of this process to ``report(text, detail)`` and to the log file.

    ``report`` may be called from any thread. The disposer puts the hooks back.
    """
    import threading

    before = (sys.excepthook, threading.excepthook)

    def caught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            before[0](kind, error, trace)
            return
        error = error.with_traceback(trace)
        text, detail = describe(error)
        is_news = True
        if "plugins.code" in sys.modules:
            from plugins.code import host

            blamed, is_news = host.note(error)
            text = text if blamed is None else str(blamed)
        write_log(log, "error", text, _traceback(error))
        if is_news:
            report(say("Something went wrong: {error}", error=text), detail)

    def caught_in_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            caught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    sys.excepthook = caught
    threading.excepthook = caught_in_thread

    def dispose() -> None:
        sys.excepthook, threading.excepthook = before

    return dispose


def write_log(log: Path | None, level: str, text: str, detail: str = "") -> None:
    """Append one entry; a log that cannot be written is said on standard error, once per entry."""
    import time

    lines = "".join(f"    {line}\n" for line in detail.splitlines())
    entry = f"{time.strftime('%Y-%m-%d %H:%M:%S')} {level} {text}\n{lines}"
    if log is None:
        return
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
            log.replace(log.with_suffix(".old.log"))
        with log.open("a", encoding="utf-8") as file:
            file.write(entry)
    except OSError as error:
        print(f"espalier: the log cannot be written ({error}): {entry}", file=sys.stderr, end="")


def _traceback(error: BaseException) -> str:
    import traceback

    return "".join(traceback.format_exception(error)).rstrip()

