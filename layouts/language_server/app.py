"""One app folder, or a folder of layouts without an app, as it is on the disk and in the editor together."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from kernel.error import EspalierError, Where
from layouts.app_manifest import APP_FILE, AppDescription, AppError, read_app
from layouts.known import Known, Offer
from layouts.language_server.analysis import Analysis
from layouts.language_server.documents import File, Files
from layouts.language_server.surroundings import Schemas, Surroundings
from layouts.library import files_beside, is_within, library_of, path_at, place_of
from layouts.load import check_layout
from layouts.node import Layout
from layouts.problem import Problem

#: Files of an app that are looked at, at most.
MOST_FILES = 5_000
#: Characters of a layout's files from which on typing does not wait for them to be read again.
LARGE = 40_000
_PASSED_OVER = ("__pycache__", "node_modules")


class Snapshot(NamedTuple):
    """The folder at one moment: open texts lie over the disk. May be used on any thread.

    Attributes:
        folder: The folder.
        texts: Absolute path → text in the editor.
        listing: Paths of the folder's files when it was looked through last.
        gone: Absolute paths that are no files any more, whatever the disk has.
    """

    folder: Path
    texts: Mapping[Path, str]
    listing: tuple[str, ...] = ()
    gone: frozenset[Path] = frozenset()

    def read_file(self, path: str) -> bytes | None:
        """The bytes of a file of the folder or of the libraries beside it; None when there is none there."""
        try:
            place = place_of(self.folder, path)
            open_text = self.texts.get(place)
            if open_text is not None:
                return open_text.encode("utf-8", "surrogatepass")
            if place in self.gone or not is_within(self.folder, place) or not place.is_file():
                return None
            return place.read_bytes()
        except (OSError, ValueError):
            return None

    def paths(self, suffix: str) -> list[str]:
        """The files of the folder with an ending, those that only the editor has included."""
        opened = (path_at(self.folder, path) for path in self.texts)
        gone = {path_at(self.folder, path) for path in self.gone}
        return sorted({path for path in (*self.listing, *opened) if path.endswith(suffix)} - gone)


def list_files(folder: Path) -> tuple[str, ...]:
    """Paths of all files below a folder, hidden folders and caches left out; at most ``MOST_FILES``."""
    found: list[str] = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name[0] != "." and name not in _PASSED_OVER]
        found += [Path(place, name).relative_to(folder).as_posix() for name in files]
        if len(found) > MOST_FILES:
            break
    return tuple(found[:MOST_FILES])


class App:
    """What is known of one folder, the last good state of it included.

    Attributes:
        folder: The folder.
        schemas: The tables of its sources, as they were when they could last be read.
    """

    def __init__(self, folder: Path, surroundings: Surroundings) -> None:
        self.folder = folder
        self.schemas: Schemas = {}
        self._listing: tuple[str, ...] = ()
        self._around = surroundings
        self._files = Files()
        self._description: AppDescription | None = None
        self._analyses: dict[str, tuple[tuple[object, ...], Analysis]] = {}
        self._whole: dict[str, Analysis] = {}
        self._read: tuple[object, Schemas | None] = (None, None)

    @property
    def has_manifest(self) -> bool:
        """Whether the folder is an app."""
        return self._description is not None

    def snapshot(self, texts: Mapping[Path, str]) -> Snapshot:
        """The folder now, with what stands in the editor."""
        return Snapshot(self.folder, dict(texts), self._listing)

    def check(self, now: Snapshot) -> list[Problem]:
        """Everything that is wrong with all files, as ``espalier check`` tells it. Slow; any thread, one at a time."""
        self._listing = (*list_files(self.folder), *files_beside(self.folder))
        now = now._replace(listing=self._listing)
        problems: list[Problem] = []
        is_app = now.read_file(APP_FILE) is not None
        if is_app:
            try:
                self._description = read_app(now.read_file)
            except AppError as error:
                problems += [Problem(*one) for one in error.problems]
        else:
            self._description = None
        around, app = self._around, self._description
        known = Known(
            self._schemas_now(now, problems),
            frozenset(around.commands),
            list_files=lambda: now.paths(".kdl"),
            offer=Offer(lambda: (around.version, around.plugins), None if app is None else lambda: app.permissions),
        )
        layouts = self.layouts(now)
        trees: list[Layout] = []
        for path in layouts:
            if now.read_file(path) is not None or is_app:
                tree, found = check_layout(path, now.read_file, kinds=self._around.kinds, known=known)
                problems += found
                trees.append(tree)
        if is_app and not any(problem.severity == "error" for problem in problems):
            problems += self._of_catalogues(now, trees)
        for layout in layouts:
            self._analysis(layout, now)
        return [*problems, *self._of_loose(now, layouts)]

    def _of_catalogues(self, now: Snapshot, trees: list[Layout]) -> list[Problem]:
        """What is wrong with the catalogues of texts, once the layouts are right that have the texts."""
        paths = [path for path in now.paths(".po") if path.startswith("locale/")]
        if not paths:
            return []
        from layouts.texts.check import check_catalogues

        return check_catalogues(paths, now.read_file, trees, self._around.kinds, self.schemas)

    def _of_loose(self, now: Snapshot, layouts: list[str]) -> list[Problem]:
        """Syntax problems of open files that no layout takes."""
        taken = {path for layout in layouts for path in self._files.of_layout(layout, now.read_file)}
        problems: list[Problem] = []
        for path in now.texts:
            name = path_at(self.folder, path)
            if path.suffix == ".kdl" and name and name not in taken:
                file = self._files.file(name, now.read_file)
                found = file.document.problems if file else []
                problems += [Problem(*one) for one in found]
                note = "no layout of the app takes this file, so only its syntax is checked"
                if not library_of(name):
                    problems.append(Problem(Where(name, 1, 1), note, "use or include it", "", "note"))
        return problems

    def _schemas_now(self, now: Snapshot, problems: list[Problem]) -> Schemas | None:
        """The tables around, read again when something that they come from is another."""
        if self._description is None:
            return None
        stamp = self._stamp(now, self._description)
        if stamp != self._read[0]:
            try:
                found = self._around.read_schemas(self.folder, self._description.sources, now.read_file)
            except EspalierError as error:
                problems.append(Problem(Where(APP_FILE, 1, 1), error.message, error.hint))
                return None
            self._read = (stamp, found)
            if found is not None:
                self.schemas = found
        return self._read[1]

    def _stamp(self, now: Snapshot, description: AppDescription) -> object:
        """Differs once a source may have other tables: its description, its texts or its files changed."""
        found: list[object] = [repr(description.sources)]
        for source in description.sources.values():
            for value in (one for one in source.values() if isinstance(one, str)):
                place = self.folder / value
                try:
                    state = place.stat() if place.is_file() else None
                except (OSError, ValueError):
                    state = None
                found.append((state.st_mtime_ns, state.st_size) if state else None)
                found.append(now.texts.get(place))
        return found

    def layouts(self, now: Snapshot) -> list[str]:
        """The main layouts: those that the boot queue names, or every layout of a folder that is no app."""
        app = self._description
        if app is not None:
            named = [app.entry[index + 1] for index, agent in enumerate(app.entry[:-1]) if agent == "layout"]
            return list(dict.fromkeys(named)) or [app.layout]
        paths = [path for path in now.paths(".kdl") if "/" not in path]
        found = {path: file for path in paths if (file := self._files.file(path, now.read_file))}
        mains = [path for path, file in found.items() if any(one.name == "layout" for one in file.document.nodes)]
        taken = {taken for path in mains for taken in self._files.of_layout(path, now.read_file)}
        return mains + [path for path in found if path not in taken]

    def analyses(self, now: Snapshot) -> list[Analysis]:
        """What each layout names; the same objects as long as nothing changed."""
        return [self._analysis(path, now) for path in self.layouts(now)]

    def analysis_of(self, path: str, now: Snapshot) -> Analysis:
        """The analysis of a layout that holds a file; of the file alone when none does. Scripts belong to the first."""
        layouts = self.layouts(now)
        if not path.endswith(".kdl"):
            return self._analysis(layouts[0] if layouts else "", now)
        for layout in layouts:
            if path in self._files.of_layout(layout, now.read_file):
                return self._analysis(layout, now)
        return self._analysis(path, now)

    def files(self, now: Snapshot) -> list[File]:
        """The layouts of the folder and of the libraries beside it, also those that none takes."""
        found = (self._files.file(path, now.read_file) for path in now.paths(".kdl"))
        return [file for file in found if file is not None]

    def recent_analysis(self, path: str, now: Snapshot) -> Analysis:
        """The analysis of a layout that holds a file; of large ones as the last check made it, while people type."""
        for _, analysis in list(self._analyses.values()):
            if path in analysis.files and sum(len(file.text) for file in analysis.files.values()) > LARGE:
                return analysis
        return self.analysis_of(path, now)

    def last_whole(self, analysis: Analysis) -> Analysis:
        """The layout as it was when it last had no syntax problem; itself when it never had none."""
        return self._whole.get(next(iter(analysis.files), ""), analysis)

    def _analysis(self, path: str, now: Snapshot) -> Analysis:
        files = self._files.of_layout(path, now.read_file)
        scripts = {
            name: content.decode("utf-8", "replace")
            for name in now.paths(".py")
            if (content := now.read_file(name)) is not None
        }
        key = (tuple(files.values()), id(self.schemas), tuple(scripts.items()))
        known = self._analyses.get(path)
        if known is not None and known[0] == key:
            return known[1]
        analysis = Analysis(files, self._around.kinds, self.schemas, scripts)
        self._analyses[path] = (key, analysis)
        if not any(file.document.problems for file in files.values()):
            self._whole[path] = analysis
        return analysis
