"""Names that ``app.toml`` gives, in an editor: found, listed and renamed in all files of an app, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.language_client import AnswerError, Editor

FILES = {
    "app.toml": """name = "shop"

[sources.desk]
kind = "sqlite"
path = "desk.sqlite"
schema = "schema.sql"

[sources.files]
kind = "csv"

[sources.files.tables.orders]
path = "orders.csv"
references.customer = { table = "people", via = ["customer_id"], columns = ["id"] }

[sources.files.tables.people]
path = "people.csv"

[[grants]]
who = "*"
source = "files"
table = "orders"
may = ["read"]
""",
    "schema.sql": "CREATE TABLE notes (id INTEGER PRIMARY KEY, said TEXT);\n",
    "orders.csv": "id,customer_id\n1,1\n",
    "people.csv": "id,name\n1,Ann\n",
    "main.kdl": """layout 2 title="Shop"
table orders source="files/orders"
table people source="files/people"
table notes source="desk/notes"
window { grid orders id=list; grid people; grid notes }
""",
}


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    (tmp_path / "shop").mkdir()
    for name, text in FILES.items():
        (tmp_path / "shop" / name).write_text(text, encoding="utf-8")
    found = Editor(tmp_path / "shop", tmp_path / "home")
    found.open("main.kdl")
    found.open("app.toml")
    yield found
    assert found.end() == 0 and found.logged == []


def test_names_of_a_manifest_are_found_and_renamed_in_all_files(editor: Editor) -> None:
    assert editor.problems("main.kdl") == [] and editor.problems("app.toml") == []
    header = editor.ask("textDocument/definition", editor.at("main.kdl", 'source="files/ord|ers"'))
    assert header["uri"].endswith("app.toml") and header["range"]["start"] == {"line": 10, "character": 22}
    of_source = editor.ask("textDocument/definition", editor.at("main.kdl", 'source="desk/not|es"'))
    assert of_source["range"]["start"] == {"line": 2, "character": 9}, "the tables of a database are its own"
    where = {"context": {"includeDeclaration": True}}
    places = editor.ask("textDocument/references", editor.at("app.toml", "[sources.fi|les]", where))
    assert len(places) == 6, "three headers, a grant, two tables of the layout"

    edit = editor.ask("textDocument/rename", editor.at("app.toml", "[sources.fi|les]", {"newName": "texts"}))
    texts = editor.applied(edit)
    assert texts == {name: FILES[name].replace("sources.files", "sources.texts").replace('"files', '"texts')
                     for name in ("app.toml", "main.kdl")}  # fmt: skip

    edit = editor.ask("textDocument/rename", editor.at("main.kdl", 'source="files/peo|ple"', {"newName": "persons"}))
    texts = editor.applied(edit)
    assert texts["main.kdl"] == FILES["main.kdl"].replace("files/people", "files/persons")
    renamed = FILES["app.toml"].replace("tables.people", "tables.persons").replace('"people"', '"persons"')
    assert texts["app.toml"] == renamed


#: File, place, new name → what is said.
REFUSALS = {
    ("app.toml", "[sources.de|sk]", "files"): "there is a source files already",
    ("app.toml", "[sources.de|sk]", "my desk"): "a source cannot be called my desk",
    ("app.toml", "tables.ord|ers]", "people"): "there is a table people already",
    ("main.kdl", 'source="desk/no|tes"', "texts"): "app.toml does not describe the table notes, its data do",
    ("app.toml", 'kind = "sq|lite"', "csv"): "there is no name here that can be another",
}


def test_what_cannot_be_renamed_is_refused_with_a_reason(editor: Editor) -> None:
    for (file, mark, name), message in REFUSALS.items():
        with pytest.raises(AnswerError) as caught:
            editor.ask("textDocument/rename", editor.at(file, mark, {"newName": name}))
        assert caught.value.code == -32803 and message in str(caught.value)
