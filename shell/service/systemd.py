"""Services as systemd knows them: units of the person's own manager.

See systemd.unit(5), systemd.service(5), systemd.exec(5), systemd.timer(5).
"""

from __future__ import annotations

import os
from pathlib import Path

from shell.service.system import ask, run
from shell.service.table import File, Service

#: What a service may not do, for each kind alike: entry → value. Nothing of it needs the administrator.
CONFINEMENT: dict[str, str] = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "full",
    "RestrictSUIDSGID": "yes",
    "RestrictRealtime": "yes",
    "LockPersonality": "yes",
    "SystemCallArchitectures": "native",
    "RestrictAddressFamilies": "AF_UNIX AF_INET AF_INET6",
    "UMask": "0077",
}


def files(service: Service) -> list[File]:
    """The unit; before it, of what ends by itself, the timer that starts it again."""
    kind = service.kind
    entries: dict[str, dict[str, str]] = {"Unit": {"Description": kind.title}}
    how = {"Type": "oneshot", "Nice": "10"} if kind.every_s else _lasting()
    private = {"PrivateTmp": "yes"} if kind.has_own_temporary else {}
    entries["Service"] = how | {"ExecStart": " ".join(map(quoted, service.command))} | CONFINEMENT | private
    if not kind.every_s:
        return [_file(f"{service.name}.service", entries | {"Install": {"WantedBy": "default.target"}})]
    times = {"OnStartupSec": "60", "OnUnitActiveSec": str(kind.every_s), "RandomizedDelaySec": str(kind.every_s // 10)}
    timer = {"Unit": {"Description": f"{kind.title}, again and again"}, "Timer": times,
             "Install": {"WantedBy": "timers.target"}}  # fmt: skip
    return [_file(f"{service.name}.timer", timer), _file(f"{service.name}.service", entries)]


def _lasting() -> dict[str, str]:
    """What goes on until it is stopped, and says by itself when it serves."""
    return {"Type": "notify", "Restart": "on-failure", "RestartSec": "2", "TimeoutStopSec": "20"}


def begin(service: Service) -> None:
    """Have it start now and with each session.

    Raises:
        ServiceError: systemd is away or refuses.
    """
    run("systemctl", "--user", "daemon-reload")
    run("systemctl", "--user", "enable", files(service)[0].path.name)
    run("systemctl", "--user", "restart", files(service)[0].path.name)


def end(service: Service) -> None:
    """Stop it and start it no more; raises as :func:`begin`."""
    run("systemctl", "--user", "disable", "--now", files(service)[0].path.name)


def forget() -> None:
    """Say that files are gone; raises as :func:`begin`."""
    run("systemctl", "--user", "daemon-reload")


def state(service: Service) -> str:
    """In a word of systemd's: ``active``, ``failed``; empty when it cannot be asked."""
    return ask("systemctl", "--user", "is-active", files(service)[0].path.name)


#: What a person should know once it is installed.
ADVICE = "It runs while you are logged in; loginctl enable-linger has it run from the machine's start on"


def quoted(word: str) -> str:
    """A word of ExecStart: neither specifiers nor variables, and a word whatever it holds."""
    inner = word.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("%", "%%").replace("$", "$$")
    return inner if inner == word and word and not set(word) & set(" \t';") else f'"{inner}"'


def _file(name: str, entries: dict[str, dict[str, str]]) -> File:
    parts = (f"[{part}]\n" + "".join(f"{key}={value}\n" for key, value in row.items()) for part, row in entries.items())
    return File(_folder() / name, "\n".join(parts), ("#", ""))


def _folder() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME")
    return (Path(home) if home else Path.home() / ".config") / "systemd" / "user"
