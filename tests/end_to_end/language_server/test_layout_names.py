"""Names of a layout: what is said of them, where they are declared, every place that speaks of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.language_server.shop import MAIN
from tests.language_client import AnswerError, Editor

#: What is pointed at → words of what is said.
HOVERS = {
    "    gr|id orders": ["**grid**", "Rows of a table in columns"],
    "placehol|der=": ["**placeholder** of search"],
    "show customer.na|me": ["**name**: text", "`customers`", "Required"],
    "show cus|tomer.name": ["**customer**: a row of `customers`"],
    "command=order.sh|ip": ["**order.ship**: command", "Ship 🚚"],
    'on current-changed "app.rel|oad': ["**app.reload**: Reload this app", "Key: F5"],
    "form of=li|st": ["**list**", "grid orders id=list"],
    "grid pe|ople": ["**people**: table", "- `city`: text"],
    "    tit|led": ["**titled**: component", "- `lines`, `1` when left out"],
    "titled \"People\" lin|es": ["**lines**: param"],
    'run="desk.ship:sen|d"': ["def send(app, when=None)", "Send the order."],
    "tab|le people": ["**table**", "Declares a table"],
    'people source="custo|mers"': ["**customers**: a table of the app's sources", "- `city`: text"],
    "on current-chan|ged": ["**current-changed** of grid"],
}  # fmt: skip


@pytest.mark.parametrize("mark", HOVERS)
def test_what_is_said_of_a_word(editor: Editor, mark: str) -> None:
    told = editor.ask("textDocument/hover", editor.at("main.kdl", mark))
    assert told is not None
    for words in HOVERS[mark]:
        assert words in told["contents"]["value"]


#: What is pointed at → the file and the text of the declaration; empty = its first line.
DEFINITIONS = {
    "    tit|led": ("parts/fields.kdl", "titled"),
    "titled \"People\" lin|es": ("parts/fields.kdl", "lines"),
    "filter=\"customer.name contains fi|nd": ("main.kdl", "find"),
    "grid peo|ple": ("main.kdl", "people"),
    "button command=order|.ship": ("main.kdl", "order.ship"),
    'use "parts/fie|lds.kdl"': ("parts/fields.kdl", ""),
    'include "parts/en|d.kdl"': ("parts/end.kdl", ""),
    'run="desk.ship:loo|k"': ("scripts/desk/ship.py", "look"),
    'run="desk|.ship:look"': ("scripts/desk/ship.py", ""),
    "{li|st.current.id}": ("main.kdl", "list"),
}  # fmt: skip


@pytest.mark.parametrize("mark", DEFINITIONS)
def test_where_it_is_declared(editor: Editor, mark: str) -> None:
    found = editor.ask("textDocument/definition", editor.at("main.kdl", mark))
    name, text = DEFINITIONS[mark]
    assert found["uri"] == (editor.folder / name).as_uri()
    assert editor.marked(name, found["range"]) == text


def test_params_and_ids_of_a_component_are_found_within_it(editor: Editor) -> None:
    editor.open("parts/fields.kdl")
    found = editor.ask("textDocument/definition", editor.at("parts/fields.kdl", "{in|ner}"))
    assert editor.marked("parts/fields.kdl", found["range"]) == "inner"
    places = editor.ask(
        "textDocument/references",
        editor.at("parts/fields.kdl", "param te|xt", {"context": {"includeDeclaration": True}}),
    )
    assert [editor.marked("parts/fields.kdl", one["range"]) for one in places] == ["text"] * 4


def test_every_place_that_speaks_of_a_widget(editor: Editor) -> None:
    places = editor.ask(
        "textDocument/references",
        editor.at("main.kdl", "grid orders id=li|st", {"context": {"includeDeclaration": False}}),
    )
    files = [one["uri"].removeprefix(editor.folder.as_uri() + "/") for one in places]
    found = [(file, editor.marked(file, one["range"])) for file, one in zip(files, places, strict=True)]
    assert sorted(found) == [
        *[("main.kdl", "list")] * 4,
        ("parts/end.kdl", "list"),
        ("scripts/desk/ship.py", "list"),
    ]
    lights = editor.ask("textDocument/documentHighlight", editor.at("main.kdl", "grid orders id=li|st"))
    assert len(lights) == 5


def test_a_script_leads_to_what_it_names(editor: Editor) -> None:
    editor.open("scripts/desk/ship.py")
    found = editor.ask("textDocument/definition", editor.at("scripts/desk/ship.py", 'app.key("li|st'))
    assert editor.marked("main.kdl", found["range"]) == "list"


def test_files_of_a_library_are_looked_at_within_an_app_that_uses_them(editor: Editor) -> None:
    files = {
        "apps/desk/app.toml": 'name = "desk"\nlayout = "main.kdl"\n',
        "apps/desk/main.kdl": 'layout 1\nuse "library:forms/fields.kdl"\nwindow { titled "Hello" }\n',
        "libraries/forms/fields.kdl": "component titled { param text; lable text }\n",
        "libraries/forms/more.kdl": "component more\n",
    }
    for name, text in files.items():
        (editor.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (editor.folder / name).write_text(text)
    editor.open("libraries/forms/fields.kdl")
    (problem,) = editor.problems("libraries/forms/fields.kdl")
    assert "lable" in problem["message"]
    editor.change("libraries/forms/fields.kdl", files["libraries/forms/fields.kdl"].replace("lable", "label"))
    assert editor.problems("libraries/forms/fields.kdl") == []
    editor.open("apps/desk/main.kdl")
    found = editor.ask("textDocument/definition", editor.at("apps/desk/main.kdl", "tit|led"))
    assert found["uri"] == (editor.folder / "libraries/forms/fields.kdl").as_uri()
    assert editor.marked("libraries/forms/fields.kdl", found["range"]) == "titled"
    with pytest.raises(AnswerError, match="titled is of a library, which other apps may use"):
        editor.ask("textDocument/rename", editor.at("apps/desk/main.kdl", "tit|led", {"newName": "named"}))
    offered = editor.labels("apps/desk/main.kdl", "layout 1\nuse |\nwindow\n")
    assert offered["library:forms/more.kdl"] == '"library:forms/more.kdl"'


#: The word under the pointer → what is said of it in German.
GERMAN = {
    "    gr|id orders": "Zeilen einer Tabelle in Spalten, an Ort und Stelle bearbeitet.",
    "filt|er=\"customer": "Nur Zeilen, für die dies wahr ist.\n\nTyp: filter (ein Ausdruck über die Spalten",
    "on current-cha|nged": "**current-changed** von grid\n\nEine andere Zeile wurde die aktuelle.",
    "app.re|load": "Taste: F5",
    "edit|or language": "Ein Texteditor",
}  # fmt: skip


def test_a_person_is_told_in_their_language(tmp_path: Path) -> None:
    (tmp_path / "main.kdl").write_text(f"{MAIN}window {{ editor language=python }}\n")
    editor = Editor(tmp_path, tmp_path / "home", language="de")
    editor.open("main.kdl")
    for mark, said in GERMAN.items():
        found = editor.ask("textDocument/hover", editor.at("main.kdl", mark))["contents"]["value"]
        assert said in found, found
    offered = editor.ask("textDocument/completion", editor.at("main.kdl", "on current-cha|nged"))["items"]
    assert [one["detail"] for one in offered if one["label"] == "current-changed"] == [
        "Eine andere Zeile wurde die aktuelle."
    ]
    assert editor.end() == 0
