"""Espalier's own server over an app's folder: what it knows of layouts reaches the editor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import spin_until
from tests.plugins.editor_desk import press, type_text
from tests.plugins.language_client.conftest import LanguageDesk

LAYOUT = """layout 1
window {
    label "one"
    buton "two"
}
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[LanguageDesk]:
    made = LanguageDesk(tmp_path_factory.mktemp("own"), {"page.kdl": LAYOUT}, "page.kdl")
    (made.folder / "main.kdl").write_text('layout 1\nuse "page.kdl"\nwindow { label "main"\n }\n')
    made.pane.focus_code()
    made.served  # noqa: B018 — waits until the server is there
    yield made
    made.close()


def test_it_needs_nobodys_word_and_counts_bytes(desk: LanguageDesk) -> None:
    (server,) = desk.served.servers
    assert server.row.is_ours and server.root == desk.folder and server.encoding == "utf-8"
    assert desk.pane.status.server.text() == "espalier"


def test_problems_reach_the_text(desk: LanguageDesk) -> None:
    desk.put(LAYOUT.replace("window {", "window {{"))
    spin_until(lambda: any(one.severity == "error" for _, _, one in desk.pane.marks.shown))
    desk.put(LAYOUT)


def test_names_have_the_colours_of_what_they_are(desk: LanguageDesk) -> None:
    from tests.plugins.language_client.test_colors import colored

    desk.put("layout 1\n// one\n// two\ntable größen {\n}\nwindow { grid größen }\n|")
    spin_until(lambda: colored(desk, "type") == ["größen", "größen"])
    assert colored(desk, "keyword") == ["layout", "table", "window", "grid"]
    spin_until(lambda: desk.served.folds.ranges == [(1, 2), (3, 4)])
    desk.put(LAYOUT)


def test_properties_are_offered_and_put_in(desk: LanguageDesk) -> None:
    desk.put('layout 1\nwindow {\n    label "ü🌿" to|\n}\n')
    press("Ctrl+Space")
    spin_until(lambda: any(one.label == "tone" for one in desk.pane.completer.shown))
    assert desk.pane.completer._list.sheet.isVisible()
    type_text("n")
    press("Return")
    assert desk.pane.text().decode() == 'layout 1\nwindow {\n    label "ü🌿" tone=\n}\n'


def test_what_a_kind_is_stands_in_a_sheet(desk: LanguageDesk) -> None:
    desk.put(LAYOUT)
    desk.served.hover.ask(LAYOUT.index("abel"), is_by_key=True)
    spin_until(lambda: desk.served.hover.is_shown and "text" in desk.served.hover.text)
    press("Escape")
    assert not desk.served.hover.is_shown
