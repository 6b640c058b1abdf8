"""The servers that are known: which languages, which command, where a project begins. No Qt here.

Nothing in this table is started because it stands here; see ``consent``.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from plugins.api import EspalierError, Where, say

#: The file by which an app names servers for its own files.
APP_FILE = "language_servers.toml"


class ServerRow(NamedTuple):
    """One server.

    Attributes:
        name: What it is called in the status line, in settings and in the log.
        languages: Names of languages (``python``).
        command: The program and its arguments; the program is looked for where programs are.
        roots: Files and folders that stand where a project begins.
        settings: What it gets when it asks for settings.
        options: What it gets at its start (``initializationOptions``).
        is_ours: Whether it is Espalier's own, which runs nothing of a project.
        names_only: Which files it serves; empty = all of its languages.
        origin: Who names it: ``""`` = Espalier, ``person``, ``app``.
    """

    name: str
    languages: tuple[str, ...]
    command: tuple[str, ...]
    roots: tuple[str, ...] = ()
    settings: dict[str, Any] = {}
    options: dict[str, Any] = {}
    is_ours: bool = False
    names_only: tuple[str, ...] = ()
    origin: str = ""


#: Where several know a language, the first one that is installed serves it.
BUILT_IN: tuple[ServerRow, ...] = (
    ServerRow("espalier", ("layout", "toml", "python"), ("espalier", "lsp"), ("app.toml",), is_ours=True,
              names_only=("*.kdl", "app.toml", "keys.toml")),
    ServerRow("basedpyright", ("python",), ("basedpyright-langserver", "--stdio"),
              ("pyproject.toml", "setup.py", "setup.cfg", ".git"),
              {"basedpyright": {"analysis": {"typeCheckingMode": "standard", "diagnosticMode": "openFilesOnly"}}}),
    # Told to look for who started it: with a full queue it would go on for minutes after a kill -9.
    ServerRow("pylsp", ("python",), ("pylsp", "--check-parent-process"),
              ("pyproject.toml", "setup.py", "setup.cfg", ".git")),
    ServerRow("rust-analyzer", ("rust",), ("rust-analyzer",), ("Cargo.toml",)),
    ServerRow("gopls", ("go",), ("gopls",), ("go.mod", ".git")),
    ServerRow("clangd", ("c", "cpp"), ("clangd",), ("compile_commands.json", "CMakeLists.txt", ".git")),
    ServerRow("typescript", ("javascript", "typescript"), ("typescript-language-server", "--stdio"),
              ("tsconfig.json", "package.json", ".git")),
    ServerRow("bash", ("bash",), ("bash-language-server", "start"), (".git",)),
)  # fmt: skip
#: Names that the protocol has for our languages, where they are others.
LANGUAGE_IDS = {"layout": "kdl", "bash": "shellscript", "text": "plaintext", "tex": "latex", "batch": "bat"}
_FIELDS: dict[str, type] = {"languages": list, "command": list, "roots": list, "settings": dict, "options": dict}


def read_servers(text: str, file: str, origin: str) -> list[ServerRow]:
    """The servers of a file: a table for each, with ``languages``, ``command``, ``roots``, ``settings``, ``options``.

    Raises:
        EspalierError: the file is not as it should be; names the table and what is wrong.
    """
    import tomllib

    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise EspalierError(say("this is no TOML: {reason}", reason=error), where=Where(file)) from error
    return [_row(name, table, file, origin) for name, table in tables.items()]


def _row(name: str, table: Any, file: str, origin: str) -> ServerRow:
    hint = say("a table for each server: languages = [“rust”], command = [“rust-analyzer”]")
    if not isinstance(table, dict) or not table.get("languages") or not table.get("command"):
        message = say("the server {name} has no languages and command", name=name)
        raise EspalierError(message, where=Where(file), hint=hint)
    for key, value in table.items():
        kind = _FIELDS.get(key)
        is_right = kind is not None and isinstance(value, kind)
        if not is_right or (kind is list and not all(isinstance(one, str) and one for one in value)):
            message = say("{key} of the server {name} is not as it should be", key=key, name=name)
            raise EspalierError(message, where=Where(file), hint=hint)
    return ServerRow(
        name, tuple(table["languages"]), tuple(table["command"]), tuple(table.get("roots", ())),
        table.get("settings", {}), table.get("options", {}), origin=origin,
    )  # fmt: skip


def program_of(row: ServerRow) -> list[str] | None:
    """The command with the program's whole path; None where it is not installed.

    A program that is named by a path within a project is not looked for: what a project brings is not run by its name.
    """
    if row.is_ours:
        # -P: a folder called ``shell`` where the server runs must not be imported in the place of ours.
        return [sys.executable, "-P", "-m", "shell.main", *row.command[1:]]
    program = Path(row.command[0]).expanduser()
    if program.is_absolute():
        return [str(program), *row.command[1:]] if program.is_file() else None
    if program.name != row.command[0]:
        return None
    beside = str(Path(sys.executable).parent)
    found = shutil.which(row.command[0]) or shutil.which(row.command[0], path=beside)
    return [str(Path(found).absolute()), *row.command[1:]] if found else None


def root_of(row: ServerRow, file: Path) -> Path:
    """Where the project of a file begins; its folder where nothing tells."""
    for folder in file.parents:
        if any((folder / name).exists() for name in row.roots):
            return folder
    return file.parent


def serves(row: ServerRow, language: str, file: Path) -> bool:
    """Whether a server is for that file."""
    if language not in row.languages:
        return False
    return not row.names_only or any(file.match(pattern) for pattern in row.names_only)


def rows_for(rows: Sequence[ServerRow], language: str, file: Path) -> list[ServerRow]:
    """The servers for a file: ours, and of the others the first one that is installed."""
    fits = [row for row in rows if serves(row, language, file)]
    ours = [row for row in fits if row.is_ours]
    other = next((row for row in fits if not row.is_ours and program_of(row) is not None), None)
    return [*ours, *([other] if other is not None else [])]
