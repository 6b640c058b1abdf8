"""Arguments of git's commands are completed from its tables, in the command line and in the palette."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from shell.boot import boot
from shell.line.bar import command_line
from shell.line.offer import offers
from shell.session import Given
from tests.conftest import spin_until
from tests.plugins.git.conftest import make_repository

LAYOUT = """layout 1
table log source="log"
table branches source="branches"
table status source="status"
window {
    column {
        grid branches id=list
        grid status id=files
    }
}
"""


@pytest.fixture(scope="module")
def window(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("arguments")
    git = make_repository(folder / "work")
    git("branch", "idle")
    (folder / "work" / "song.txt").write_text("another song\n")
    (folder / "app").mkdir()
    (folder / "app" / "main.kdl").write_text(LAYOUT)
    source = f'[sources.repository]\nkind = "git"\npath = "{folder / "work"}"\n'
    (folder / "app" / "app.toml").write_text(f'name = "work"\n{source}')
    session = boot(str(folder / "app"), Given(str(folder / "home"), ()))
    (window,) = session.windows
    spin_until(lambda: window.context.widgets["list"].row_count() == 4)
    window.activateWindow()
    yield window
    window.close_anyway()
    session.close()


def offered(window: Any, line: str) -> list[str]:
    """What the line offers once the table has answered."""
    came: list[bool] = []
    found = offers(line, len(line), window, lambda: came.append(True))
    if not found.items:
        spin_until(lambda: came or offers(line, len(line), window).items)
        found = offers(line, len(line), window)
    return [item.text for item in found.items]


@pytest.mark.parametrize(
    ("line", "wanted"),
    [
        ("git.switch ", ["idle", "side"]),
        ("git.switch si", ["side"]),
        ("git.merge ", ["idle", "side", "v1"]),
        ("git.discard ", ["song.txt"]),
    ],
)
def test_the_line_offers_values_of_a_column(window: Any, line: str, wanted: list[str]) -> None:
    assert offered(window, line) == wanted


def test_the_line_shows_them_when_they_come(window: Any) -> None:
    from shell import listed_value

    listed_value._KEPT.clear()
    bar = command_line(window)
    bar.open("git.switch s")
    spin_until(lambda: [item.text for item in bar._offers.items] == ["side"])
    bar.close_line()


def test_without_the_table_nothing_is_offered(window: Any) -> None:
    assert offers("git.fetch ", len("git.fetch "), window).items == ()


def test_the_palette_offers_them_beside_what_is_typed(window: Any) -> None:
    window.registry.run("git.switch")
    panel = window.cards.palette()
    spin_until(lambda: {"idle", "side"} <= {one.item.title for one in panel.model.found})
    panel.close_card()
