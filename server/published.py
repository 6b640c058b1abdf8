"""Making one app's release out of its tree at a commit."""

from __future__ import annotations

import hashlib
from typing import NamedTuple

from kernel.delivery.path import check_manifest
from kernel.error import Where
from kernel.release import File, Manifest, Release
from layouts.app_brought import brought_by
from layouts.app_manifest import APP_FILE, read_app
from layouts.grant import Grant
from server.error import TreeError
from server.repository import Repository


class Published(NamedTuple):
    """A release that is served: the tree it was made of, its manifest, SHA-256 → git object id, and its grants."""

    tree: str
    manifest: Manifest
    release: Release
    blobs: dict[str, str]
    grants: tuple[Grant, ...] = ()


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


def publish(repository: Repository, hashes: Hashes, app: str, tree: str, commit: str, serial: int) -> Published:
    """The release of ``app`` as its folder is in ``tree``.

    Args:
        repository: The repository.
        hashes: The hashes known so far.
        app: The folder's name, which ``app.toml`` must repeat.
        tree: The mark of the app's tree and its libraries.
        commit: The commit that last changed the app, or a library that it uses.
        serial: Rises with every release of the app.

    Raises:
        TreeError: a file may not be served.
        ReleaseError: clients would refuse the release; see :func:`kernel.delivery.path.check_manifest`.
        EspalierError: ``app.toml`` is missing or wrong; ``where`` names the place.
    """
    files = {file.path: file for file in repository.files(app, tree)}

    def read_file(path: str) -> bytes | None:
        name = path.removeprefix(f"apps/{app}/")
        return repository.read(files[name].oid) if name in files else None

    description = read_app(read_file, f"apps/{app}/{APP_FILE}")
    if description.layout not in files:
        raise TreeError(f"the app's layout {description.layout} is missing", where=Where(f"apps/{app}/{APP_FILE}"))
    if description.name != app:
        raise TreeError(
            f"the app is called '{description.name}' but its folder '{app}'",
            where=Where(f"apps/{app}/app.toml"),
            hint="give both the same name",
        )
    brought = brought_by(description, files, read_file)
    manifest = Manifest(
        app=app,
        title=description.title,
        version=description.version,
        serial=serial,
        commit=commit,
        entry=tuple(description.entry),
        files={path: File(hashes.of(file.oid), file.size) for path, file in files.items()},
        icon=description.icon,
        doc=description.doc,
        sources=description.sources,
        requires=description.requires,
        wheels=brought.wheels,
        libraries=brought.libraries,
    )
    check_manifest(manifest, app)
    blobs = {manifest.files[path].sha256: file.oid for path, file in files.items()}
    return Published(tree, manifest, Release(manifest.encode()), blobs, description.grants)
