"""The style sheet of a look: which parts of a kind's widget its values are for, and how Qt writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from layouts.style.matching import HEADING, Look

if TYPE_CHECKING:
    from widgets.theme import Theme

#: Stands for the name of the look until it is known.
_WIDGET = '[look="LOOK"]'
_EDITORS = tuple(
    f"{_WIDGET} {name}{{state}}" for name in ("QLineEdit", "QPlainTextEdit", "QAbstractSpinBox", "QComboBox")
)
_SELF = (_WIDGET + "{state}",)
_LABELS = (_WIDGET + " > QLabel{state}",)
#: Kind → selectors of its ground and border, and of its texts; the widget itself where it is missing.
_PARTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "group": (_SELF, _LABELS),
    "message": ((), _LABELS),
    "link": ((), _SELF),
    "field": (_EDITORS, _EDITORS),
    "input": (_EDITORS, _EDITORS),
    "tabs": (_SELF, (_WIDGET + " QTabBar::tab{state}",)),
    **dict.fromkeys(("row", "column", "cells", "scroll", "window", "form", "split", "tab", "toolbar"), (_SELF, ())),
}
_PADDED = ("button", "label", "menu", "search", "field", "input")
_STATES = {
    "hover": ":hover", "focus": ":focus", "disabled": ":disabled", "selected": ":checked",
    "invalid": '[invalid="true"]',
}  # fmt: skip


def sheet_of(kind: str, look: Look, theme: Theme) -> str:
    """The sheet, empty for a look of nothing; LOOK stands in it for the name of the look."""
    box, text = _PARTS.get(kind, (_SELF, _SELF))
    lines = []
    for states, values in (((), look.values), *look.states):
        if HEADING in states:
            continue
        state = _state(kind, states)
        for selectors, declared in ((box, _box(kind, values, theme)), (text, _text(values, theme))):
            if selectors and declared:
                whole = ", ".join(selector.replace("{state}", state) for selector in selectors)
                lines.append(f"{whole} {{ {'; '.join(declared)} }}")
    if kind in _PADDED and "padding" in look.values and "border" not in look.values:
        # The line of the focus is wider by a pixel; what is inside stays where it is.
        inner = max(0, theme.space(look.values["padding"]) - 1)
        lines.append(f"{', '.join(one.replace('{state}', ':focus') for one in box)} {{ padding: {inner}px }}")
    return "\n".join(lines)


def _state(kind: str, states: tuple[str, ...]) -> str:
    """States as Qt writes them, properties before pseudo-states."""
    written = sorted((_STATES[name] for name in states), reverse=True)
    return "".join(":selected" if one == ":checked" and kind == "tabs" else one for one in written)


def _box(kind: str, values: dict[str, str], theme: Theme) -> list[str]:
    found = []
    if "ground" in values:
        found.append(f"background: {theme.color(values['ground']).name()}")
    if "border" in values:
        width = theme.border(values.get("border_width", "hair"))
        found.append(f"border: {width}px solid {theme.color(values['border']).name()}")
    elif "border_width" in values:
        found.append(f"border-width: {theme.border(values['border_width'])}px")
    elif "ground" in values and kind in ("button", "menu"):
        found.append(f"border-color: {theme.color(values['ground']).name()}")
    if "radius" in values:
        radius = 0 if values["radius"] == "none" else theme.radius(values["radius"])
        found.append(f"border-radius: {radius}px")
    if "padding" in values and kind in _PADDED:
        found.append(f"padding: {theme.space(values['padding'])}px")
    return found


def _text(values: dict[str, str], theme: Theme) -> list[str]:
    found = []
    if "color" in values:
        found.append(f"color: {theme.color(values['color']).name()}")
    if "type" in values:
        font = theme.font(values["type"])
        found += [f"font-size: {font.pixelSize()}px", f"font-weight: {int(font.weight())}"]
        if values["type"] == "mono":
            found.append(f'font-family: "{font.family()}"')
    if "weight" in values:
        found = [one for one in found if not one.startswith("font-weight")]
        found.append(f"font-weight: {theme.tokens.length('weight', values['weight'])}")
    return found
