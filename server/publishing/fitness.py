"""Whether a tree may become a release. Trees that were found fit are remembered, so that a push is checked once.

The hook that git runs at a push and the server are two processes: they share the file ``fit.txt`` in the server's own
directory. Whoever can write there can write into the repository as well.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from pathlib import Path

from kernel.error import EspalierError, Where
from layouts.app_check import Surface, check_app, shipped_surface
from layouts.app_check.check import UnfitError, errors_of
from layouts.problem import Problem
from server.error import TreeError
from server.fingerprint import code_fingerprint
from server.repository import Repository, place_of
from server.shared import parts_of

#: Trees that were found fit, a line each, in the server's own directory.
FILE = "fit.txt"
#: Bytes at which the file is begun anew.
MAX_BYTES = 256 * 1024


class Fitness:
    """Checks trees of one repository.

    Args:
        repository: The repository.
        directory: The server's own directory.
        plugin_folders: Folders of plugins besides the shipped ones.
    """

    def __init__(self, repository: Repository, directory: Path, plugin_folders: Sequence[Path] = ()) -> None:
        self._repository = repository
        self._path = directory / FILE
        self._folders = plugin_folders
        self._code = ""
        self._surface: Surface | None = None
        self._fit: set[str] = set()

    def check(self, app: str, channel: str, mark: str) -> None:
        """Refuse a tree that cannot be released.

        Raises:
            UnfitError: with everything that is wrong, and its places in the repository.
        """
        self._code = self._code or code_fingerprint()
        line = f"{self._code} {app} {channel} {mark}"
        if line in self._fit or line in self._read():
            self._fit.add(line)
            return
        try:
            problems = self.problems(app, channel, mark)
        except Exception as error:  # one app must not hold up all others
            message = f"it cannot be looked at: {type(error).__name__}: {error}"
            problems = [Problem(Where(place_of(app, channel)), message, "this is a defect of the server")]
        if problems:
            raise UnfitError(app, problems)
        self._fit.add(line)
        self._note(line)

    def problems(self, app: str, channel: str, mark: str) -> list[Problem]:
        """The errors of a tree, with places in the repository."""
        place = place_of(app, channel)
        try:
            files = {file.path: file for file in self._repository.files(app, mark, place=place)}
        except TreeError as error:
            return [Problem(one.where or Where(place), one.message, one.hint) for one in error.problems]
        except EspalierError as error:
            return [Problem(error.where or Where(place), error.message, error.hint)]

        def read_file(path: str) -> bytes | None:
            return self._repository.read(files[path].oid) if path in files else None

        if self._surface is None:
            self._surface = shipped_surface(self._folders)
        found = errors_of(check_app(list(files), read_file, self._surface, app))
        return [one._replace(where=self._placed(one.where, place, mark)) for one in found]

    def _placed(self, where: Where, place: str, mark: str) -> Where:
        """A place within the app as one of the repository; a library's file stays where it is."""
        is_library = any(where.file.startswith(f"libraries/{name}/") for name in parts_of(mark)[1])
        return where if is_library else where._replace(file=f"{place}/{where.file}".rstrip("/"))

    def _read(self) -> set[str]:
        try:
            return set(self._path.read_text(encoding="utf-8").splitlines())
        except (OSError, UnicodeDecodeError):
            return set()

    def _note(self, line: str) -> None:
        """Keep a verdict; without it the next process checks again."""
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            is_long = self._path.exists() and self._path.stat().st_size > MAX_BYTES
            with self._path.open("w" if is_long else "a", encoding="utf-8") as file:
                file.write(f"{line}\n")
