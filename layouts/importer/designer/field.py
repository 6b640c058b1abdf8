"""Widgets of a .ui file that hold a value: each becomes a state of the window and an input of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from layouts.importer.designer.element import Element
from layouts.importer.designer.form import Form
from layouts.importer.designer.property import Properties, as_label, value_of, words
from layouts.importer.piece import Piece, Plain

Field = Callable[[Form, Element, Properties], Piece]


def _input(form: Form, widget: Element, value: Any, label: str = "", **options: Any) -> Piece:
    """The state and its input; without a label it is called like the widget, for screen readers alone."""
    state = form.draft.state(widget.name or widget.kind, value)
    label = label or form.label_of(widget)
    options = {"label": label or None, **options}
    if not label and "name" not in options:
        options["name"] = words(widget.name or widget.kind)
    return Piece("input", (state,), options)


def _line(form: Form, widget: Element, properties: Properties) -> Piece:
    hint = properties.text("placeholderText")
    if properties.choice("echoMode") not in ("", "Normal"):
        form.unlike(widget, "shows what is typed, which a password must not")
    found = _input(form, widget, properties.text("text") or properties.text("keySequence"))
    if hint and not found.properties.get("label"):
        found.properties["label"] = as_label(hint)
        found.properties.pop("name", None)
    elif hint:
        found.properties.setdefault("tip", hint)
    if properties.flag("readOnly"):
        found.properties["editable"] = False
    return found


def _lines(form: Form, widget: Element, properties: Properties) -> Piece:
    text = properties.text("plainText") or properties.text("html") or properties.text("markdown")
    label = form.label_of(widget) or as_label(properties.text("placeholderText"))
    found = _input(form, widget, text, label, editor=Plain("longtext"), lines=6)
    if properties.flag("readOnly") or form.class_of(widget) == "QTextBrowser":
        found.properties["editable"] = False
    return found


def _whole(form: Form, widget: Element, properties: Properties) -> Piece:
    return _number(form, widget, properties, properties.whole("value", properties.whole("minimum")))


def _real(form: Form, widget: Element, properties: Properties) -> Piece:
    return _number(form, widget, properties, properties.number("value", properties.number("minimum")))


def _number(form: Form, widget: Element, properties: Properties, value: float) -> Piece:
    unit = (properties.text("suffix") or properties.text("prefix")).strip()
    label = form.label_of(widget)
    found = _input(form, widget, value, f"{label} ({unit})" if label and unit else label)
    if unit and not label:
        found.properties.update(label=unit)
        found.properties.pop("name", None)
    limits = [name for name in ("minimum", "maximum") if properties.text(name)]
    if limits:
        values = " to ".join(properties.text(name) for name in limits)
        form.unlike(widget, f"takes any number; its limits were {values}")
    return found


def _slider(form: Form, widget: Element, properties: Properties) -> Piece:
    form.unlike(widget, "is a field for its number")
    return _whole(form, widget, properties)


def _choice(form: Form, widget: Element, properties: Properties) -> Piece:
    names = [value_of(text) for one in widget.all("item") for text in _texts(one)]
    index = properties.whole("currentIndex")
    if not names:
        form.unlike(widget, "has its choices from the program; here it takes any text")
        return _input(form, widget, properties.text("currentText"))
    if properties.flag("editable"):
        form.unlike(widget, "takes what is typed besides; here it takes its choices alone")
    names = [_choosable(form, widget, name) for name in names]
    current = names[index] if 0 <= index < len(names) else ""
    return _input(form, widget, current, choices=Plain(", ".join(names)))


def _texts(item: Element) -> list[Element | None]:
    return [one.first("string") for one in item.all("property") if one.name == "text"]


def _choosable(form: Form, widget: Element, name: str) -> str:
    """A choice's text; commas part choices, so it has none."""
    if "," in name:
        form.unlike(widget, f"has a choice with a comma, which is a semicolon here: {name}")
    return " ".join(name.replace(",", ";").split()) or "–"


def _switch(form: Form, widget: Element, properties: Properties) -> Piece:
    if properties.flag("tristate"):
        form.unlike(widget, "knows yes and no alone; it had a third state")
    return _input(form, widget, properties.flag("checked"), as_label(properties.text("text")))


def _date(form: Form, widget: Element, properties: Properties) -> Piece:
    parts = properties.parts("date") or properties.parts("dateTime") or properties.parts("selectedDate")
    value = _written_date(parts)
    if form.class_of(widget) == "QDateTimeEdit":
        value = f"{value}T{_written_time(parts)}" if value else ""
        return _input(form, widget, value, editor=Plain("datetime"))
    return _input(form, widget, value, editor=Plain("date"))


def _time(form: Form, widget: Element, properties: Properties) -> Piece:
    parts = properties.parts("time")
    return _input(form, widget, _written_time(parts) if parts else "", editor=Plain("time"))


def _written_date(parts: dict[str, str]) -> str:
    try:
        return f"{int(parts['year']):04}-{int(parts['month']):02}-{int(parts['day']):02}"
    except (KeyError, ValueError):
        return ""


def _written_time(parts: dict[str, str]) -> str:
    try:
        return ":".join(f"{int(parts.get(name) or 0):02}" for name in ("hour", "minute", "second"))
    except ValueError:
        return ""


def radio(form: Form, widget: Element, group: list[Element], title: str) -> Piece:
    """A group of radio buttons as one choice among their texts.

    Args:
        form: The file.
        widget: The first of them.
        group: All of them.
        title: What they are about.
    """
    names, current = [], ""
    for one in group:
        properties = Properties(one)
        name = _choosable(form, one, as_label(properties.text("text")))
        names.append(name)
        current = name if properties.flag("checked") else current
        form.done.add(id(one))
        form.tell_rest(one, properties)
    label = form.label_of(widget)
    options = {"label": label} if label else {"label": None, "name": title or words(widget.name)}
    state = form.draft.state(widget.name or "choice", current)
    return Piece("input", (state,), {**options, "choices": Plain(", ".join(names))})


#: Class → what makes an input of it.
FIELDS: dict[str, Field] = {
    "QLineEdit": _line, "QKeySequenceEdit": _line, "KLineEdit": _line, "KUrlRequester": _line, "KKeySequenceWidget":
    _line, "QTextEdit": _lines, "QPlainTextEdit": _lines, "QTextBrowser": _lines, "KTextEdit": _lines, "QSpinBox":
    _whole, "KIntSpinBox": _whole, "KPluralHandlingSpinBox": _whole, "QDoubleSpinBox": _real, "QSlider": _slider,
    "QDial": _slider, "QScrollBar": _slider, "KIntNumInput": _whole, "QComboBox": _choice, "KComboBox": _choice,
    "QFontComboBox": _choice, "QCheckBox": _switch, "QDateEdit": _date, "QDateTimeEdit": _date, "QCalendarWidget":
    _date, "KDateComboBox": _date, "QTimeEdit": _time, "KTimeComboBox": _time,
}  # fmt: skip
