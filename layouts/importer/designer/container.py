"""Widgets of a .ui file that hold others."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from layouts.importer.designer.arrange import arranged, boxed, by_place
from layouts.importer.designer.element import Element
from layouts.importer.designer.field import FIELDS, radio
from layouts.importer.designer.form import Form
from layouts.importer.designer.leaf import LEAVES
from layouts.importer.designer.property import Properties, without_mnemonic, words
from layouts.importer.piece import Piece, Plain

#: Classes that are only described elsewhere in the file, or become a part of the window.
_ELSEWHERE = ("QMenuBar", "QMenu", "QToolBar", "QStatusBar")


class Converter:
    """Makes pieces of widgets."""

    def __init__(self, form: Form, root: Element) -> None:
        self.form = form
        self._root = root

    def pieces(self, element: Element) -> list[Piece]:
        """What a widget, layout or spacer becomes; nothing for what stands elsewhere."""
        if element.tag == "spacer":
            is_across = Properties(element).choice("orientation") == "Horizontal"
            return [Piece("spacer")] if is_across else []
        if element.tag == "layout":
            return boxed(arranged(self.form, element, self.pieces))
        if id(element) in self.form.done or self.form.class_of(element) in _ELSEWHERE:
            return []
        return self._widget(element)

    def inside(self, widget: Element) -> list[Piece]:
        """What stands in a widget, one below the other."""
        layout = widget.first("layout")
        children = widget.all("widget")
        if layout is None:
            return by_place(children, self.pieces)
        pieces = arranged(self.form, layout, self.pieces)
        return pieces + [piece for child in children for piece in self.pieces(child)]

    def _widget(self, widget: Element) -> list[Piece]:
        cls = self.form.class_of(widget)
        properties = Properties(widget)
        if cls == "QRadioButton":
            found = self._radio(widget)
        elif cls in FIELDS:
            found = [FIELDS[cls](self.form, widget, properties)]
        elif cls in LEAVES:
            found = LEAVES[cls](self.form, widget, properties)
        elif cls in CONTAINERS:
            found = CONTAINERS[cls](self, widget, properties)
        else:
            self.form.unlike(widget, "has no likeness; here stands what is in it" if widget.all("widget", "layout")
                             else "has no likeness; here stands its name")  # fmt: skip
            inner = self.inside(widget)
            found = inner or [Piece("message", (f"{widget.kind} {widget.name}".strip(),))]
        if found:
            first = found[-1] if cls in LEAVES else found[0]
            common = self.form.common(widget, properties)
            first.properties = {**first.properties, **{key: one for key, one in common.items() if one != ""}}
        if cls != "QRadioButton":
            self.form.tell_rest(widget, properties)
        return found

    def _radio(self, widget: Element) -> list[Piece]:
        """The first of a group stands for all; a radio button's group is what its parent holds."""
        holder = next(one for one in self._holders() if any(widget is other for other in _radios(one, self.form)))
        key = Properties(widget).text("buttonGroup")
        group = [one for one in _radios(holder, self.form) if Properties(one).text("buttonGroup") == key]
        title = without_mnemonic(Properties(holder).text("title"))
        return [radio(self.form, widget, group, title)]

    def _holders(self) -> list[Element]:
        return [one for one in self._root.walk() if one.tag == "widget"]


def _radios(holder: Element, form: Form) -> list[Element]:
    """The radio buttons that a widget holds itself, through its layouts."""
    found, waiting = [], list(reversed(holder.children))
    while waiting:
        one = waiting.pop()
        if one.tag == "widget":
            if form.class_of(one) == "QRadioButton":
                found.append(one)
        elif one.tag in ("layout", "item"):
            waiting += reversed(one.children)
    return found


def _frame(converter: Converter, widget: Element, properties: Properties) -> list[Piece]:
    if properties.choice("frameShape") in ("HLine", "VLine"):
        return [Piece("separator")]
    return boxed(converter.inside(widget))


def _group(converter: Converter, widget: Element, properties: Properties) -> list[Piece]:
    title = without_mnemonic(properties.text("title"))
    inner = converter.inside(widget)
    if properties.flag("checkable"):
        state = converter.form.draft.state(widget.name, properties.flag("checked", True))
        inner = [Piece("input", (state,), {"label": title}), Piece("column", (), {"enabled": Plain(state)}, inner)]
        return [Piece("group", (), {}, inner)]
    return [Piece("group", (title,), {}, inner)] if title or inner else []


def _tabs(converter: Converter, widget: Element, properties: Properties) -> list[Piece]:
    return _pages(converter, widget, "title", {})


def _boxes(converter: Converter, widget: Element, properties: Properties) -> list[Piece]:
    return _pages(converter, widget, "label", {"side": Plain("start")})


def _stack(converter: Converter, widget: Element, properties: Properties) -> list[Piece]:
    converter.form.unlike(widget, "shows its pages by tabs; the program chose among them")
    return _pages(converter, widget, "title", {})


def _pages(converter: Converter, widget: Element, title: str, options: dict[str, object]) -> list[Piece]:
    tabs = []
    for page in widget.all("widget"):
        told = Properties(page)
        text = without_mnemonic(told.text(title)) or told.text("windowTitle") or words(page.name) or "Page"
        inner = converter.pieces(page)
        tabs.append(
            Piece("tab", (text,), {}, [Piece("scroll", (), {"padding": Plain("normal")}, inner)] if inner else [])
        )
    return [Piece("tabs", (), {**options, "stretch": 1}, tabs)] if tabs else []


def _scroll(converter: Converter, widget: Element, properties: Properties) -> list[Piece]:
    inner = [piece for page in widget.all("widget") for piece in converter.inside(page)]
    return [Piece("scroll", (), {"stretch": 1}, inner)]


def _split(converter: Converter, widget: Element, properties: Properties) -> list[Piece]:
    parts = [piece for child in widget.all("widget", "layout") for piece in boxed(converter.pieces(child))]
    if len(parts) < 2:
        return parts
    options = {"direction": Plain("column")} if properties.choice("orientation") == "Vertical" else {}
    return [Piece("split", (), {**options, "stretch": 1}, parts)]


def _plain(converter: Converter, widget: Element, properties: Properties) -> list[Piece]:
    return boxed(converter.inside(widget))


def _dock(converter: Converter, widget: Element, properties: Properties) -> list[Piece]:
    title = without_mnemonic(properties.text("windowTitle"))
    return [Piece("group", (title or widget.name,), {}, converter.inside(widget))]


#: Classes that add nothing of their own round what they hold.
_PLAIN = ("QWidget", "QDialog", "QFrame", "QWizardPage")
Container = Callable[[Converter, Element, Properties], list[Piece]]

#: Class → what becomes of it and of what is in it.
CONTAINERS: dict[str, Container] = {
    "QWidget": _plain, "QDialog": _plain, "QMainWindow": _plain, "QFrame": _frame, "QGroupBox": _group, "QTabWidget":
    _tabs, "QToolBox": _boxes, "QStackedWidget": _stack, "QScrollArea": _scroll, "QSplitter": _split, "QDockWidget":
    _dock, "QWizard": _tabs, "QWizardPage": _plain, "QMdiArea": _tabs, "QMdiSubWindow": _plain, "KTabWidget": _tabs,
    "KVBox": _plain, "KHBox": _plain, "Gui::PrefPage": _plain, "KMessageWidget": _plain,
}  # fmt: skip


def window_body(converter: Converter, root: Element) -> list[Piece]:
    """What stands in the middle of a window: its widgets, the docks beside them."""
    converter.form.tell_rest(root, Properties(root))
    if converter.form.class_of(root) in FIELDS or converter.form.class_of(root) in LEAVES:
        return converter.pieces(root)
    if converter.form.class_of(root) != "QMainWindow":
        return converter.inside(root) if converter.form.class_of(root) in _PLAIN else converter.pieces(root)
    docks = [one for one in root.all("widget") if converter.form.class_of(one) == "QDockWidget"]
    others = [one for one in root.all("widget") if one not in docks]
    middle = boxed([piece for one in others for piece in converter.pieces(one)])
    sides = [piece for dock in docks for piece in converter.pieces(dock)]
    if sides and middle:
        return [Piece("split", (), {"stretch": 1}, [*middle, *boxed(sides)])]
    return middle or boxed(sides)


def tell_tab_order(form: Form, root: Element) -> None:
    """A tab order that is not the order of the widgets is told: a layout's is always that."""
    stops = root.first("tabstops")
    named = [one.text.strip() for one in stops.all("tabstop")] if stops is not None else []
    places = {one.name: index for index, one in enumerate(form.named.values())}
    for one, other in pairwise([name for name in named if name in places]):
        if places[one] > places[other]:
            form.draft.lose(
                stops.line if stops else 0, f"Tab goes in the order of the layout, not from {one} to {other}"
            )
            return
