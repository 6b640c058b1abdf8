"""What the pictures show: a table of scenes, each an app and what a person does in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from PySide6.QtCore import QElapsedTimer, QEventLoop, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QPushButton, QSplitter, QWidget

from kernel.words import say

#: How long anything may take, and how long nothing may have moved before a window counts as finished, in ms.
LONGEST_MS, STILL_MS, LOOK_MS = 120_000, 400, 30

#: Property of a window whose question is the picture, and not to be answered.
_ASKED = "asked"


EXAMPLES = Path(__file__).parent / "examples"


class Scene(NamedTuple):
    """One picture.

    Attributes:
        name: Its file is ``NAME-light.png`` and ``NAME-dark.png``.
        target: What is opened; ``{server}``, ``{database}`` and apps of docs/picture_app.py are filled in.
        act: What is done in the window before the picture is taken.
        is_last: Whether it stops the server.
    """

    name: str
    target: str
    act: Callable[[Any], None]
    is_last: bool = False


class SceneError(Exception):
    """A scene that never got to its picture."""


def wait_for(condition: Callable[[], Any], what: str) -> None:
    """Run the event loop until the condition holds.

    Raises:
        SceneError: it does not within two minutes.
    """
    loop, since, timer = QEventLoop(), QElapsedTimer(), QTimer()
    since.start()
    timer.timeout.connect(lambda: loop.quit() if condition() or since.elapsed() > LONGEST_MS else None)
    timer.start(LOOK_MS)
    loop.exec()
    timer.stop()
    if not condition():
        raise SceneError(f"waited in vain for {what}")


def settle(window: Any) -> None:
    """Wait until the window has shown all that it will show."""
    from shell.shown import is_whole

    still = QElapsedTimer()
    still.start()

    def is_still() -> bool:
        if agree(window) or window.app.state == "connecting" or not is_whole(window):
            still.restart()
        return still.elapsed() >= STILL_MS

    wait_for(is_still, "the window to be whole")


def agree(window: Any) -> bool:
    """Answer what is asked before an app of a server runs its scripts; whether anything was asked."""
    if window.property(_ASKED) or window.findChild(QFrame, "permissions") is None:
        return False  # other windows have buttons of that name as well
    answers = [one for one in window.findChildren(QPushButton) if one.text() == say("Open it") and one.isVisible()]
    for button in answers:
        button.click()
    return bool(answers)


def _focus(window: Any, view: str) -> Any:
    grid = window.context.widgets[view]
    grid.setFocus(Qt.FocusReason.OtherFocusReason)
    return grid


def _home(window: Any) -> None:
    wait_for(lambda: window.context.widgets["apps_view"].row_count() >= 2, "the apps")
    _focus(window, "apps_view").go(0, 0)


def _orders(window: Any) -> None:
    wait_for(lambda: window.scope.read("orders.sum(total)") is not None, "the sum")
    _focus(window, "orders_view").go(3, 1)


def _form_errors(window: Any) -> None:
    from widgets.form import Form

    _focus(window, "orders_view").go(5, 0)
    settle(window)
    [form] = [form for form in window.findChildren(Form) if form.view_id == "orders_view"]
    editors = {field.column_name: field.editor for field in form.fields}
    for column, typed in (("placed", "32 October"), ("due", "in a week"), ("customer_id", "")):
        line = editors[column].line
        line.setFocus()
        line.selectAll()
        QTest.keyClick(line, Qt.Key.Key_Delete)
        QTest.keyClicks(line, typed)
    form.write_row()
    editors["placed"].line.setFocus()
    wait_for(lambda: any(field.message.isVisible() for field in form.fields), "messages")


def _database(window: Any) -> None:
    grid = next(view for name, view in window.context.widgets.items() if name.startswith("album_view"))
    grid.setFocus(Qt.FocusReason.OtherFocusReason)
    grid.go(2, 1)


def _palette(window: Any) -> None:
    palette = window.cards.palette()
    palette.open_with()
    QTest.keyClicks(palette.line, "anna")
    wait_for(lambda: any(one.item.section == "Customers" for one in palette.model.found), "rows in the palette")
    while palette.current().section != "Customers":
        QTest.keyClick(palette.line, Qt.Key.Key_Down)
    wait_for(lambda: "@" in palette.preview.label.text(), "the fields of a row")


def _empty(window: Any) -> None:
    search = window.context.widgets["find"]
    search.setFocus()
    QTest.keyClicks(search, "sunflowers for Tuesday")
    QTest.keyClick(search, Qt.Key.Key_Return)
    wait_for(lambda: window.context.widgets["orders_view"].row_count() == 0, "no rows")


def _offline(window: Any) -> None:
    _focus(window, "orders_view").go(1, 1)
    settle(window)
    print("stop the server", flush=True)
    wait_for(lambda: window.app.state == "offline", "the server to be gone")


def _web_page(window: Any) -> None:
    page = window.context.widgets["overview"]
    rows: list[Any] = []
    asks = "document.querySelector('espalier-view')?.lines?.size"

    def has_rows() -> bool:
        if page.browser is not None and page.browser.page is not None:
            page.browser.page.runJavaScript(asks, 0, rows.append)
        return any(rows)

    wait_for(has_rows, "the page's table")
    wait_for(lambda: window.context.widgets["notes"].state == "ready", "the notes")
    window.context.widgets["suppliers_view"].go(2, 0)
    window.messages.dismiss()  # a word about root, where the pictures are drawn by it


def _changes(window: Any) -> None:
    """What is not committed, with the lines of one file."""
    views = [one for one in window.body.findChildren(QWidget) if type(one).__name__ == "DiffView"]
    wait_for(lambda: any(one.lines for one in views), "the lines of a change")


def _history(window: Any) -> None:
    """The history with its lanes."""
    window.registry.run("tab.next")
    wait_for(lambda: "commits" in window.context.widgets, "the history")
    files = window.context.widgets["files_view"]
    wait_for(lambda: files.isVisible() and window.context.scope.read("files_view.current.path"), "the commit's files")


def _film(window: Any) -> None:
    film = window.context.widgets["film"]
    film.player.play()
    wait_for(lambda: film.player.time > 1500, "the film to play")
    film.player.pause()
    wait_for(lambda: film.player.state == "paused", "the film to stand")


def _editor(window: Any) -> None:
    """A file's text; a word about programs that could help with it, where there are any, is put off."""
    settle(window)
    for button in window.body.findChildren(QPushButton):
        if button.isVisible() and button.text() == say("Not now"):
            button.click()


def _write_beside(window: Any, old: str = "", new: str = "") -> Any:
    """The layout beside the app, with one text in the place of another, saved; answers the editor."""
    window.registry.run("live.edit")
    editor = window.cards.made["authoring"].editor
    wait_for(lambda: editor.pane is not None and editor.pane.code.length, "the layout")
    _editor(window)
    if old:
        code = editor.pane.code
        start = code.data().index(old.encode())
        code.replace(start, start + len(old.encode()), new.encode())
        code.select(*[start + len(new.encode())] * 2)
        editor.save()
    return editor


def _author_begin(window: Any) -> None:
    """The layout beside the app that it makes."""
    _write_beside(window)


def _author_change(window: Any) -> None:
    """A form was written into it, and is there."""
    new = "    split {\n        grid plants id=plants_view\n        form of=plants_view.current\n    }"
    _write_beside(window, "    grid plants id=plants_view stretch=1", new)
    wait_for(lambda: len(window.findChildren(QSplitter)) > 1, "the form")
    _focus(window, "plants_view").go(2, 1)
    window.cards.made["authoring"].editor.setFocus()


def _author_mistake(window: Any) -> None:
    """A mistake is told at its line and over the last good window."""
    _write_beside(window, "grid plants", "gird plants")
    wait_for(lambda: "problems" in window.cards.made and window.cards.made["problems"].isVisible(), "the problem")


def _add_server(window: Any) -> None:
    """The card with a server's keys; its address is another one each time the pictures are drawn."""
    from docs.render_pictures import SERVER

    window.registry.run("server.add")
    card, address = window.cards.made["server"], window.session.config.servers[SERVER]
    QTest.keyClicks(card.line, f"{SERVER}={address}")
    QTest.keyClick(card.line, Qt.Key.Key_Return)
    wait_for(lambda: card.keys.text(), "the server's keys")
    said, keys = card.said.text(), card.keys.text()
    card.line.blockSignals(True)
    card.line.setText(f"{SERVER}=beast:5060")
    card._say(said.replace(address, "beast:5060"), keys, "text")


def _consent(window: Any) -> None:
    """What is asked before the first run; it was agreed to already, so that the scene could begin."""
    from shell.consent import consents_of, question
    from shell.consent_page import consent_page

    consents_of(window.session).forget(window.app.info.key)
    asked = question(window.app, window.session)
    assert asked is not None
    wanted = asked.wanted
    asked = asked._replace(wanted=type(wanted)(("files", "net", "notify"), wanted.has_code, wanted.keys))
    window.setProperty(_ASKED, True)
    window.show_page(consent_page(window.theme, asked, window.close, window.close, window))


def _update(window: Any) -> None:
    _focus(window, "orders_view").go(2, 1)
    settle(window)
    window._news.offer_release("1.1")


SCENES: tuple[Scene, ...] = (
    Scene("database", "{database}", _database),
    Scene("home", "home", _home),
    Scene("order-desk", "orders@{server}", _orders),
    Scene("form-errors", "orders@{server}", _form_errors),
    Scene("palette", "orders@{server}", _palette),
    Scene("empty", "orders@{server}", _empty),
    Scene("web-page", str(EXAMPLES / "garden-pages"), _web_page),
    Scene("git-changes", "{repository}", _changes),
    Scene("git-history", "{history}", _history),
    Scene("video", "{film}", _film),
    Scene("editor", "{editor}", _editor),
    Scene("author-1", "{plants}", _author_begin),
    Scene("author-2", "{plants2}", _author_change),
    Scene("author-3", "{plants3}", _author_mistake),
    Scene("add-server", "home", _add_server),
    Scene("consent", "orders@{server}", _consent),
    Scene("update", "orders@{server}", _update),
    Scene("offline", "orders@{server}", _offline, is_last=True),
)
