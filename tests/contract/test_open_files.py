"""Files of people's choosing are opened by :mod:`kernel.open_file` alone, which keeps SQLite's locks on them."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
#: The rooms whose code runs where a window has databases open.
_ROOMS = ("kernel", "layouts", "plugins", "shell", "widgets")
#: Modules that open files by other means, each with whose the files are.
_OWN = {
    module: row["whose"]
    for row in tomllib.loads((Path(__file__).parent / "own_files.toml").read_text(encoding="utf-8"))["files"]
    for module in row["modules"]
}
_METHODS = {"read_bytes", "read_text", "write_bytes", "write_text"}
_FUNCTIONS = {"open", "QFile", "FileIO", "memmap"}
_MODES = set("rwxabt+")


def _opening(tree: ast.AST) -> Iterator[int]:
    """The lines on which a file is opened."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called, first = node.func, node.args[0] if node.args else None
        if isinstance(called, ast.Name) and called.id in _FUNCTIONS:
            yield node.lineno
        elif isinstance(called, ast.Attribute):
            is_method = called.attr in _METHODS
            is_os = called.attr == "open" and isinstance(called.value, ast.Name) and called.value.id == "os"
            is_mode = called.attr == "open" and isinstance(first, ast.Constant) and _is_mode(first.value)
            if is_method or is_os or is_mode or called.attr in {"mmap", "FileIO", "memmap", "copyfile", "copy2"}:
                yield node.lineno


def _is_mode(value: object) -> bool:
    return isinstance(value, str) and bool(value) and set(value) <= _MODES


def test_no_other_module_opens_files() -> None:
    found = {}
    for room in _ROOMS:
        for path in sorted((_ROOT / room).rglob("*.py")):
            name = path.relative_to(_ROOT).as_posix()
            lines = list(_opening(ast.parse(path.read_bytes())))
            if lines and name != "kernel/open_file.py":
                found[name] = lines
    strangers = {name: lines for name, lines in found.items() if name not in _OWN}
    assert not strangers, "read with kernel.open_file.read_bytes, or say in own_files.toml whose the files are"
    assert not _OWN.keys() - found.keys(), "these open no files any more"
    assert all(reason.strip() for reason in _OWN.values())


def test_what_opens_a_file_is_seen() -> None:
    text = "open(a)\nos.open(a, b)\nPath(a).read_text()\na.open('rb')\nmmap.mmap(a, 0)\na.open(b)\nread_bytes(a)\n"
    assert list(_opening(ast.parse(text))) == [1, 2, 3, 4, 5]
