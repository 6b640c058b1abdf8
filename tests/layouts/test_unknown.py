"""Layouts of a newer version of the language: what is not known is told in its place, the rest is shown."""

from __future__ import annotations

import pytest

from layouts.construct import LANGUAGE_VERSION
from layouts.load import check_layout, load_layout
from layouts.node import Node
from layouts.problem import LayoutError

NEWER = LANGUAGE_VERSION + 1
BODY = """table places
window {
    globe places id=where zoom=3 { pin column=name }
    label "{where.current.name}" glow=#true align="far"
    tabs { carousel; tab "One" { label "first" } }
}
"""
FALLBACK = "table places\nwindow { globe places id=where { fallback { grid places id=where } } ; label where.current.name }"


def nodes(version: int, body: str = BODY) -> list[Node]:
    text = f"layout {version}\n{body}".encode()
    return load_layout("main.kdl", {"main.kdl": text}.get, is_lenient=True).windows[0].children


def errors(version: int, body: str = BODY) -> list[str]:
    text = f"layout {version}\n{body}".encode()
    return [one.message for one in check_layout("main.kdl", {"main.kdl": text}.get)[1] if one.severity == "error"]


def test_a_note_stands_in_the_place_of_a_widget_of_a_newer_version() -> None:
    note, label, tabs = nodes(NEWER)
    assert (note.kind, note.id, note.properties) == ("missing", "where", {"what": "globe"})
    assert set(label.properties) == {"text"}, "properties that are not known are left out"
    assert [child.kind for child in tabs.children] == ["tab"], "no note where none may stand"


def test_the_same_words_are_errors_when_they_are_checked_and_in_layouts_that_are_not_newer() -> None:
    told = "there is no widget kind or component globe"
    assert told in errors(NEWER)
    assert f"this is a layout of version {NEWER}; this Espalier knows versions up to {LANGUAGE_VERSION}" in errors(NEWER)
    assert told in errors(LANGUAGE_VERSION)
    with pytest.raises(LayoutError, match=told):
        nodes(LANGUAGE_VERSION)


@pytest.mark.parametrize("version", [LANGUAGE_VERSION, NEWER])
def test_a_fallback_goes_before_the_note_whatever_the_version(version: int) -> None:
    grid, label = nodes(version, FALLBACK)
    assert (grid.kind, grid.id, label.kind) == ("grid", "where", "label")
    assert "there is no widget kind or component globe" in errors(version, FALLBACK)


def test_a_fallback_of_a_known_widget_is_checked_and_not_there() -> None:
    known = FALLBACK.replace("globe", "list")
    assert errors(LANGUAGE_VERSION, known) == []
    assert [one.kind for one in nodes(LANGUAGE_VERSION, known)] == ["list", "label"]
    assert nodes(LANGUAGE_VERSION, known)[0].children == []
    assert errors(LANGUAGE_VERSION, known.replace("grid places", "gird places")) == [
        "there is no widget kind or component gird"
    ]


def test_what_cannot_be_read_is_refused_in_a_newer_layout_as_well() -> None:
    for body in ("window {", 'window { label "{1 +}" }\nuse "gone.kdl"', "window { grid missing }"):
        text = f"layout {NEWER}\ncommand a.b title=A run=x:y\n{body}".encode()
        with pytest.raises(LayoutError):
            load_layout("main.kdl", {"main.kdl": text, "x.py": b"def y(app): pass"}.get, is_lenient=True)
