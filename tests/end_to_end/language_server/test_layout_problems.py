"""Problems of an app as an editor is told of them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.end_to_end.language_server.shop import FILES, MAIN, said
from tests.language_client import Editor
from tests.shell.test_command_line import espalier


def test_a_right_app_has_no_problems(editor: Editor) -> None:
    assert editor.capabilities.get("positionEncoding", "utf-16") == "utf-16"
    assert editor.problems("main.kdl") == []


def test_problems_are_those_of_check_in_all_files_of_the_app(editor: Editor, tmp_path: Path) -> None:
    wrong = (
        MAIN.replace("customer.name label", "customer.nam label")
        .replace("[", "")
        .replace("button command", "buton command")
    )
    (editor.folder / "parts" / "end.kdl").write_text(
        'status { label "🌿 {ordes.count}" tonne=muted }\n', encoding="utf-8"
    )
    (editor.folder / "main.kdl").write_text(wrong, encoding="utf-8")
    editor.change("main.kdl", wrong)
    told = editor.problems("main.kdl")
    other = editor.wait_problems("parts/end.kdl", 2)
    done = espalier(tmp_path, "check", str(editor.folder), "--json")
    checked = json.loads(done.stdout)
    assert len(checked) == len(told) + len(other) == 4
    for name, problems in (("main.kdl", told), ("parts/end.kdl", other)):
        text = (editor.folder / name).read_text(encoding="utf-8")
        lines = text.splitlines()
        expected = {
            (one["message"] + (f" ({one['hint']})" if one["hint"] else ""), one["line"], one["column"])
            for one in checked
            if one["file"].endswith(name)
        }
        found = {
            (one["message"], one["range"]["start"]["line"] + 1, Editor.offset(text, one["range"]["start"])
             - sum(len(line) + 1 for line in lines[: one["range"]["start"]["line"]]) + 1)
            for one in problems
        }  # fmt: skip
        assert found == expected
    assert {editor.marked("parts/end.kdl", one["range"]) for one in other} == {"ordes.count", "tonne"}


def test_problems_follow_what_is_typed_and_go_again(editor: Editor) -> None:
    editor.open("parts/end.kdl")
    editor.change("parts/end.kdl", 'status { label "{orders.count} orders, {lst.current.total}" }\n')
    assert said(editor.problems("parts/end.kdl")) == ["nothing is called lst (did you mean list?)"]
    assert editor.problems("main.kdl") == []
    editor.change("main.kdl", MAIN.replace("id=list", "id=lst").replace("list.current", "lst.current"))
    assert editor.problems("main.kdl") == []
    assert editor.problems("parts/end.kdl") == []


def test_tables_of_the_source_follow_its_text(editor: Editor) -> None:
    editor.change("main.kdl", MAIN.replace("show id\n", "show id\n        show colour\n"))
    assert said(editor.problems("main.kdl")) == ["the table orders has no column colour"]
    editor.open("schema.sql")
    editor.change("schema.sql", FILES["schema.sql"].replace("total NUMERIC", "total NUMERIC, colour TEXT"))
    assert said(editor.wait_problems("main.kdl", 0)) == []


def test_a_wrong_manifest_is_told_and_the_layouts_are_still_checked(editor: Editor) -> None:
    editor.open("app.toml", FILES["app.toml"].replace('kind = "sqlite"', 'knd = "sqlite"'))
    assert said(editor.problems("app.toml")) == ['the source desk needs a kind (write: kind = "sqlite")']
    editor.change("main.kdl", MAIN.replace("show id", "show idd"))
    assert said(editor.problems("main.kdl")) == ["the table orders has no column idd (did you mean id?)"]


def test_a_file_that_nothing_takes_is_said_to_be_so(editor: Editor) -> None:
    editor.open("parts/new.kdl", "component x {\n    label }\n")
    (note,) = editor.problems("parts/new.kdl")
    assert note["severity"] == 3 and "no layout of the app takes this file" in note["message"]


def test_a_layout_without_an_app_is_checked_alone(editor: Editor, tmp_path: Path) -> None:
    editor.folder, before = tmp_path, editor.folder
    (tmp_path / "alone.kdl").write_text("layout 1\nwindow { lable }\n")
    editor.open("alone.kdl")
    assert said(editor.problems("alone.kdl")) == ["there is no widget kind or component lable (did you mean label?)"]
    editor.close("alone.kdl")
    editor.folder = before


def test_problems_of_catalogues_are_told_in_the_catalogue(editor: Editor) -> None:
    path = editor.folder / "locale" / "de.po"
    path.parent.mkdir()
    path.write_text('msgid ""\nmsgstr "Language: de\\nContent-Type: text/plain; charset=UTF-8\\n"\n')
    editor.open("locale/de.po")
    found = [one["message"] for one in editor.problems("locale/de.po")]
    assert found and all("error" not in one for one in found)
    editor.change("locale/de.po", editor.text("locale/de.po") + '\nmsgid "No such text"\nmsgstr "Kein Text"\n')
    assert any("No such text" in one["message"] for one in editor.problems("locale/de.po"))
