"""What ``importlib.metadata`` answers for the wheels of an app."""

from __future__ import annotations

from importlib.metadata import Distribution
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kernel.wheel.archive import Archive
    from kernel.wheel.mount import Mounted


class WheelDistribution(Distribution):
    """One wheel.

    Args:
        mounted: The wheels that it is among.
        archive: The wheel.
    """

    def __init__(self, mounted: Mounted, archive: Archive) -> None:
        self._mounted = mounted
        self._archive = archive

    def read_text(self, filename: str) -> str | None:
        """A file of the folder that describes it; None when there is none such."""
        path = f"{self._archive.information}/{filename}"
        return self._archive.read(path).decode("utf-8", "replace") if path in self._archive.paths else None

    def locate_file(self, path: Any) -> PurePosixPath:
        """Where a file of it is; a path on the disk only where the wheel has one."""
        return PurePosixPath(self._mounted.file_name(str(path)))
