"""Looks through the files of an app on a thread and brings the hits in batches; given up when it is asked to. No Qt."""

from __future__ import annotations

import hashlib
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from kernel.error import EspalierError
from kernel.open_file import is_open_database, map_bytes, read_bytes
from kernel.words import say
from shell.palette.offer.files import LEFT_OUT
from shell.search.hit import Hit, hits_in, text_of
from shell.search.wanted import Wanted

#: Places that are listed at most; seconds between two batches.
MOST, BATCH_S = 20_000, 0.05
#: Bytes from which on a file is looked through when all smaller ones were, and from which on it is mapped: as the
#: editor does, which takes larger ones as they are.
LATE, MAPPED = 4 << 20, 16 << 20


class Given(NamedTuple):
    """The files that are looked through.

    Attributes:
        paths: Their paths as the app names them; called on the thread.
        read: The bytes of one; None where it is gone.
        edited: Path → text of a file that is edited and not written, in UTF-8.
    """

    paths: Callable[[Callable[[], object]], Iterable[str]]
    read: Callable[[str], Any]
    edited: Mapping[str, bytes]


class FileHits(NamedTuple):
    """What was found in one file.

    Attributes:
        path: As the app names it.
        digest: SHA-256 of the text that was looked through; empty while more of the file comes.
        hits: The places, in order; of a file with many they come in parts.
    """

    path: str
    digest: bytes
    hits: list[Hit]


class Progress(NamedTuple):
    """News of a search.

    Attributes:
        found: Files with hits since the last news; the last one may go on.
        files: How many files were looked through.
        is_done: Whether this is the last news.
        is_cut: Whether there are more places than are listed.
        problem: What is wrong with the search; empty when nothing is.
    """

    found: list[FileHits]
    files: int
    is_done: bool = False
    is_cut: bool = False
    problem: str = ""


class GivenUp(Exception):
    """Nobody waits any more."""


class Gathering:
    """One search, on a thread of its own.

    Args:
        wanted: What is looked for.
        given: Where.
        template: What takes the places' place; None while nothing is replaced.
        bring: Told of progress, on the thread.
    """

    def __init__(self, wanted: Wanted, given: Given, template: str | None, bring: Callable[[Progress], object]) -> None:
        self._wanted, self._given, self._template, self._bring = wanted, given, template, bring
        self._is_given_up = threading.Event()
        self._found: list[FileHits] = []
        #: Large files, which are looked through last.
        self._late: list[str] = []
        self._files = self._count = 0
        self._told = monotonic()

    def begin(self) -> None:
        """Start the thread."""
        threading.Thread(target=self.run, name="search in files", daemon=True).start()

    def stop(self) -> None:
        """Bring nothing more."""
        self._is_given_up.set()

    def run(self) -> None:
        """Look through all of them; for tests on this thread."""
        is_cut, problem = False, ""
        try:
            wanted = (path for path in self._given.paths(self._check) if self._wanted.takes(path))
            for path in chain(wanted, self._late):
                self._look_through(path)
                if self._count >= MOST:
                    is_cut = True
                    break
        except GivenUp:
            return
        except EspalierError as error:
            problem = error.message
        except Exception as error:  # or the panel would wait for ever
            self._bring(Progress(self._found, self._files, is_done=True, problem=repr(error)))
            raise
        if not self._is_given_up.is_set():
            self._bring(Progress(self._found, self._files, is_done=True, is_cut=is_cut, problem=problem))

    def _check(self) -> None:
        if self._is_given_up.is_set():
            raise GivenUp
        if monotonic() - self._told > BATCH_S:
            self._tell()

    def _tell(self) -> None:
        found, self._found, self._told = self._found, [], monotonic()
        self._bring(Progress(found, self._files))

    def _look_through(self, path: str) -> None:
        self._check()
        text = self._given.edited.get(path)
        if text is None:
            data = self._given.read(path)
            if data is not None and len(data) >= LATE and path not in self._late:
                self._late.append(path)
                return
            text = text_of(data) if data is not None else None
        self._files += 1
        if text is None:
            return
        found = False
        for hit in hits_in(self._wanted, text, self._template, self._check):
            if not self._found or self._found[-1].path != path:
                self._found.append(FileHits(path, b"", []))
            self._found[-1].hits.append(hit)
            found = True
            self._count += 1
            if self._count >= MOST:
                break
        if found:
            digest = digest_of(text)
            if self._found and self._found[-1].path == path:
                self._found[-1] = self._found[-1]._replace(digest=digest)
            else:
                self._found.append(FileHits(path, digest, []))


def digest_of(text: Any) -> bytes:
    """What tells one text from another."""
    return hashlib.sha256(text).digest()


def read_mapped(place: Path) -> Any:
    """The bytes of a file, those of a larger one as they lie on the disk; None where there is none to be read.

    A database that this process has open is none, nor is a large one.

    Raises:
        SearchError: it is there and cannot be read.
    """
    try:
        if not place.is_file() or is_open_database(place):
            return None
        return read_bytes(place) if place.stat().st_size < MAPPED else map_bytes(place)
    except (FileNotFoundError, ValueError):  # gone since, or emptied
        return None
    except OSError as error:
        reason = error.strerror or str(error)
        raise SearchError(say("{path} cannot be read: {reason}", path=place, reason=reason)) from error


class SearchError(EspalierError):
    """Files cannot be searched, or what was found cannot be replaced."""


def paths_below(folder: Path, check: Callable[[], object]) -> Iterator[str]:
    """The files of a folder, those of a folder before those of folders in it; links are not followed."""
    waiting = [""]
    while waiting:
        inside = waiting.pop(0)
        check()
        try:
            with os.scandir(folder / inside) as entries:
                found = sorted(entries, key=lambda one: one.name)
        except (FileNotFoundError, PermissionError, NotADirectoryError):
            continue  # gone since, or nobody's to read
        for entry in found:
            path = f"{inside}/{entry.name}" if inside else entry.name
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in LEFT_OUT:
                    waiting.append(path)
            elif entry.is_file(follow_symlinks=False):
                yield path
