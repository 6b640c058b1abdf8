"""Whether there is a screen, and what to draw on when there is none. No Qt here."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING

from kernel.disposer import Disposer

if TYPE_CHECKING:
    import subprocess

#: Seconds that a virtual display may take to start.
_START_S = 10.0
_SCREEN = "1600x1000x24"


def has_display(environ: Mapping[str, str], platform: str = sys.platform) -> bool:
    """Whether Qt finds a screen: always outside of Linux and BSD, else by their variables."""
    if platform in ("win32", "darwin"):
        return True
    return any(environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def start_virtual_display(environ: MutableMapping[str, str]) -> Disposer:
    """Set up a virtual display for this process: Xvfb when it is installed, else Qt's offscreen platform.

    Returns:
        Ends the display.
    """
    import shutil
    import subprocess  # Neither is needed where there is a screen.

    program = shutil.which("Xvfb", path=environ.get("PATH"))
    display = _start_xvfb(program) if program else None
    if display is None:
        environ["QT_QPA_PLATFORM"] = "offscreen"
        return lambda: None
    number, process = display
    environ["DISPLAY"] = f":{number}"

    def stop() -> None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(5)

    return stop


def _start_xvfb(program: str) -> tuple[str, subprocess.Popen[bytes]] | None:
    """The display's number and its process; None when it does not start."""
    import selectors
    import subprocess

    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", _SCREEN, "-nolisten", "tcp"]
    try:
        process = subprocess.Popen(
            command, pass_fds=[writing], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
    except OSError:
        os.close(reading)
        os.close(writing)
        return None
    os.close(writing)
    # NOTE: no select(), which takes no handles above 1023
    with os.fdopen(reading, "rb", buffering=0) as pipe, selectors.DefaultSelector() as looking:
        looking.register(pipe, selectors.EVENT_READ)
        said = b""
        while b"\n" not in said and looking.select(_START_S):
            piece = pipe.read(32)
            if not piece:
                break
            said += piece
    if not said.strip().isdigit():
        process.terminate()
        process.wait(5)
        return None
    return said.strip().decode(), process
