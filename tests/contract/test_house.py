"""The house's own rules: import directions, documented tables, and no word of where it was built."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from kernel.config.option import built_in_options
from layouts.kinds.table import BUILT_IN as KINDS
from shell.builtin import BUILT_IN as COMMANDS
from shell.command_line import COMMANDS as LINES
from shell.keys import built_in
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"


def tracked() -> list[Path]:
    """The files of the project as git lists them; those of the folder where there is no git."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)
    if done.returncode == 0 and done.stdout:
        return [path for name in done.stdout.split("\0") if name and (path := ROOT / name).is_file()]
    return [path for path in ROOT.rglob("*") if path.is_file() and not {".venv", ".git"} & set(path.parts)]


def test_import_directions() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stdout


def test_the_pages_of_reference_are_what_their_tables_say() -> None:
    from kernel.config import reference as options
    from layouts import kind_page as kinds
    from plugins.registry import find_plugins
    from shell import keymap_page as keymaps
    from shell import plugin_page as plugins
    from shell import reference as commands

    assert options.PAGE_PATH.read_text() == options.page(built_in_options()), "run: make reference"
    assert kinds.PAGE_PATH.read_text() == kinds.page(), "run: make reference"
    assert commands.PAGE_PATH.read_text() == commands.page(), "run: make reference"
    assert commands.PLUGINS_PATH.read_text() == plugins.page(find_plugins()), "run: make reference"
    pages = keymaps.pages()
    assert {path: path.read_text() for path in pages} == pages, "run: make reference"
    assert commands.SURFACE_PATH.read_text() == commands.surface(), "run: make reference"


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("options.md", [option.name for option in built_in_options().values()]),
        ("kinds.md", list(KINDS)),
        ("commands.md", [command.id for command in COMMANDS] + [f"espalier {name}" for name in LINES]),
    ],
)
def test_everything_is_documented(page: str, names: list[str]) -> None:
    text = (REFERENCE / page).read_text()
    assert names
    assert [name for name in names if not re.search(rf"\b{re.escape(name)}\b", text)] == []


def test_every_row_says_what_it_is() -> None:
    rows = [*built_in_options().values(), *KINDS.values(), *COMMANDS, *LINES.values()]
    assert [row for row in rows if not row.doc.strip()] == []


def test_every_built_in_key_runs_a_command() -> None:
    known = {command.id for command in COMMANDS}
    bindings = [binding for binding in built_in() if not binding.is_heading]
    assert [binding for binding in bindings if binding.command.split(" ")[0] not in known] == []


#: Words of the place where the project was made, put together here so that this file has none of them.
FOREIGN = [re.compile(pattern) for pattern in ("/wo" + "rk/", r"\.\./sha" + "red", r"/tm" + "p/w/", "/ro" + "ot/")]
#: Addresses that a lock file must not name.
INDEX = re.compile(r"--(extra-)?index-url|--find-links|https?://")


def test_no_file_names_the_place_where_it_was_made() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        words = [match.group() for pattern in FOREIGN for match in pattern.finditer(text)]
        found += [f"{path.relative_to(ROOT)}: {word}" for word in words]
    assert found == []


def test_the_lock_names_hashes_and_no_index() -> None:
    lock = (ROOT / "requirements.lock").read_text()
    assert not INDEX.search(lock)
    entries = [part for part in re.split(r"(?m)^(?=[A-Za-z0-9])", lock) if "==" in part.split("\n")[0]]
    assert entries and all("--hash=sha256:" in entry for entry in entries)
