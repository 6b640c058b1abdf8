"""Colours and folds that a server knows, over those of the lexer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from plugins.scintilla.host import SCI
from tests.conftest import spin_until
from tests.plugins.editor_desk import type_text
from tests.plugins.language_client.conftest import LanguageDesk, told

Rogue = Callable[..., Any]
TEXT = "a b\nc d\nöe f\ng h\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[LanguageDesk]:
    files = {"notes.sql": TEXT, "empty.txt": ""}
    made = LanguageDesk(tmp_path_factory.mktemp("colors"), files, "empty.txt")
    yield made
    made.close()


def colored(desk: LanguageDesk, name: str) -> list[str]:
    """The parts of the text that have a colour by their meaning, or ``deprecated``."""
    from plugins.scintilla.look import INDICATOR

    send, found, place = desk.pane.code.send, [], 0
    indicator = INDICATOR[name if name == "deprecated" else f"token-{name}"]
    while place < desk.pane.code.length:
        stop = send(SCI.SCI_INDICATOREND, indicator, place)
        if send(SCI.SCI_INDICATORVALUEAT, indicator, place):
            found.append(desk.pane.code.host.bytes(place, stop).decode())
        place = stop if stop > place else desk.pane.code.length
    return found


def asked(log: Path) -> list[str]:
    """What was asked of colours, in order."""
    start = "textDocument/semanticTokens/"
    return [line["method"].removeprefix(start) for line in told(log) if line.get("method", "").startswith(start)]


def test_words_have_the_colours_of_what_they_are(desk: LanguageDesk, rogue: Rogue) -> None:
    rogue("tokens=full")
    spin_until(lambda: colored(desk, "function") == ["a", "c", "ö", "g"])
    assert colored(desk, "type") == colored(desk, "deprecated") == ["b", "d", " ", "h"]
    desk.pane.assisted.close()
    assert not colored(desk, "function") and not colored(desk, "deprecated")


def test_only_what_is_other_is_asked_for_where_a_server_can_tell(
    desk: LanguageDesk, rogue: Rogue, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    rogue("tokens=delta", f"log={log}")
    spin_until(lambda: colored(desk, "function") == ["a", "c", "ö", "g"])
    desk.pane.code.select(0, 0)
    type_text("x")
    spin_until(lambda: colored(desk, "function")[:2] == ["xa", "c"])
    assert asked(log) == ["full", "full/delta"]


def test_only_lines_in_sight_are_asked_for_where_a_server_wants_that(
    desk: LanguageDesk, rogue: Rogue, tmp_path: Path
) -> None:
    log = tmp_path / "log"
    (desk.folder / "notes.sql").write_text("a b\n" * 500)
    rogue("tokens=range", "quiet", f"log={log}")
    spin_until(lambda: len(colored(desk, "function")) > 40)
    assert len(colored(desk, "function")) < 200
    desk.pane.code.go_to_line(400)
    line = desk.pane.code.line_start(400)
    spin_until(lambda: desk.pane.served.tokens.part[0] > 200)
    from plugins.scintilla.look import INDICATOR

    spin_until(lambda: desk.pane.code.send(SCI.SCI_INDICATORVALUEAT, INDICATOR["token-function"], line))
    assert set(asked(log)) == {"range"}
    (desk.folder / "notes.sql").write_text(TEXT)


def test_lines_are_folded_as_the_server_says_and_by_the_lexer_without_it(desk: LanguageDesk, rogue: Rogue) -> None:
    rogue("tokens=full")
    desk.pane.code.take(b"begin\na\nb\nc\nd\ne\n")
    base, head = SCI.SC_FOLDLEVELBASE, SCI.SC_FOLDLEVELHEADERFLAG

    def levels() -> list[int]:
        return [desk.pane.code.send(SCI.SCI_GETFOLDLEVEL, line) - base for line in range(7)]

    spin_until(lambda: levels() == [0, head, 1 + head, 2, head, 1, 1])
    desk.pane.assisted.close()
    assert levels()[1] & head == 0
    desk.pane.code.mark_saved()


@pytest.mark.parametrize(
    ("edits", "numbers"),
    [
        ([(0, 0, [7] * 5)], [7] * 5 + list(range(10))),
        ([(2, 1, [9]), (8, 2, [1, 1])], [0, 1, 9, 3, 4, 5, 6, 7, 1, 1]),
        ([(5, 5, None)], [0, 1, 2, 3, 4]),
        ([(9, 2, None)], None),
        ([(0, 6, None), (5, 5, None)], None),
        ([(0, 1, None)], None),
        ([(-1, 5, None)], None),
    ],
)
def test_changes_of_numbers(edits: list[tuple[int, int, list[int] | None]], numbers: list[int] | None) -> None:
    from plugins.scintilla.language_client.protocol import TokenEdit
    from plugins.scintilla.language_client.tokens import changed

    some = [TokenEdit(start=start, delete_count=count, data=data) for start, count, data in edits]
    assert changed(list(range(10)), some) == numbers
