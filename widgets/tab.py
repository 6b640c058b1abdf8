"""The kind ``tab``: one page of ``tabs``; what it holds is built when it is first shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from kernel.words import say
from layouts.node import Formula, Node, Template
from widgets.column import Column

if TYPE_CHECKING:
    from widgets.context import Context
    from widgets.patch import Stale
    from widgets.tabs import Tabs


class Tab(QWidget):
    """One page, with what its tab says.

    Attributes:
        home: The tabs that it stands in.
        key: What it is remembered by: its id, or its title as the layout writes it.
        title, badge, icon: What its tab shows.
        is_wanted: Whether the layout shows it at all (``visible``).
        is_usable: Whether it may be chosen (``enabled``).
        is_closed: Whether a person closed it.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context, self._inside = context, node
        self.home: Tabs | None = None
        self.key = node.id or _written(node.get("title", ""))
        self.title = self.badge = self.icon = ""
        self.is_wanted, self.is_usable, self.is_closed = True, True, False
        self._is_built = False
        QVBoxLayout(self).setContentsMargins(0, 0, 0, 0)

    @property
    def is_seen(self) -> bool:
        """Whether there is a tab for it: the layout wants it, and nobody closed it."""
        return self.is_wanted and not self.is_closed

    def build(self) -> None:
        """Build what it holds, unless that is done."""
        if self._is_built:
            return
        self._is_built = True
        column = Column(Node("column", children=self._inside.children), self.context, self)
        self.region = column.region
        self.layout().addWidget(column)
        column.show()  # at once, where the page is in sight already

    def hold(self, widget: QWidget) -> None:
        """Hold a widget that was built already, and nothing else."""
        self._is_built = True
        self.layout().addWidget(widget)

    def patch_children(self, node: Node, stale: Stale) -> None:
        """Hold what another node says; what is not built yet is built of that one day."""
        from widgets.patch import patch_region

        self._inside = node
        if "region" in self.__dict__:
            patch_region(self.region, node.children, stale)

    def set_title(self, title: str) -> None:
        """What its tab says."""
        self.title = title
        self.setAccessibleName(title)
        self._tell()

    def set_badge(self, badge: str) -> None:
        """A short text behind the title."""
        self.badge = badge
        self._tell()

    def set_icon(self, icon: str) -> None:
        """The icon before the title."""
        self.icon = icon
        self._tell()

    def set_visible(self, is_visible: bool) -> None:
        """Whether there is a tab for it."""
        self.is_wanted = is_visible
        self._tell()

    def set_enabled(self, is_enabled: bool) -> None:
        """Whether its tab may be chosen and what it holds used."""
        self.is_usable = is_enabled
        self.setEnabled(is_enabled)
        self._tell()

    def _tell(self) -> None:
        if self.home is not None:
            self.home.show_tab(self)


def page_around(widget: QWidget, context: Context, parent: QWidget) -> Tab:
    """A page for what is none itself: the card of a page that cannot be built, a note of a repeat."""
    page = Tab(Node("tab"), context, parent)
    page.hold(widget)
    is_note = "node" in widget.__dict__ and widget.__dict__["node"].kind == "label"
    page.set_title(say("Note") if is_note else say("Problem"))
    page.set_icon("" if is_note else "error")
    return page


def _written(value: object) -> str:
    """A title as the layout writes it."""
    if isinstance(value, Formula):
        return value.text
    parts = value.parts if isinstance(value, Template) else (value,)
    return "".join(part if isinstance(part, str) else getattr(part, "text", str(part)) for part in parts)
