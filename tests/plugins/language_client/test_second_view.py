"""Two views of one file: the server knows one document, and is asked from either view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import spin_until
from tests.plugins.editor_desk import press, type_text
from tests.plugins.language_client.conftest import LanguageDesk, told
from tests.plugins.language_client.test_colors import colored

Rogue = Callable[..., Any]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[LanguageDesk]:
    files = {"notes.sql": "a b\nc d\n", "other.sql": "o p\n", "empty.txt": ""}
    made = LanguageDesk(tmp_path_factory.mktemp("second"), files, "empty.txt")
    yield made
    made.close()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "log"


@pytest.fixture
def second(desk: LanguageDesk, rogue: Rogue, log: Path) -> Iterator[Any]:
    """The second view of a file whose server is ready."""
    from shell.panes import end_all, panes_of

    one = rogue("tokens=full", f"log={log}")
    spin_until(lambda: one.state == "ready" and desk.pane.marks.shown)
    desk.pane.focus_code()
    press("Ctrl+K", "s")
    view = panes_of(desk.window).panes[-1].view
    assert view is not desk.editor and view.pane.code.host.view.hasFocus()
    spin_until(lambda: view.pane.served is not None and view.pane.served.servers)
    yield view
    end_all(desk.window)
    desk.pane.code.mark_saved()


def heard(log: Path, method: str) -> list[Any]:
    """The parameters of each message of a method, as the server got them."""
    return [line["params"] for line in told(log) if line.get("method") == f"textDocument/{method}"]


def test_it_is_opened_once_and_told_once_of_what_is_typed_in_either(
    desk: LanguageDesk, second: Any, log: Path
) -> None:
    ((mine,), (theirs,)) = (view.served.servers.values() for view in (desk.pane, second.pane))
    assert mine is theirs and mine.users == 2
    type_text("x")
    spin_until(lambda: heard(log, "didChange"))
    desk.pane.focus_code()
    type_text("y")
    spin_until(lambda: len(heard(log, "didChange")) == 2)
    press("Ctrl+Space")
    spin_until(lambda: heard(log, "completion"))
    assert len(heard(log, "didOpen")) == 1
    assert [one["contentChanges"][0]["text"] for one in heard(log, "didChange")] == ["x", "y"]


def test_it_is_asked_from_the_second_view(desk: LanguageDesk, second: Any, log: Path) -> None:
    spin_until(lambda: second.pane.marks.shown)
    press("Ctrl+End")
    type_text("lo")
    press("Ctrl+Space")
    spin_until(lambda: [one.label for one in second.pane.completer.shown] == ["loop"])
    press("Escape")
    press("F8")
    assert second.pane.code.caret == 0 and desk.pane.code.caret == 0
    press("Ctrl+F1")
    spin_until(lambda: second.pane.served.hover.is_shown)
    press("Escape")


def test_the_first_view_goes_on_when_the_second_has_gone(desk: LanguageDesk, second: Any, log: Path) -> None:
    spin_until(lambda: colored(desk, "function") == ["a", "c"])
    (document,) = desk.pane.served.servers.values()
    press("Ctrl+K", "w")
    spin_until(lambda: document.users == 1)
    assert colored(desk, "function") == ["a", "c"] and desk.pane.served.servers
    desk.pane.focus_code()
    type_text("z")
    spin_until(lambda: heard(log, "didChange"))
    assert not heard(log, "didClose")


def test_both_go_to_the_next_file(desk: LanguageDesk, second: Any, log: Path) -> None:
    desk.show("other.sql")
    spin_until(lambda: second.pane.served is not None and second.pane.served.text.file == desk.folder / "other.sql")
    assert second.pane.text() == b"o p\n"
    spin_until(lambda: len(heard(log, "didOpen")) == 2 and len(heard(log, "didClose")) == 1)
