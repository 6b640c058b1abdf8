"""What differs between two states of an app: releases of a server, or a folder. No Qt here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kernel.error import EspalierError
from kernel.open_file import read_bytes
from kernel.wire.error import RemoteError
from kernel.words import mark, say
from shell.publishing.client import Client

#: Bytes up to which a file's lines are compared.
MAX_TEXT = 1 << 20
#: What can have become of a file, in words for people.
KINDS = {"added": mark("added"), "changed": mark("changed"), "removed": mark("removed")}


class Side(NamedTuple):
    """One of two states of an app: what it is called, path → SHA-256, and its contents by path."""

    name: str
    hashes: Mapping[str, str]
    contents: Mapping[str, bytes]


def changes(before: Side, after: Side) -> Iterator[tuple[str, str]]:
    """Path and kind (a key of :data:`KINDS`) of each file that differs, by path."""
    for path in sorted(before.hashes.keys() | after.hashes.keys()):
        if before.hashes.get(path) != after.hashes.get(path):
            yield path, "added" if path not in before.hashes else "removed" if path not in after.hashes else "changed"


def text_of(content: bytes) -> str | None:
    """A content as text; None for what is none, or too long to be compared."""
    if len(content) > MAX_TEXT or b"\0" in content:
        return None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return None


def folder_side(folder: Path) -> Side:
    """The app in a folder, as it would be published.

    Raises:
        AppError: its app.toml is wrong.
        OSError: a file cannot be read.
    """
    from layouts.app_folder import app_paths
    from layouts.app_manifest import read_app

    sources = read_app(lambda path: read_bytes(folder / path)).sources
    contents = {path: read_bytes(folder / path) for path in app_paths(folder, sources)}
    return Side(str(folder), {path: hashlib.sha256(data).hexdigest() for path, data in contents.items()}, contents)


def release_side(client: Client, app: str, release: str, channel: str, needed: Mapping[str, str] | None = None) -> Side:
    """A release of a server, the newest of the channel when none is named.

    Contents that the server does not send, or others than it has said, are left out.

    Args:
        client: Asks the server.
        app, release, channel: Which one.
        needed: Path → SHA-256 of what is here; the contents of the same files are not asked for. None = all are.

    Raises:
        RemoteError, UnavailableError: there is none such, or the server does not answer.
        EspalierError: a path leads out of the app.
    """
    from kernel.delivery.path import check_path

    found: dict[str, Any] = client.files(app, release, channel)
    for path in found["files"]:
        if reason := check_path(path):
            raise EspalierError(say("the server names a file whose path {reason}: {path}", reason=reason, path=path))
    here = needed or {}
    sizes = {path: file["size"] for path, file in found["files"].items() if here.get(path) != file["sha256"]}
    contents = client.read(app, release, channel, sizes) if sizes else {}
    hashes = {path: file["sha256"] for path, file in found["files"].items()}
    right = {path: data for path, data in contents.items() if hashlib.sha256(data).hexdigest() == hashes[path]}
    return Side(f"{app} {found['version']}", hashes, right)


def is_unpublished(error: RemoteError) -> bool:
    """Whether a server refuses since it has nothing of the app there."""
    return error.code == "not_found"
