"""What all parts of one page share while it becomes a layout."""

from __future__ import annotations

from collections.abc import Callable

from layouts.importer.draft import Draft
from layouts.importer.page.element import Element
from layouts.importer.page.style import Styles

#: Fields that a label may name.
FIELDS = ("input", "select", "textarea", "progress", "meter", "output", "button")
#: A label longer than this is a sentence.
LONGEST_LABEL = 80

#: Answers the bytes of a file beside the page; None where there is none.
ReadFile = Callable[[str], bytes | None]


class Page:
    """One page.

    Attributes:
        draft: Gathers what becomes of it.
        styles: Gathers the looks of its widgets.
        base: Where addresses without a host count from, when the page says so.
        labels: What a field is called, by ``id()``.
        silent: Labels that stand in their field's place, by ``id()``.
        done: Radio buttons that are a part of a choice, by ``id()``.
    """

    def __init__(self, draft: Draft, root: Element, read_file: ReadFile) -> None:
        self.draft = draft
        self.root = root
        self.read_file = read_file
        self.styles = Styles()
        self.base = next((one.get("href") for one in root.all("base") if one.get("href").startswith("http")), "")
        self.labels: dict[int, str] = {}
        self.silent: set[int] = set()
        self.done: set[int] = set()
        self.by_id = {one.get("id"): one for one in root.walk() if one.get("id")}
        self._name_fields()

    def lose(self, element: Element, message: str) -> None:
        """Report something of an element that is not carried."""
        self.draft.lose(element.line, message)

    def label_of(self, field: Element) -> str:
        """What a field is called on the page; empty where nothing says so."""
        told = self.by_id.get(field.get("aria-labelledby"))
        return self.labels.get(id(field)) or field.get("aria-label") or (told.text() if told is not None else "")

    def name_by(self, field: Element, text: str) -> bool:
        """Call a field by a text that stands beside it; answers whether it took it."""
        name = " ".join(text.split()).removesuffix(":").removesuffix("*").strip()
        if not name or len(name) > LONGEST_LABEL or self.label_of(field):
            return False
        self.labels[id(field)] = name
        return True

    def _name_fields(self) -> None:
        for label in self.root.all("label"):
            inner = next((one for one in label.walk() if one.tag in FIELDS and one.get("type") != "hidden"), None)
            field = self.by_id.get(label.get("for")) if label.get("for") else inner
            if field is not None and field.tag in FIELDS and self.name_by(field, label.text((*FIELDS, "script"))):
                self.silent.add(id(label))
