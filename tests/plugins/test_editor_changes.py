"""Changes beside the lines of an editor, driven by keys in a real repository and held against what git says."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conftest import spin_until
from tests.plugins.editor_desk import EditorDesk, press, type_text
from tests.plugins.git.conftest import Git, git_in

TEXT = "".join(f"line {number}\n" for number in range(1, 21))
LAYOUT = """layout 1
table commits source="repository/log"
window {
    column {
        git-log commits id=log
        editor file="notes.txt" id=file
    }
}
"""


class Text(NamedTuple):
    """One file of the repository, in the editor."""

    desk: EditorDesk
    git: Git
    place: Path

    @property
    def pane(self) -> Any:
        return self.desk.editor("file").pane

    @property
    def gutter(self) -> Any:
        return self.pane.changes

    def compared(self) -> Any:
        """The comparison with the text as it is now."""
        spin_until(lambda: self.gutter.found is not None and self.gutter.shown == self.gutter.now()
                   and not self.gutter._is_comparing)  # fmt: skip
        return self.gutter.found

    def edit(self, old: str, new: str) -> Any:
        """Put something in the place of a part, and wait until it is compared."""
        code = self.pane.code
        start = code.data().index(old.encode())
        code.replace(start, start + len(old.encode()), new.encode())
        return self.compared()

    def go(self, line: int) -> None:
        """Put the caret to a line, from 1."""
        self.pane.code.go_to_line(line - 1)
        self.pane.focus_code()

    def staged(self) -> str:
        """What the index has of the file."""
        return self.git("show", f":{self.place.name}")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[tuple[EditorDesk, Git]]:
    folder = tmp_path_factory.mktemp("changes")
    app = folder / "repository"
    app.mkdir()
    git = git_in(app)
    git("init", "-q", "-b", "main")
    for name, value in (("user.name", "Ann Ärmel"), ("user.email", "ann@example.org"), ("core.autocrlf", "false")):
        git("config", name, value)
    (app / "begin.txt").write_text("begin\n")
    git("add", "-A")
    git("commit", "-qm", "Begin")
    made = EditorDesk(folder, LAYOUT, f'\n[sources.repository]\nkind = "git"\npath = "{app}"\n')
    yield made, git
    made.close()


@pytest.fixture
def text(desk: tuple[EditorDesk, Git], request: pytest.FixtureRequest) -> Iterator[Text]:
    """A file of its own, committed and shown."""
    made, git = desk
    folder = made.folder.parent / "repository"
    data = getattr(request, "param", TEXT.encode())
    name = f"{abs(hash(request.node.name))}.txt"
    (folder / name).write_bytes(data)
    git("add", name)
    git("commit", "-qm", f"Write {name}\n\nAs a test wants it.")
    editor = made.editor("file")
    editor.set_file(str(folder / name))
    shown = Text(made, git, folder / name)
    spin_until(lambda: shown.gutter is not None and shown.gutter.found is not None)
    shown.gutter._pause.setInterval(20)
    shown.pane.focus_code()
    yield shown
    shown.pane.code.load(b"")
    shown.place.write_bytes(b"")
    git("reset", "-q", "--hard")


def markers(text: Text) -> dict[int, set[str]]:
    """Line from 1 → the marks that it has."""
    from plugins.scintilla.host import SCI
    from plugins.scintilla.look import MARKER

    found = {}
    for line in range(text.pane.code.line_count):
        mask = text.pane.code.send(SCI.SCI_MARKERGET, line)
        names = {name for name, number in MARKER.items() if mask & 1 << number and "-" in name}
        if names:
            found[line + 1] = names
    return found


def test_lines_are_marked_and_gone_to(text: Text) -> None:
    assert markers(text) == {} and text.pane.status.branch.text() == "main"
    text.edit("line 3\n", "")
    text.edit("line 7\n", "seven\n")
    text.edit("line 20\n", "line 20\nmore\nand more\n")
    assert markers(text) == {3: {"line-removed"}, 6: {"line-changed"}, 20: {"line-added"}, 21: {"line-added"}}
    text.go(1)
    lines = []
    for _ in range(4):
        press("Alt+F5")
        lines.append(text.pane.code.line_of(text.pane.code.caret) + 1)
    press("Alt+Shift+F5")
    assert lines == [3, 6, 20, 3] and text.pane.code.line_of(text.pane.code.caret) + 1 == 20
    assert text.pane.status.note.text() == "Change 3 of 3"
    assert text.pane.status.branch.toolTip() == "3 changes"


def test_a_key_does_no_more_than_note_that_the_text_is_another(text: Text, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text is neither read nor compared before the typing rests."""
    asked: list[str] = []
    gutter = text.gutter
    monkeypatch.setattr(gutter, "now", lambda own=gutter.now: asked.append("read") or own())
    monkeypatch.setattr(gutter, "do", lambda *job, own=gutter.do: asked.append("done") or own(*job))
    gutter._pause.setInterval(60_000)
    text.go(2)
    type_text("some letters")
    assert asked == [] and gutter._pause.isActive()
    gutter._pause.timeout.emit()  # a pause in which something was typed, and one in which nothing was
    assert asked == []
    gutter._pause.timeout.emit()
    assert asked[:2] == ["read", "done"]


def test_hunks_are_staged_and_taken_out_by_keys(text: Text) -> None:
    text.edit("line 3\n", "three\n")
    text.edit("line 12\n", "")
    text.go(3)
    press("Ctrl+K", "Ctrl+Alt+S")
    spin_until(lambda: len(text.gutter.found.staged) == 1)
    assert text.staged() == TEXT.replace("line 3\n", "three\n")
    assert markers(text) == {3: {"staged-changed"}, 12: {"line-removed"}}
    assert text.pane.status.branch.toolTip() == "1 change · 1 staged"
    press("Ctrl+S")
    spin_until(lambda: not text.pane.code.is_dirty)
    assert text.git("status", "--porcelain").split() == ["MM", text.place.name]
    press("Ctrl+K", "Ctrl+Alt+U")
    spin_until(lambda: not text.gutter.found.staged)
    assert text.staged() == TEXT and len(text.compared().hunks) == 2
    text.pane.code.send(2013)  # SCI_SELECTALL
    press("Ctrl+K", "Ctrl+Alt+S")
    spin_until(lambda: len(text.gutter.found.staged) == 2)
    assert text.git("status", "--porcelain").split() == ["M", text.place.name]


def test_single_lines_are_staged_and_taken_out_by_keys(text: Text) -> None:
    text.edit("line 3\nline 4\nline 5\n", "three\nfour\nfive\nmore\n")
    text.go(4)
    press("Ctrl+K", "Ctrl+Alt+L")
    spin_until(lambda: len(text.gutter.found.staged) == 1)
    assert text.staged() == TEXT.replace("line 4\n", "four\n")
    text.pane.code.select(text.pane.code.line_start(4), text.pane.code.line_start(6))
    before = text.compared().staged
    press("Ctrl+K", "Ctrl+Alt+L")
    spin_until(lambda: "more" in text.staged())
    spin_until(lambda: text.gutter.found.staged != before)  # what is taken out is taken from what is known as staged
    assert text.staged() == TEXT.replace("line 4\nline 5\n", "four\nfive\nmore\n")
    text.compared()
    text.go(5)
    press("Ctrl+K", "Ctrl+Alt+Shift+L")
    spin_until(lambda: "five" not in text.staged())
    assert text.staged() == TEXT.replace("line 4\nline 5\n", "four\nline 5\nmore\n")
    assert text.pane.text().decode() == TEXT.replace("line 3\nline 4\nline 5\n", "three\nfour\nfive\nmore\n")


@pytest.mark.parametrize(
    ("hunk", "lines", "part"),
    [
        ((2, 5, 2, 5), (3, 3), (3, 4, 3, 4)),
        ((2, 5, 2, 5), (0, 9), (2, 5, 2, 5)),
        ((2, 2, 2, 5), (4, 7), (2, 2, 4, 5)),
        ((2, 5, 2, 3), (2, 2), (2, 5, 2, 3)),
        ((2, 6, 2, 4), (2, 2), (2, 3, 2, 3)),
        ((2, 6, 2, 4), (3, 3), (3, 6, 3, 4)),
        ((2, 3, 2, 6), (4, 4), (3, 3, 4, 5)),
        ((2, 5, 2, 2), (2, 2), (2, 5, 2, 2)),
    ],
)
def test_lines_of_a_change(hunk: tuple[int, ...], lines: tuple[int, int], part: tuple[int, ...]) -> None:
    from plugins.api import Hunk
    from plugins.scintilla.gutter.text import narrowed

    assert narrowed(Hunk(*hunk), *lines) == part


@pytest.mark.parametrize(
    ("text", "old", "new", "line"),
    [
        (TEXT.encode(), "line 4\nline 5\n", "4\n", 4),
        (TEXT.encode(), "line 9\n", "", 9),
        (TEXT.encode(), "line 20\n", "line 20\nmore\n", 21),
        (b"one\r\ntwo\r\nthree", "two\r\nthree", "2\r\n3\r\n4\r\n", 2),
        ("Größe\nÄpfel\n".encode("latin-1"), "Äpfel", "Öl", 2),
        (b"one\ntwo\n", "two\n", "", 2),
        (b"one\ntwo", "\ntwo", "", 1),
    ],
    indirect=["text"],
)  # fmt: skip
def test_a_change_is_taken_back_and_that_undone(text: Text, old: str, new: str, line: int) -> None:
    before = text.pane.code.data()
    text.edit(old, new)
    after = text.pane.code.data()
    text.go(line)
    press("Ctrl+K", "Ctrl+Alt+R")
    assert text.pane.code.data() == before and text.compared().hunks == ()
    press("Ctrl+Z")
    assert text.pane.code.data() == after
    spin_until(lambda: text.compared().hunks)


def test_nothing_is_taken_back_while_a_newer_text_is_compared(text: Text) -> None:
    text.edit("line 9\n", "nine\n")
    go_on = threading.Event()
    try:
        text.gutter.do(lambda _versions: go_on.wait(30), lambda _answer: None)
        text.pane.code.replace(0, 0, b"first\nsecond\n")
        text.gutter.look()
        after = text.pane.code.data()
        text.go(9)
        press("Ctrl+K", "Ctrl+Alt+R")
        assert text.pane.code.data() == after
    finally:
        go_on.set()
    text.compared()
    text.go(11)
    press("Ctrl+K", "Ctrl+Alt+R")
    assert text.pane.code.data() == b"first\nsecond\n" + TEXT.encode()


def test_what_stood_there_is_shown_until_escape_or_a_letter(text: Text) -> None:
    from plugins.scintilla.host import SCI

    text.edit("line 3\nline 4\n", "x\n")

    def shown() -> int:
        return sum(text.pane.code.send(SCI.SCI_ANNOTATIONGETLINES, line) for line in range(20))

    text.go(3)
    press("Alt+F3")
    assert text.gutter.peek.rows == {1: ("− line 3\n− line 4", 203)} and shown() == 2
    press("Escape")
    assert text.gutter.peek.rows == {} and shown() == 0
    press("Alt+F3")
    assert shown() == 2
    type_text("y")
    assert shown() == 0


def test_who_wrote_a_line_and_where_return_leads(text: Text) -> None:
    text.edit("line 2\n", "two\n")
    editor = text.desk.editor("file")
    text.go(5)
    press("Ctrl+K", "Ctrl+B")
    spin_until(lambda: text.gutter.peek.rows)
    commit = text.git("rev-parse", "HEAD").strip()
    ((said, _),) = text.gutter.peek.rows.values()
    assert said.startswith(f"{commit[:7]} · Ann Ärmel") and said.endswith(f"Write {text.place.name}")
    log = text.desk.window.context.views["log"]
    count = int(text.git("rev-list", "--count", "HEAD"))
    spin_until(lambda: log.row_count() == count and not log.handle.is_busy)
    press("Return")
    spin_until(lambda: log.current_key == (commit,))
    assert text.pane.code.data().count(b"\n") == 20  # Return was not typed
    text.go(2)
    press("Alt+Shift+B")
    spin_until(lambda: text.gutter.blame.lines)
    told = [None if one is None else one.id for one in text.gutter.blame.lines]
    assert told == [commit, None, *[commit] * 18]
    press("Alt+Shift+B")
    assert text.gutter.blame.lines == []
    press("Ctrl+K", "Ctrl+Alt+H")
    spin_until(lambda: editor.list_panel().isVisible())
    assert editor.list_panel().texts() == [f"Write {text.place.name}"]
    press("Escape")


def test_a_commit_is_shown_below_where_no_log_has_it(text: Text) -> None:
    from plugins.scintilla.gutter.version import _go_below

    editor = text.desk.editor("file")
    _go_below(editor, text.git("rev-parse", "HEAD").strip())
    spin_until(lambda: editor.list_panel().isVisible())
    assert editor.list_panel().texts() == [f"Write {text.place.name}", "As a test wants it.", text.place.name]
    editor.list_panel().close_list()


def test_committing_and_amending_from_the_text(text: Text) -> None:
    text.edit("line 1\n", "one\n")
    run = text.desk.window.registry.run
    press("Ctrl+K", "Ctrl+Alt+F")
    spin_until(lambda: text.gutter.found.staged)
    run("editor.commit-staged", message="Count in words")
    spin_until(lambda: text.git("log", "-1", "--format=%s") == "Count in words\n" and not text.gutter.found.staged)
    assert markers(text) == {}
    text.edit("line 2\n", "two\n")
    press("Ctrl+K", "Ctrl+Alt+F")
    spin_until(lambda: text.gutter.found.staged)
    run("editor.amend-commit")
    spin_until(lambda: not text.gutter.found.staged and not text.gutter.found.hunks)
    assert text.git("log", "-1", "--format=%s") == "Count in words\n" and text.git("diff", "--cached") == ""
    assert text.git("show", f"HEAD:{text.place.name}").startswith("one\ntwo\n")


def test_what_another_program_does_with_the_repository_is_seen(text: Text) -> None:
    text.edit("line 1\n", "one\n")
    press("Ctrl+S")
    spin_until(lambda: not text.pane.code.is_dirty)
    text.git("add", text.place.name)
    spin_until(lambda: text.gutter.found.staged)
    assert markers(text) == {1: {"staged-changed"}}
    text.git("switch", "-qc", f"side-{text.place.stem}")
    spin_until(lambda: text.pane.status.branch.text().startswith("side-"))
    text.git("switch", "-q", "main")
    spin_until(lambda: text.pane.status.branch.text() == "main")


def test_keys_of_vim(text: Text) -> None:
    from plugins.options import set_option

    text.edit("line 6\n", "six\n")
    set_option("scintilla.keys", "vim")
    try:
        text.go(1)
        type_text("]c")
        spin_until(lambda: text.pane.code.line_of(text.pane.code.caret) == 5)
        text.go(10)
        type_text("[c")
        spin_until(lambda: text.pane.code.line_of(text.pane.code.caret) == 5)
    finally:
        set_option("scintilla.keys", "follow")


def test_texts_that_are_not_compared_say_why(text: Text, monkeypatch: pytest.MonkeyPatch) -> None:
    gutter = text.gutter
    monkeypatch.setattr(text.pane.code, "is_large", True)
    gutter.look()
    spin_until(lambda: gutter.found.reason)
    assert text.pane.status.branch.text() == "main" and "too large" in gutter.found.reason
    monkeypatch.undo()
    text.pane.code.replace(0, 4, b"a\rb")
    spin_until(lambda: "carriage return" in gutter.found.reason)
    spin_until(lambda: "carriage return" in text.pane.status.branch.toolTip())


@pytest.mark.parametrize("text", [b"a" * 150_000 + b"\nline 2\n"], indirect=True, ids=["long"])
def test_a_text_whose_long_lines_are_shown_in_parts_is_not_staged(text: Text) -> None:
    before = text.staged()
    assert text.pane.is_broken and "in parts" in text.gutter.found.reason
    for command in ("editor.stage-file", "editor.stage-change", "editor.take-back-change"):
        text.desk.window.registry.run(command)
    assert "in parts" in text.desk.window.messages.history[-3].text
    spin_until(lambda: not text.gutter._waiting)
    assert text.staged() == before and not text.pane.code.is_dirty


def test_nothing_is_shown_without_a_repository_or_a_keeper(text: Text) -> None:
    from kernel.versions import keepers_changed

    text.edit("line 6\n", "six\n")
    text.gutter._versions.is_closed = True
    keepers_changed()
    assert markers(text) == {} and text.gutter.found is None
    text.pane.status.tell()
    assert not text.pane.status.branch.isVisible()
    spin_until(lambda: text.gutter.found is not None)  # git is asked again, since it is there
    assert markers(text) == {6: {"line-changed"}}
    editor = text.desk.editor("file")
    editor.set_file("notes.txt")
    spin_until(lambda: editor.pane.changes is not None)
    text.desk.window.registry.run("editor.next-change")
    assert any("nobody keeps versions" in one.text for one in text.desk.window.messages.history)
    assert not editor.pane.status.branch.isVisible()
