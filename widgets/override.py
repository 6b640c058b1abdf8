"""Keeps an exception in an override of a Qt method from ending the process.

WORKAROUND PySide6 6.11 on Python 3.11: when Python calls Qt, and Qt an override that raises, PySide takes the exception
as an object although Python may not have made one of it yet (``int("a")``, a widget that was taken down); the process
then ends in ``PepException_GetArgs``. Python makes the object as soon as anything catches it, so each override of ours
lies in a function that does: until Python 3.12, which always makes it.

Overrides of plugins are kept to themselves besides: what one raises is told, and Qt's own method is done instead. An
exception that comes out of a paint event is handed by PySide to whatever it calls next, which can end the process.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any

from PySide6.QtCore import QObject

#: Whether a class of this module is kept to itself; the shell says so of the modules of plugins.
is_contained: Callable[[str], bool] = lambda _module: False  # noqa: E731


def guard_overrides() -> None:
    """From now on the overrides of every class that is derived from a Qt one are guarded; 0.2 µs a call."""
    QObject.__init_subclass__ = classmethod(_guard)  # type: ignore[assignment]


def _guard(cls: type, **options: Any) -> None:
    super(QObject, cls).__init_subclass__(**options)
    guard = _contained if is_contained(cls.__module__) else _guarded if sys.version_info < (3, 12) else None
    if guard is None:
        return
    qt = [base for base in cls.__mro__[1:] if base.__module__.startswith("PySide6.")]
    for name, value in list(vars(cls).items()):
        if type(value) is FunctionType and name[:1] != "_" and any(name in vars(base) for base in qt):
            setattr(cls, name, guard(value, next(vars(base)[name] for base in qt if name in vars(base))))


def _guarded(override: Callable[..., Any], _own: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(override)
    def run(*arguments: Any, **keywords: Any) -> Any:
        try:
            return override(*arguments, **keywords)
        except BaseException:  # what this is for; see above
            raise

    return run


def _contained(override: Callable[..., Any], own: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(override)
    def run(*arguments: Any, **keywords: Any) -> Any:
        try:
            return override(*arguments, **keywords)
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)
            return own(*arguments, **keywords)

    return run
