"""``espalier lsp`` when layout files move: what names them follows, in app.toml, layouts and libraries."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from layouts.app_manifest import read_app
from layouts.language_server.app import Snapshot
from layouts.load import check_layout
from tests.language_client import AnswerError, Editor

FILES = {
    "apps/shop/app.toml": 'name = "shop"\nlayout = "main.kdl"\nentry = ["config", "layout", "main.kdl", "window"]\n',
    "apps/shop/main.kdl": """layout 1
// 🌿 used twice
use "parts/fields.kdl"; use #"library:forms/base.kdl"#
window { titled "A"; image "pictures/leaf.png" name="Leaf"; include "parts/end.kdl" }
""",
    "apps/shop/parts/fields.kdl": "use more.kdl\ncomponent titled { param text; label text; other text }\n",
    "apps/shop/parts/more.kdl": "component other { param text; label text }\n",
    "apps/shop/parts/end.kdl": 'use "fields.kdl"\nstatus { label "end"; based "x" }\n',
    "apps/shop/pictures/leaf.png": "",
    "apps/other/app.toml": 'name = "other"\nlayout = "main.kdl"\n',
    "apps/other/main.kdl": 'layout 1\nuse "library:forms/base.kdl"\nwindow { based "other" }\n',
    "libraries/forms/base.kdl": 'use "deep/inner.kdl"\ncomponent based { param text; inner text }\n',
    "libraries/forms/deep/inner.kdl": "component inner { param text; label text }\n",
}
MAIN, END = FILES["apps/shop/main.kdl"], FILES["apps/shop/parts/end.kdl"]
CAN_MOVE = {
    "workspace": {
        "workspaceEdit": {"documentChanges": True, "resourceOperations": ["rename"]},
        "fileOperations": {"willRename": True, "didRename": True},
    }
}


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    editor = Editor(tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("home"), CAN_MOVE)
    yield editor
    assert editor.end() == 0
    assert editor.logged == []


@pytest.fixture
def editor(connection: Editor) -> Iterator[Editor]:
    """The server with two apps and a library, of which main.kdl of the first is open."""
    _write(connection.folder)
    connection.open("apps/shop/main.kdl")
    yield connection
    for path in list(connection._texts):
        connection.close(path.relative_to(connection.folder).as_posix())
    for folder in ("apps", "libraries"):
        shutil.rmtree(connection.folder / folder)


def _write(folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def _move(editor: Editor, edit: dict[str, Any] | None, moves: dict[str, str]) -> set[str]:
    """Do on the disk what an editor does; answers the files that were written."""
    written = [one for one in edit["documentChanges"] if "edits" in one] if edit else []
    texts = editor.applied({"documentChanges": written})
    for name, text in texts.items():
        (editor.folder / name).write_text(text, encoding="utf-8")
    for old, new in moves.items():
        (editor.folder / new).parent.mkdir(parents=True, exist_ok=True)
        (editor.folder / old).rename(editor.folder / new)
    for app in ("shop", "other"):
        now = Snapshot(editor.folder / "apps" / app, {})
        problems = check_layout(read_app(now.read_file).layout, now.read_file)[1]
        assert [one for one in problems if one.severity == "error"] == []
    return set(texts)


def _asked(editor: Editor, moves: dict[str, str]) -> dict[str, Any] | None:
    uris = [{"oldUri": (editor.folder / old).as_uri(), "newUri": (editor.folder / new).as_uri()}
            for old, new in moves.items()]  # fmt: skip
    return editor.ask("workspace/willRenameFiles", {"files": uris})


#: What an editor moves → the files that are written for it.
MOVES: dict[tuple[tuple[str, str], ...], set[str]] = {
    (("apps/shop/main.kdl", "apps/shop/layouts/shop.kdl"),): {"apps/shop/app.toml", "apps/shop/main.kdl"},
    (("apps/shop/parts/fields.kdl", "apps/shop/fields.kdl"),): {
        "apps/shop/main.kdl", "apps/shop/parts/end.kdl", "apps/shop/parts/fields.kdl",
    },
    (("apps/shop/parts/more.kdl", "apps/shop/parts/words.kdl"),): {"apps/shop/parts/fields.kdl"},
    (("apps/shop/parts", "apps/shop/pieces"),): {"apps/shop/main.kdl"},
    (("apps/shop/pictures/leaf.png", "apps/shop/leaf.png"),): {"apps/shop/main.kdl"},
    (("apps/shop/parts/more.kdl", "apps/shop/a.kdl"), ("apps/shop/parts/end.kdl", "apps/shop/b.kdl")): {
        "apps/shop/main.kdl", "apps/shop/parts/end.kdl", "apps/shop/parts/fields.kdl",
    },
    (("libraries/forms/base.kdl", "libraries/forms/more/first.kdl"),): {
        "apps/shop/main.kdl", "apps/other/main.kdl", "libraries/forms/base.kdl",
    },
    (("libraries/forms", "libraries/fields"),): {"apps/shop/main.kdl", "apps/other/main.kdl"},
}  # fmt: skip


@pytest.mark.parametrize("moves", MOVES)
def test_what_names_a_file_follows_when_an_editor_moves_it(editor: Editor, moves: tuple[tuple[str, str], ...]) -> None:
    assert _move(editor, _asked(editor, dict(moves)), dict(moves)) == MOVES[moves]


def test_an_editor_is_told_which_files_to_ask_about(editor: Editor) -> None:
    operations = editor.capabilities["workspace"]["fileOperations"]
    patterns = [one["pattern"]["glob"] for one in operations["willRename"]["filters"]]
    assert patterns[0] == "**/*.kdl" and operations["didRename"]["filters"]
    (editor.folder / "apps/shop/notes.kdl").write_text("label a\n")
    assert _asked(editor, {"apps/shop/notes.kdl": "apps/shop/words.kdl"}) is None


#: The file and the path under the cursor → what it is renamed to, and the file that is then moved to where.
RENAMES = {
    ("apps/shop/main.kdl", '"parts/fi|elds.kdl"'): ("parts/deep/words.kdl", "parts/fields.kdl", "parts/deep/words.kdl"),
    ("apps/shop/main.kdl", 'include "par|ts/end.kdl"'): ("end.kdl", "parts/end.kdl", "end.kdl"),
    ("apps/shop/parts/fields.kdl", "use mo|re.kdl"): ("../words.kdl", "parts/more.kdl", "words.kdl"),
    ("apps/shop/app.toml", 'layout = "ma|in.kdl"'): ("layouts/shop.kdl", "main.kdl", "layouts/shop.kdl"),
    ("apps/shop/main.kdl", '"pictures/le|af.png"'): ("pictures/tree.png", "pictures/leaf.png", "pictures/tree.png"),
}  # fmt: skip


@pytest.mark.parametrize("place", RENAMES)
def test_a_file_is_renamed_where_it_is_named(editor: Editor, place: tuple[str, str]) -> None:
    file, mark = place
    written, old, new = RENAMES[place]
    if file not in ("apps/shop/main.kdl",):
        editor.open(file)
    named = editor.ask("textDocument/prepareRename", editor.at(file, mark))["placeholder"]
    assert named in mark.replace("|", "")
    edit = editor.ask("textDocument/rename", editor.at(file, mark, {"newName": written}))
    moved = edit["documentChanges"][-1]
    assert (moved["kind"], moved["oldUri"], moved["newUri"]) == (
        "rename", (editor.folder / "apps/shop" / old).as_uri(), (editor.folder / "apps/shop" / new).as_uri(),
    )  # fmt: skip
    assert file in _move(editor, edit, {f"apps/shop/{old}": f"apps/shop/{new}"})


def test_a_file_is_found_and_its_places_too(editor: Editor) -> None:
    place = editor.at("apps/shop/main.kdl", '"parts/fi|elds.kdl"', {"context": {"includeDeclaration": True}})
    found = editor.ask("textDocument/references", place)
    assert [one["uri"].rpartition("/")[2] for one in found] == ["main.kdl", "end.kdl"]
    assert editor.marked("apps/shop/parts/end.kdl", found[1]["range"]) == "fields.kdl"
    editor.open("apps/shop/app.toml")
    main = editor.ask("textDocument/definition", editor.at("apps/shop/app.toml", 'layout = "ma|in.kdl"'))
    assert main["uri"] == (editor.folder / "apps/shop/main.kdl").as_uri()


#: The path under the cursor, what it is renamed to → what is said.
REFUSALS = {
    ('"parts/fi|elds.kdl"', "parts/end.kdl"): "there is a file parts/end.kdl already",
    ('"parts/fi|elds.kdl"', "../fields.kdl"): "write a path within the app",
    ('"parts/fi|elds.kdl"', "parts/fields"): "its name ends with .kdl",
    ('"parts/fi|elds.kdl"', 'a"b.kdl'): "write a path within the app",
    ('#"library:forms/ba|se.kdl"#', "library:forms/first.kdl"): "is of a library, which other apps may use",
}  # fmt: skip


@pytest.mark.parametrize(("mark", "name"), REFUSALS)
def test_a_path_that_cannot_be_is_refused(editor: Editor, mark: str, name: str) -> None:
    with pytest.raises(AnswerError) as caught:
        editor.ask("textDocument/rename", editor.at("apps/shop/main.kdl", mark, {"newName": name}))
    assert caught.value.code == -32803
    assert REFUSALS[mark, name] in str(caught.value)


def test_an_editor_that_moves_no_files_is_told_so(tmp_path: Path) -> None:
    _write(tmp_path)
    editor = Editor(tmp_path, tmp_path / "home")
    editor.open("apps/shop/main.kdl")
    with pytest.raises(AnswerError, match="rename the file itself"):
        editor.ask("textDocument/prepareRename", editor.at("apps/shop/main.kdl", '"parts/fi|elds.kdl"'))
    edit = _asked(editor, {"apps/shop/main.kdl": "apps/shop/first.kdl"})
    assert editor.applied(edit or {})["apps/shop/app.toml"].count('"first.kdl"') == 2
    assert editor.end() == 0
