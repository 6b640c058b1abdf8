"""Making one app's release out of its tree at a commit."""

from __future__ import annotations

import hashlib
import sys
from typing import NamedTuple

from kernel.delivery.path import check_manifest
from kernel.release import File, Manifest, Release
from layouts.app_brought import brought_by
from layouts.app_manifest import APP_FILE, read_app
from layouts.app_needs import least_version
from layouts.grant import Grant
from server.note import Served
from server.repository import Repository, place_of


class Published(NamedTuple):
    """A release that is served: the tree it was made of, its manifest, SHA-256 → git object id, and its grants."""

    tree: str
    manifest: Manifest
    release: Release
    blobs: dict[str, str]
    grants: tuple[Grant, ...] = ()
    #: Whether its author gave it no version.
    is_numbered: bool = False


class Hashes:
    """SHA-256 of git's objects, each computed once."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._by_oid: dict[str, str] = {}

    def of(self, oid: str) -> str:
        """The content's SHA-256 in hex."""
        if oid not in self._by_oid:
            self._by_oid[oid] = hashlib.sha256(self._repository.read(oid)).hexdigest()
        return self._by_oid[oid]


def publish(repository: Repository, hashes: Hashes, app: str, served: Served, channel: str = "stable") -> Published:
    """The release of ``app`` as its tree is. What must hold of its content is checked before; see
    :mod:`server.publishing.fitness`.

    Args:
        repository: The repository.
        hashes: The hashes known so far.
        app: The app's name.
        served: The mark of its tree, and what the release is called.
        channel: The channel that it is made for.

    Raises:
        TreeError: a file may not be served.
        ReleaseError: clients would refuse the release; see :func:`kernel.delivery.path.check_manifest`.
        EspalierError: ``app.toml`` is missing or wrong; ``where`` names the place.
    """
    place = place_of(app, channel)
    files = {file.path: file for file in repository.files(app, served.tree, place=place)}

    def read_file(path: str) -> bytes | None:
        name = path.removeprefix(f"{place}/")
        return repository.read(files[name].oid) if name in files else None

    description = read_app(read_file, f"{place}/{APP_FILE}")
    brought = brought_by(description, files, read_file)
    manifest = Manifest(
        app=app,
        title=description.title,
        version=served.version or description.version or str(served.serial),
        serial=served.serial,
        commit=served.commit,
        entry=tuple(description.entry),
        files={path: File(hashes.of(file.oid), file.size) for path, file in files.items()},
        icon=description.icon,
        doc=description.doc,
        sources=description.sources,
        requires=description.requires,
        wheels=brought.wheels,
        libraries=brought.libraries,
        channel=sys.intern(channel),  # NOTE: a default is left out when it is the very same object
        created=served.created,
        min_shell=least_version(description.requires.get("shell", "")),
        previous=served.previous,
        permissions=description.permissions,
    )
    check_manifest(manifest, app)
    blobs = {manifest.files[path].sha256: file.oid for path, file in files.items()}
    is_numbered = not description.version
    return Published(served.tree, manifest, Release(manifest.encode()), blobs, description.grants, is_numbered)
