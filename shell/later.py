"""Lets libraries import modules that they may need later when they need them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any


@contextmanager
def later(*names: str) -> Iterator[None]:
    """Within the block, ``import NAME`` answers a module that imports the real one when something of it is wanted.

    That one is imported as any other then, on whatever thread; afterwards ``import NAME`` answers it to everybody.
    Modules that are imported already stay what they are.
    """
    places = {name: _Later(name) for name in names if name not in sys.modules}
    sys.modules.update(places)
    try:
        yield
    finally:
        for name, place in places.items():
            _drop(name, place)


class _Later(ModuleType):
    """Stands for a module that is not imported yet."""

    def __getattr__(self, name: str) -> Any:
        _drop(self.__name__, self)
        return getattr(import_module(self.__name__), name)


def _drop(name: str, place: ModuleType) -> None:
    if sys.modules.get(name) is place:
        del sys.modules[name]
