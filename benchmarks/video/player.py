"""Plays a film in a window for some seconds and prints pictures shown and lost, processor seconds and seconds."""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

import plugins.vlc.engine as engine
import plugins.vlc.view as view
from layouts.kinds.table import BUILT_IN
from layouts.node import Layout, Node
from plugins.registry import contributed_kinds
from widgets.build import build_window
from widgets.context import Context
from widgets.gui_thread import prepare
from widgets.scope import Scope
from widgets.theme import Theme


class _Quiet:
    def report(self, level: str, text: str, detail: str = "") -> None:
        raise RuntimeError(f"{level}: {text} {detail}")


def main(path: str, seconds: float) -> None:
    """Play and print."""
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
    window.resize(1280, 800)
    window.show()
    player = context.widgets["film"].player
    begun: list[tuple[float, ...]] = []

    def now() -> tuple[float, ...]:
        return player.frames.count, player.native.lost_pictures(), _spent(), time.monotonic()

    def begin() -> None:
        """The window and libvlc are there: from now on it is playing alone that costs."""
        if player.time > 1000 and not begun:
            begun.append(now())
            # NOTE: such a timer may come 5 % early or late, which are a dozen pictures: what has passed is measured.
            QTimer.singleShot(round(seconds * 1000), end)

    def end() -> None:
        print(*(last - first for first, last in zip(begun[0], now(), strict=True)), flush=True)
        context.disposers()
        application.quit()

    player.changed.connect(begin)
    application.exec()


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
