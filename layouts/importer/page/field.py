"""Fields of a page's forms: each becomes a state of the window and an input of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from layouts.importer.page.element import Element
from layouts.importer.page.page import Page
from layouts.importer.piece import Piece, Plain

#: Attributes that check what is typed; a layout's ``check`` does that for tables.
_LIMITS = ("required", "pattern", "min", "max", "step", "minlength", "maxlength")


def field(page: Page, element: Element) -> list[Piece]:
    """What a field becomes; nothing for a hidden one."""
    kind = element.get("type").lower() or "text"
    if element.tag == "input" and kind in _BUTTONS:
        return [_button(page, element, element.get("value") or element.get("alt") or kind.capitalize())]
    if element.tag == "input" and kind == "hidden":
        page.lose(element, f"the hidden field {element.get('name')} is not carried")
        return []
    limits = [name for name in _LIMITS if name in element.attributes]
    if limits:
        page.lose(element, f"{_called(element)}: {', '.join(limits)} not checked")
    found = _TAGS[element.tag](page, element) if element.tag in _TAGS else _INPUTS.get(kind, _text)(page, element)
    if "disabled" in element.attributes:
        found.properties["enabled"] = False
    elif "readonly" in element.attributes and found.kind == "input":
        found.properties["editable"] = False
    return [found]


def button(page: Page, element: Element) -> Piece:
    """A button with its own function."""
    return _button(page, element, element.text() or element.get("aria-label") or element.get("title"))


def _button(page: Page, element: Element, text: str) -> Piece:
    run = Plain(f"actions:{page.draft.function(element.get('id') or element.get('name') or text, text or 'Button')}")
    kind = element.get("type").lower() or ("submit" if element.tag == "button" else "")
    options: dict[str, Any] = {"emphasis": Plain("primary")} if kind == "submit" else {}
    if not text:
        options["name"] = element.get("name") or "button"
    if "disabled" in element.attributes:
        options["enabled"] = False
    return Piece("button", (text,) if text else (), {**options, "run": run})


def _called(element: Element) -> str:
    kind = f" type={element.get('type')}" if element.get("type") else ""
    return f"<{element.tag}{kind}> {element.get('name') or element.get('id')}".strip()


def _input(page: Page, element: Element, value: Any, **options: Any) -> Piece:
    """The state and its input, called by its label, else for screen readers by what is known of it."""
    label = page.label_of(element)
    state = page.draft.state(element.get("name") or element.get("id") or label or "value", value)
    hint = element.get("placeholder") or element.get("title")
    if label:
        options = {"label": label, **options, **({"tip": hint} if hint else {})}
    elif element.get("placeholder"):
        options = {"label": element.get("placeholder"), **options}
    else:
        options = {**options, "name": hint or element.get("name") or "Field"}
    return Piece("input", (state,), options)


def _text(page: Page, element: Element) -> Piece:
    kind = element.get("type").lower()
    if kind == "password":
        page.lose(element, f"{_called(element)} shows what is typed, which a password must not")
    elif kind in ("color", "file", "month", "week"):
        page.lose(element, f"{_called(element)} takes any text here")
    choices = page.by_id.get(element.get("list"))
    if choices is None:
        return _input(page, element, element.get("value"))
    page.lose(element, f"{_called(element)} takes what is typed besides; here it takes its choices alone")
    names = [_choosable(page, one, one.get("value") or one.text()) for one in choices.all("option")]
    return _input(page, element, element.get("value"), choices=Plain(", ".join(filter(None, names))))


def _search(page: Page, element: Element) -> Piece:
    name = Plain(page.draft.names.give("search"))
    hint = element.get("placeholder") or page.label_of(element)
    return Piece("search", (), {"id": name, "placeholder": hint or None})


def _number(page: Page, element: Element) -> Piece:
    if element.get("type") == "range":
        page.lose(element, f"{_called(element)} is a field for its number")
    return _input(page, element, _as_number(element.get("value") or element.get("min") or "0"))


def _as_number(text: str) -> int | float:
    if re.fullmatch(r"\s*[+-]?\d{1,15}\s*", text):
        return int(text)
    return float(text) if re.fullmatch(r"\s*[+-]?\d{1,15}\.\d{1,15}\s*", text) else 0


def _date(page: Page, element: Element) -> Piece:
    editor = {"datetime-local": "datetime", "datetime": "datetime"}.get(element.get("type").lower())
    return _input(page, element, element.get("value"), editor=Plain(editor or element.get("type").lower()))


def _switch(page: Page, element: Element) -> Piece:
    return _input(page, element, "checked" in element.attributes)


def _radio(page: Page, element: Element) -> Piece:
    """All radio buttons of a name as one choice, where the first of them stands."""
    form = next((one for one in page.root.all("form") if any(element is inner for inner in one.walk())), page.root)
    name = element.get("name")
    group = [one for one in form.all("input") if one.get("type").lower() == "radio" and one.get("name") == name]
    group = group if name else [element]
    names = []
    for one in group:
        page.done.add(id(one))
        names.append(_choosable(page, one, page.label_of(one) or one.get("value") or "on"))
    chosen = [text for one, text in zip(group, names, strict=True) if "checked" in one.attributes]
    state = page.draft.state(name or "choice", chosen[-1] if chosen else "")
    title = name.replace("_", " ").replace("-", " ").capitalize() or "Choice"
    return Piece("input", (state,), {"name": title, "choices": Plain(", ".join(names))})


def _select(page: Page, element: Element) -> Piece:
    if "multiple" in element.attributes:
        page.lose(element, f"{_called(element)} takes one of its choices; it took several")
    options = element.all("option")
    if element.all("optgroup"):
        page.lose(element, f"{_called(element)}: the headings of its choices are not carried")
    names = [_choosable(page, one, one.text() or one.get("label") or one.get("value")) for one in options]
    chosen = [name for one, name in zip(options, names, strict=True) if "selected" in one.attributes]
    first = (chosen or names or [""])[0]
    return _input(page, element, first, choices=Plain(", ".join(filter(None, names))) or None)


def _lines(page: Page, element: Element) -> Piece:
    text = "".join(child for child in element.children if isinstance(child, str)).removeprefix("\n")
    rows = element.get("rows")
    lines = min(max(int(rows), 2), 20) if rows.isdecimal() and len(rows) < 5 else 4
    return _input(page, element, text, editor=Plain("longtext"), lines=lines)


def _share(page: Page, element: Element) -> Piece:
    high = float(_as_number(element.get("max") or "1")) or 1.0
    low = float(_as_number(element.get("min") or "0"))
    name = {"text": page.label_of(element)} if page.label_of(element) else {"name": "progress"}
    if "value" not in element.attributes or high <= low:
        return Piece("progress", (), name)
    share = (float(_as_number(element.get("value"))) - low) / (high - low)
    return Piece("progress", (round(min(max(share, 0.0), 1.0), 3),), name)


def _output(page: Page, element: Element) -> Piece:
    return Piece("label", (element.text(),) if element.text() else ())


def _choosable(page: Page, element: Element, name: str) -> str:
    """A choice's text; commas part choices, so it has none."""
    if "," in name:
        page.lose(element, f"a choice with a comma, which is a semicolon here: {name[:60]}")
    return " ".join(name.replace(",", ";").split())


Field = Callable[[Page, Element], Piece]

_BUTTONS = ("submit", "reset", "button", "image")
#: Type of an input → what makes a piece of it; others are texts.
_INPUTS: dict[str, Field] = {
    "search": _search, "number": _number, "range": _number, "date": _date, "time": _date, "datetime-local": _date,
    "datetime": _date, "checkbox": _switch, "radio": _radio,
}  # fmt: skip
#: Other elements that are fields.
_TAGS: dict[str, Field] = {
    "select": _select, "textarea": _lines, "progress": _share, "meter": _share, "output": _output,
}  # fmt: skip
