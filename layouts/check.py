"""Checks of layouts that stand alone: one text, one file on disk."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from layouts.kinds.kind import Kind
from layouts.kinds.table import BUILT_IN
from layouts.known import Known
from layouts.load import check_layout
from layouts.problem import Problem


def check_text(
    text: str, file: str = "main.kdl", *, kinds: Mapping[str, Kind] = BUILT_IN, known: Known | None = None
) -> list[Problem]:
    """All problems of one text that uses no other file."""
    return check_layout(file, {file: text.encode()}.get, kinds=kinds, known=known)[1]


def check_file(path: Path, *, kinds: Mapping[str, Kind] = BUILT_IN, known: Known | None = None) -> list[Problem]:
    """All problems of a file and of those that it uses; files are named from its folder."""
    folder = path.parent
    return check_layout(path.name, lambda name: (folder / name).read_bytes(), kinds=kinds, known=known)[1]
