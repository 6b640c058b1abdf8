"""What commands, bars and keys do to a web view; its bars are made when they are first wanted."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from plugins.api import Context, Node, StateView, option, say
from plugins.chromium.ground import Ground

if TYPE_CHECKING:
    from plugins.api import HintTarget
    from plugins.chromium.asker import Asker
    from plugins.chromium.bars import FindBar, NavigationBar
    from plugins.chromium.browser import Browser

#: The smallest and largest size of a page, and the steps between.
ZOOM_LEAST, ZOOM_MOST, ZOOM_STEP = 0.3, 5.0, 1.1


class Steered(QWidget):
    """The ground with its bars.

    Attributes:
        state: waiting (not painted yet), loading, ready, error, crashed, empty or missing.
        browser: Chromium's half; None until it is wanted.
        title: The page's.
    """

    def __init__(self, node: Node, context: Context, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.context, self._node = context, node
        self.state, self.title = "waiting", ""
        self.browser: Browser | None = None
        self._zoom = 1.0
        #: What the bar of the address says: address, state of security; and whether a page comes.
        self._place: tuple[str, str] = ("", "none")
        self._is_loading = False
        self.ground = Ground(context, self)
        self.note = StateView(self.ground, context.theme)
        self.ground.parts.append(self.note)
        self.note.retry.connect(self.reload)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.ground, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    # -- bars -------------------------------------------------------------------------------------------------------

    @cached_property
    def navigation(self) -> NavigationBar:
        """The bar with the address, on top."""
        from plugins.chromium.bars import NavigationBar

        bar = NavigationBar(self, self.context.theme, self)
        self._column.insertWidget(0, bar)
        bar.show_address(*self._place)
        bar.show_loading(self._is_loading)
        self._with(lambda browser: bar.show_history(browser.has_back(), browser.has_forward()))
        return bar

    @cached_property
    def asker(self) -> Asker:
        """The bar of questions, over the page."""
        from plugins.chromium.asker import Asker

        bar = Asker(self.context.theme, self)
        self._column.insertWidget(self._column.indexOf(self.ground), bar)
        return bar

    @cached_property
    def find_bar(self) -> FindBar:
        """The bar to find a text, below the page."""
        from plugins.chromium.bars import FindBar

        bar = FindBar(self, self.context.theme, self)
        self._column.addWidget(bar)
        return bar

    def set_bar(self, is_shown: bool) -> None:
        """Whether there is a bar with the address."""
        if is_shown or "navigation" in vars(self):
            self.navigation.setVisible(bool(is_shown))

    def refuse_all(self) -> None:
        """Answer all that is asked, as if it was closed."""
        if "asker" in vars(self):
            self.asker.refuse_all()

    def _show_place(self, url: str, security: str) -> None:
        self._place = url, security
        if "navigation" in vars(self):
            self.navigation.show_address(url, security)
            self._with(lambda browser: self.navigation.show_history(browser.has_back(), browser.has_forward()))

    def _show_loading(self, is_loading: bool) -> None:
        self._is_loading = is_loading
        if "navigation" in vars(self):
            self.navigation.show_loading(is_loading)

    # -- what commands do -------------------------------------------------------------------------------------------

    def back(self) -> None:
        """Go to the page before this one."""
        self._with(lambda browser: browser.back())

    def forward(self) -> None:
        """Go to the page after this one."""
        self._with(lambda browser: browser.forward())

    def reload(self) -> None:
        """Read the page anew; where it could not be shown, try again."""
        if self.state in ("error", "crashed") and self.browser is not None:
            self.note.hide()
            self.browser.view.show()
        self._with(lambda browser: browser.reload())

    def stop(self) -> None:
        """Stop what comes."""
        self._with(lambda browser: browser.stop())

    def find(self, text: str, *, is_back: bool = False) -> None:
        """Find a text in the page."""
        self._with(lambda browser: browser.find(text, is_back=is_back))

    def end_find(self) -> None:
        """Find nothing any more, and go back into the page."""
        self._with(lambda browser: browser.find(""))
        self.setFocus()

    def zoom_by(self, steps: int) -> None:
        """Make the page larger or smaller by steps; 0 is its own size."""
        factor = self._zoom * ZOOM_STEP**steps if steps else 1.0
        self._zoom = round(min(max(factor, ZOOM_LEAST), ZOOM_MOST), 3)
        if self._node.id:
            self.context.remember(self._zoom_name(), self._zoom)
        self._with(lambda browser: browser.set_zoom(self._zoom))

    @property
    def zoom(self) -> float:
        """Size of the page, 1 = its own."""
        return self._zoom

    def print_to(self, path: str = "") -> None:
        """Write the page as a PDF file; without a path, among the downloads."""
        if not path:
            name = "".join(letter if letter.isalnum() or letter in " -_" else "-" for letter in self.title).strip()
            from plugins.chromium.download import download_folder

            folder = Path(download_folder(str(option("chromium.folder") or "")))
            folder.mkdir(parents=True, exist_ok=True)
            path = str(_free(folder / f"{name[:80] or 'page'}.pdf"))
        self._with(lambda browser: browser.print_to(path))

    def show_tools(self) -> None:
        """Chromium's developer tools."""
        self._with(lambda browser: browser.show_tools())

    def forget_site(self) -> None:
        """Ask anew what the page's origin may do."""
        page = self.browser.page if self.browser is not None else None
        if page is not None and self.browser.profile.permissions.forget(page.origin()):
            self.tell("success", say("{origin} is asked about anew.", origin=page.origin()))

    def open_outside(self) -> None:
        """Open the page in the person's own browser."""
        page = self.browser.page if self.browser is not None else None
        if page is not None and page.url().scheme() in ("http", "https"):
            open_outside(page.url().toString())

    def focus_ring(self, focus: QWidget) -> QWidget | None:
        """A page does not show that it has the focus."""
        return self.ground if focus is self or self.ground.isAncestorOf(focus) else None

    def hint_targets(self, done: Callable[[list[HintTarget]], None]) -> None:
        """What can be chosen in the page: ``done`` gets the places within this widget and what choosing does."""
        if self.browser is None:
            done([])
        else:
            from plugins.chromium.hint import Frame

            self.browser.read_targets(Frame(self.ground.pos, self._enter, open_outside), done)

    def _enter(self) -> None:
        """Keys go into the page."""
        self._with(lambda browser: browser.view.setFocus())

    def _with(self, act: Callable[[Any], None]) -> None:
        if self.browser is not None:
            act(self.browser)

    def _zoom_name(self) -> str:
        return f"zoom:{self._node.id}"


def open_outside(url: str) -> None:
    """Open an address in the person's own browser."""
    QDesktopServices.openUrl(QUrl(url))


def _free(path: Path) -> Path:
    number = 2
    found = path
    while found.exists():
        found = path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
    return found
