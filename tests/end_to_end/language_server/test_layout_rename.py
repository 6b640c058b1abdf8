"""Names that change in all files of an app, or not at all."""

from __future__ import annotations

import pytest

from tests.end_to_end.language_server.shop import FILES
from tests.language_client import AnswerError, Editor

#: What is renamed, to what → file → how often the new name stands there.
RENAMES: dict[tuple[str, str], dict[str, int]] = {
    ("grid orders id=li|st", "order_list"): {"main.kdl": 5, "parts/end.kdl": 1, "scripts/desk/ship.py": 1},
    ("table ord|ers", "all_orders"): {"main.kdl": 2, "parts/end.kdl": 1, "scripts/desk/ship.py": 1},
    ("command order.sh|ip", "order.send"): {"main.kdl": 2},
    ("    tit|led", "headed"): {"main.kdl": 1, "parts/fields.kdl": 1},
    ('titled "People" lin|es', "rows"): {"main.kdl": 1, "parts/fields.kdl": 2},
    ("grid pe|ople", "persons"): {"main.kdl": 2},
}  # fmt: skip


@pytest.mark.parametrize(("mark", "name"), RENAMES)
def test_a_name_changes_in_all_files(editor: Editor, mark: str, name: str) -> None:
    old = editor.ask("textDocument/prepareRename", editor.at("main.kdl", mark))
    assert mark.replace("|", "").count(old["placeholder"]) == 1
    edit = editor.ask("textDocument/rename", editor.at("main.kdl", mark, {"newName": name}))
    texts = editor.applied(edit)
    assert {file: text.count(name) for file, text in texts.items()} == RENAMES[mark, name]
    for file, text in texts.items():
        assert text.replace(name, old["placeholder"]).replace(f" source={old['placeholder']}", "") == FILES[file]
        (editor.folder / file).write_text(text, encoding="utf-8")
    editor.change("main.kdl", texts["main.kdl"])
    assert editor.problems("main.kdl") == []


#: What is renamed, to what → what is said of it.
REFUSALS = {
    ("grid orders id=li|st", "find"): "there is a widget find already (at main.kdl:15:19)",
    ("grid orders id=li|st", "people"): "there is a table people already",
    ("grid orders id=li|st", "inner"): "there is a widget inner already (at parts/fields.kdl:4:20)",
    ("grid orders id=li|st", "a b"): "list cannot be called a b (letters, digits and _",
    ("grid orders id=li|st", "my-list"): "list cannot be called my-list",
    ("grid orders id=li|st", "app"): "expressions know app as something else",
    ("state wan|ted", "total"): "some places would mean something else",
    ("    tit|led", "grid"): "that is a word of the language",
    ("    gr|id orders", "table"): "grid is not declared in the app's layouts",
    ("show customer.na|me", "title"): "name is not declared in the app's layouts",
    ('titled "People" lin|es', "text"): "there is a param text already",
}  # fmt: skip


@pytest.mark.parametrize(("mark", "name"), REFUSALS)
def test_a_name_that_would_clash_is_refused(editor: Editor, mark: str, name: str) -> None:
    with pytest.raises(AnswerError, match=".*") as caught:
        editor.ask("textDocument/rename", editor.at("main.kdl", mark, {"newName": name}))
    assert caught.value.code == -32803
    assert REFUSALS[mark, name] in str(caught.value)


def test_slots_and_rows_are_renamed_too(editor: Editor) -> None:
    text = (
        "layout 1\ntable orders\ncomponent boxed { column { slot; slot end } }\n"
        'window { boxed { label a; end { label b } }; repeat orders as=one { label "{one.total} {one.id}" } }\n'
    )
    editor.change("main.kdl", text)
    assert editor.problems("main.kdl") == []
    slot = editor.ask("textDocument/rename", editor.at("main.kdl", "slot e|nd", {"newName": "foot"}))
    assert editor.applied(slot) == {"main.kdl": text.replace("slot end", "slot foot").replace("; end", "; foot")}
    row = editor.ask("textDocument/rename", editor.at("main.kdl", "{o|ne.id}", {"newName": "order"}))
    assert editor.applied(row) == {"main.kdl": text.replace("=one", "=order").replace("{one", "{order")}
