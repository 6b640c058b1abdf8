"""Pages of somebody else: none reaches the bridge, files, or the person, however it tries."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWidgets import QApplication

from tests.conftest import spin_until
from tests.plugins.chromium.conftest import show
from tests.plugins.chromium.web_desk import Server, js, until_js

#: What a page finds of the bridge, by itself and in the windows around it.
PROBE = """JSON.stringify([typeof qt, typeof espalier, typeof QWebChannel, !!customElements.get('espalier-view'),
 (() => { try { return typeof parent.espalier } catch (error) { return 'refused' } })()])"""
NOTHING = ["undefined", "undefined", "undefined", False, "undefined"]


def once(is_so: Any, act: Any) -> None:
    """Act when it is so; a page that asks is answered within its question, where no test's loop comes to look."""
    timer = QTimer()

    def look() -> None:
        if is_so():
            timer.stop()
            act()

    timer.timeout.connect(look)
    timer.start(5)


def agree(web: Any) -> None:
    web.asker.buttons[0].click()


def test_a_page_of_the_app_has_the_bridge(own: Any) -> None:
    assert json.loads(js(own, PROBE))[:4] == ["object", "object", "function", True]


def test_a_page_from_elsewhere_has_nothing(outer: Any, server: Server) -> None:
    show(outer, server.here + "/plain")
    assert json.loads(js(outer, PROBE)) == NOTHING
    assert outer.browser.page.webChannel() is None and outer.browser.page.scripts().count() == 0


def test_a_link_away_leaves_the_bridge_behind(own: Any, server: Server) -> None:
    js(own, "document.getElementById('away').click()")
    spin_until(lambda: own.browser.page.url().toString() == server.here + "/plain" and own.state == "ready")
    assert json.loads(js(own, PROBE)) == NOTHING
    own.back()
    spin_until(lambda: own.browser.page.url().scheme() == "app")
    assert json.loads(js(own, PROBE))[1] == "object"


WAYS = ("location.href = '{url}'", "location.replace('{url}')", "window.open('{url}', '_self')")


@pytest.mark.parametrize("way", WAYS)
def test_no_way_out_takes_the_bridge_along(own: Any, server: Server, way: str) -> None:
    js(own, way.replace("{url}", server.there + "/plain"))
    spin_until(lambda: own.browser.page.url().host() == "localhost" and own.state == "ready")
    assert json.loads(js(own, PROBE)) == NOTHING
    for page in own.browser.pages.values():
        assert (page.webChannel() is not None) == (page.url().scheme() == "app")


def test_a_redirect_back_to_the_app_is_refused(own: Any, outer: Any, server: Server) -> None:
    def redirect(handler: Any) -> None:
        handler.send_response(302)
        handler.send_header("Location", "app://desk/pages/start.html")
        handler.end_headers()

    server.put("/back", redirect)
    outer.set_url(server.here + "/back")
    spin_until(lambda: outer.asker.waiting or outer.state == "error")
    assert outer.browser.page.url().scheme() != "app"
    assert all(page.role == "web" for page in outer.browser.pages.values())


def test_a_frame_from_elsewhere_gets_nothing(own: Any, server: Server) -> None:
    probe = f"<script>parent.postMessage({PROBE}, '*')</script>"
    server.put("/probe", probe)
    js(own, f"""window.told = []; addEventListener('message', (event) => told.push(event.data));
        for (const at of ['{server.here}', '{server.there}']) {{
          const frame = document.createElement('iframe'); frame.src = at + '/probe'; document.body.append(frame) }}""")
    told = until_js(own, "told.length === 2 && JSON.stringify(told)")
    for one in json.loads(told):
        assert json.loads(one) == ["undefined", "undefined", "undefined", False, "refused"]


def test_a_sandboxed_frame_of_the_app_itself_gets_nothing(own: Any) -> None:
    js(own, f"""window.told = []; addEventListener('message', (event) => told.push(event.data));
        const frame = document.createElement('iframe'); frame.sandbox = 'allow-scripts';
        frame.srcdoc = `<script>parent.postMessage({PROBE}, '*')</` + `script>`; document.body.append(frame)""")
    told = json.loads(until_js(own, "told.length === 1 && told[0]"))
    assert told[:4] == NOTHING[:4] and told[4] == "refused"


def test_a_page_from_elsewhere_reads_nothing_of_the_app(outer: Any, server: Server) -> None:
    show(outer, server.here + "/plain")
    js(outer, """window.told = {};
        fetch('app://desk/pages/looks.css').then((a) => told.fetch = a.status === 403 ? 'refused' : 'read',
          () => told.fetch = 'refused');
        const frame = document.createElement('iframe'); frame.src = 'app://desk/pages/start.html';
        document.body.append(frame);
        const script = document.createElement('script'); script.src = 'app://desk/pages/looks.css';
        script.onload = () => told.script = 'read'; script.onerror = () => told.script = 'refused';
        document.body.append(script);
        const file = document.createElement('img'); file.src = 'file:///etc/hostname';
        file.onerror = () => told.file = 'refused'; file.onload = () => told.file = 'read'; document.body.append(file);
        fetch('file:///etc/hostname').then(() => told.read = 'read', () => told.read = 'refused')""")
    told = json.loads(until_js(outer, "Object.keys(told).length === 4 && JSON.stringify(told)"))
    assert set(told.values()) == {"refused"}, told
    for frame in outer.browser.page.mainFrame().children():
        assert frame.url().scheme() != "app"


@pytest.mark.parametrize("url", ["file:///etc/passwd", "chrome://version", "view-source:http://127.0.0.1/", "qrc:/x"])
def test_other_schemes_are_refused(outer: Any, server: Server, url: str) -> None:
    show(outer, server.here + "/plain")
    js(outer, f"location.href = '{url}'")
    js(outer, "1")
    assert outer.browser.page.url().toString() == server.here + "/plain"
    outer.set_url(url)
    spin_until(lambda: outer.state == "error")
    assert "not shown" in outer.note.title.text()


def test_an_app_serves_pages_alone(own: Any) -> None:
    paths = "['/desk.sqlite', '/app.toml', '/main.kdl', '/pages/../app.toml', '/x/%2e%2e/desk.sqlite', '/.git/config']"
    js(own, f"Promise.all({paths}.map((path) => fetch(path).then((a) => a.status, () => 'refused')))"
            ".then((all) => window.answers = JSON.stringify(all))")  # fmt: skip
    assert set(json.loads(until_js(own, "window.answers"))) <= {400, 404}


def test_a_storm_of_alerts_is_one_bar(outer: Any, server: Server) -> None:
    server.put("/alerts", "<title>Alerts</title><script>for (let i = 0; i < 500; i++) alert('again ' + i);"
               "document.title = 'Through'</script>")  # fmt: skip
    show(outer, server.here + "/alerts")
    spin_until(lambda: outer.title == "Through")
    assert len(outer.asker.waiting) == 1 and outer.asker.count("alert") == 500
    assert "500 ×" in outer.asker.said.text()
    outer.asker.buttons[1].click()
    js(outer, "for (let i = 0; i < 100; i++) alert(i)")
    assert outer.asker.waiting == [] and outer.asker.isHidden()


def test_a_question_waits_in_a_bar_and_the_window_goes_on(outer: Any, window: Any, server: Server) -> None:
    show(outer, server.here + "/plain")
    seen: list[Any] = []

    def note() -> None:
        seen.append((outer.asker.said.text(), window.isEnabled()))
        agree(outer)

    once(lambda: outer.asker.waiting, note)
    outer.browser.page.runJavaScript("document.title = confirm('Really?') ? 'yes' : 'no'")
    spin_until(lambda: outer.title == "yes")
    assert "Really?" in seen[0][0] and seen[0][1]

    def type_name() -> None:
        seen.append((outer.asker.line.text(), outer.asker.line.isVisible()))
        outer.asker.line.setText("Grace")
        outer.asker.line.returnPressed.emit()

    once(lambda: outer.asker.waiting, type_name)
    outer.browser.page.runJavaScript("document.title = prompt('Name?', 'Ada')")
    spin_until(lambda: outer.title == "Grace")
    assert seen[1] == ("Ada", True)


def test_a_loop_of_questions_ends_when_it_is_stopped(outer: Any, server: Server) -> None:
    server.put("/loop", "<title>Loop</title><script>let n = 0; for (let i = 0; i < 50; i++) if (!confirm(i)) n++;"
               "document.title = 'Ended ' + n</script>")  # fmt: skip
    once(lambda: outer.asker.waiting, lambda: outer.asker.buttons[1].click())
    outer.set_url(server.here + "/loop")
    spin_until(lambda: outer.title == "Ended 50")


def test_a_storm_of_windows_opens_none(outer: Any, server: Server) -> None:
    server.put("/windows", "<title>Windows</title><script>for (let i = 0; i < 50; i++) window.open('/plain');"
               "document.title = 'Through'</script>")  # fmt: skip
    show(outer, server.here + "/plain")
    before = sum(one.isVisible() for one in QApplication.topLevelWidgets())
    outer.set_url(server.here + "/windows")
    # The first one leads on in the view itself where Chromium believes that somebody has clicked.
    spin_until(lambda: outer.asker.count("window") >= 49 or (outer.title == "Plain" and outer.state == "ready"))
    assert len(outer.asker.waiting) <= 1
    assert sum(one.isVisible() for one in QApplication.topLevelWidgets()) == before and outer.browser.page.role == "web"


def test_a_page_that_never_ends_is_ended_by_the_person(
    outer: Any, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugins.chromium import patience

    server.put("/busy", "<title>Busy</title><script>setTimeout(() => { document.title = 'Hung';"
               "setTimeout(() => { while (true); }, 20) }, 20)</script>")  # fmt: skip
    show(outer, server.here + "/busy")
    spin_until(lambda: outer.title == "Hung")
    monkeypatch.setattr(patience, "LIMIT_MS", 300)
    # The script begins its loop after it has told its name: what is asked before is answered.
    spin_until(lambda: outer.reload() or outer.asker.count(patience.KEY))
    [question] = [one for one in outer.asker.waiting if one.key == patience.KEY]
    assert "does not answer" in question.text
    outer.set_url(server.here + "/plain")
    question.answers[0].act()
    spin_until(lambda: outer.state == "crashed")
    outer.reload()  # leads to where the person wanted to go meanwhile
    spin_until(lambda: outer.state == "ready" and outer.title == "Plain")


def test_messages_that_are_none_do_no_harm(own: Any, window: Any) -> None:
    link = own.browser._link
    before = list(link._views)
    for text in ("", "[]", "{", '{"number": "1"}', "9" * 2_000_000, '{"number": 1, "what": "nothing"}',
                 '{"number": 2, "what": "rows", "view": 999, "start": 0, "stop": 5}',
                 '{"number": 3, "what": "open"}', '{"number": 4, "what": "open", "layout": "../../etc/passwd"}',
                 '{"number": 5, "what": "write", "view": 1e999, "row": 1, "column": 1, "text": "x"}'):  # fmt: skip
        link._take(text)
    assert list(link._views) == before


def test_the_channel_goes_with_the_origin(own: Any) -> None:
    """The bridge does not rest on the rule alone that keeps the page where it is."""
    page = own.browser.pages["app"]
    channel, link = page.webChannel(), own.browser._link
    assert channel is not None
    rule, own.reach.decide = own.reach.decide, lambda *_a, **_k: "stay"
    try:
        page.load(QUrl("data:text/html,<title>None</title>"))
        spin_until(lambda: page.url().scheme() == "data")
        assert page.webChannel() is None
        heard: list[str] = []
        link._bridge.told.connect(heard.append)
        link._take('{"number": 1, "what": "open", "layout": "people"}')
        assert heard == []
    finally:
        own.reach.decide = rule


def test_a_text_of_the_layout_runs_no_scripts(window: Any) -> None:
    text = window.context.widgets["text"]
    spin_until(lambda: text.state == "ready")
    assert text.browser.page.role == "html" and text.browser.page.webChannel() is None
    assert text.title != "ran"
    assert text.browser.page.url().host() == "html"
