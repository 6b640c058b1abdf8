"""An app that is open comes to the front when it is opened again, and is started again after it was killed."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from desktop import TREE_KEY, Desktop, has_display_tools, wait_for

pytestmark = pytest.mark.skipif(not has_display_tools(), reason="needs Xvfb and xdotool")

#: The key of the throw-away home that opens the app, by Espalier's name and xdotool's.
OPEN_KEY, OPEN_PRESS = "Ctrl+F11", "ctrl+F11"
LAYOUT = 'layout 1 title="Paint"\nwindow { label "Paint" }\n'


@pytest.fixture
def paint(desktop: Desktop, tmp_path: Path) -> Path:
    """An app with code, and a key that opens it."""
    folder = tmp_path / "paint"
    folder.mkdir()
    (folder / "app.toml").write_text('name = "paint"\ntitle = "Paint"\n')
    (folder / "main.kdl").write_text(LAYOUT)
    (folder / "brush.py").write_text("COLOURS = 3\n")
    keys = f'[test]\n"{TREE_KEY}" = "debug.save-tree"\n"{OPEN_KEY}" = "app.open {folder}"\n'
    (desktop.base / "config" / "keys.toml").write_text(keys)
    return folder


def paints(desktop: Desktop) -> list[str]:
    """The windows of the app."""
    return desktop._tool("search", "--onlyvisible", "--name", "^Paint$").split()


def test_an_app_is_opened_once(desktop: Desktop, paint: Path) -> None:
    first = desktop.open(str(paint), title="Paint")
    again = desktop.run(str(paint))
    assert again.popen.returncode == 0
    assert again.out == f"{paint} is open already; its window is in front\n"
    (window,) = paints(desktop)

    home = desktop.open(title="Apps")
    desktop.keys(*([OPEN_PRESS] * 6))
    wait_for(lambda: desktop._tool("getwindowfocus").split() == [window])
    desktop.tree()  # whatever was pressed is done
    assert paints(desktop) == [window]

    first.popen.send_signal(signal.SIGKILL)
    wait_for(lambda: not paints(desktop))
    desktop.window("Apps")
    desktop.keys(*([OPEN_PRESS] * 6))
    assert len(wait_for(lambda: paints(desktop))) == 1
    desktop.window("Paint")
    desktop.keys("ctrl+w")
    wait_for(lambda: not paints(desktop))
    assert home.popen.poll() is None


def test_what_is_closed_is_opened_anew_though_its_process_goes_on(desktop: Desktop, paint: Path) -> None:
    desktop.open(str(paint), title="Paint")
    desktop.keys("ctrl+p")
    desktop.text("all apps")
    desktop.keys("Return")
    desktop.window("Apps")
    desktop.window("Paint")
    desktop.keys("ctrl+w")
    wait_for(lambda: not paints(desktop))
    desktop.open(str(paint), title="Paint")
    assert len(paints(desktop)) == 1
