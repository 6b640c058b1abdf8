"""An app with pages in a real window, servers that stand for the web, and a browser client over CDP."""

from __future__ import annotations

import queue
import socket
import sqlite3
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.conftest import spin_until

APP_TOML = """name = "desk"
title = "Desk"
[sources.desk]
kind = "sqlite"
path = "desk.sqlite"
[sources.web]
kind = "downloads"
"""
MAIN = """layout 1
table people source="desk/people"
table downloads source="web/downloads"
window title="Desk" width=1000 height=700 {
    split {
        column {
            web id=own url="pages/start.html" allow="127.0.0.1, localhost" bar=#true stretch=1
            web id=outer bar=#true stretch=1
        }
        column {
            grid people id=people_view stretch=1
            web id=text html="people_view.current.notes" stretch=1
            grid downloads id=downloads_view stretch=1
        }
    }
}
"""
PEOPLE = """layout 1
table people source="desk/people" sort="id"
window {
    column {
        grid people id=list name="People" {
            show name
            show born
            show amount format="#,##0.00"
            show is_member label="Member"
            show status
        }
        form of=list.current {
            field name
            field notes
            field is_member label="Member"
        }
    }
}
"""
START = """<!doctype html><meta charset=utf-8><title>Start</title>
<style>body { background: var(--espalier-surface); color: var(--espalier-text) }</style>
<h1>Desk</h1> <a id=other href="other.html">Other</a> <a id=away href="{elsewhere}/plain">Away</a>
<input id=field aria-label="Field"> <button id=press onclick="document.title = 'Pressed'">Press</button>
<espalier-view layout="people" style="height: 300px"></espalier-view>
"""
PAGES = {
    "pages/start.html": START,
    "pages/other.html": "<!doctype html><title>Other</title><a href=start.html>Back</a>",
    "pages/looks.css": "body { margin: 0 }",
    "pages/framed.html": "<!doctype html><title>Framed</title><iframe src='{elsewhere}/probe'></iframe>",
}


class Elsewhere(BaseHTTPRequestHandler):
    """Pages of somebody else; ``pages`` is path → (content type, body) or a callable of the handler."""

    pages: dict[str, Any] = {}
    seen: list[str] = []

    def do_GET(self) -> None:  # the base class's name
        """Answer a page."""
        path = self.path.partition("?")[0]
        self.seen.append(path)
        found = self.pages.get(path)
        if callable(found):
            found(self)
            return
        kind, body = found or ("text/plain", "nothing here")
        content = body if isinstance(body, bytes) else body.encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Nothing is written."""


class Server:
    """A server of pages on loopback, reached as 127.0.0.1 and as localhost, which are two origins."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.here, self.there = f"http://127.0.0.1:{self.port}", f"http://localhost:{self.port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def put(self, path: str, body: Any, kind: str = "text/html") -> str:
        """Serve a page; answers its address."""
        Elsewhere.pages[path] = body if callable(body) else (kind, body)
        return self.here + path

    def close(self) -> None:
        """Stop."""
        self._server.shutdown()
        self._server.server_close()


class Client:
    """Playwright, attached to the embedded Chromium; it lives on a thread, since Chromium's own is the one of tests."""

    def __init__(self, port: int) -> None:
        self._work: queue.Queue[Any] = queue.Queue()
        self.browser: Any = None
        self._thread = threading.Thread(target=self._serve, args=(port,), daemon=True)
        self._thread.start()
        self.run(lambda: None)

    def run(self, act: Callable[[], Any]) -> Any:
        """Do something with Playwright's objects, and answer what it answers."""
        answer: list[Any] = []
        self._work.put((act, answer))
        spin_until(lambda: answer)
        if isinstance(answer[0], BaseException):
            raise answer[0]
        return answer[0]

    def page(self, part: str) -> Any:
        """The page whose address has that part."""
        def found() -> list[Any]:
            # Playwright hears of new pages and addresses while it waits for something, and not while it is asked.
            shown = self.browser.contexts[0].pages
            shown[0].wait_for_timeout(20)
            return [one for one in shown if part in one.url]

        spin_until(lambda: self.run(found))
        return self.run(found)[0]

    def close(self) -> None:
        """Let go of Chromium."""
        self._work.put(None)
        spin_until(lambda: not self._thread.is_alive())

    def _serve(self, port: int) -> None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            try:
                self.browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}", no_defaults=True)
            except Exception as error:
                failure = error
                while (work := self._work.get()) is not None:
                    work[1].append(failure)
                return
            while (work := self._work.get()) is not None:
                try:
                    work[1].append(work[0]())
                except BaseException as error:
                    work[1].append(error)


def free_port() -> int:
    """A port that nobody has now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def write_app(folder: Path, elsewhere: str) -> Path:
    """The app's folder."""
    for name, text in {"app.toml": APP_TOML, "main.kdl": MAIN, "people.kdl": PEOPLE, **PAGES}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{elsewhere}", elsewhere), encoding="utf-8")
    with sqlite3.connect(folder / "desk.sqlite") as connection:
        connection.execute(
            "create table people (id integer primary key, name text not null, born date, amount decimal(10,2),"
            " is_member boolean, status text check (status in ('open', 'closed')), notes text)"
        )
        rows = [
            (f"Person {number:03}", f"19{50 + number % 50}-03-{1 + number % 28:02}", number * 12.5, number % 2,
             ("open", "closed")[number % 2], f"<b>Note {number}</b><script>document.title='ran'</script>")
            for number in range(1, 301)
        ]  # fmt: skip
        connection.executemany(
            "insert into people (name, born, amount, is_member, status, notes) values (?, ?, ?, ?, ?, ?)", rows
        )
    connection.close()
    return folder


def js(web: Any, script: str, world: int = 0) -> Any:
    """What a script in the page that is shown answers."""
    answer: list[Any] = []
    web.browser.page.runJavaScript(script, world, answer.append)
    spin_until(lambda: answer)
    return answer[0]


def until_js(web: Any, script: str) -> Any:
    """The first true answer of a script in the page."""
    found: list[Any] = []

    def is_so() -> bool:
        answer = js(web, script)
        if answer:
            found.append(answer)
        return bool(answer)

    spin_until(is_so)
    return found[0]
