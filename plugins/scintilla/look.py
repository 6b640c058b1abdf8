"""How the editor looks: QScintilla's styles in the colours of the theme. Colours go over as numbers 0xBBGGRR."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage

from plugins.api import Theme
from plugins.scintilla.host import SCI, Host

#: What a style's name has in it → colour: a token of the theme, or the text of a tag; and ``b``old, ``i``talic. First
#: match counts. The names are QScintilla's own, of some forty lexers.
ROLES: tuple[tuple[str, str, str], ...] = (
    (r"\b(error|unclosed|unknown|bad|incorrect|garbage|invalid)", "error", ""),
    (r"^inactive", "muted", ""),
    (r"javadoc keyword|documentation keyword|task marker", "tag:teal", ""),
    (r"pre-?processor|^directive|@-rule|media rule|decorator|sgml (command|default)|document delimiter",
     "tag:violet", ""),
    (r"comment|^pod|block quote", "muted", "i"),
    (r"^added", "success", ""),
    (r"^removed", "error", ""),
    (r"^position|^header$", "tag:violet", ""),
    (r"level \d header|^section$", "accent", "b"),
    (r"strong emphasis", "text", "b"),
    (r"emphasis using", "text", "i"),
    (r"code (block|between)|^iri|^link", "tag:teal", ""),
    (r"escape sequence|entity|variable within|interpolated|special entity|regular expression|substitution",
     "tag:amber", ""),
    (r"f-string|string|character$|here document|verbatim|html value|^value$|backtick|backquoted|cdata|message",
     "success", ""),
    (r"number|date|uuid|default value|^literal", "tag:blue", ""),
    (r"keyword|^tag$|^unknown tag|statement|if block|while block|foreach block|macro block|^command$|tcl|system task|"
     r"types, modifiers|^word$|script tag|of an? .*fragment|end of a tag", "tag:violet", ""),
    (r"class name|module name|global classes|standard type|type definition|class selector|id selector|primary",
     "tag:amber", ""),
    (r"function|method|^label$|^target$|user defined tasks", "tag:blue", ""),
    (r"attribute|property|^key$|parameter|^pseudo|css\d|^flags$|^modifier|register", "tag:teal", ""),
    (r"variable|scalar|^array|^hash|symbol|instance|^global$|reference", "tag:pink", ""),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern), color, form) for pattern, color, form in ROLES)

#: Indicators, by what they mark.
INDICATOR = {"find": 8, "same": 10, "error": 11, "warning": 12, "info": 13, "removed": 14, "added": 15, "use": 16,
             "spelling": 17, "deprecated": 18,
             "token-type": 19, "token-function": 20, "token-property": 21, "token-parameter": 22, "token-keyword": 23,
             "token-variable": 24}
#: Colours of words by what a server knows of them; the same that the lexers' styles have for the same things.
TOKENS: dict[str, str] = {
    "type": "tag:amber", "function": "tag:blue", "property": "tag:teal", "parameter": "tag:pink",
    "keyword": "tag:violet", "variable": "text",
}
#: Margins, from the left.
MARGIN = {"blame": 0, "marks": 1, "numbers": 2, "changes": 3, "fold": 4}
#: Markers: number → what it tells.
MARKER = {"bookmark": 1, "error": 2, "warning": 3, "info": 4, "added": 5, "removed": 6, "changed": 7, "blank": 8,
          "jump": 9,
          # What is drawn last lies above: what is not staged over what is.
          "staged-added": 10, "staged-changed": 11, "staged-removed": 12, "staged-removed-end": 13,
          "line-added": 14, "line-changed": 15, "line-removed": 16, "line-removed-end": 17}
#: Styles of what stands between lines.
ANNOTATION = {"error": 200, "warning": 201, "info": 202}
#: The same of lines that stood there before, of a remark; of the margin that says who wrote a line.
PEEK = {"before": 203, "note": 204, "blame": 205}
#: Markers that are icons: number → icon and its colour; the folds' numbers are Scintilla's own.
_ICONS = {
    MARKER["bookmark"]: ("flag", "accent"), MARKER["error"]: ("error", "error"),
    MARKER["warning"]: ("warning", "warning"), MARKER["info"]: ("info", "info"),
    30: ("chevron-right", "muted"), 25: ("chevron-right", "muted"),
    31: ("chevron-down", "muted"), 26: ("chevron-down", "muted"),
}  # fmt: skip
_NO_FOLDS = (27, 28, 29)
#: Side of such an icon, in pixels at 100 %.
_ICON = 14
_LAST_STYLE = 127


def number(color: QColor) -> int:
    """The colour as Scintilla takes it."""
    return color.red() | color.green() << 8 | color.blue() << 16


def role(description: str) -> tuple[str, str]:
    """Colour and form (``b``, ``i``) of a style by its name; plain text where nothing fits."""
    lower = description.lower()
    return next(((color, form) for pattern, color, form in _COMPILED if pattern.search(lower)), ("text", ""))


def color_of(theme: Theme, name: str) -> QColor:
    """A token's colour, or that of a tag's text: ``tag:blue``."""
    if name.startswith("tag:"):
        return QColor(theme.tokens.tags[name[4:]][theme.scheme]["text"])
    return theme.color(name)


def code_font(theme: Theme, family: str = "", points: float = 0.0) -> QFont:
    """The font of code: the one that is wanted, else the system's of equal widths at the theme's size."""
    font = theme.font("mono")
    if family and QFontDatabase.hasFamily(family):
        font.setFamily(family)
    if points:
        font.setPointSizeF(points * theme.text_size)
    return font


def dress(host: Host, theme: Theme, font: QFont) -> None:
    """Give the editor the theme's colours and the font; the lexer's styles by their names."""
    send = host.send
    ground, text = theme.color("surface"), theme.color("text")
    _style(send, SCI.STYLE_DEFAULT, text, ground, font, "")
    send(SCI.SCI_STYLECLEARALL)
    lexer = host.editor.lexer()
    if lexer is not None:
        for style in range(_LAST_STYLE + 1):
            name = lexer.description(style)
            if name and not SCI.STYLE_DEFAULT <= style <= SCI.STYLE_LASTPREDEFINED:
                color, form = role(name)
                _style(send, style, color_of(theme, color), ground, font, form)
    _dress_margins(send, theme, font)
    _dress_caret(send, theme)
    _dress_indicators(send, theme)
    _dress_markers(host, theme)
    _dress_tips(send, theme, font)


def _style(send: Any, style: int, text: QColor, ground: QColor, font: QFont, form: str) -> None:
    send(SCI.SCI_STYLESETFORE, style, number(text))
    send(SCI.SCI_STYLESETBACK, style, number(ground))
    send(SCI.SCI_STYLESETFONT, style, font.family().encode())
    send(SCI.SCI_STYLESETSIZEFRACTIONAL, style, round(_points(font) * SCI.SC_FONT_SIZE_MULTIPLIER))
    send(SCI.SCI_STYLESETBOLD, style, int("b" in form))
    send(SCI.SCI_STYLESETITALIC, style, int("i" in form))
    send(SCI.SCI_STYLESETEOLFILLED, style, 0)


def _points(font: QFont) -> float:
    """The size in points; the theme's fonts have theirs in pixels."""
    if font.pointSizeF() > 0:
        return font.pointSizeF()
    from PySide6.QtGui import QGuiApplication

    return font.pixelSize() * 72 / QGuiApplication.primaryScreen().logicalDotsPerInchY()


def _dress_margins(send: Any, theme: Theme, font: QFont) -> None:
    ground = number(theme.color("surface"))
    _style(send, SCI.STYLE_LINENUMBER, theme.color("muted"), theme.color("surface"), font, "")
    send(SCI.SCI_SETFOLDMARGINCOLOUR, 1, ground)
    send(SCI.SCI_SETFOLDMARGINHICOLOUR, 1, ground)
    for margin in MARGIN.values():
        send(SCI.SCI_SETMARGINBACKN, margin, ground)
    for marker in _NO_FOLDS:
        send(SCI.SCI_MARKERDEFINE, marker, SCI.SC_MARK_EMPTY)
    _style(send, SCI.STYLE_INDENTGUIDE, theme.color("line"), theme.color("surface"), font, "")
    # What stands for folded lines, and the lines under braces that belong together.
    _style(send, SCI.STYLE_FOLDDISPLAYTEXT, theme.color("muted"), theme.color("fill"), font, "")
    for style, text, fill in (
        (SCI.STYLE_BRACELIGHT, "accent", "selection"),
        (SCI.STYLE_BRACEBAD, "error", "error-soft"),
    ):
        _style(send, style, theme.color(text), theme.color(fill), font, "b")


def _dress_caret(send: Any, theme: Theme) -> None:
    send(SCI.SCI_SETCARETFORE, number(theme.color("text")))
    send(SCI.SCI_SETCARETWIDTH, 2)
    send(SCI.SCI_SETCARETLINEBACK, number(theme.color("hover")))
    send(SCI.SCI_SETADDITIONALCARETFORE, number(theme.color("accent")))
    send(SCI.SCI_SETSELBACK, 1, number(_mixed(theme, "selection", "accent", 0.16)))
    send(SCI.SCI_SETSELFORE, 0, 0)
    send(SCI.SCI_SETADDITIONALSELBACK, number(_mixed(theme, "selection", "accent", 0.16)))
    send(SCI.SCI_SETSELALPHA, SCI.SC_ALPHA_NOALPHA)
    send(SCI.SCI_SETWHITESPACEFORE, 1, number(theme.color("disabled")))
    send(SCI.SCI_SETEDGECOLOUR, number(theme.color("line")))


def _mixed(theme: Theme, one: str, other: str, part: float) -> QColor:
    """A colour between two tokens."""
    first, second = theme.color(one), theme.color(other)
    parts = zip(first.getRgb()[:3], second.getRgb()[:3], strict=True)
    return QColor(*(round(low + (high - low) * part) for low, high in parts))


def _dress_indicators(send: Any, theme: Theme) -> None:
    wave, box = SCI.INDIC_SQUIGGLE, SCI.INDIC_STRAIGHTBOX
    rows = {
        "find": (box, "warning", 60, 150), "same": (box, "muted", 40, 0),
        "error": (wave, "error", 0, 0), "warning": (wave, "warning", 0, 0), "info": (wave, "info", 0, 0),
        "removed": (box, "error", 60, 0), "added": (box, "success", 60, 0),
        "use": (box, "accent", 36, 0), "spelling": (SCI.INDIC_DOTS, "muted", 0, 0),
        "deprecated": (SCI.INDIC_STRIKE, "muted", 0, 0),
    }  # fmt: skip
    for name, (style, color, alpha, outline) in rows.items():
        send(SCI.SCI_INDICSETSTYLE, INDICATOR[name], style)
        send(SCI.SCI_INDICSETFORE, INDICATOR[name], number(theme.color(color)))
        send(SCI.SCI_INDICSETALPHA, INDICATOR[name], alpha)
        send(SCI.SCI_INDICSETOUTLINEALPHA, INDICATOR[name], outline)
        send(SCI.SCI_INDICSETUNDER, INDICATOR[name], int(style == box))
    for name, color in TOKENS.items():
        send(SCI.SCI_INDICSETSTYLE, INDICATOR[f"token-{name}"], SCI.INDIC_TEXTFORE)
        send(SCI.SCI_INDICSETFORE, INDICATOR[f"token-{name}"], number(color_of(theme, color)))


def _dress_markers(host: Host, theme: Theme) -> None:
    send = host.send
    bar, ground = SCI.SC_MARK_LEFTRECT, SCI.SC_MARK_BACKGROUND
    rows = {
        "added": (ground, "success-soft"), "removed": (ground, "error-soft"), "changed": (bar, "info"),
        "blank": (ground, "sunken"),
    }  # fmt: skip
    for name, (shape, color) in rows.items():
        send(SCI.SCI_MARKERDEFINE, MARKER[name], shape)
        send(SCI.SCI_MARKERSETFORE, MARKER[name], number(theme.color(color)))
        send(SCI.SCI_MARKERSETBACK, MARKER[name], number(theme.color(color)))
    send(SCI.SCI_MARKERDEFINE, MARKER["jump"], SCI.SC_MARK_EMPTY)
    ratio, side = host.devicePixelRatioF(), theme.length(_ICON)
    for marker, (icon, tone) in _ICONS.items():
        image = theme.icon(icon, tone).pixmap(QSize(side, side), ratio).toImage()
        image = image.convertToFormat(QImage.Format.Format_RGBA8888)
        host.set_icon(marker, bytes(image.constBits()), image.width(), image.height(), ratio)


def _dress_tips(send: Any, theme: Theme, font: QFont) -> None:
    _style(send, SCI.STYLE_CALLTIP, theme.color("tip-text"), theme.color("tip"), font, "")
    send(SCI.SCI_CALLTIPUSESTYLE, 0)
    send(SCI.SCI_CALLTIPSETFOREHLT, number(theme.color("tip-text")))
    small = QFont(font)
    small.setPixelSize(max(1, round((font.pixelSize() if font.pixelSize() > 0 else 13) * 0.92)))
    for tone, style in ANNOTATION.items():
        _style(send, style, theme.color(tone), theme.color(f"{tone}-soft"), small, "")
    _style(send, PEEK["before"], theme.color("text"), theme.color("error-soft"), font, "")
    _style(send, PEEK["note"], theme.color("muted"), theme.color("sunken"), small, "")
    _style(send, PEEK["blame"], theme.color("muted"), theme.color("surface"), small, "")
