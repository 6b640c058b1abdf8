"""What servers offer, ask for and wish, with one that answers as the protocol says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from plugins.api import option, set_option
from plugins.scintilla.host import SCI
from tests.conftest import spin_until
from tests.plugins.editor_desk import press, type_text
from tests.plugins.language_client.conftest import LanguageDesk, told

Rogue = Callable[..., Any]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[LanguageDesk]:
    files = {"notes.sql": "select 1\n", "empty.txt": "", "free.lua": "x = 1\n"}
    made = LanguageDesk(tmp_path_factory.mktemp("answers"), files, "empty.txt")
    yield made
    made.close()


def ready(desk: LanguageDesk, one: Any) -> None:
    """Wait until the server has the text, which is three letters."""
    spin_until(lambda: one.state == "ready")
    desk.put("|abc\n")
    spin_until(lambda: any(mark.message == "abc\n" for _, _, mark in desk.pane.marks.shown))


def choose(desk: LanguageDesk, title: str) -> None:
    """Choose what can be done here."""
    press("Ctrl+.")
    spin_until(lambda: desk.served.menu is not None and desk.served.menu.isVisible())
    menu, desk.served.menu = desk.served.menu, None
    next(entry for entry in menu.actions() if entry.text() == title).trigger()
    menu.close()


def test_actions_are_offered_the_preferred_one_first(desk: LanguageDesk, rogue: Rogue) -> None:
    ready(desk, rogue())
    press("Ctrl+.")
    spin_until(lambda: desk.served.menu is not None and desk.served.menu.isVisible())
    menu = desk.served.menu
    assert [entry.text() for entry in menu.actions()] == ["Mend 1", "Later", "Last", "Move", "Command", "Cannot"]
    assert not menu.actions()[-1].isEnabled() and menu.activeAction().text() == "Mend 1"
    desk.served.menu = None
    QTest.keyClick(menu, Qt.Key.Key_Return)
    spin_until(lambda: desk.pane.text() == b"Mbc\n")


@pytest.mark.parametrize(("title", "text"), [("Later", b"Lbc\n"), ("Command", b"Cbc\n")])
def test_an_action_may_ask_for_its_edit_or_run_a_command(
    desk: LanguageDesk, rogue: Rogue, title: str, text: bytes
) -> None:
    ready(desk, rogue())
    choose(desk, title)
    spin_until(lambda: desk.pane.text() == text)


def test_nothing_outside_of_the_project_is_changed(desk: LanguageDesk, rogue: Rogue) -> None:
    one = rogue()
    ready(desk, one)
    choose(desk, "Last")
    spin_until(lambda: "outside of the project" in desk.pane.status.note.text())


def test_hints_stand_behind_the_lines_where_they_are_wanted(desk: LanguageDesk, rogue: Rogue) -> None:
    ready(desk, rogue())
    assert not desk.served.inlays.shown
    set_option("scintilla.inlay-hints", True)
    spin_until(lambda: desk.served.inlays.shown == {0: ("first=bc   abc: int", (1, 3))})
    assert desk.served.inlays._sheet.isVisible()
    set_option("scintilla.inlay-hints", False)
    assert not desk.served.inlays.shown and desk.served.inlays._sheet is None


@pytest.mark.parametrize(
    ("line", "kind", "label", "told"),
    [
        ("größe| = 3", 1, ": int", "größe: int"),
        ("def f()|:", 1, "-> int", "-> int"),
        ("f(|[1, 2], 3)", 2, "rows=", "rows=[1, 2]"),
        ('f("a, b", |g(1, 2))', 2, "rows=", "rows=g(1, 2)"),
        ('f(|"a, b")', 2, "rows=", 'rows="a, b"'),
        ("f(|one_argument_with_a_long_name)", 2, "rows=", "rows=one_argument_with_a_lon…"),
    ],
)
def test_a_hint_behind_a_line_says_what_it_is_about(line: str, kind: int, label: str, told: str) -> None:
    from plugins.scintilla.language_client.inlay import said
    from plugins.scintilla.language_client.protocol import InlayHint, Position

    before, _, behind = line.partition("|")
    hint = InlayHint(position=Position(line=0, character=0), label=label, kind=kind)
    assert said((before + behind).encode(), len(before.encode()), hint) == told


def test_what_is_typed_is_put_in_order_where_that_is_wanted(desk: LanguageDesk, rogue: Rogue) -> None:
    ready(desk, rogue())
    set_option("scintilla.format-on-type", True)
    type_text(";")
    spin_until(lambda: desk.pane.text() == b">;abc\n")
    set_option("scintilla.format-on-type", False)
    press("Ctrl+Alt+Shift+F")
    spin_until(lambda: desk.pane.text() == b"ranged\n")


def test_symbols_of_the_project_are_asked_for_by_what_is_typed(desk: LanguageDesk, rogue: Rogue) -> None:
    from threading import Thread

    from plugins.scintilla.language_client.symbols import palette_project_symbols

    ready(desk, rogue())

    class Asked:
        text = "New"

        def check(self) -> None:
            pass

    found: list[Any] = []
    gather = palette_project_symbols(desk.editor)
    Thread(target=lambda: found.extend(gather(Asked()))).start()
    spin_until(lambda: found)
    assert found[0].title == "NewSymbol"
    found[0].run()
    assert desk.pane.code.caret == 1


def test_a_server_gets_what_it_asks_for(desk: LanguageDesk, rogue: Rogue, tmp_path: Path) -> None:
    log = tmp_path / "log"
    one = rogue("asks", f"log={log}")
    one.row.settings["a"] = {"b": [7]}
    spin_until(lambda: len([line for line in told(log) if "method" not in line]) == 5)
    answers = {line["id"]: line for line in told(log) if "method" not in line}
    assert answers[1]["result"] == [[7], {"a": {"b": [7]}}] and answers[2]["result"] is None
    assert answers[3]["error"]["code"] == -32601 and "error" in answers[4]
    spin_until(lambda: "Reading 40 %" in desk.pane.status.server.text())
    # The thread that watches begins when it does; a file is written until it is heard of.
    count = iter(range(1_000_000))

    def heard() -> bool:
        (desk.folder / "new.txt").write_text(str(next(count)))
        (desk.folder / "new.bin").write_text("1")
        return any(line.get("method") == "workspace/didChangeWatchedFiles" for line in told(log))

    spin_until(heard)
    changes = [line for line in told(log) if line.get("method") == "workspace/didChangeWatchedFiles"]
    assert {Path(one["uri"]).name for line in changes for one in line["params"]["changes"]} == {"new.txt"}
    one.row.settings.clear()


def test_nobody_starts_a_program_without_the_persons_word(desk: LanguageDesk, tmp_path: Path) -> None:
    import sys

    from plugins.scintilla.language_client.server_table import ServerRow
    from tests.plugins.language_client.conftest import ROGUE

    set_option("scintilla.language-folders", "")
    row = ServerRow("named", ("lua",), (sys.executable, ROGUE), origin="app")
    desk.client.rows.insert(0, row)
    desk.show("free.lua")
    spin_until(lambda: desk.editor.bar.isVisible())
    assert ROGUE in desk.editor.bar.text.text() and not desk.pane.served.servers
    desk.editor.bar.second.click()
    desk.show("empty.txt")
    desk.show("free.lua")
    assert not desk.editor.bar.isVisible() and not desk.pane.served.servers
    desk.client.consent._refused.clear()
    desk.show("empty.txt")
    desk.show("free.lua")
    spin_until(lambda: desk.editor.bar.isVisible())
    desk.editor.bar.first.click()
    spin_until(lambda: any(one.row is row and one.state == "ready" for one in desk.pane.served.servers))
    assert str(desk.folder) in option("scintilla.language-folders") and ROGUE in option("scintilla.language-commands")
    desk.show("empty.txt")
    desk.client.rows.remove(row)
    set_option("scintilla.language-folders", str(desk.folder.parent))
    set_option("scintilla.language-commands", "")


def test_large_texts_and_long_lines_are_shown_to_no_server(desk: LanguageDesk, rogue: Rogue) -> None:
    (desk.folder / "notes.sql").write_bytes(b"x" * 200_000 + b"\n")
    from plugins.scintilla.language_client.server_table import ServerRow

    row = ServerRow("none", ("sql",), ("/bin/false",))
    desk.client.rows.insert(0, row)
    desk.show("notes.sql")
    spin_until(lambda: desk.pane.served is not None)
    assert desk.pane.is_broken and not desk.pane.served.servers
    desk.client.rows.remove(row)
    (desk.folder / "notes.sql").write_bytes(b"select 1\n")
    (desk.folder / "large.py").write_bytes(b"# x\n" * 300_000)
    desk.show("large.py")
    desk.pane.status.tell()
    assert desk.pane.served is None and "no language servers" in desk.pane.status.note.text()
    assert desk.pane.code.send(SCI.SCI_GETLENGTH) == 1_200_000


def test_problems_are_asked_for_where_a_server_wants_that(desk: LanguageDesk, rogue: Rogue, tmp_path: Path) -> None:
    one = rogue("pull", f"log={tmp_path / 'log'}")
    spin_until(lambda: one.state == "ready")

    def problems() -> list[str]:
        return [mark.message for _, _, mark in desk.pane.marks.shown]

    desk.put("|abc\n")
    spin_until(lambda: problems() == ["pulled abc\n"])
    spin_until(lambda: any("beside" in str(told) for told in desk.client.problems.values()))
    type_text("x")
    spin_until(lambda: problems() == ["pulled xabc\n"])
    desk.pane.served.pulls.look()
    asked = [one["params"] for one in told(tmp_path / "log") if one.get("method") == "textDocument/diagnostic"]
    assert asked[0]["identifier"] == "rogue" and "previousResultId" not in asked[0]
    spin_until(lambda: any(
        one["params"].get("previousResultId") == "xabc\n"
        for one in told(tmp_path / "log") if one.get("method") == "textDocument/diagnostic"
    ))  # fmt: skip
    assert problems() == ["pulled xabc\n"]


def test_a_selection_grows_by_what_the_server_knows(desk: LanguageDesk, rogue: Rogue) -> None:
    one = rogue()
    ready(desk, one)
    desk.put("abc de\n")
    desk.pane.code.select(1, 1)
    for span in ((1, 2), (0, 3), (0, 4), (0, 6)):
        press("Alt+Shift+Right")
        spin_until(lambda span=span: desk.pane.code.selection == span)
    for span in ((0, 4), (0, 3), (1, 2), (1, 1)):
        press("Alt+Shift+Left")
        assert desk.pane.code.selection == span
