"""Widgets of a .ui file that show something or start something."""

from __future__ import annotations

from collections.abc import Callable

from layouts.importer.designer.element import Element
from layouts.importer.designer.form import Form
from layouts.importer.designer.property import Properties, value_of, without_mnemonic, words
from layouts.importer.grid import grid
from layouts.importer.piece import Piece, Plain

Leaf = Callable[[Form, Element, Properties], list[Piece]]

#: Points from which on a text is a heading.
_HEADING, _TITLE = 12, 15
#: A text longer than this breaks into lines.
_LONG = 50


def _label(form: Form, widget: Element, properties: Properties) -> list[Piece]:
    if id(widget) in form.silent:
        for name in ("text", "font", "pixmap"):
            properties.text(name)
        return []
    text = without_mnemonic(properties.text("text")) if properties.text("buddy") else properties.text("text")
    picture = properties.element_of("pixmap")
    if picture is not None:
        form.unlike(widget, f"shows the picture {picture.text.strip()}, which is not carried")
        if not text:
            return []
    options: dict[str, object] = {}
    font = properties.parts("font")
    size = float(font.get("pointsize") or 0) if (font.get("pointsize") or "0").replace(".", "").isdigit() else 0
    if size >= _HEADING or (font.get("bold") == "true" and len(text) < 80):
        options["style"] = Plain("title" if size >= _TITLE else "heading")
    if properties.flag("wordWrap") or "\n" in text or len(text) > _LONG:
        options["wrap"] = True
    return [Piece("label", (text,) if text.strip() else (), options)]


def _button(form: Form, widget: Element, properties: Properties) -> list[Piece]:
    action = _default_action(form, widget)
    if action:
        return [Piece("button", (), {"command": action})]
    text, icon = without_mnemonic(properties.text("text")), form.icon(properties)
    text = "" if text in ("…", "...") and icon else text
    options: dict[str, object] = {"icon": icon}
    if not text and not icon:
        text = words(widget.name or "button")
        form.unlike(widget, f"has neither text nor icon in the file; here it says {text}")
    elif not text:
        tip = " ".join(properties.text("toolTip").split())
        options["name"] = (tip if len(tip) < 50 else "") or widget.name or "button"
    elif properties.flag("default"):
        options["emphasis"] = Plain("primary")
    if properties.flag("checkable"):
        form.unlike(widget, "stays pressed; here it does something once")
    if note := properties.text("description"):
        options["tip"] = note
    run = form.runs.get(widget.name) or Plain(f"actions:{form.draft.function(widget.name, text or widget.name)}")
    return [Piece("button", (text,) if text else (), {**options, "run": run})]


def _default_action(form: Form, widget: Element) -> Plain | None:
    for one in widget.all("addaction"):
        if one.name in form.commands:
            return form.commands[one.name]
    return None


def _progress(form: Form, widget: Element, properties: Properties) -> list[Piece]:
    low, high = properties.number("minimum"), properties.number("maximum", 100)
    label = form.label_of(widget)
    name = {"text": label} if label else {"name": widget.name or "progress"}
    if high <= low:
        return [Piece("progress", (), name)]
    share = (properties.number("value", low) - low) / (high - low)
    return [Piece("progress", (round(min(max(share, 0.0), 1.0), 3),), name)]


def _number(form: Form, widget: Element, properties: Properties) -> list[Piece]:
    return [Piece("label", (properties.text("value") or "0",), {"style": Plain("title")})]


def _separator(form: Form, widget: Element, properties: Properties) -> list[Piece]:
    return [Piece("separator")]


def _rows(form: Form, widget: Element, properties: Properties) -> list[Piece]:
    """A table, tree or list: its own rows, or none where a program brings them."""
    headings = [_text(one) for one in widget.all("column")]
    items = widget.all("item")
    if form.class_of(widget) == "QTableWidget":
        rows = _cells(items, len(widget.all("row")), len(headings))
    else:
        rows = [_row(one) for item in items for one in item.walk() if one.tag == "item"]
        if any(item.all("item") for item in items):
            form.unlike(widget, "is a tree; here its rows stand below each other")
    if not rows:
        form.unlike(widget, "has its rows from the program; here they stand in a table of the app")
    table = form.draft.table(widget.name or "rows", headings or ["Name"], rows)
    return [*_heading(form, widget), grid(table)]


def _heading(form: Form, widget: Element) -> list[Piece]:
    text = form.label_of(widget)
    return [Piece("label", (text,), {"style": Plain("caption"), "tone": Plain("muted")})] if text else []


def _text(item: Element) -> str:
    return next((value_of(one.first("string")) for one in item.all("property") if one.name == "text"), "")


def _row(item: Element) -> list[str]:
    return [value_of(one.first("string")) for one in item.all("property") if one.name == "text"] or [""]


def _cells(items: list[Element], height: int, width: int) -> list[list[str]]:
    places = {(_place(one, "row"), _place(one, "column")): _text(one) for one in items}
    height = min(max([height, *(row + 1 for row, _ in places)]), 10_000)
    width = max([width, *(column + 1 for _, column in places)])
    return [[places.get((row, column), "") for column in range(min(width, 500))] for row in range(height)]


def _place(item: Element, name: str) -> int:
    text = item.attributes.get(name, "0")
    return int(text) if text.isdecimal() and len(text) < 6 else 0


#: Text of a standard button by its name.
_STANDARD = {
    "Ok": "OK", "SaveAll": "Save all", "YesToAll": "Yes to all", "NoToAll": "No to all",
    "RestoreDefaults": "Restore defaults",
}  # fmt: skip
#: Standard buttons that stand out, and that close a dialog.
_PRIMARY = ("Ok", "Save", "Yes", "Open")
_CLOSING = ("Cancel", "Close", "No", "Abort")


def _button_box(form: Form, widget: Element, properties: Properties) -> list[Piece]:
    value = properties.text("standardButtons")
    names = [name.strip().rpartition("::")[2] for name in value.split("|")] if value else ["Ok", "Cancel"]
    buttons = [Piece("spacer")]
    for name in sorted((name for name in names if name), key=lambda name: name in _PRIMARY):
        text = _STANDARD.get(name, name)
        options: dict[str, object] = {"emphasis": Plain("primary")} if name in _PRIMARY else {}
        close = form.runs.get(f"{widget.name}.rejected") if name in _CLOSING else None
        options["run"] = close or Plain(f"actions:{form.draft.function(text, text)}")
        buttons.append(Piece("button", (text,), options))
    return [Piece("row", (), {}, buttons)]


#: Class → what becomes of it.
LEAVES: dict[str, Leaf] = {
    "QLabel": _label, "KSqueezedTextLabel": _label, "KTitleWidget": _label, "QPushButton": _button, "QToolButton":
    _button, "QCommandLinkButton": _button, "KPushButton": _button, "QProgressBar": _progress, "QLCDNumber": _number,
    "Line": _separator, "KSeparator": _separator, "QTableWidget": _rows, "QTreeWidget": _rows, "QListWidget": _rows,
    "QTableView": _rows, "QTreeView": _rows, "QListView": _rows, "QColumnView": _rows, "QUndoView": _rows,
    "KListWidget": _rows, "QDialogButtonBox": _button_box, "KDialogButtonBox": _button_box,
}  # fmt: skip
