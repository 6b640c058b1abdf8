"""From a name to a window: agents of an app's own, wrong layouts, apps that come from a server that is slow or away."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kernel.boot.error import AgentError
from shell import fetching
from shell.app import AppInfo, NotHereError, OpenError
from shell.app_local import LocalApp
from shell.boot import boot, continue_boot
from shell.session import Given, Session
from tests.waiting import PATIENCE_S

APP = {
    "app.toml": 'name = "desk"\ntitle = "Desk"\nentry = ["warm_up", "7", "layout", "main.kdl"]\n',
    "main.kdl": 'layout 1 title="Desk"\nwindow { label "hello" id=greeting }\n',
    "scripts/warm_up.py": "from desk_parts import doubled\n"
    "def run_agent(queue):\n    queue.session.warmth = doubled(int(queue.pop()))\n",
    "desk_parts.py": "def doubled(number):\n    return 2 * number\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return folder


@pytest.fixture
def session(tmp_path: Path):
    session = Session(Given(basedir=str(tmp_path / "home")))
    yield session
    session.close()


def test_an_app_boots_with_an_agent_of_its_own(session: Session, tmp_path: Path) -> None:
    continue_boot(("open", str(write(tmp_path / "desk", APP))), session)
    assert session.warmth == 14
    assert session.layout is not None and session.layout.title == "Desk"


def test_the_shells_agents_cannot_be_replaced(session: Session, tmp_path: Path) -> None:
    folder = write(tmp_path / "desk", APP | {"layout.py": "raise SystemExit", "scripts/layout.py": "raise SystemExit"})
    continue_boot(("open", str(folder)), session)
    assert session.layout is not None


def test_nothing_of_an_app_is_an_agent_before_it_is_open(session: Session) -> None:
    with pytest.raises(AgentError, match="unknown agent warm_up"):
        continue_boot(("warm_up", "7"), session)


def test_an_agent_that_is_not_in_the_release_is_explained(session: Session, tmp_path: Path) -> None:
    folder = write(tmp_path / "desk", APP | {"app.toml": 'name = "desk"\nentry = ["lost"]\n'})
    with pytest.raises(AgentError, match="unknown agent lost"):
        continue_boot(("open", str(folder)), session)


def test_an_agent_that_fails_names_its_place(session: Session, tmp_path: Path) -> None:
    folder = write(tmp_path / "desk", APP | {"scripts/warm_up.py": "one\n"})
    with pytest.raises(Exception, match=r"desk/scripts/warm_up.py:1:1: NameError"):
        continue_boot(("open", str(folder)), session)


WRONG = APP | {"app.toml": 'name = "desk"\ntitle = "Desk"\n', "main.kdl": "layout 1\nwindow {\n lable 1\n tabel 2\n}\n"}


@pytest.fixture
def windows(qapp, monkeypatch):
    from shell import desk

    monkeypatch.setattr(desk, "_DESKS", {})
    yield lambda: next(iter(desk._DESKS.values())).windows
    for one in list(desk._DESKS.values()):
        one.disposers()
        for window in list(one.windows):
            window.close()


def texts(window) -> str:
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in window.findChildren(QLabel) if not label.isHidden())


def test_a_wrong_layout_ends_a_command_line_and_is_a_page_in_a_window(windows, tmp_path: Path) -> None:
    folder = str(write(tmp_path / "desk", WRONG))
    given = Given(basedir=str(tmp_path / "home"))
    with pytest.raises(Exception, match="lable") as caught:
        boot(folder, given)
    assert len(caught.value.problems) == 2
    session = boot(folder, given, may_block=False)
    shown = texts(session.windows[0])
    assert "main.kdl:3:2" in shown and "main.kdl:4:2" in shown
    write(tmp_path / "desk", {"main.kdl": APP["main.kdl"]})
    session.windows[0].reload()
    assert "greeting" in session.windows[0].context.widgets


class Slow:
    """Stands for shell.target.open_target: an app that comes when it is let go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.go = threading.Event()
        self.error: OpenError | None = None
        self.tries = 0

    def at_once(self, target: str, session: Session, *, may_fetch: bool = True):
        raise NotHereError("never opened here")

    def in_time(self, target: str, session: Session):
        self.tries += 1
        assert self.go.wait(PATIENCE_S)
        self.go.clear()
        if self.error is not None:
            raise self.error
        app = LocalApp(self.folder)
        app.info = AppInfo("desk", "desk@far", "Desk", entry=("layout", "main.kdl", "window"))
        return app


@pytest.fixture
def slow(tmp_path: Path, monkeypatch) -> Slow:
    slow = Slow(write(tmp_path / "desk", APP))
    monkeypatch.setattr("shell.agents.open.open_target", slow.at_once)
    monkeypatch.setattr(fetching, "open_target", slow.in_time)
    return slow


def test_a_window_waits_for_an_app_that_is_not_here(slow: Slow, windows, wait_until, tmp_path: Path) -> None:
    session = boot("desk@far", Given(basedir=str(tmp_path / "home")), may_block=False)
    (window,) = session.windows
    assert "Getting desk from far" in texts(window)
    slow.go.set()
    wait_until(lambda: window.context.widgets.get("greeting"))
    assert window.windowTitle() == "Desk" and window.app is session.app and window.retry is None
    assert window.state.path.name == "desk_far.json"
    assert windows() == [window]


def test_what_cannot_be_fetched_is_a_page_that_tries_again(slow: Slow, windows, wait_until, tmp_path: Path) -> None:
    slow.error = OpenError("far does not answer")
    session = boot("desk@far", Given(basedir=str(tmp_path / "home")), may_block=False)
    (window,) = session.windows
    slow.go.set()
    wait_until(lambda: "far does not answer" in texts(window))
    slow.error = None
    window.reload()
    assert "Getting desk from far" in texts(window)
    slow.go.set()
    wait_until(lambda: window.context.widgets.get("greeting"))
    assert slow.tries == 2


def test_a_window_that_is_closed_meanwhile_gets_nothing(slow: Slow, windows, wait_until, tmp_path: Path) -> None:
    session = boot("desk@far", Given(basedir=str(tmp_path / "home")), may_block=False)
    session.windows[0].close()
    done: list[str] = []
    slow.error = OpenError("too late")
    slow.go.set()
    wait_until(lambda: not any(thread.name.startswith("fetch of") for thread in threading.enumerate()))
    wait_until(lambda: done.append("turn") or len(done) > 3)
    assert windows() == []


def test_a_command_line_waits_until_the_server_answers(slow: Slow, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(fetching, "PATIENCE_S", 0.0)
    slow.error = OpenError("far does not answer")
    threading.Timer(0.1, slow.go.set).start()
    with pytest.raises(OpenError, match="far does not answer"):
        boot("desk@far", Given(basedir=str(tmp_path / "home")))


def test_a_command_line_shows_a_window_when_it_takes_long(slow: Slow, windows, wait_until, tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "PATIENCE_S", 0.0)
    monkeypatch.setattr("shell.server_link.Servers.is_online", True)
    session = boot("desk@far", Given(basedir=str(tmp_path / "home")))
    (window,) = session.windows
    assert session.loop is not None and "Getting desk from far" in texts(window)
    slow.go.set()
    wait_until(lambda: window.context.widgets.get("greeting"))
