"""What people do with pages: keys, finding, size, files, permissions, crashes, colours."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.conftest import spin_until
from tests.plugins.chromium.conftest import show
from tests.plugins.chromium.web_desk import Server, js, until_js

_CONTROL = Qt.KeyboardModifier.ControlModifier


def press(web: Any, key: Any, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
    """A real key, where the page would get it."""
    QTest.keyClick(web.window().windowHandle(), key, modifiers)


def test_keys_are_the_windows_until_somebody_types(own: Any, window: Any) -> None:
    window.activateWindow()
    spin_until(window.isActiveWindow)
    own.setFocus()
    spin_until(lambda: own.browser.view.focusProxy() is QApplication.focusWidget())
    assert not own.browser.is_typing()
    press(own, Qt.Key.Key_F, _CONTROL)
    spin_until(lambda: own.find_bar.isVisible())
    own.find_bar.close_bar()
    own.setFocus()
    js(own, "document.getElementById('field').focus()")
    spin_until(own.browser.is_typing)
    for key in (Qt.Key.Key_H, Qt.Key.Key_I):
        press(own, key)
    js(own, "addEventListener('keydown', (e) => { if (e.ctrlKey && e.key === 'f') { document.title = 'mine';"
            " e.preventDefault() } })")  # fmt: skip
    press(own, Qt.Key.Key_F, _CONTROL)
    spin_until(lambda: own.title == "mine")
    assert js(own, "document.getElementById('field').value") == "hi"
    assert not own.find_bar.isVisible()
    press(own, Qt.Key.Key_Escape)
    spin_until(lambda: not own.browser.is_typing())
    assert js(own, "document.activeElement === document.body")
    press(own, Qt.Key.Key_L, _CONTROL)
    spin_until(lambda: own.navigation.address.hasFocus())
    assert own.navigation.address.selectedText() == "app://desk/pages/start.html"
    QTest.keyClick(own.navigation.address, Qt.Key.Key_Escape)


def test_places_to_choose_are_told_with_what_they_do(own: Any) -> None:
    answer: list[Any] = []
    js(own, "document.body.insertAdjacentHTML('afterbegin', '<svg width=90 height=20><a href=\"drawn\"><rect width=80 "
            "height=20 /></a></svg><li tabindex=0 value=7></li><a href=\"https://far.example/\">Far</a>')")  # fmt: skip
    own.hint_targets(answer.append)
    spin_until(lambda: answer)
    targets = {one.text: one for one in answer[0]}
    assert targets["Other"].address.endswith("/other.html") and targets["Other"].open_outside is None
    assert targets["Far"].address == "https://far.example/" and targets["Far"].open_outside is not None
    assert "7" in targets and (targets[""].role, targets[""].address) == ("link", "")
    assert targets["Other"].role == "link" and targets["Press"].role == "button" and targets["Field"].role == "field"
    assert own.rect().contains(targets["Press"].rect) and targets["Press"].rect.top() >= own.ground.y()
    targets["Press"].act()
    spin_until(lambda: own.title == "Pressed")
    targets["Field"].act()
    spin_until(own.browser.is_typing)
    own.browser.leave_field()
    targets["Other"].act()
    spin_until(lambda: own.title == "Other")


def test_finding_counts_and_size_is_kept(outer: Any, server: Server, window: Any) -> None:
    show(outer, server.here + "/plain")
    outer.find_bar.open()
    outer.find_bar.line.setText("needle")
    outer.find("needle")
    spin_until(lambda: outer.find_bar.label.text() == "1 of 3")
    outer.find("needle")
    spin_until(lambda: outer.find_bar.label.text() == "2 of 3")
    outer.find_bar.line.setText("nowhere")
    outer.find("nowhere")
    spin_until(lambda: outer.find_bar.label.text() == "Nothing found")
    outer.find_bar.close_bar()
    wide = js(outer, "innerWidth")
    outer.zoom_by(3)
    until_js(outer, f"innerWidth < {wide}")
    assert window.context.recall("zoom:outer") == outer.zoom
    outer.zoom_by(0)
    until_js(outer, f"innerWidth === {wide}")


def test_addresses_that_are_typed(outer: Any, server: Server, window: Any) -> None:
    outer.go(f"localhost:{server.port}/plain")
    spin_until(lambda: outer.browser.page.url().toString() == server.there + "/plain" and outer.state == "ready")
    assert outer.navigation.address.text() == server.there + "/plain"
    before = len(window.messages.history)
    outer.go("file:///etc/passwd")
    outer.go("two words")
    spin_until(lambda: len(window.messages.history) == before + 2)
    assert outer.browser.page.url().toString() == server.there + "/plain"


def test_requests_are_blocked_by_patterns(outer: Any, server: Server) -> None:
    server.put("/ads/one.js", "document.title = 'Ads'", "text/javascript")
    server.put("/shop", "<title>Shop</title><script src=/ads/one.js onerror=\"document.title='Quiet'\"></script>")
    outer.set_block("*/ads/*")
    try:
        show(outer, server.here + "/shop")
        spin_until(lambda: outer.title == "Quiet")
    finally:
        outer.set_block("")


def test_a_file_is_asked_about_and_becomes_a_row(outer: Any, server: Server, window: Any) -> None:
    go_on = threading.Event()

    def send(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/octet-stream")
        handler.send_header("Content-Disposition", "attachment; filename=report.bin")
        handler.send_header("Content-Length", "200000")
        handler.end_headers()
        handler.wfile.write(b"x" * 100_000)
        go_on.wait(60)
        handler.wfile.write(b"y" * 100_000)

    server.put("/report", send)
    show(outer, server.here + "/plain")
    js(outer, "location.href = '/report'; 1")
    spin_until(lambda: outer.asker.waiting)
    assert "report.bin" in outer.asker.said.text() and "200 kB" in outer.asker.said.text()
    outer.asker.buttons[0].click()
    downloads = outer.browser.profile.downloads
    spin_until(lambda: downloads.all()[-1].state == "running")
    spin_until(lambda: window.context.widgets["downloads_view"].row_count() > 0)
    go_on.set()
    spin_until(lambda: downloads.all()[-1].state == "done")
    assert (window.saved / "report.bin").read_bytes() == b"x" * 100_000 + b"y" * 100_000


def test_a_download_is_cancelled_by_its_row(outer: Any, server: Server, window: Any) -> None:
    from kernel.tables.change import Update

    end = threading.Event()

    def send(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/octet-stream")
        handler.send_header("Content-Disposition", "attachment; filename=endless.bin")
        handler.end_headers()
        while not end.is_set():
            try:
                handler.wfile.write(b"z" * 1000)
                end.wait(0.02)
            except OSError:
                return

    server.put("/endless", send)
    show(outer, server.here + "/plain")
    js(outer, "location.href = '/endless'; 1")
    spin_until(lambda: outer.asker.waiting)
    outer.asker.buttons[0].click()
    [download] = [one for one in outer.browser.profile.downloads.all() if one.name == "endless.bin"]
    spin_until(lambda: download.state == "running")
    answers: list[Any] = []
    handle = window.context.tables["downloads"]
    handle.commit([Update((download.number,), "", {"state": "cancelled"})], answers.append)
    spin_until(lambda: answers and download.state == "cancelled")
    end.set()
    assert not isinstance(answers[0], Exception)
    spin_until(lambda: not any(Path(window.saved).glob("endless.bin*")))


def test_a_file_without_room_is_refused(outer: Any, server: Server, monkeypatch: Any) -> None:
    server.put("/large", b"a" * 5000, "application/zip")
    show(outer, server.here + "/plain")
    monkeypatch.setattr(outer.browser.profile.downloads, "free_bytes", lambda _folder: 1000)
    js(outer, "location.href = '/large'; 1")
    spin_until(lambda: outer.asker.waiting)
    outer.asker.buttons[0].click()
    download = outer.browser.profile.downloads.all()[-1]
    assert download.state == "failed" and "no room" in download.reason


def test_a_file_of_unknown_size_ends_where_the_disk_is_full(
    outer: Any, server: Server, monkeypatch: Any, window: Any
) -> None:
    end = threading.Event()

    def send(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "application/octet-stream")
        handler.send_header("Content-Disposition", "attachment; filename=flood.bin")
        handler.end_headers()
        while not end.is_set():
            try:
                handler.wfile.write(b"z" * 100_000)
                end.wait(0.01)
            except OSError:
                return

    server.put("/flood", send)
    show(outer, server.here + "/plain")
    downloads = outer.browser.profile.downloads
    js(outer, "location.href = '/flood'; 1")
    spin_until(lambda: outer.asker.waiting)
    outer.asker.buttons[0].click()
    [download] = [one for one in downloads.all() if one.name == "flood.bin"]
    spin_until(lambda: download.received > 0)
    monkeypatch.setattr(downloads, "free_bytes", lambda _folder: 1000)
    spin_until(lambda: download.state == "failed")
    end.set()
    assert "no room" in download.reason
    spin_until(lambda: not any(Path(window.saved).glob("flood.bin*")))


def test_permissions_are_asked_once_for_an_origin(outer: Any, server: Server) -> None:
    show(outer, server.here + "/plain")
    asks = "navigator.geolocation.getCurrentPosition(() => 1, (error) => document.title = 'told ' + error.code); 1"
    js(outer, asks)
    spin_until(lambda: outer.asker.waiting)
    assert "wants to know where you are" in outer.asker.said.text()
    outer.asker.buttons[1].click()
    spin_until(lambda: outer.title == "told 1")
    js(outer, "document.title = ''; " + asks)
    spin_until(lambda: outer.title == "told 1")
    assert not outer.asker.waiting
    assert outer.browser.profile.permissions.answer(server.here, "Geolocation") is False
    show(outer, server.there + "/plain")
    js(outer, asks)
    spin_until(lambda: outer.asker.waiting)
    outer.asker.refuse_all()
    assert outer.browser.profile.permissions.answer(server.there, "Geolocation") is None
    show(outer, server.here + "/plain")
    outer.forget_site()
    assert outer.browser.profile.permissions.answer(server.here, "Geolocation") is None


def test_the_menu_of_a_page_offers_what_may_be_done(outer: Any, server: Server) -> None:
    from PySide6.QtWidgets import QMenu

    show(outer, server.here + "/plain")
    clicked: list[float] = []

    def menu() -> QMenu | None:
        found = (one for one in QApplication.topLevelWidgets() if isinstance(one, QMenu) and one.isVisible())
        return next(found, None)

    def is_open() -> bool:
        # A page that has just come may not hear yet: click again after a while.
        if menu() is None and (not clicked or time.monotonic() - clicked[-1] > 2):
            clicked.append(time.monotonic())
            QTest.mouseClick(outer.browser.view.focusProxy(), Qt.MouseButton.RightButton, pos=QPoint(60, 25))
        return menu() is not None

    spin_until(is_open)
    texts = [action.text() for action in menu().actions()]
    menu().close()
    assert "Reload" in texts and not any("Save" in text or "source" in text for text in texts)


def test_a_page_becomes_a_pdf_file(own: Any, window: Any, tmp_path: Path) -> None:
    path = tmp_path / "start.pdf"
    own.print_to(str(path))
    spin_until(lambda: any(str(path) in one.text for one in window.messages.history))
    assert path.read_bytes().startswith(b"%PDF")


def test_a_crash_is_told_and_mended(outer: Any, server: Server) -> None:
    show(outer, server.here + "/plain")
    outer.browser.page.load(QUrl("chrome://crash"))
    spin_until(lambda: outer.state == "crashed")
    assert outer.note.isVisible() and outer.note.button.text() == "Reload"
    outer.note.button.click()
    spin_until(lambda: outer.state == "ready" and outer.browser.view.isVisible())
    assert js(outer, "document.title") == "Plain"


def test_pages_of_the_app_follow_the_theme_without_a_flash(own: Any, window: Any) -> None:
    theme = window.desk.theme
    assert js(own, "document.documentElement.dataset.scheme") == "light"
    theme.set_mode("dark")
    try:
        until_js(own, "getComputedStyle(document.documentElement).colorScheme === 'dark'")
        surface = theme.color("surface")
        styles = "getComputedStyle(document.documentElement)"
        assert js(own, f"{styles}.getPropertyValue('--espalier-surface')") == surface.name()
        assert own.browser.page.backgroundColor() == surface
        own.set_url("pages/other.html")
        seen = set()

        def is_light() -> bool:
            return own.ground.grab().toImage().pixelColor(3, 3).lightness() > 128

        spin_until(lambda: not is_light())

        def is_there() -> bool:
            seen.add(is_light())
            return own.state == "ready" and own.title == "Other"

        spin_until(is_there)
        assert seen == {False}
    finally:
        theme.set_mode("light")


def test_profiles_share_nothing(own: Any, outer: Any, server: Server, window: Any) -> None:
    from plugins.chromium.browser import Browser
    from plugins.chromium.profiles import PRIVATE, profile_of

    show(outer, server.here + "/plain")
    js(outer, "document.cookie = 'who=me; max-age=1000'; localStorage.setItem('who', 'me')")
    private = profile_of(PRIVATE, lambda: None, "desk", lambda _path: None)
    other = profile_of("other", window.context.private_place, "desk", window.context.read_file)
    mine, outer_browser = outer.browser.profile, outer.browser
    assert private.engine.isOffTheRecord() and other.is_kept
    assert other.engine.persistentStoragePath() != mine.engine.persistentStoragePath()
    for profile in (private, other):
        outer.browser = browser = Browser(outer, profile)
        outer.set_url("")
        show(outer, server.here + "/plain")
        assert js(outer, "document.cookie + localStorage.getItem('who')") == "null"
        browser.close()
        outer.browser = outer_browser
        profile.end()
    outer.browser.view.show()
    show(outer, server.here + "/plain")
    assert js(outer, "document.cookie + localStorage.getItem('who')") == "who=meme"


def test_hints_label_the_page_and_the_window_in_one_pass(own: Any, window: Any) -> None:
    from shell.action.hint import hints_of

    hints = hints_of(window)
    window.registry.run("hint.show")
    at_once = dict((label, one) for one, label in hints.found)
    assert {"button"} <= {one.target.role for one in at_once.values()}
    spin_until(lambda: {"Press", "Other", "Field"} <= {one.target.said() for one, _ in hints.found})
    assert {label: one for one, label in hints.found if label in at_once} == at_once, "what was read stays"
    labels = {one.target.said(): (one, label) for one, label in hints.found}
    assert own.rect().translated(own.mapTo(window, QPoint())).contains(labels["Press"][0].rect)
    for letter in labels["Press"][1]:
        QTest.keyClick(window.windowHandle(), letter)
    spin_until(lambda: own.title == "Pressed")
    window.registry.run("hint.copy-address")
    spin_until(lambda: "Other" in {one.target.said() for one, _ in hints.found})
    for letter in next(label for one, label in hints.found if one.target.said() == "Other"):
        QTest.keyClick(window.windowHandle(), letter)
    assert QApplication.clipboard().text().endswith("other.html")
    window.registry.run("hint.open-beside")
    spin_until(lambda: "Other" in {one.target.said() for one, _ in hints.found})
    for letter in next(label for one, label in hints.found if one.target.said() == "Other"):
        QTest.keyClick(window.windowHandle(), letter)
    (pane,) = window.cards.made["panes"].panes
    spin_until(lambda: pane.view.title == "Other")
    window.cards.made["panes"].close_all()
    own.setFocus()
    window.registry.run("hint.show")
    spin_until(lambda: "Field" in {one.target.said() for one, _ in hints.found})
    for letter in next(label for one, label in hints.found if one.target.said() == "Field"):
        QTest.keyClick(window.windowHandle(), letter)
    spin_until(own.browser.is_typing)
    QTest.keyClick(window.windowHandle(), "z")
    spin_until(lambda: js(own, "document.getElementById('field').value").endswith("z"))


def test_a_page_shows_that_it_has_the_focus(own: Any, window: Any) -> None:
    from shell.focus_ring import FocusRing

    window.activateWindow()
    spin_until(window.isActiveWindow)
    window.bar.find.setFocus()
    spin_until(lambda: not own.ground.findChildren(FocusRing))
    own.setFocus()
    spin_until(lambda: [one for one in own.ground.findChildren(FocusRing) if one.isVisible()])
    window.bar.find.setFocus()
    spin_until(lambda: not own.ground.findChildren(FocusRing))


def test_a_page_gets_no_database_that_is_open(
    own: Any, window: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import plugins.chromium.upload
    from kernel.open_file import hold

    note, desk = tmp_path / "note.txt", tmp_path / "desk.sqlite"
    note.write_text("note")
    desk.write_bytes(b"data")
    monkeypatch.setattr(plugins.chromium.upload, "names_to_open", lambda *_: [str(desk), str(note)])
    release = hold(desk)
    window.activateWindow()
    own.setFocus()
    spin_until(lambda: own.browser.view.focusProxy() is QApplication.focusWidget())
    js(own, "document.body.insertAdjacentHTML('beforeend', '<input type=file multiple id=upload>');"
            "document.getElementById('upload').focus()")  # fmt: skip
    until_js(own, "document.hasFocus() && document.activeElement.id === 'upload'")
    press(own, Qt.Key.Key_Space)
    until_js(own, "[...document.getElementById('upload').files].map((one) => one.name).join() === 'note.txt'")
    spin_until(lambda: own.asker.count("note"))
    own.asker.refuse_all()
    release()
