"""``Theme``: colours, lengths, fonts and icons in force, and their application to the QApplication."""

from __future__ import annotations

import weakref
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from widgets.theme.icon import GlyphEngine
from widgets.theme.palette import make_palette
from widgets.theme.sheet import make_sheet
from widgets.theme.token import SCHEMES, TokenError, load_tokens
from widgets.theme.typeface import own_fonts, rescale, step_font, system_font

#: Density → pixels that controls and rows are higher.
_TALLER = {"compact": -4, "normal": 0, "roomy": 6}
MODES = ("system", *SCHEMES)


class Theme(QObject):
    """The looks of the application; ``changed`` is emitted after the scheme or a font changed.

    Args:
        mode: ``system`` follows the desktop's light or dark scheme as it changes.
        text_size: Size of all texts, 1 = the system's.
        density: How high controls and rows are.
    """

    changed = Signal()

    def __init__(
        self, mode: str = "system", parent: QObject | None = None, *, text_size: float = 1.0, density: str = "normal"
    ) -> None:
        super().__init__(parent)
        self.tokens = load_tokens()
        self._mode = mode
        self._text_size = text_size
        #: ``compact``, ``normal`` or ``roomy``.
        self.density = density
        self._application: QApplication | None = None
        self._body: QFont | None = None
        self._fonts: dict[str, QFont] = {}
        self._colors: dict[str, QColor] = {}
        self._icons: dict[tuple[str, str], QIcon] = {}
        self._leads = False
        self._scheme = self._wanted_scheme()
        hints = QGuiApplication.styleHints()
        if hints is not None:
            hints.colorSchemeChanged.connect(self._follow)

    @property
    def mode(self) -> str:
        """``system``, ``light`` or ``dark``."""
        return self._mode

    @property
    def scheme(self) -> str:
        """``light`` or ``dark``: what is shown now."""
        return self._scheme

    @property
    def is_dark(self) -> bool:
        """Whether the dark scheme is shown now."""
        return self._scheme == "dark"

    def set_mode(self, mode: str) -> None:
        """Show ``light`` or ``dark``, or follow the ``system``.

        Raises:
            TokenError: another word.
        """
        if mode not in MODES:
            raise TokenError(f"{mode!r} is no theme mode", hint=f"known: {', '.join(MODES)}")
        self._mode = mode
        self._tell_qt()
        self._follow()

    @property
    def text_size(self) -> float:
        """Size of all texts, 1 = the system's."""
        return self._text_size

    def lead(self) -> None:
        """From now on tell Qt the scheme too: what it asks the desktop for otherwise, as Chromium does, follows."""
        self._leads = True
        self._tell_qt()

    def set_text_size(self, factor: float) -> None:
        """Make all texts larger or smaller; 1 is the system's size."""
        if factor == self._text_size:
            return
        before, self._text_size = self._text_size, factor
        self._body = None
        self._fonts.clear()
        if self._application is not None:
            fonts = own_fonts(self._application)
            self._dress()
            rescale(fonts, before, factor)
        self.changed.emit()

    def apply(self, application: QApplication) -> None:
        """Dress the application: Fusion, the palette, the body font and the style sheet."""
        self._application = application
        if not application.property("has_fusion_style"):
            application.setStyle("Fusion")
        application.setEffectEnabled(Qt.UIEffect.UI_AnimateMenu, False)
        self._dress()

    def color(self, name: str) -> QColor:
        """A colour of the scheme in force (a key of ``[colors.light]`` in tokens.toml).

        Raises:
            TokenError: no such colour.
        """
        color = self._colors.get(name)
        if color is None:
            color = self._colors[name] = QColor(self.tokens.color(self._scheme, name))
        return QColor(color)

    def tag(self, value: str) -> tuple[QColor, QColor]:
        """The (ground, text) colours of a tag that says ``value``: by meaning, else stable for the value."""
        pair = self.tokens.tags[self.tokens.tag_color(value)][self._scheme]
        return QColor(pair["ground"]), QColor(pair["text"])

    def space(self, name: str = "normal") -> int:
        """Pixels: ``none``, ``hair``, ``tight``, ``normal``, ``wide`` or ``page``."""
        return self.tokens.length("space", name)

    def scale(self) -> float:
        """How much larger texts are than the smallest body; what stands beside them grows with it, from 1.0 on."""
        return max(1.0, self.font().pixelSize() / self.tokens.smallest_body)

    def length(self, pixels: float) -> int:
        """A length at 100 % as it is beside texts of the size in force, in pixels."""
        return round(pixels * self.scale())

    def radius(self, name: str = "control") -> int:
        """Pixels: ``small``, ``control`` or ``card``."""
        return self.tokens.length("radius", name)

    def height(self, name: str = "control") -> int:
        """Pixels: ``control``, ``row``, ``header`` or ``tab``; grows with the body font."""
        extra = max(0, self.font().pixelSize() - self.tokens.smallest_body)
        return self.tokens.length("height", name) + _TALLER[self.density] + 2 * extra

    def border(self, name: str = "hair") -> int:
        """Pixels: ``hair`` or ``focus``."""
        return self.tokens.length("border", name)

    def icon_size(self, name: str = "normal") -> int:
        """Pixels: ``small``, ``normal`` or ``large``; grows with the body font."""
        return self.length(self.tokens.length("icon", name))

    def font(self, name: str = "body") -> QFont:
        """A step of the type scale: ``body``, ``strong``, ``caption``, ``heading``, ``title`` or ``mono``."""
        font = self._fonts.get(name)
        if font is None:
            if self._body is None:
                self._body = system_font(self.tokens)
                self._body.setPixelSize(round(self._body.pixelSize() * self._text_size))
            font = self._fonts[name] = step_font(self.tokens, self._body, name)
        return QFont(font)

    def icon(self, name: str, tone: str = "text") -> QIcon:
        """An icon that follows the theme by itself; an unknown name gives a null icon.

        Args:
            name: A key of resources/icons.toml.
            tone: The colour token to draw it in; disabled ones take ``disabled``.
        """
        icon = self._icons.get((name, tone))
        if icon is None:
            engine = GlyphEngine(name, _color_of(self, tone))
            icon = QIcon() if engine.isNull() else QIcon(engine)
            self._icons[name, tone] = icon
        return icon

    def _wanted_scheme(self) -> str:
        if self._mode != "system":
            return self._mode
        hints = QGuiApplication.styleHints()
        return "dark" if hints is not None and hints.colorScheme() == Qt.ColorScheme.Dark else "light"

    def _follow(self) -> None:
        scheme = self._wanted_scheme()
        if scheme == self._scheme:
            return
        self._scheme = scheme
        self._colors.clear()
        if self._application is not None:
            self._dress()
        self.changed.emit()

    def _tell_qt(self) -> None:
        hints = QGuiApplication.styleHints()
        if not self._leads or hints is None:
            return
        if self._mode == "system":
            hints.unsetColorScheme()
        else:
            hints.setColorScheme(Qt.ColorScheme.Dark if self._mode == "dark" else Qt.ColorScheme.Light)

    def _dress(self) -> None:
        assert self._application is not None
        self._application.setPalette(make_palette(self.tokens, self._scheme))
        self._application.setFont(self.font("body"))
        self._application.setStyleSheet(make_sheet(self))


def _color_of(theme: Theme, tone: str) -> Callable[[QIcon.Mode], QColor]:
    """What says in which colour an icon is drawn; icons may stay longer than their theme, and paint nothing then."""
    find = weakref.ref(theme)

    def color(mode: QIcon.Mode) -> QColor:
        found = find()
        if found is None:
            return QColor(Qt.GlobalColor.transparent)
        return found.color("disabled" if mode == QIcon.Mode.Disabled else tone)

    return color
