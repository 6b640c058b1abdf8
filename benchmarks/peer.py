"""The peers: where they are, and how to get them. They never touch the project's own environment."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple


class DebianPeer(NamedTuple):
    """A program of a Debian package."""

    package: str
    program: str


DEBIAN: tuple[DebianPeer, ...] = (
    DebianPeer("sqlitebrowser", "sqlitebrowser"),
    DebianPeer("kate", "kate"),
    DebianPeer("xvfb", "Xvfb"),
    DebianPeer("xdotool", "xdotool"),
    DebianPeer("rsync", "rsync"),
    DebianPeer("nginx-light", "nginx"),
    DebianPeer("fcgiwrap", "fcgiwrap"),
    DebianPeer("curl", "curl"),
    DebianPeer("tig", "tig"),
    DebianPeer("vlc-bin", "cvlc"),
    DebianPeer("ffmpeg", "ffmpeg"),
    DebianPeer("nghttp2-client", "h2load"),
    DebianPeer("fzf", "fzf"),
    DebianPeer("emacs-nox", "emacsclient"),
    DebianPeer("kitty", "kitty"),
    DebianPeer("tmux", "tmux"),
    DebianPeer("dbus-bin", "dbus-send"),
    DebianPeer("dbus-daemon", "dbus-daemon"),
)
#: Packages of the Python peers; httptools and uvloop are what uvicorn is fastest with, enaml needs qtpy and PySide6.
PYPI: tuple[str, ...] = (
    "pyzmq>=26", "uvicorn>=0.30", "httptools>=0.6", "uvloop>=0.21",
    "enaml>=0.17", "qtpy>=2.4", "PySide6-Essentials>=6.11,<6.12", "uv>=0.5",
)  # fmt: skip
_PROBE = "import zmq, uvicorn, httptools, uvloop, enaml, qtpy"


def peer_directory() -> Path:
    """The Python peers' environment, under the user's cache directory."""
    import platformdirs

    return Path(os.environ.get("ESPALIER_PEERS") or platformdirs.user_cache_path("espalier") / "benchmark-peers")


def peer_python() -> Path | None:
    """The peers' interpreter, or None when they are not installed."""
    python = peer_directory() / "bin" / "python"
    if not python.exists():
        return None
    probe = subprocess.run([python, "-c", _PROBE], capture_output=True, timeout=60)
    return python if probe.returncode == 0 else None


def missing_programs() -> list[DebianPeer]:
    """The Debian peers that are not on the path."""
    return [peer for peer in DEBIAN if shutil.which(peer.program) is None]


def install_peers() -> int:
    """Fetch what is missing; answers the exit code. Says the exact command where it has no right to run it."""
    return max(_install_debian(), _install_pypi())


def _install_debian() -> int:
    packages = [peer.package for peer in missing_programs()]
    if not packages:
        return 0
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        print(f"peers: run this yourself: sudo {' '.join(command)}", file=sys.stderr)
        return 1
    subprocess.run(["apt-get", "update", "--quiet"], check=False, timeout=600)
    environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return min(1, subprocess.run(command, check=False, env=environ, timeout=1800).returncode)


def _install_pypi() -> int:
    if peer_python() is not None:
        return 0
    directory = peer_directory()
    subprocess.run([sys.executable, "-m", "venv", "--clear", directory], check=True, timeout=300)
    pip = [directory / "bin" / "python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    return min(1, subprocess.run([*pip, "install", *PYPI], check=False, timeout=1800).returncode)
