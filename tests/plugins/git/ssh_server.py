"""Debian's own sshd on loopback, run by and letting in whoever runs the tests."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
from pathlib import Path

from tests.waiting import wait_for

SSHD = shutil.which("sshd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_CONFIG = """
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
PidFile {folder}/pid
StrictModes no
UsePAM {pam}
PermitRootLogin yes
PasswordAuthentication no
KbdInteractiveAuthentication no
"""


class SshServer:
    """Serves repositories by ``ssh://``.

    Args:
        folder: Where its keys and configuration are put.

    Attributes:
        authorized: The file of keys that it lets in.
        known: The line for ``known_hosts``.
    """

    def __init__(self, folder: Path) -> None:
        assert SSHD is not None
        folder.mkdir()
        if os.geteuid() == 0:
            os.makedirs("/run/sshd", 0o755, exist_ok=True)  # sshd's place for what has no rights
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        make_key(folder / "host")
        self.authorized = folder / "authorized"
        self.authorized.touch()
        (folder / "config").write_text(
            _CONFIG.format(port=self.port, folder=folder, pam="yes" if _is_locked() else "no"))
        kind, key, *_ = (folder / "host.pub").read_text().split()
        self.known = f"[127.0.0.1]:{self.port} {kind} {key}\n"
        self._process = subprocess.Popen([SSHD, "-D", "-e", "-f", str(folder / "config")],
                                         stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_for(lambda: (folder / "pid").exists() or self._process.poll() is not None)
        assert self._process.poll() is None, "sshd has ended"

    def url(self, repository: Path) -> str:
        """The address of a repository."""
        return f"ssh://{getpass.getuser()}@127.0.0.1:{self.port}{repository}"

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait()


def _is_locked() -> bool:
    """Whether the person has no password at all: without PAM sshd lets such a one in by no key."""
    try:
        lines = Path("/etc/shadow").read_text().splitlines()
    except OSError:
        return False  # an ordinary person may not look, and neither may their sshd
    return any(line.startswith(f"{getpass.getuser()}:!") for line in lines)


def make_key(path: Path, secret: str = "") -> str:
    """Write a key and its public half; answers the latter."""
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", secret, "-f", str(path)], check=True)
    return path.with_name(f"{path.name}.pub").read_text()
