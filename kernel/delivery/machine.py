"""Which files of a release this machine has a use for: wheels and libraries of other machines stay where they are."""

from __future__ import annotations

from collections.abc import Mapping

from kernel.release import File, Manifest


def hashes_for_here(manifest: Manifest, files: Mapping[str, File] | None = None) -> set[str]:
    """The SHA-256 of the files that are fetched with the release; the others come when somebody reads them.

    Args:
        manifest: The release's.
        files: Those of its files that are asked about; all when left out.
    """
    left_out: set[str] = set()
    if manifest.wheels:
        from kernel.wheel.choice import for_others

        left_out |= for_others(manifest.wheels)
    if manifest.libraries:
        from kernel.library.load import for_others as libraries_for_others

        left_out |= libraries_for_others(manifest.libraries)
    return {file.sha256 for path, file in (manifest.files if files is None else files).items() if path not in left_out}
