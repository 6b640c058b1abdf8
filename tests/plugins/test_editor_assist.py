"""What assistants know of a language reaches the editor: completions, call tips, problems; and goes with them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from plugins.api import CallTip, Completion, Diagnostic, OpenText, Place, Span, add_assistant
from plugins.scintilla.complete import TRIGGER_MS
from plugins.scintilla.document import Form
from plugins.scintilla.host import SCI
from plugins.scintilla.look import ANNOTATION, INDICATOR, MARKER
from tests.conftest import spin_until
from tests.plugins.editor_desk import EditorDesk, press, type_text


class Known:
    """An assistant that remembers what it was told and answers what it was given."""

    languages: Sequence[str] = ("python",)
    triggers = "."

    def __init__(self) -> None:
        self.told: list[tuple[str, str]] = []
        self.texts: list[OpenText] = []
        self.answer: list[Completion] = []
        self.waiting: list[Callable[..., Any]] = []
        self.is_slow = False

    def open_text(self, text: OpenText) -> None:
        self.told.append(("open", text.text()))
        self.texts.append(text)

    def change_text(self, text: OpenText) -> None:
        self.told.append(("change", text.text()))

    def close_text(self, text: OpenText) -> None:
        self.told.append(("close", text.path))
        self.texts.remove(text)

    def complete(self, text: OpenText, place: Place, done: Callable[..., Any]) -> None:
        self.told.append(("complete", f"{place.line}:{place.letter}"))
        self.waiting.append(done) if self.is_slow else done(self.answer)

    def call_tip(self, text: OpenText, place: Place, done: Callable[..., Any]) -> None:
        done(CallTip("f(größe, other)", 2, 7))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, qapp: Any) -> Iterator[EditorDesk]:
    made = EditorDesk(tmp_path_factory.mktemp("assist"), "layout 1\nwindow { editor id=it language=python\n }\n")
    yield made
    made.close()


@pytest.fixture
def known(desk: EditorDesk) -> Iterator[Known]:
    """An assistant of an editor that has the focus and no text."""
    pane = desk.editor("it").pane
    pane.load(b"", Form())
    pane.code.set_read_only(False)
    pane.focus_code()
    assistant = Known()
    remove = add_assistant(assistant)
    yield assistant
    remove()
    assert assistant.texts == []
    press("Escape")


def test_a_text_is_opened_changed_after_a_pause_and_closed(desk: EditorDesk, known: Known) -> None:
    assert known.told == [("open", "")]
    type_text("ab")
    spin_until(lambda: ("change", "ab") in known.told)
    desk.editor("it").set_language("sql")
    assert known.told[-1][0] == "close"
    desk.editor("it").set_language("python")
    assert known.told[-1] == ("open", "ab")


def test_completions_are_put_in(desk: EditorDesk, known: Known) -> None:
    pane = desk.editor("it").pane
    known.answer = [Completion("append"), Completion("attach")]
    pane.code.type("größe".encode())
    type_text(".")
    spin_until(lambda: pane.completer.is_open)
    assert known.told[-1] == ("complete", "0:6") and known.told[-2] == ("change", "größe.")
    type_text("at")
    press("Tab")
    assert pane.text().decode() == "größe.attach"


def test_a_completion_may_take_the_place_of_more(desk: EditorDesk, known: Known) -> None:
    pane = desk.editor("it").pane
    known.answer = [Completion("import os", "", Span(Place(0, 0), Place(0, 2)))]
    type_text("os")
    press("Ctrl+Space", "Return")
    assert pane.text() == b"import os"


def test_an_answer_that_comes_too_late_is_dropped(desk: EditorDesk, known: Known) -> None:
    pane = desk.editor("it").pane
    known.is_slow = True
    type_text("a.")
    spin_until(lambda: known.waiting)
    type_text("b\n")
    (late, *_) = known.waiting
    late([Completion("append")])
    assert not pane.completer.is_open and pane.text() == b"a.b\n"


def test_a_letter_that_asks_waits_for_a_pause_and_asks_nothing_elsewhere(desk: EditorDesk, known: Known) -> None:
    completer = desk.editor("it").pane.completer
    completer._triggered.setInterval(60_000)  # a pause that ends when the test says so
    asked = [("complete", "1:2")]
    try:
        type_text("a.\n")
        completer._ask_wanted()
        type_text("b.")
        assert not [one for one in known.told if one[0] == "complete"]
        completer._ask_wanted()
        assert [one for one in known.told if one[0] == "complete"] == asked
    finally:
        completer._triggered.setInterval(TRIGGER_MS)


def test_a_call_tip_is_shown_and_goes(desk: EditorDesk, known: Known) -> None:
    send = desk.editor("it").pane.code.send
    type_text("f(")
    spin_until(lambda: send(SCI.SCI_CALLTIPACTIVE))
    type_text(")")
    assert not send(SCI.SCI_CALLTIPACTIVE)


def test_problems_are_marked_said_and_gone_to(desk: EditorDesk, known: Known) -> None:
    pane, send = desk.editor("it").pane, desk.editor("it").pane.code.send
    pane.load("grün = x\nfine\ny z\n".encode(), Form())
    (text,) = known.texts
    problems = [
        Diagnostic(Span(Place(0, 7), Place(0, 8)), "x is unknown", "error", "checker"),
        Diagnostic(Span(Place(2, 9), Place(2, 9)), "strange", "warning"),
        Diagnostic(Span(Place(99, 0), Place(99, 5)), "far away", "info"),
    ]
    text.show_diagnostics("checker", problems)
    assert send(SCI.SCI_INDICATORVALUEAT, INDICATOR["error"], 8) and not send(
        SCI.SCI_INDICATORVALUEAT, INDICATOR["error"], 7
    )
    assert send(SCI.SCI_MARKERGET, 0) & 1 << MARKER["error"] and send(SCI.SCI_MARKERGET, 2) & 1 << MARKER["warning"]
    press("Ctrl+Home")
    spin_until(lambda: send(SCI.SCI_ANNOTATIONGETLINES, 0) == 1)
    assert send(SCI.SCI_ANNOTATIONGETSTYLE, 0) == ANNOTATION["error"]
    press("F8")
    assert pane.code.place_of(pane.code.caret) == (0, 7)
    press("F8")
    assert pane.code.line_of(pane.code.caret) == 2 and send(SCI.SCI_ANNOTATIONGETLINES, 0) == 0
    text.show_diagnostics("checker", [])
    assert not send(SCI.SCI_MARKERGET, 0) & 1 << MARKER["error"]


def test_an_assistant_that_is_taken_away_serves_no_more(desk: EditorDesk, known: Known) -> None:
    pane = desk.editor("it").pane
    other = Known()
    remove = add_assistant(other)
    assert [one[0] for one in other.told] == ["open"]
    remove()
    assert [one[0] for one in other.told] == ["open", "close"] and pane.completer.ask is not None
