"""The outline of a layout, symbols of a workspace, its canonical form."""

from __future__ import annotations

from tests.end_to_end.language_server.shop import MAIN
from tests.language_client import Editor


def test_the_outline_of_a_layout(editor: Editor) -> None:
    found = editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": (editor.folder / "main.kdl").as_uri()}})
    assert [one["name"] for one in found] == ["use", "orders", "people", "order.ship", "window"]
    window = found[-1]
    assert editor.marked("main.kdl", window["range"]) == MAIN[MAIN.index("window {") :].rstrip("\n")
    assert [one["name"] for one in window["children"]] == ["wanted", "row", "list", "form", "titled", "include"]
    assert (
        editor.marked("main.kdl", window["children"][3]["range"])
        == "form of=list.current.customer { field name; field city }"
    )


def test_symbols_of_the_workspace(editor: Editor) -> None:
    found = editor.ask("workspace/symbol", {"query": "ttl"})
    assert [one["name"] for one in found] == ["titled"]
    assert editor.marked("parts/fields.kdl", found[0]["location"]["range"]) == "titled"
    names = {one["name"] for one in editor.ask("workspace/symbol", {"query": ""})}
    assert {"orders", "people", "order.ship", "titled", "find", "list", "inner"} <= names


def test_a_layout_is_formatted_as_fmt_does(editor: Editor) -> None:
    options = {
        "options": {"tabSize": 4, "insertSpaces": True},
        "textDocument": {"uri": (editor.folder / "main.kdl").as_uri()},
    }
    assert editor.ask("textDocument/formatting", options) == []
    editor.change("main.kdl", MAIN.replace("        show id\n", "  show   id\n"))
    edits = editor.ask("textDocument/formatting", options)
    uri = options["textDocument"]["uri"]
    assert editor.applied({"changes": {uri: edits}}) == {"main.kdl": MAIN}
    assert edits[0]["range"]["start"]["line"] == MAIN[: MAIN.index("show id")].count("\n")
    editor.change("main.kdl", MAIN + "window {")
    assert editor.ask("textDocument/formatting", options) is None
