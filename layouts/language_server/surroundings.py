"""What a language server is told of the program around it, which it must not import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kernel.tables.schema import Schema
from layouts.kinds.kind import Kind
from layouts.problem import Problem

ReadFile = Callable[[str], bytes | None]
Schemas = dict[str, Schema]


class CommandDoc(NamedTuple):
    """A command of the program: title, a sentence, the keys that it has."""

    title: str
    doc: str = ""
    keys: str = ""


class Surroundings(NamedTuple):
    """The program around.

    Attributes:
        version: The program's.
        kinds: The kind table, with the plugins' kinds.
        commands: Command id → what it is.
        read_schemas: Folder, sources of the app.toml, its files → ``table`` and ``source/table`` → schema; None when
            a source cannot be opened here. May be slow; called on a thread of its own.
        key_problems: Text and path of a keymap → what is wrong with it.
        plugins: Plugin → version.
    """

    version: str
    kinds: Mapping[str, Kind]
    commands: Mapping[str, CommandDoc]
    read_schemas: Callable[[Path, Mapping[str, Any], ReadFile], Schemas | None]
    key_problems: Callable[[str, str], list[Problem]]
    plugins: Mapping[str, str] = {}
