"""What all parts of one .ui file share while it becomes a layout."""

from __future__ import annotations

from pathlib import PurePosixPath

from layouts.importer.designer.element import Element
from layouts.importer.designer.icon import ICONS
from layouts.importer.designer.property import Properties, as_label, without_mnemonic
from layouts.importer.draft import Draft
from layouts.importer.piece import Plain

#: A label longer than this is a sentence, not the name of a field.
_LONGEST_LABEL = 60


class Form:
    """One .ui file.

    Attributes:
        draft: Gathers what becomes of it.
        bases: Class of a promoted widget → the class that it extends.
        labels: Name of a widget → the text of the label before it.
        named: Widgets by their names.
        silent: Labels that stand in their field's own place, by ``id()``.
        done: Widgets that became a part of one before them, by ``id()``.
        actions: Name of an action → its element.
        commands: Name of an action → the command that it became.
        runs: Name of a button → what its connections say that it does.
    """

    def __init__(self, root: Element, draft: Draft) -> None:
        self.draft = draft
        self.bases = _bases(root)
        self.labels: dict[str, str] = {}
        self.silent: set[int] = set()
        self.done: set[int] = set()
        self.named = {one.name: one for one in root.walk() if one.tag in ("widget", "layout") and one.name}
        self.actions = {one.name: one for one in root.walk() if one.tag in ("action", "actiongroup") and one.name}
        self.commands: dict[str, Plain] = {}
        self.runs: dict[str, Plain] = {}

    def class_of(self, widget: Element) -> str:
        """The class of Qt that a widget is, behind what it was promoted to."""
        found, seen = widget.kind, set()
        while found in self.bases and found not in seen:
            seen.add(found)
            found = self.bases[found]
        return found

    def label_of(self, widget: Element) -> str:
        """What the label before a field calls it; empty without one."""
        return self.labels.get(widget.name, "")

    def name_by(self, label: Element, field: Element) -> None:
        """Let a label be the field's own, unless the field has one or the label says too much for that."""
        text = as_label(Properties(label).text("text"))
        if field.name and text and field.name not in self.labels and len(text) <= _LONGEST_LABEL and "\n" not in text:
            self.labels[field.name] = text
            self.silent.add(id(label))

    def icon(self, properties: Properties) -> Plain | None:
        """Our icon for the widget's; one without a likeness is told."""
        value = properties.element_of("icon")
        if value is None:
            return None
        wanted = value.attributes.get("theme", "") or value.text.strip()
        stem = PurePosixPath(wanted).stem.lower().replace("_", "-")
        for name in (stem, stem.rsplit("-", 1)[0]):
            if name in ICONS:
                return Plain(ICONS[name])
        if wanted:
            self.draft.lose(value.line, f"the icon {wanted} has no likeness among the icons of layouts")
        return None

    def common(self, widget: Element, properties: Properties) -> dict[str, object]:
        """Properties that every widget has in a layout."""
        found: dict[str, object] = {}
        tips = [properties.text(name) for name in ("toolTip", "statusTip", "whatsThis")]
        tip = next(filter(None, tips), "")
        if tip.strip():
            found["tip"] = without_mnemonic(tip) if "\n" not in tip else " ".join(tip.split())
        if name := properties.text("accessibleName"):
            found["name"] = name
        if not properties.flag("enabled", True):
            found["enabled"] = False
        if not properties.flag("visible", True):
            found["visible"] = False
        return found

    def tell_rest(self, widget: Element, properties: Properties) -> None:
        """Report the properties that no part of the layout has."""
        for one in properties.left():
            self.draft.lose(one.line, f"{one.name} of {_called(widget)} is not carried")
        for name in properties.needless():
            self.draft.pass_over(name)

    def unlike(self, widget: Element, message: str) -> None:
        """Report a widget that became something else."""
        self.draft.lose(widget.line, f"{_called(widget)} {message}")


def _called(widget: Element) -> str:
    return f"{widget.kind} {widget.name}".strip() or widget.tag


def _bases(root: Element) -> dict[str, str]:
    """Promoted class → base, from the file's own list."""
    found = {}
    for one in root.walk():
        if one.tag == "customwidget":
            name, base = one.first("class"), one.first("extends")
            if name is not None and base is not None:
                found[name.text.strip()] = base.text.strip()
    return found
