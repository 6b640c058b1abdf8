"""``espalier lsp`` as an editor meets it: a real process, an app of several files, every feature."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.language_client import AnswerError, Editor
from tests.shell.test_command_line import espalier

FILES = {
    "app.toml": """name = "shop"
layout = "main.kdl"

[sources.desk]
kind = "sqlite"
path = "desk.sqlite"
schema = "schema.sql"
""",
    "schema.sql": """CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL, city TEXT);
CREATE TABLE orders (
    id INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    status TEXT NOT NULL CHECK (status IN ('open', 'sent')),
    total NUMERIC
);
""",
    "main.kdl": """// Grüße 🌿 aus dem Büro
layout 1 title="Shop"
use "parts/fields.kdl"

table orders sort="-id"
table people source="customers" filter="id == list.current.customer_id"

command order.ship title="Ship 🚚" when="list.current.status == 'open'" run="desk.ship:send" {
    confirm "🌿🌿 Ship {list.current.id}?"
}

window {
    state wanted "open"
    row {
        search id=find placeholder="🌿 Search"
        button command=order.ship
        button "Look" run="desk.ship:look"
    }
    grid orders id=list filter="customer.name contains find.text and status != wanted" {
        show id
        show customer.name label="Who"
        on current-changed "app.reload"
    }
    form of=list.current.customer { field name; field city }
    titled "People" lines=2 { grid people id=names }
    include "parts/end.kdl"
}
""",
    "parts/fields.kdl": """component titled {
    param text
    param lines default=1
    column { state inner 0; label text style=heading; slot; input inner label=text; label "{inner} {lines}" tip=text }
}
""",
    "parts/end.kdl": 'status { label "{orders.count} orders, {list.current.total}" }\n',
    "scripts/desk/ship.py": """def send(app, when=None):
    \"\"\"Send the order.\"\"\"
    app.table("orders")
    return app.key("list")


def look(app):
    pass
""",
}
MAIN = FILES["main.kdl"]


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """One server for all tests; it must end rightly, and have nothing said of errors of its own."""
    editor = Editor(tmp_path_factory.mktemp("work"), tmp_path_factory.mktemp("home"))
    yield editor
    assert editor.end() == 0
    assert editor.logged == []


@pytest.fixture
def editor(connection: Editor) -> Iterator[Editor]:
    """The server with the app as it is, open: main.kdl."""
    for name, text in FILES.items():
        path = connection.folder / "shop" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    connection.folder = connection.folder / "shop"
    connection.open("main.kdl")
    yield connection
    for path in list(connection._texts):
        connection.close(path.relative_to(connection.folder).as_posix())
    shutil.rmtree(connection.folder)
    connection.folder = connection.folder.parent


def said(problems: list[dict[str, Any]]) -> list[str]:
    return [one["message"] for one in problems]


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


def test_a_script_leads_to_what_it_names(editor: Editor) -> None:
    editor.open("scripts/desk/ship.py")
    found = editor.ask("textDocument/definition", editor.at("scripts/desk/ship.py", 'app.key("li|st'))
    assert editor.marked("main.kdl", found["range"]) == "list"


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


def test_manifests(editor: Editor) -> None:
    editor.open("app.toml")
    assert editor.problems("app.toml") == []
    told = editor.ask("textDocument/hover", editor.at("app.toml", "sch|ema ="))
    assert "SQL text" in told["contents"]["value"]
    found = editor.ask("textDocument/definition", editor.at("app.toml", 'layout = "ma|in'))
    assert found["uri"].endswith("main.kdl")
    text = FILES["app.toml"]
    assert {"title": "title = ", "grants": "grants = "}.items() <= editor.labels("app.toml", "ti|\n" + text).items()
    assert "sqlite" in editor.labels("app.toml", text + '[sources.other]\nkind = "|')
    found = editor.labels("app.toml", text + '[sources.other]\nkind = "sqlite"\n|')
    assert "schema" in found and "address" not in found
    assert editor.labels("app.toml", text.replace('"main.kdl"', '"|"'))["parts/end.kdl"] == "parts/end.kdl"
    assert {"read", "delete"} <= editor.labels("app.toml", text + '[[grants]]\nmay = ["edit", "|').keys()


def test_keymaps(editor: Editor) -> None:
    text = '[mine]\ntitle = "Mine"\n"Ctrl+J" = "row.ad"\n"Ctrl+J Ctrl+K" = "row.add"\n'
    editor.open("keys.toml", text)
    told = said(editor.problems("keys.toml"))
    assert len(told) == 2
    assert "Espalier has no command row.ad; unless an app has it, the key does nothing (did you mean row.add?)" in told
    editor.change("keys.toml", text.replace("Ctrl+K", "Ctrl+Nonsense"))
    assert said(editor.problems("keys.toml"))[0].startswith("“Ctrl+Nonsense” names no key")
    offers = editor.labels("keys.toml", '[mine]\n"Ctrl+J" = |')
    assert offers["row.add"] == '"row.add"'
    editor.change("keys.toml", '[mine]\n"Ctrl+J" = "row.add"\n')
    hover = editor.ask("textDocument/hover", editor.at("keys.toml", '"row.a|dd"'))
    assert "New row" in hover["contents"]["value"]


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


def test_problems_of_catalogues_are_told_in_the_catalogue(editor: Editor) -> None:
    path = editor.folder / "locale" / "de.po"
    path.parent.mkdir()
    path.write_text('msgid ""\nmsgstr "Language: de\\nContent-Type: text/plain; charset=UTF-8\\n"\n')
    editor.open("locale/de.po")
    found = [one["message"] for one in editor.problems("locale/de.po")]
    assert found and all("error" not in one for one in found)
    editor.change("locale/de.po", editor.text("locale/de.po") + '\nmsgid "No such text"\nmsgstr "Kein Text"\n')
    assert any("No such text" in one["message"] for one in editor.problems("locale/de.po"))


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
