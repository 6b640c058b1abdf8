"""What an editor and the server agree on, and how the one ends with the other."""

from __future__ import annotations

from pathlib import Path

from tests.end_to_end.language_server.shop import said
from tests.language_client import Editor


def test_files_that_change_outside_of_the_editor_are_followed(tmp_path: Path) -> None:
    (tmp_path / "main.kdl").write_text('layout 1\nuse "part.kdl"\nwindow { titled "a" }\n')
    (tmp_path / "part.kdl").write_text("component titled { param text; label text }\n")
    can = {
        "workspace": {
            "didChangeWatchedFiles": {"dynamicRegistration": True},
            "workspaceEdit": {"documentChanges": True},
        }
    }
    editor = Editor(tmp_path, tmp_path / "home", can)
    editor.open("main.kdl")
    assert editor.problems("main.kdl") == []
    assert [one["method"] for one in editor.asked] == ["client/registerCapability"]
    (tmp_path / "part.kdl").write_text("component headed { param text; label text }\n")
    changes = [{"uri": (tmp_path / "part.kdl").as_uri(), "type": 2}]
    editor.tell("workspace/didChangeWatchedFiles", {"changes": changes})
    assert "titled" in said(editor.wait_problems("main.kdl", 1))[0]
    editor.change("main.kdl", 'layout 1\nuse "part.kdl"\nwindow { headed "a" }\n')
    edit = editor.ask("textDocument/rename", editor.at("main.kdl", 'head|ed "a"', {"newName": "titled"}))
    versions = {
        Path(one["textDocument"]["uri"]).name: one["textDocument"]["version"] for one in edit["documentChanges"]
    }
    assert versions == {"main.kdl": editor.version("main.kdl"), "part.kdl": None}
    assert editor.end() == 0
    assert editor.logged == []


def test_places_are_counted_as_the_editor_asks(tmp_path: Path) -> None:
    text = 'layout 1\nwindow { state a 1; label "🌿ü {a} {b}" }\n'
    (tmp_path / "main.kdl").write_text(text, encoding="utf-8")
    editor = Editor(tmp_path, tmp_path / "home", {"general": {"positionEncodings": ["utf-8", "utf-16"]}})
    assert editor.capabilities["positionEncoding"] == "utf-8"
    editor.open("main.kdl")
    line = text.splitlines()[1]
    (problem,) = editor.problems("main.kdl")
    assert problem["range"]["start"]["character"] == len(line[: line.index("b}")].encode())
    place = {"line": 1, "character": len(line[: line.index("a}")].encode())}
    asked = {"textDocument": {"uri": (tmp_path / "main.kdl").as_uri()}, "position": place}
    found = editor.ask("textDocument/definition", asked)
    assert found["range"]["start"] == {"line": 1, "character": line.index("a 1")}
    assert editor.end() == 0


def test_problems_go_when_nothing_of_the_app_is_open(tmp_path: Path) -> None:
    (tmp_path / "main.kdl").write_text('layout 1\nuse "part.kdl"\nwindow { titled }\n')
    (tmp_path / "part.kdl").write_text("component titled { lable a }\n")
    editor = Editor(tmp_path, tmp_path / "home")
    editor.open("main.kdl")
    assert len(editor.wait_problems("part.kdl", 1)) == 1
    editor.close("main.kdl")
    assert editor.wait_problems("part.kdl", 0) == []
    assert editor.end() == 0


def test_an_editor_that_goes_away_takes_the_server_with_it(tmp_path: Path) -> None:
    (tmp_path / "main.kdl").write_text("layout 1\nwindow { label a }\n")
    editor = Editor(tmp_path, tmp_path / "home")
    editor.open("main.kdl")
    assert editor.hang_up() == 0
