"""``python -m docs.render_pictures [NAME …]``: draws the pictures of docs/pictures, light and dark.

Each scene is a process of its own with a throw-away home, against one real source server; nothing is on a screen.
``--scale 2`` and ``--into DIR`` draw them larger and elsewhere, for a closer look.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PICTURES = Path(__file__).parent / "pictures"
SERVER = "office"
#: Seconds that one scene may take.
LONGEST_S = 90
LARGEST_BYTES = 200_000


class PictureError(Exception):
    """A picture that could not be drawn."""


def main(words: list[str]) -> int:
    """Draw the named pictures, or all; answers the exit code."""
    parser = argparse.ArgumentParser(prog="python -m docs.render_pictures", description="Draws docs/pictures anew.")
    parser.add_argument("names", nargs="*", help="which; all when left out")
    parser.add_argument("--into", type=Path, default=PICTURES, help="folder for the files")
    parser.add_argument("--scale", default="1", help="size of everything, 1.5 for 150 %%")
    parser.add_argument("--size", default="", help="another size of the windows, 900x600")
    parser.add_argument("--scene", help=argparse.SUPPRESS)
    given = parser.parse_args(words)
    if given.scene:
        return _draw(given.scene, given.into, given.size)
    from docs.picture_scene import SCENES

    wanted = [scene for scene in SCENES if not given.names or scene.name in given.names]
    if unknown := set(given.names) - {scene.name for scene in wanted}:
        parser.error(f"no picture is called {', '.join(sorted(unknown))}")
    given.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="espalier-pictures-") as place:
        _render(wanted, Path(place), given)
    return 0


def _render(wanted: list, place: Path, given: argparse.Namespace) -> None:
    """Start the server, and a process for each scene."""
    from docs.music_database import write_music

    home = place / "home"
    write_music(_music(home))
    environment = {
        **os.environ, "HOME": str(home), "ESPALIER_BASEDIR": str(home / "base"), "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": given.scale, "QT_LOGGING_RULES": "default.warning=false",
        "ESPALIER_SERVER_EMBEDDED": "false", "ESPALIER_LOG_FILE": str(place / "log"),
    }  # fmt: skip
    server = _start_server(place, environment)
    try:
        address = _address(server)
        config = home / "base" / "config" / "config.toml"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(f'[servers]\n{SERVER} = "tls:{address}"\n', encoding="utf-8")
        for scene in wanted:
            # What a scene has typed and not written is none of the next one's.
            shutil.rmtree(home / "base" / "state", ignore_errors=True)
            words = ["--scene", scene.name, "--into", str(given.into.absolute()), "--size", given.size]
            _run_scene([sys.executable, "-m", "docs.render_pictures", *words], environment, server)
    finally:
        server.terminate()
        server.wait(LONGEST_S)


def _music(home: Path) -> Path:
    path = home / "music.sqlite"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _start_server(place: Path, environment: dict[str, str]) -> subprocess.Popen[str]:
    espalier = Path(sys.executable).with_name("espalier")
    command = [str(espalier), "serve", str(place / "apps"), "--port", "0", "--tls", "--data",
               str(place / "data")]  # fmt: skip
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def _address(server: subprocess.Popen[str]) -> str:
    """The address that the server says it listens at."""
    assert server.stdout is not None
    for line in server.stdout:
        for word in line.split():
            if word.rpartition(":")[2].rstrip(".,").isdigit() and ":" in word:
                return word.rstrip(".,")
    raise PictureError("the server ended before it listened")


def _run_scene(command: list[str], environment: dict[str, str], server: subprocess.Popen[str]) -> None:
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("stop the server"):
                server.terminate()
            else:
                print(line, end="", flush=True)
        if process.wait(LONGEST_S):
            raise PictureError(f"{' '.join(command[3:5])} failed with {process.returncode}")


def _draw(name: str, into: Path, size: str) -> int:
    """Play one scene in this process and write its two pictures."""
    from docs.picture_app import APPS
    from docs.picture_file import write_small
    from docs.picture_scene import SCENES, settle
    from shell.boot import boot
    from shell.session import Given

    # The shell shows what goes wrong in its window; here it must end the process.
    show_failure = sys.excepthook
    [scene] = [scene for scene in SCENES if scene.name == name]
    home = Path(os.environ["HOME"])
    apps = {key: make(home) for key, make in APPS.items() if f"{{{key}}}" in scene.target}
    target = scene.target.format(server=SERVER, database=_music(home), **apps)
    session = boot(target, Given(settings=("ui.theme=light", "ui.restore=false")))
    sys.excepthook = show_failure
    window = session.windows[0]
    window.activateWindow()
    if size:
        window.resize(*map(int, size.split("x")))
    settle(window)
    if all(message.level == "info" for message in window.messages.shown):
        window.messages.dismiss()  # what is told at the first contact with a server
    if window.messages.shown:
        raise PictureError(f"{name}: {window.messages.shown[0].text}: {window.messages.shown[0].detail}")
    scene.act(window)
    settle(window)
    for mode in ("light", "dark"):
        window.desk.theme.set_mode(mode)
        settle(window)
        path = into / f"{name}-{mode}.png"
        written = write_small(window.grab().toImage(), path)
        print(f"{path.name}: {written // 1000} kB")
        if written > LARGEST_BYTES and window.devicePixelRatioF() == 1:
            raise PictureError(f"{path} is larger than {LARGEST_BYTES} bytes")
    sys.stdout.flush()
    # The process is thrown away as it is: nothing of it is kept, and edits under way are part of the picture.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
