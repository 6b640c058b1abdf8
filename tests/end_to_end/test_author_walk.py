"""An author's way as the guide tells it: from nothing to a change on another desktop, each command as it is typed."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shell.app_remote import RemoteApp
from shell.main import main
from shell.session import Given, Session
from tests.served import ServerProcess, git

ROLES = """[people]
anna = ["{key}"]

[roles]
admin = ["anna"]

[[rights]]
who = "role:admin"
may = ["publish", "administer"]

[[rights]]
who = "*"
may = ["read"]
"""


class Person:
    """Somebody at a computer of their own.

    Args:
        folder: That computer.
        capsys: Hears what is printed.
    """

    def __init__(self, folder: Path, capsys: Any) -> None:
        self.folder, self._capsys = folder, capsys
        self.given = Given(basedir=str(folder / "base"), settings=("trust.keyring=false", "server.embedded=false"))
        folder.mkdir()

    def types(self, *words: str, code: int = 0) -> str:
        """``espalier WORDS``; what it says."""
        self._capsys.readouterr()
        settings = [word for setting in self.given.settings for word in ("--set", setting)]
        answer = main(["espalier", "--basedir", self.given.basedir, *settings, *words])
        said = "".join(self._capsys.readouterr())
        assert answer == code, said
        return said

    def sees(self, app: str) -> tuple[str, bytes | None]:
        """The version of an app that this desktop shows once it has asked, and its layout."""
        session = Session(self.given)
        try:
            opened = RemoteApp(session.servers, "home", app)
            opened._take_newest()
            return opened.info.version, opened.read_file("main.kdl")
        finally:
            session.close()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, ServerProcess]]:
    """A server that has just made its repository."""
    with ServerProcess(tmp_path / "apps.git", "--tls", log_path=tmp_path / "log") as server:
        yield tmp_path / "apps.git", server


def test_from_nothing_to_a_change_on_another_desktop(
    served: tuple[Path, ServerProcess], tmp_path: Path, capsys: Any
) -> None:
    bare, server = served
    anna, eva = Person(tmp_path / "anna", capsys), Person(tmp_path / "eva", capsys)
    key = next(line.removeprefix("Its key is ") for line in server.lines if line.startswith("Its key is "))
    assert f"its key          {key}  (taken as it came)" in anna.types("server", "add", f"home=tls:{server.address}")

    work = tmp_path / "work"
    git(tmp_path, "clone", "-q", str(bare), str(work))
    (work / "roles.toml").write_text(ROLES.format(key=anna.types("server", "me").splitlines()[0]))
    git(work, "add", "-A")
    git(work, "commit", "-q", "-m", "Say who may what")
    git(work, "push", "-q")

    tasks = anna.folder / "tasks"
    assert "espalier dev" in anna.types("new", str(tasks), "--title", "Tasks")
    assert "no errors" in anna.types("check", str(tasks))
    published = ("publish", str(tasks), "--server", "home")
    assert "Published tasks 1 (release 1) on stable" in anna.types(*published)

    invitation = anna.types("server", "invite", "home").strip()
    assert "(as expected)" in eva.types("server", "join", invitation)
    assert "tasks@home" in eva.types("apps", "home")
    assert eva.sees("tasks")[0] == "1"

    layout = tasks / "main.kdl"
    layout.write_text(layout.read_text().replace('"Tasks"', '"To do"'))
    assert '+layout 2 title="To do"' in anna.types("diff", str(tasks), "--server", "home", code=1)
    assert "Published tasks 2 (release 2) on stable: 1 file" in anna.types(*published)
    version, shown = eva.sees("tasks")
    assert version == "2" and b"To do" in shown

    assert "Rolled back to tasks 1 (release 3)" in anna.types("rollback", "tasks", "--server", "home")
    assert eva.sees("tasks")[0] == "1"
    said = anna.types("promote", "tasks", "--from", "stable", "--percent", "10", "--server", "home")
    assert "tasks 1 (release 4) for 10 % of stable" in said and "--from next gives it to everybody" in said
    said = anna.types("promote", "tasks", "--from", "next", "--percent", "50", "--server", "home")
    assert "Promoted tasks 1 (release 4) for 50 % of stable" in said
    log = anna.types("log", "tasks", "--server", "home").splitlines()
    assert log[:2] == ["stable has 1 (release 3)", "next has 1 (release 4) for 50 % of stable"]
    assert "rolled out" in log[2] and "next 50 %" in log[2] and " anna " in log[2]

    assert "may not publish 'tasks'" in eva.types("unpublish", "tasks", "--server", "home", code=1)
    clone = eva.types("server", "git", "home")
    assert subprocess.run(clone, shell=True, cwd=eva.folder, capture_output=True).returncode == 0
    assert (eva.folder / "apps" / "channels" / "next" / "tasks" / "main.kdl").is_file()
    assert "Took tasks off stable" in anna.types("unpublish", "tasks", "--server", "home")
    assert "tasks is on no channel now" in eva.types("log", "tasks", "--server", "home")
