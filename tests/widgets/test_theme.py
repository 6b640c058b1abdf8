"""The theme: contrast of every pair in use, icons, scheme, scale and tags."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication

from tests.waiting import PATIENCE_S
from widgets.theme import Theme
from widgets.theme.icon import code_point, outline
from widgets.theme.token import RESOURCES, TokenError, load_icons, load_tokens

GROUNDS = ("window", "surface", "raised", "sunken", "hover")
TEXTS = ("text", "muted", "link", "info", "success", "warning", "error")
LEVELS = ("info", "success", "warning", "error")
PAIRS = [
    *[(text, ground) for text in TEXTS for ground in GROUNDS],
    *[("text", ground) for ground in ("fill", "fill-hover", "fill-pressed", "selection")],
    *[(level, f"{level}-soft") for level in LEVELS],
    *[("text", f"{level}-soft") for level in LEVELS],
    *[("on-accent", ground) for ground in ("accent", "accent-hover", "accent-pressed")],
    *[("on-danger", ground) for ground in ("danger", "danger-hover")],
    ("selection-text", "selection"),
    ("muted", "selection"),
    *[(text, "selection-quiet") for text in ("text", "selection-text", "muted")],
    ("tip-text", "tip"),
]
EDGES = [(edge, ground) for edge in ("border", "focus", "focus-on-fill") for ground in GROUNDS]


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_texts_have_aa_contrast(scheme: str) -> None:
    colors = load_tokens().colors[scheme]
    bad = {pair: contrast(colors[pair[0]], colors[pair[1]]) for pair in PAIRS}
    assert {pair: round(ratio, 2) for pair, ratio in bad.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_controls_have_contrast_3(scheme: str) -> None:
    colors = load_tokens().colors[scheme]
    bad = {pair: contrast(colors[pair[0]], colors[pair[1]]) for pair in EDGES}
    assert {pair: round(ratio, 2) for pair, ratio in bad.items() if ratio < 3} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tags_have_aa_contrast(scheme: str) -> None:
    for name, tag in load_tokens().tags.items():
        assert contrast(tag[scheme]["ground"], tag[scheme]["text"]) >= 4.5, name


def test_schemes_have_the_same_colors() -> None:
    tokens = load_tokens()
    assert tokens.colors["light"].keys() == tokens.colors["dark"].keys()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_small_pictures_use_token_colors(scheme: str) -> None:
    known = set(load_tokens().colors[scheme].values())
    pictures = list((RESOURCES / "themes" / scheme).glob("*.svg"))
    assert len(pictures) >= 5
    for picture in pictures:
        assert set(re.findall(r"#[0-9a-f]{6}", picture.read_text())) <= known, picture.name


def test_every_icon_resolves(qapp: object) -> None:
    assert len(load_icons()) >= 60
    for name, glyph in load_icons().items():
        assert code_point(glyph)
        assert not outline(name).isEmpty(), name


def test_an_icon_fits_its_square_and_takes_the_scheme(qapp: object) -> None:
    theme = Theme("light")
    icon = theme.icon("add")
    light = icon.pixmap(QSize(16, 16), 2.0)
    assert light.width() == 32
    theme.set_mode("dark")
    dark = icon.pixmap(QSize(16, 16), 2.0)
    center = dark.toImage().pixelColor(16, 16)
    assert center.rgb() == QColor(theme.color("text")).rgb()
    assert light.toImage() != dark.toImage()
    for name in load_icons():
        box = outline(name).boundingRect()
        assert box.left() > -0.1 and box.top() > -0.1 and box.right() < 1.1 and box.bottom() < 1.1, name


def test_unknown_names_are_told(qapp: object) -> None:
    theme = Theme("light")
    assert theme.icon("no-such").isNull()
    with pytest.raises(TokenError, match="no colour token"):
        theme.color("no-such")
    with pytest.raises(TokenError, match="no theme mode"):
        theme.set_mode("blue")


def test_mode_changes_are_told_once(qapp: object) -> None:
    theme = Theme("light")
    told: list[str] = []
    theme.changed.connect(lambda: told.append(theme.scheme))
    theme.set_mode("dark")
    theme.set_mode("dark")
    assert told == ["dark"]
    assert theme.is_dark


def test_system_scheme_is_followed_live(qapp: object) -> None:
    theme = Theme("system")
    hints = QGuiApplication.styleHints()
    told: list[str] = []
    theme.changed.connect(lambda: told.append(theme.scheme))
    hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
    # Offscreen has no scheme of its own, so what counts is what the hints say.
    expected = "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"
    assert theme.scheme == expected
    assert told == ([] if expected == "light" else ["dark"])


def test_tags_go_by_meaning_and_are_stable() -> None:
    tokens = load_tokens()
    assert tokens.tag_color("Shipped") == "green"
    assert tokens.tag_color("on_hold") == "amber"
    assert tokens.tag_color("Zanzibar") == tokens.tag_color("zanzibar")


def test_lengths_stand_on_the_grid(qapp: object) -> None:
    spaces = load_tokens().lengths["space"]
    assert all(value % 4 == 0 for name, value in spaces.items() if name != "hair")
    theme = Theme("light")
    assert theme.font("title").pixelSize() > theme.font("heading").pixelSize() > theme.font("body").pixelSize()
    assert 30 <= theme.height("control") <= 40


def test_the_icon_package_is_never_imported() -> None:
    code = "import sys, widgets.theme, widgets.build; sys.exit(any(m in sys.modules for m in ('qtawesome', 'numpy')))"
    assert subprocess.run([sys.executable, "-c", code], timeout=PATIENCE_S, check=False).returncode == 0
