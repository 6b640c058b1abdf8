"""Writing a mirror: a folder that any web server may serve, or that others mount."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

from kernel.cache.durable import write_file
from kernel.delivery.mirror import file_path, pack_path
from kernel.delivery.pack import missing_paths, wanted_files
from kernel.delivery.packing import Packer
from kernel.delivery.zstd import deflate
from kernel.release import Manifest


def write_mirror(folder: Path, manifest: Manifest, id: str, read: Callable[[str], bytes]) -> int:
    """Write what is missing of a release; answers how many files were written.

    Every file appears whole under its name and is never changed, so that a mirror may be served while it is written.

    Args:
        folder: The mirror's.
        manifest: The release.
        id: Its id.
        read: A file of the release by path, checked.

    Raises:
        CacheError: the folder cannot be written.
        DeliveryError: a file of the release cannot be had.
    """
    by_hash = {file.sha256: path for path, file in manifest.files.items()}
    written = 0
    for sha256, path in by_hash.items():
        written += _write(folder, file_path(sha256), lambda path=path: [deflate(read(path))])  # type: ignore[misc]
    wanted = wanted_files(manifest, missing_paths(manifest, by_hash), None)
    packer = Packer(lambda sha256: read(by_hash[sha256]), limit=0)
    return written + _write(folder, pack_path(id), lambda: packer.pack(wanted))


def _write(folder: Path, path: str, make: Callable[[], Iterable[bytes]]) -> bool:
    place = folder / path
    if place.exists():
        return False
    write_file(str(place.parent), place.name, make())
    os.chmod(place, 0o644)
    os.chmod(place.parent, 0o755)
    return True
