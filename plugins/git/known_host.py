"""What the person's ``~/.ssh/known_hosts`` says of a host (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT")."""

from __future__ import annotations

import base64
import binascii
import fnmatch
import hashlib
import hmac
from pathlib import Path
from urllib.parse import urlsplit

from plugins.api import TableError, say


def refuse_host(url: str) -> TableError:
    """Why a host whose key does not fit is not spoken with, and how it is accepted.

    Args:
        url: Of the remote: ``ssh://host:port/path``, or ``person@host:path``.
    """
    host, port = _host_of(url)
    name = host if port == 22 else f"[{host}]:{port}"
    file = Path.home() / ".ssh" / "known_hosts"
    if is_known(file, name):
        hint = say("somebody may stand in between; ask who runs it, then: ssh-keygen -R '{host}'", host=name)
        return TableError(say("{host} has another host key than the one in {file}", host=name, file=file), hint=hint)
    option = "" if port == 22 else f" -p {port}"
    hint = say("ssh{option} {host} shows its fingerprint and accepts it, once", option=option, host=host)
    return TableError(say("{host} is not known: its host key is not in {file}", host=name, file=file), hint=hint)


def is_known(file: Path, name: str) -> bool:
    """Whether a file has a key of a host, by a plain name, a pattern or a hashed one."""
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    fields = [line.split() for line in lines if line.strip() and not line.startswith(("#", "@"))]
    return any(_fits(names, name) for first in fields for names in first[0].split(","))


def _fits(pattern: str, name: str) -> bool:
    if not pattern.startswith("|1|"):
        return fnmatch.fnmatchcase(name, pattern.replace("[", "[[]"))
    try:
        salt, digest = (base64.b64decode(part) for part in pattern.split("|")[2:4])
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(hmac.new(salt, name.encode(), hashlib.sha1).digest(), digest)


def is_ssh(url: str) -> bool:
    """Whether an address is one of ssh."""
    return urlsplit(url).scheme in ("ssh", "git+ssh", "ssh+git") or ("://" not in url and ":" in url)


def _host_of(url: str) -> tuple[str, int]:
    if "://" in url:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port or 22
    return url.partition(":")[0].rpartition("@")[2], 22
