"""Espalier updates itself from a real server: what is good stays, what never shows a window is left by itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from shell.main import main
from shell.publishing.program import ROOMS
from shell.version_choice import Note, read
from shell.version_trial import given_up
from tests.served import ROOT, ServerProcess, make_repository
from tests.waiting import PATIENCE_S, wait_for

START = "import sys; sys.argv[0] = 'espalier'; from shell.main import main; sys.exit(main())"
BROKEN = "raise RuntimeError('this version is broken')\n"
#: In the place of the function that opens a window.
HANGS = "\n\ndef open_window(*_):\n    import time\n    time.sleep(3600)\n"


class Place:
    """A server, a checkout of Espalier to publish from, and a person who takes what is published.

    Attributes:
        folder: Where the person's versions are.
    """

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        bare, _ = make_repository(directory / "git")
        self.server = ServerProcess(bare, log_path=directory / "server.log")
        self.source = directory / "source"
        for room in ROOMS:
            shutil.copytree(ROOT / room, self.source / room, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", self.source)
        self.app = directory / "app"
        self.app.mkdir()
        (self.app / "app.toml").write_text('name = "small"\n')
        (self.app / "main.kdl").write_text('layout 2 title="Small"\nwindow { label "Here" }\n')
        self.base = directory / "base"
        self.folder = str(self.base / "data" / "program")
        self._begun: list[subprocess.Popen[str]] = []

    def publish(self, path: str = "", text: str = "", *options: str) -> None:
        """Release the checkout, with a text at the end of one of its files."""
        file = self.source / path
        before = file.read_text() if path else ""
        if path:
            file.write_text(before + text)
        words = ["--basedir", str(self.directory / "author"), "publish", "--shell", str(self.source)]
        assert main(["espalier", *words, *options, "--server", self.server.address]) == 0
        if path:
            file.write_text(before)

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Begin ``espalier WORDS`` as the person."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ESPALIER_")} | {
            "ESPALIER_BASEDIR": str(self.base), "ESPALIER_START_KEEP_READY": "false", "QT_QPA_PLATFORM": "offscreen",
            "PYTHONPATH": str(ROOT),
        }  # fmt: skip
        process = subprocess.Popen([sys.executable, "-c", START, *words], env=environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        self._begun.append(process)
        return process

    def run(self, *words: str) -> tuple[int, str]:
        """The exit code of ``espalier WORDS``, and what it said."""
        process = self.start(*words)
        said, _ = process.communicate(timeout=PATIENCE_S)
        return process.returncode, said

    def update(self) -> str:
        """Take what the server has; the id of the release."""
        code, said = self.run("update", self.server.address)
        assert code == 0 and "is tried by the next window" in said, said
        return read(self.folder).current

    def open(self) -> subprocess.Popen[str]:
        """Open a window, or try to."""
        return self.start(str(self.app))

    def log(self) -> str:
        """What the person's windows have warned of."""
        return "".join(path.read_text() for path in (self.base / "state").glob("*.log"))

    def close(self) -> None:
        """End everything."""
        for process in self._begun:
            if process.poll() is None:
                process.kill()
                process.communicate(timeout=PATIENCE_S)
        self.server.stop()


@pytest.fixture(scope="module")
def shared_place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place whose person has taken a good version, which has painted a window."""
    place = Place(tmp_path_factory.mktemp("program"))
    place.publish()
    yield place
    place.close()


@pytest.fixture
def place(shared_place: Place) -> Place:
    """The place, with the good version in use."""
    if read(shared_place.folder) is None:
        shared_place.update()
        window = shared_place.open()
        wait_for(lambda: read(shared_place.folder).proof)
        end(window)
    return shared_place


def end(window: subprocess.Popen[str]) -> None:
    """Close a window as a person does; it must go well."""
    assert window.poll() is None
    window.terminate()
    said, _ = window.communicate(timeout=PATIENCE_S)
    assert window.returncode == 0, said


def test_a_good_version_is_taken_at_the_next_start(place: Place) -> None:
    good = read(place.folder)
    code, said = place.run("version")
    assert code == 0 and said.startswith("espalier 0.1.0+") and f"It is release 1 of {place.server.address}" in said
    code, said = place.run("update", place.server.address)
    assert (code, "is here already" in said) == (0, True)
    assert read(place.folder) == good


def test_a_broken_version_is_left_and_the_screen_says_so(place: Place) -> None:
    good = read(place.folder).current
    place.publish("shell/session.py", BROKEN)
    bad = place.update()
    assert read(place.folder).lines()[:3] == [bad, good, ""]
    assert place.run("version")[1].startswith("espalier 0.1.0+"), "commands go on with what is proven"
    for _ in range(2):
        code, said = place.run(str(place.app))
        assert (code, "this version is broken" in said) == (1, True)
    before = place.log().count("is not used: you go on with the one before")
    window = place.open()
    wait_for(lambda: place.log().count("is not used: you go on with the one before") == before + 1)
    end(window)
    assert read(place.folder).current == good and read(place.folder).proof and bad in given_up(place.folder)


def test_a_version_that_hangs_is_left(place: Place) -> None:
    good = read(place.folder).current
    place.publish("shell/window.py", HANGS)
    bad = place.update()
    tries = Path(place.folder) / "trials" / bad
    for number in (1, 2):
        hanging = place.open()
        wait_for(lambda number=number: tries.is_dir() and len(list(tries.iterdir())) == number)
        assert hanging.poll() is None
        hanging.kill()
        hanging.communicate(timeout=PATIENCE_S)
    window = place.open()
    wait_for(lambda: read(place.folder).lines()[:2] == Note(good).lines()[:2] and read(place.folder).proof)
    end(window)
    assert place.run("version")[1].count("espalier 0.1.0+") == 1


def test_a_staged_version_comes_to_a_part_of_the_people(place: Place, tmp_path: Path) -> None:
    from kernel.config import load
    from server.publishing.rollout import share_of
    from shell.server_link import Servers
    from shell.version_update import update

    people = sorted((f"person{number}" for number in range(20)), key=lambda name: share_of("shell", name))
    percent = (share_of("shell", people[0]) + share_of("shell", people[-1])) / 2
    place.publish("shell/trace.py", "# staged\n", "--percent", f"{percent:.6f}")
    found = {}
    for name in (people[0], people[-1]):
        config = load(str(tmp_path / name), {}, (f"network.name={name}",))
        servers = Servers(config)
        found[name] = update(servers, place.server.address, str(tmp_path / name / "data" / "program")).manifest
        servers.close()
    assert [found[name].channel for name in (people[0], people[-1])] == ["next", "stable"]
    assert found[people[0]].version != found[people[-1]].version


def test_it_comes_by_itself_where_a_person_wants_that(place: Place) -> None:
    good = read(place.folder).current
    place.publish("shell/trace.py", "# another version\n")
    window = place.start("--set", f"updates.shell={place.server.address}", str(place.app))
    wait_for(lambda: read(place.folder).current != good)
    end(window)
    assert read(place.folder).lines()[1:3] == [good, ""]
    code, said = place.run("update", "--back")
    assert code == 0 and said.startswith("Espalier 0.1.0+")
    assert read(place.folder).current == good
