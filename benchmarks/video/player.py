"""Plays a film in a window; answers ``get_time`` and ``stats`` until ``quit``. Arguments: the film, width, height."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication, QWidget

import plugins.vlc.engine as engine
import plugins.vlc.view as view
from layouts.kinds.table import BUILT_IN
from layouts.node import Layout, Node
from plugins.registry import contributed_kinds
from plugins.vlc.player import Player
from widgets.build import build_window
from widgets.context import Context
from widgets.gui_thread import prepare
from widgets.scope import Scope
from widgets.theme import Theme

#: What one picture on its way to the screen is, at any moment.
ON_ITS_WAY = 1


class _Quiet:
    def report(self, level: str, text: str, detail: str = "") -> None:
        raise RuntimeError(f"{level}: {text} {detail}")


def main(path: str, width: int, height: int) -> None:
    """Play and answer."""
    application = QApplication([])
    prepare()
    # VLC counts what it loses when it is asked to.
    values = {"vlc.arguments": "--aout=dummy --stats", "vlc.volume": 100, "vlc.pictures": ""}
    for module in (engine, view):
        module.option = values.__getitem__
    theme = Theme("light")
    theme.apply(application)
    context = Context(scope=Scope(), commands=None, reporter=_Quiet(), theme=theme, tables={}, open_table=None,
                      read_file=lambda _: None)  # fmt: skip
    node = Node("video", "film", {"url": str(Path(path).resolve()), "autoplay": True})
    layout = Layout(windows=[Node("window", children=[node])])
    window = build_window(layout, context, {**BUILT_IN, **contributed_kinds()})
    window.show()
    film = context.widgets["film"]
    _give_room(window, film.surface, width, height)

    answers = {
        "get_time": lambda: f"> {film.player.time // 1000}",
        "stats": lambda: f"frames lost: {_lost(film.player)}",
    }

    def answer() -> None:
        word = sys.stdin.readline().strip()
        if word in answers:
            print(answers[word](), flush=True)
            return
        told.setEnabled(False)
        context.disposers()
        application.quit()

    told = QSocketNotifier(0, QSocketNotifier.Type.Read)
    told.activated.connect(answer)
    application.exec()


def _give_room(window: QWidget, surface: QWidget, width: int, height: int) -> None:
    """Make the window as large as it must be for a picture of that size."""
    QTimer.singleShot(0, lambda: window.resize(
        window.width() - surface.width() + width, window.height() - surface.height() + height))  # fmt: skip


def _lost(player: Player) -> int:
    """Pictures that VLC gave up, and those that came and were never painted."""
    frames = player.frames
    return player.native.lost_pictures() + max(frames.count - frames.seen - ON_ITS_WAY, 0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
