"""Disposers: registering anything answers a callable that undoes it once."""

from __future__ import annotations

from collections.abc import Callable

Disposer = Callable[[], None]


class Disposers:
    """A bag of disposers, undone together in reverse order.

    Calling the bag empties it; calling it again does nothing.
    """

    def __init__(self) -> None:
        self._bag: list[Disposer] = []

    def add(self, disposer: Disposer) -> Disposer:
        """Keep ``disposer`` and answer it."""
        self._bag.append(disposer)
        return disposer

    def discard(self, disposer: Disposer) -> None:
        """Keep ``disposer`` no more: what it would undo is undone, or somebody else's."""
        if disposer in self._bag:
            self._bag.remove(disposer)

    def __len__(self) -> int:
        return len(self._bag)

    def __call__(self) -> None:
        while True:
            try:
                dispose = self._bag.pop()
            except IndexError:  # empty, perhaps by another thread
                return
            dispose()
