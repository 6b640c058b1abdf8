"""Properties of a .ui file's widget, and which of them are of no use in a layout."""

from __future__ import annotations

import math
import re
from html import unescape
from typing import Any

from layouts.importer.designer.element import Element

#: What a layout does by itself: places, paddings, policies, how Designer shows things.
_NEEDLESS = """
accelerated acceptDrops acceptRichText alignment allColumnsShowFocus allowedAreas alternatingRowColors animated
areas arrowType autoDefault autoExclusive autoFillBackground autoRaise autoRepeat autoRepeatDelay autoRepeatInterval
autoScroll baseSize bottomMargin buddy buttonGroup buttonSymbols calendarPopup centerButtons checkable
childrenCollapsible clearButtonEnabled columnCount contextMenuPolicy cornerButtonEnabled correctionMode currentIndex
currentSection cursor cursorPosition decimals default defaultDropAction digitCount displayFormat docOptions
dockOptions dockWidgetArea documentMode dragDropMode dragDropOverwriteMode dragEnabled echoMode editTriggers
editable elideMode exclusive expandsOnDoubleClick features fieldGrowthPolicy flat floatable floating flow
focusPolicy formAlignment format frame frameShadow frameShape geometry gridStyle handleWidth
headerCascadingSectionResizes headerDefaultSectionSize headerHidden headerHighlightSections headerMinimumSectionSize
headerShowSortIndicator headerStretchLastSection headerVisible horizontalScrollBarPolicy horizontalScrollMode
horizontalSpacing iconSize iconVisibleInMenu indent indentation insertPolicy invertedAppearance isWrapping
itemsExpandable keyboardTracking labelAlignment layoutDirection layoutMargin layoutMode layoutSpacing leftMargin
lineWidth lineWrapColumnOrWidth lineWrapMode locale margin maxCount maxVisibleItems maximumSize menuRole
midLineWidth minimumContentsLength minimumSize modal mode modelColumn mouseTracking movable movement nativeMenuBar
objectName opaqueResize openExternalLinks openLinks orientation overwriteMode pageStep palette placeholderText
popupMode priority resizable resizeMode rightMargin rootIsDecorated rowCount rowWrapPolicy scaledContents
segmentStyle selectionBehavior selectionMode separator separatorsCollapsible shortcut showClearButton showDecoration
showDropIndicator showGrid singleStep sizeAdjustPolicy sizeConstraint sizeGripEnabled sizeHint sizeIncrement
sizePolicy sizeType smallDecimalPoint sortingEnabled spacing specialValueText standardButtons stdset stepType
strikeOut tabBarAutoHide tabChangesFocus tabPosition tabShape tabStopDistance tabStopWidth tabsClosable
textElideMode textFormat textInteractionFlags textVisible tickInterval tickPosition toolBarArea toolBarBreak
toolButtonStyle toolTip toolTipDuration topMargin tracking undoRedoEnabled unifiedTitleAndToolBarOnMac
uniformItemSizes uniformRowHeights usesScrollButtons verticalScrollBarPolicy verticalScrollMode verticalSpacing
viewMode whatsThis widgetResizable windowIcon windowModality windowTitle wordWrap wrapping
"""
NEEDLESS = frozenset(_NEEDLESS.split())
_TAGS = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>")
_BLOCKS = re.compile(r"<(?:br|/p|/li|/div|/h\d|/tr)\b[^>]*>", re.IGNORECASE)
_HIDDEN = re.compile(r"<(style|head|title)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)


#: Parts of names that say what a widget is, not what it is for.
_KINDS = ("btn", "button", "push", "tool", "page", "tab", "widget", "edit", "combo", "box", "lbl", "txt")


class Properties:
    """The properties of one element; remembers which were asked for."""

    def __init__(self, element: Element) -> None:
        self.element = element
        self._found = {one.name: one for one in element.all("property", "attribute")}
        self._asked: set[str] = set()

    def text(self, name: str) -> str:
        """A text without markup, or the name of an enumeration's value; empty without one."""
        value = self._value(name)
        return plain_text(value.text) if value is not None else ""

    def number(self, name: str, default: float = 0) -> float:
        """A number; ``default`` when there is none that can be read."""
        try:
            found = float(self.text(name))
        except ValueError:
            return default
        return found if math.isfinite(found) else default

    def whole(self, name: str, default: int = 0) -> int:
        """A whole number, cut to what 32 bits hold."""
        found = self.number(name, default)
        return int(max(min(found, 2**31 - 1), -(2**31)))

    def flag(self, name: str, default: bool = False) -> bool:
        """Yes or no."""
        return {"true": True, "false": False}.get(self.text(name).strip().lower(), default)

    def choice(self, name: str) -> str:
        """The last word of an enumeration's value: ``Horizontal`` of ``Qt::Orientation::Horizontal``."""
        return self.text(name).rpartition("::")[2]

    def parts(self, name: str) -> dict[str, str]:
        """The parts of a size, date or font by their names."""
        value = self._value(name)
        return {part.tag: part.text.strip() for part in value.children} if value is not None else {}

    def list(self, name: str) -> list[str]:
        """The texts of a list of texts."""
        value = self._value(name)
        return [plain_text(part.text) for part in value.children] if value is not None else []

    def element_of(self, name: str) -> Element | None:
        """The value's own element: iconset, font, date."""
        return self._value(name)

    def left(self) -> list[Element]:
        """Properties that nobody asked for and that say something that a layout does not."""
        return [one for name, one in self._found.items() if name not in self._asked and name not in NEEDLESS]

    def needless(self) -> list[str]:
        """Names of properties that nobody asked for and that a layout settles by itself, or has no word for."""
        return [name for name in self._found if name not in self._asked and name in NEEDLESS]

    def _value(self, name: str) -> Element | None:
        self._asked.add(name)
        found = self._found.get(name)
        return found.children[0] if found is not None and found.children else None


def plain_text(text: str) -> str:
    """A text without the markup of Qt's rich texts."""
    if "<" not in text or not _TAGS.search(text):
        return text
    lines = unescape(_TAGS.sub("", _BLOCKS.sub("\n", _HIDDEN.sub("", text)))).split("\n")
    return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)


def without_mnemonic(text: str) -> str:
    """A text without the ampersand before a letter; two of them are one."""
    return re.sub(r"&(.?)", r"\1", text)


def as_label(text: str) -> str:
    """What stands above a field: without the ampersand and the colon at its end."""
    return without_mnemonic(text).strip().removesuffix(":").rstrip()


def value_of(element: Element | None) -> Any:
    """The text of an item's value; empty without one."""
    return plain_text(element.text) if element is not None else ""


def words(name: str) -> str:
    """A widget's name as people say it: ``spinBox_2`` → ``Spin box 2``."""
    parts = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").split()
    kept = [part for part in parts if part.lower() not in _KINDS] or parts
    text = " ".join(part if part.isupper() else part.lower() for part in kept)
    return text[:1].upper() + text[1:]
