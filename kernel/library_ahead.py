"""Has the system load libraries on a thread of their own, while Python goes on: it holds its lock while it loads one.

What cannot be loaded so is left to the import that needs it, which tells what is wrong.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

#: Of ``dlopen`` (dlfcn.h): what a library needs is looked up when it is used first.
RTLD_LAZY = 1


def load_libraries(paths: Sequence[str], then: Callable[[Any, Any], None] | None = None) -> None:
    """Begin, and answer at once.

    Args:
        paths: Files of libraries, those that others need first.
        then: Called on that thread afterwards with the module behind ``ctypes``, and its function that calls another.
    """
    try:
        import _ctypes  # the module behind ctypes, which itself takes two milliseconds
        from _thread import start_new_thread

        dlopen = _ctypes.dlsym(_ctypes.dlopen(None, RTLD_LAZY), "dlopen")
        start_new_thread(_load, (_ctypes, _ctypes.call_function, dlopen, tuple(paths), then))
    except (ImportError, AttributeError, OSError, RuntimeError):
        return  # another Python, another C library or no thread to be had


def _load(ctypes: Any, call: Any, dlopen: int, paths: Sequence[str], then: Callable[[Any, Any], None] | None) -> None:
    for path in paths:
        call(dlopen, (os.fsencode(path), RTLD_LAZY))
    if then is not None:
        then(ctypes, call)
