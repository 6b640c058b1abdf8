"""What is published reaches open windows, as each person wants it; from the command line to the screen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from shell import desk as desk_module
from shell.boot import boot
from shell.main import main
from shell.session import Given
from tests.served import NOTES, ServerProcess, make_repository


class Place:
    """A server, a folder with the app notes, and windows of people."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare, _ = make_repository(folder)
        self.server = ServerProcess(self.bare, log_path=folder / "server.log")
        self.app = folder / "mine" / "notes"
        self.app.mkdir(parents=True)
        self.write("first")

    def write(self, text: str) -> None:
        (self.app / "app.toml").write_text(NOTES["app.toml"])
        (self.app / "main.kdl").write_text(f'layout 2 title="Notes"\nwindow {{ label "{text}" }}\n')

    def open(self, who: str, *settings: str) -> Any:
        given = Given(basedir=str(self.folder / who), settings=(f"network.name={who}", *settings))
        return boot(f"notes@{self.server.address}", given).windows[0]

    def run(self, *words: str) -> int:
        """A command line of the author."""
        base = ["espalier", "--basedir", str(self.folder / "author"), "--set", "network.name=author"]
        return main([*base, *words, "--server", self.server.address])


@pytest.fixture
def place(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(desk_module, "_DESKS", {})
    place = Place(tmp_path / "place")
    yield place
    for desk in desk_module._DESKS.values():
        desk.disposers()
        for window in list(desk.windows):
            window.close()
            window.session.close()
    place.server.stop()


def shown(window: Any) -> str:
    from PySide6.QtWidgets import QLabel

    return window.body.findChildren(QLabel)[0].text()


def bar(window: Any) -> Any:
    found = window.cards.made.get("update")
    return found if found is not None and not found.isHidden() else None


def test_each_window_shows_what_was_published_as_its_person_wants(place: Place, wait_until: Any, capsys: Any) -> None:
    at_once = place.open("anna")
    asking = place.open("bert", "updates.policy=ask")
    waiting = place.open("carla", "updates.policy=next start")
    wait_until(lambda: all(window.app.state == "online" for window in (at_once, asking, waiting)))
    place.write("two")
    assert place.run("publish", str(place.app), "--message", "More") == 0
    assert "Published notes 2 (release 2) on stable" in capsys.readouterr().out
    wait_until(lambda: shown(at_once) == "two")
    wait_until(lambda: bar(asking) is not None)
    assert "Version 2 of this app is here." in bar(asking).said.text()
    wait_until(lambda: waiting.app._offered is not None)
    assert [shown(window) for window in (asking, waiting)] == [shown(waiting)] * 2 != ["two"] * 2
    bar(asking).yes_button.click()
    wait_until(lambda: shown(asking) == "two")
    assert bar(asking) is None
    waiting.close()
    waiting.session.close()
    wait_until(lambda: shown(place.open("carla", "updates.policy=next start")) == "two")


def test_a_channel_a_roll_back_and_the_log_from_the_command_line(place: Place, wait_until: Any, capsys: Any) -> None:
    stable = place.open("anna")
    beta = place.open("bert", "updates.channel=beta")
    wait_until(lambda: stable.app.state == beta.app.state == "online")
    before = shown(stable)
    place.write("beta")
    assert place.run("publish", str(place.app), "--channel", "beta") == 0
    wait_until(lambda: shown(beta) == "beta")
    assert shown(stable) == before
    assert place.run("promote", "notes") == 0
    wait_until(lambda: shown(stable) == "beta")
    assert place.run("rollback", "notes") == 0
    wait_until(lambda: shown(stable) == before)
    capsys.readouterr()
    assert place.run("log", "notes", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert [(one["serial"], one["channel"]) for one in found["log"]] == [
        (4, "stable"), (3, "stable"), (2, "beta"), (1, "stable"),
    ]  # fmt: skip
    assert found["log"][0]["message"].startswith("Roll notes back to 1")
    assert place.run("diff", str(place.app), "--channel", "stable") == 1
    said = capsys.readouterr().out
    assert "changed  main.kdl" in said and '+window { label "beta" }' in said
    assert place.run("unpublish", "notes", "--channel", "beta") == 0
    wait_until(lambda: shown(beta) == before)


def test_a_wrong_app_is_refused_with_all_reasons_before_anything_is_sent(place: Place, capsys: Any) -> None:
    (place.app / "main.kdl").write_text("layout 2\nwindow { lable x; buton y }\n")
    (place.app / "scripts").mkdir()
    (place.app / "scripts" / "json.py").write_text("x = 1\n")
    assert place.run("publish", str(place.app)) == 1
    said = capsys.readouterr().err
    assert "did you mean label?" in said and "did you mean button?" in said and "json is Python's own" in said
    assert "Nothing was published: 3 reasons above" in said
    assert place.run("publish", str(place.app), "--json") == 1
    assert [one["line"] for one in json.loads(capsys.readouterr().out)["problems"]] == [2, 2, 0]


def test_a_new_app_opens_checks_and_can_be_published(place: Place, wait_until: Any, capsys: Any) -> None:
    folder = place.folder / "tasks"
    assert main(["espalier", "new", str(folder)]) == 0
    assert main(["espalier", "check", str(folder)]) == 0
    assert main(["espalier", "new", str(folder)]) == 1, "what is there is never written over"
    assert place.run("publish", str(folder)) == 0
    window = boot(f"tasks@{place.server.address}", Given(basedir=str(place.folder / "dora"))).windows[0]
    wait_until(lambda: window.context is not None and "view" in window.context.widgets)
    capsys.readouterr()


def test_a_staged_roll_out_comes_to_those_it_is_for_and_then_to_everybody(place: Place, wait_until: Any) -> None:
    from server.publishing.rollout import share_of

    names = [f"person{number}" for number in range(50)]
    inside = place.open(next(name for name in names if share_of("notes", name) < 50))
    outside = place.open(next(name for name in names if share_of("notes", name) >= 50))
    wait_until(lambda: inside.app.state == outside.app.state == "online")
    before = shown(outside)
    place.write("staged")
    assert place.run("publish", str(place.app), "--percent", "50") == 0
    wait_until(lambda: shown(inside) == "staged")
    assert shown(outside) == before
    assert place.run("promote", "notes", "--from", "next") == 0
    wait_until(lambda: shown(outside) == "staged")
    wait_until(lambda: inside.app.manifest.channel == outside.app.manifest.channel == "stable")
    assert shown(inside) == "staged" and inside.app.problem == ""
