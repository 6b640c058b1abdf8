"""What is offered while a layout is written."""

from __future__ import annotations

import pytest

from tests.end_to_end.language_server.shop import MAIN
from tests.language_client import Editor

#: What is written (| = the cursor) behind the app's own text, labels that are offered → what they insert, and
#: labels that are not.
OFFERS: dict[str, tuple[str, dict[str, str], set[str]]] = {
    "words at the top": ("|", {"window": "window", "component": "component"}, {"grid", "show", "param"}),
    "kinds in a window": (
        "window {\n    gr|",
        {"grid": "grid", "titled": "titled", "status": "status"},
        {"show", "tab", "window"},
    ),
    "kinds in a grid": (
        "window { grid orders {\n |",
        {"show": "show", "style": "style", "on": "on"},
        {"grid", "label"},
    ),
    "tabs hold tab": ("window { tabs { |", {"tab": "tab"}, {"grid"}),
    "else behind if": ('window { if "find.text" { label "x" }; |', {"else": "else"}, set()),
    "no else elsewhere": ("window { |", {}, {"else"}),
    "param in a component": ("component x {\n    |", {"param": "param", "slot": "slot", "grid": "grid"}, {"window"}),
    "properties not given yet": (
        "window { grid orders sort=id f|",
        {"filter": "filter=", "id": "id="},
        {"sort", "table"},
    ),
    "params of a component": ('window { titled "a" |', {"lines": "lines=", "visible": "visible="}, {"text"}),
    "declared tables": ("window { grid |", {"orders": "orders", "people": "people"}, {"customers"}),
    "tables of the sources": ('table x source="|', {"orders": "orders", "customers": "customers"}, {"people"}),
    "columns": ("window { grid orders { show |", {"total": "total", "customer": "customer"}, {"city"}),
    "columns behind a reference": ("window { grid orders { show customer.|", {"city": "city"}, {"total"}),
    "columns of a form's row": ("window { form of=list.current.customer { field |", {"city": "city"}, {"total"}),
    "columns to sort by": ('window { grid orders sort="-total, |', {"status": "status"}, {"city"}),
    "choices": ("window { row gap=|", {"tight": "tight", "wide": "wide"}, {"orders"}),
    "yes and no": ("window { grid orders editable=|", {"#true": "#true", "#false": "#false"}, set()),
    "commands of app and program": (
        "window { button command=|",
        {"order.ship": "order.ship", "row.add": "row.add"},
        {"orders"},
    ),
    "icons": ("window { button icon=|", {"truck": "truck"}, set()),
    "functions of scripts": (
        'window { button "a" run="|',
        {"desk.ship:send": "desk.ship:send", "order.ship": "order.ship"},
        set(),
    ),
    "names in an expression": (
        'window { grid orders filter="|',
        {"find": "find", "total": "total", "lower(": "lower(", "list": "list"},
        {"city"},
    ),
    "columns in an expression": ('window { grid orders filter="customer.|', {"city": "city"}, {"total"}),
    "operators": ('window { grid orders filter="total |', {"contains": "contains", "and": "and"}, {"find"}),
    "values of a column": ("""window { grid orders filter="status == |""", {'"open"': "'open'"}, set()),
    "names in braces": ('window { label "🌿 {or|', {"orders": "orders"}, {"city"}),
    "columns of a current row": ('window { label "🌿 {list.current.customer.|', {"city": "city"}, {"total"}),
    "figures of a table": ('window { label "{orders.|', {"sum": "sum(", "count": "count"}, {"current"}),
    "members of a search box": ('window { label "{find.|', {"text": "text"}, {"current"}),
    "what a form shows": ("window { form of=list.|", {"current": "current"}, {"text"}),
    "events": ("window { grid orders { on |", {"current-changed": "current-changed"}, set()),
    "files": ('use "|', {"parts/fields.kdl": "parts/fields.kdl", "parts/end.kdl": "parts/end.kdl"}, {"main.kdl"}),
    "rows of a repeat": ('window { repeat orders as=one { label "{one.|', {"total": "total"}, {"city"}),
    "params in a component's body": ("component x { param shown; label |", {"shown": "shown"}, set()),
    "kinds of a style rule": ("style |", {"button": "button", "class": "class="}, {"if"}),
    "tokens of a style rule": ("style label color=|", {"accent": "accent"}, {"orders"}),
    "ids of a style rule": ("style id=|", {"list": "list"}, {"orders"}),
    "states of a style rule": ("style label { when |", {"hover": "hover", "dark": "dark"}, set()),
    "when in a style rule": ("style label { |", {"when": "when"}, {"grid"}),
    "classes": ('style class=loud\nwindow { label class="|', {"loud": "loud"}, {"orders"}),
    "what every expression reads": ('window { label "{app.|', {"version": "version"}, {"now"}),
    "pages in an if of tabs": (
        'window { tabs { if "1 == 1" {\n    |', {"tab": "tab", "repeat": "repeat"}, {"label", "else"},
    ),
    "nothing in a comment": ("// window { grid |", {}, {"orders"}),
    "behind a text that is not closed": ('window { label "never\n    grid |', {"orders": "orders"}, set()),
    "behind nodes that are wrong": ('window { ) "x"=3 = =\n    grid |', {"orders": "orders"}, set()),
}


@pytest.mark.parametrize("case", OFFERS)
def test_what_is_offered(editor: Editor, case: str) -> None:
    written, wanted, unwanted = OFFERS[case]
    found = editor.labels("main.kdl", f"{MAIN}\n{written}")
    assert {label: found.get(label) for label in wanted} == wanted
    assert unwanted & found.keys() == set()


def test_an_offer_replaces_what_is_typed(editor: Editor) -> None:
    marked = MAIN + '\nwindow { label "🌿🌿 {list.current.tot'
    editor.change("main.kdl", marked)
    place = {"line": marked.count("\n"), "character": len('window { label "🌿🌿 {list.current.tot') + 2}
    uri = (editor.folder / "main.kdl").as_uri()
    found = editor.ask("textDocument/completion", {"textDocument": {"uri": uri}, "position": place})["items"]
    (total,) = [one for one in found if one["label"] == "total"]
    assert editor.marked("main.kdl", total["textEdit"]["range"]) == "tot"
    assert "total" in total["documentation"]["value"]


def test_names_of_the_last_whole_text_are_offered_while_it_is_broken(editor: Editor) -> None:
    assert "list" in editor.labels("main.kdl", MAIN + '\nwindow { label "{|')
    broken = 'layout 1\ntable orders\nwindow {\n    grid orders id=" {\n    }\n    label "{|'
    assert {"orders", "list", "find"} <= editor.labels("main.kdl", broken).keys()
