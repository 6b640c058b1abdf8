"""The table of commands: what a server can be asked.

A command is a row; its handler is called ``handler(call, args)`` with ``args`` checked against the row's struct.
Plain functions run at once on the loop and must be quick; ``is_blocking`` ones run in a thread; async ones are
awaited; a row with ``is_stream`` answers an iterator (run in a thread) or async iterator of bytes.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from kernel.wire import value as wire_value
from kernel.wire.call import Call
from kernel.wire.error import WireError


class NoArgs(msgspec.Struct, forbid_unknown_fields=True):
    """The arguments of a command that has none."""


class Row(NamedTuple):
    """One command.

    Attributes:
        name: As it is called, ``table.fetch``.
        doc: One sentence for the reference.
        args: msgspec struct of its arguments; values of any type are ``Any``.
        handler: ``handler(call, args) -> result``: plain data or structs.
        is_blocking: The handler reads files or databases: run it in a thread.
        is_stream: The handler answers an iterable of bytes, sent in chunks.
    """

    name: str
    doc: str
    args: type
    handler: Callable[[Call, Any], Any]
    is_blocking: bool = False
    is_stream: bool = False


class Command(NamedTuple):
    """A row made ready: its decoder, and how to run it."""

    row: Row
    decode: Callable[[Any], Any]
    handler: Callable[[Call, Any], Any]
    is_inline: bool
    is_async: bool


class Commands:
    """The table of commands; iterating gives the rows in order."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._by_name: dict[str, Command] = {}
        self.find = self._by_name.get
        for row in rows:
            self.add(row)

    def add(self, row: Row) -> None:
        """Add a row.

        Raises:
            WireError: the name is taken.
        """
        if row.name in self._by_name:
            raise WireError(f"the command '{row.name}' is there twice")
        is_async = inspect.iscoroutinefunction(row.handler) or inspect.isasyncgenfunction(row.handler)
        is_inline = not (is_async or row.is_blocking or row.is_stream)
        decode = wire_value.decoder(row.args).decode
        self._by_name[row.name] = Command(row, decode, row.handler, is_inline, is_async)

    def __iter__(self) -> Iterator[Row]:
        return (command.row for command in self._by_name.values())

    def names(self) -> list[str]:
        """The names of all commands, in order."""
        return list(self._by_name)
