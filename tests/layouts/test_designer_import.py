"""Forms of Qt Designer become layouts that pass every check, with nothing lost in silence."""

from __future__ import annotations

import pytest

from layouts.format import format_text
from layouts.importer.app_files import app_files
from layouts.importer.designer.reading import import_form
from layouts.importer.draft import ImportFileError, Outcome
from layouts.load import check_layout

_BODY = '<ui version="4.0"><class>Form</class>{}</ui>'


def form(widgets: str, rest: str = "", cls: str = "QDialog") -> Outcome:
    """The outcome of a form with these widgets, which passes every check."""
    outcome = import_form(_BODY.format(f'<widget class="{cls}" name="Form">{widgets}</widget>{rest}').encode(), "f.ui")
    _, problems = check_layout("main.kdl", {"main.kdl": outcome.layout.encode()}.get)
    assert [str(one) for one in problems if one.severity == "error"] == []
    assert format_text(outcome.layout) == outcome.layout
    return outcome


def body(outcome: Outcome) -> str:
    """What stands in the window."""
    lines = outcome.layout.partition("\nwindow")[2].splitlines()[1:-1]
    return "\n".join(line[4:] for line in lines)


def box(cls: str, *items: str, **attributes: str) -> str:
    """A layout with these items."""
    inner = "".join(one if one.startswith("<item") else f"<item>{one}</item>" for one in items)
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<layout class="{cls}" name="box"{written}>{inner}</layout>'


def widget(cls: str, name: str, inner: str = "", **properties: object) -> str:
    """A widget with these properties."""
    return f'<widget class="{cls}" name="{name}">{_properties(properties)}{inner}</widget>'


def _properties(properties: dict[str, object]) -> str:
    parts = []
    for name, value in properties.items():
        tag = "bool" if isinstance(value, bool) else "number" if isinstance(value, int) else "string"
        shown = str(value).lower() if tag == "bool" else str(value)
        parts.append(f'<property name="{name}"><{tag}>{shown}</{tag}></property>')
    return "".join(parts)


def at(row: int, column: int, inner: str) -> str:
    return f'<item row="{row}" column="{column}">{inner}</item>'


def test_labels_become_their_fields_own() -> None:
    found = form(
        box(
            "QFormLayout",
            at(0, 0, widget("QLabel", "a", text="&amp;Name:")),
            at(0, 1, widget("QLineEdit", "name", text="Ada {x}")),
            at(1, 0, widget("QLabel", "b", text="Born")),
            at(1, 1, widget("QDateEdit", "born")),
        )
    )
    assert body(found) == (
        'state name "Ada {x}"\nstate born ""\ninput name label="Name"\ninput born label="Born" editor=date'
    )
    assert found.lost == ()


def test_fields_of_every_type() -> None:
    items = '<item><property name="text"><string>Red, or so</string></property></item>'
    found = form(
        box(
            "QVBoxLayout",
            widget("QCheckBox", "is_on", text="On &amp;&amp; off", checked=True),
            widget("QSpinBox", "count", value=3, maximum=9),
            widget("QComboBox", "color", items),
            widget("QPlainTextEdit", "notes", plainText="one"),
        )
    )
    assert body(found).splitlines() == [
        "state is_on #true",
        "state count 3",
        'state color "Red; or so"',
        "state notes one",
        'input is_on label="On & off"',
        'input count name="Count"',
        'input color choices="Red; or so" name="Color"',
        'input notes editor=longtext lines=6 name="Notes"',
    ]
    assert [one.message for one in found.lost] == [
        "QComboBox color has a choice with a comma, which is a semicolon here: Red, or so",
        "QSpinBox count takes any number; its limits were 9",
    ]


def test_radio_buttons_are_one_choice() -> None:
    radios = [widget("QRadioButton", name, text=name.title(), checked=name == "large") for name in ("small", "large")]
    found = form(box("QVBoxLayout", widget("QGroupBox", "size", box("QVBoxLayout", *radios), title="Size")))
    assert body(found) == ('state small Large\ngroup "Size" {\n    input small name="Size" choices="Small, Large"\n}')


def test_grids_tabs_splitters_and_lines() -> None:
    keys = [at(row, column, widget("QPushButton", f"k{row}{column}", text=f"{row}{column}")) for row in (0, 1)
            for column in (0, 1)]  # fmt: skip
    page = '<attribute name="title"><string>Keys</string></attribute>' + box("QGridLayout", *keys)
    tabs = f'<widget class="QTabWidget" name="tabs"><widget class="QWidget" name="p">{page}</widget></widget>'
    splitter = widget("QSplitter", "split", widget("QLabel", "x", text="left") + widget("QLabel", "y", text="right"))
    found = body(form(box("QVBoxLayout", tabs, widget("Line", "line"), splitter)))
    assert '    tab "Keys" {\n        scroll padding=normal {\n            cells columns=2 {' in found
    assert found.endswith('separator\nsplit stretch=1 {\n    label "left"\n    label "right"\n}')
    assert found.index('"00"') < found.index('"01"') < found.index('"10"')


def test_rows_of_tables_go_into_the_app() -> None:
    column = '<column><property name="text"><string>{}</string></property></column>'
    cell = '<item row="{}" column="{}"><property name="text"><string>{}</string></property></item>'
    inner = column.format("Who") + column.format("Id") + cell.format(0, 0, "O'Hara") + cell.format(0, 1, "7")
    found = form(box("QVBoxLayout", widget("QTableWidget", "people", inner)))
    assert body(found) == 'grid people stretch=1 {\n    show who label="Who"\n    show id_2 label="Id"\n}'
    files = app_files("people list", found)
    assert b'INSERT INTO "people" ("who", "id_2") VALUES (\'O\'\'Hara\', 7);' in files["schema.sql"]
    assert b'schema = "schema.sql"' in files["app.toml"]


def test_actions_become_commands_with_their_keys() -> None:
    menu = widget("QMenu", "file", '<addaction name="open"/><addaction name="separator"/><addaction name="wrap"/>',
                  title="&amp;File")  # fmt: skip
    bar = f'<widget class="QMenuBar" name="bar">{menu}<addaction name="file"/></widget>'
    tools = '<widget class="QToolBar" name="tools"><addaction name="open"/></widget>'
    action = '<action name="{}">{}</action>'
    actions = action.format("open", _properties({"text": "&amp;Open…", "shortcut": "Ctrl+O"}))
    actions += action.format("wrap", _properties({"text": "Wrap", "checkable": True}))
    actions += action.format("again", _properties({"text": "Again", "shortcut": "Ctrl+O"}))
    found = form(f'<widget class="QWidget" name="central"/>{bar}{tools}{actions}', cls="QMainWindow")
    assert 'command do.open title="Open…" key=Ctrl+O run=actions:open' in found.layout.replace(
        '"Ctrl+O"', "Ctrl+O"
    ).replace('"actions:open"', "actions:open")
    assert 'command do.wrap title="Wrap" run="wrap = not wrap"' in found.layout
    assert '    menu "&File" {\n        item command=do.open\n        separator' in body(found)
    assert "item command=do.wrap checked=wrap" in body(found)
    assert "toolbar {\n    button command=do.open\n}" in body(found)
    assert [one.message for one in found.lost] == ["the key Ctrl+O of again is another action's too, or no key"]
    script = app_files("x", found)["actions.py"].decode()
    compile(script, "actions.py", "exec")
    assert "def open(app):" in script


def test_widgets_without_a_layout_stand_by_their_places() -> None:
    def placed(name: str, x: int, y: int) -> str:
        parts = f"<rect><x>{x}</x><y>{y}</y><width>80</width><height>20</height></rect>"
        text = f'<property name="text"><string>{name}</string></property>'
        return f'<widget class="QLabel" name="{name}"><property name="geometry">{parts}</property>{text}</widget>'

    found = body(form(placed("c", 10, 60) + placed("b", 100, 12) + placed("a", 10, 10)))
    assert found == 'row {\n    label "a"\n    label "b"\n}\nlabel "c"'


def test_what_closes_a_dialog_does() -> None:
    connection = (
        "<connection><sender>{}</sender><signal>{}</signal><receiver>Form</receiver><slot>{}</slot></connection>"
    )
    told = connection.format("buttons", "rejected()", "reject()") + connection.format("a", "clicked()", "go()")
    box_ = widget("QDialogButtonBox", "buttons", standardButtons="QDialogButtonBox::Cancel|QDialogButtonBox::Ok")
    found = form(box("QVBoxLayout", box_, widget("QPushButton", "a", text="Go")), f"<connections>{told}</connections>")
    assert 'button "Cancel" run=window.close' in body(found).replace('"window.close"', "window.close")
    assert [one.message for one in found.lost] == ["the connection of a.clicked() to Form.go() is not carried"]


def test_numbers_that_are_none_are_their_defaults() -> None:
    found = body(form(box("QVBoxLayout", widget("QDoubleSpinBox", "a", value="nan"), widget("QSpinBox", "b", value="inf"))))
    assert found.startswith("state a 0\nstate b 0\n")


def test_promoted_and_unknown_widgets() -> None:
    custom = (
        "<customwidgets><customwidget><class>Fancy</class><extends>QLineEdit</extends></customwidget></customwidgets>"
    )
    found = form(box("QVBoxLayout", widget("Fancy", "one"), widget("Radar", "two")), custom)
    assert body(found) == 'state one ""\ninput one name="One"\nmessage "Radar two"'
    assert [one.message for one in found.lost] == ["Radar two has no likeness; here stands its name"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no XML"),
        (b"<ui", "no XML"),
        (b"<html/>", "no .ui file"),
        (b'<ui version="4.0"/>', "holds no widget"),
        (b'<ui version="3.1"><widget class="QDialog"/></ui>', "old Qt Designer"),
        (b'<!DOCTYPE ui [<!ENTITY a "b">]><ui version="4.0"><widget class="QDialog"/></ui>', "declares entities"),
        (b'<?xml version="1.0" encoding="nonsense"?><ui/>', "encoding"),
        (b'<ui version="4.0">' + b"<a>" * 5000, "deep"),
        (b" " * 20_000_001, "larger than"),
        (_BODY.format("<widget class='QWidget'>" + "<widget class='QLabel'/>" * 11_000 + "</widget>").encode(), "parts"),
    ],
)  # fmt: skip
def test_what_is_no_form_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(ImportFileError, match=message):
        import_form(content, "f.ui")


def test_properties_that_a_layout_settles_by_itself_are_told_in_one_line() -> None:
    rect = "<rect><x>0</x><y>0</y><width>9</width><height>9</height></rect>"
    placed = f'<property name="geometry">{rect}</property>'
    found = form(box("QVBoxLayout", *(widget("QLineEdit", name, placed) for name in ("one", "two"))))
    assert [one.message for one in found.lost if one.message.startswith("left to")] == ["left to the layout: geometry (2)"]
