"""Reads a layout with every file that it uses: declarations by name, windows in order, what is wrong so far."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable

from kernel.error import Where
from kernel.nearest import did_you_mean
from layouts.construct import LANGUAGE_VERSION
from layouts.kdl import SyntaxNode, Value, read
from layouts.library import PREFIX, library_of, path_of, shown_path
from layouts.migration.syntax import modernise, version_of
from layouts.migration.table import newer_version
from layouts.problem import Problem

ReadFile = Callable[[str], bytes | None]
ListFiles = Callable[[], Iterable[str]]
#: Characters of one layout file.
MAX_CHARACTERS = 4_000_000


class Project:
    """The files of one layout.

    Args:
        path: The main file.
        read_file: Answers a file's bytes, as for :func:`layouts.load.check_layout`.
        list_files: The layouts that there are, for near misses; asked only when a file is missing.
        is_lenient: Whether words that a newer version of the language brought are passed over, with a warning.

    Attributes:
        texts: File → text, in the order of reading.
        title, version: What the header says.
        tables, commands, components: Name → node.
        windows: The windows, and widgets outside of windows.
        styles: The style rules of all files, in the order of reading.
        problems: What is wrong; snippets are added at the end.
        is_newer: Whether a file is of a newer version than is known here.
    """

    def __init__(
        self, path: str, read_file: ReadFile, list_files: ListFiles | None = None, *, is_lenient: bool = False
    ) -> None:
        self.is_lenient = is_lenient
        self.is_newer = False
        self.texts: dict[str, str] = {}
        self.title = ""
        self.version = LANGUAGE_VERSION
        self.tables: dict[str, SyntaxNode] = {}
        self.commands: dict[str, SyntaxNode] = {}
        self.components: dict[str, SyntaxNode] = {}
        self.headers: list[SyntaxNode] = []
        self.windows: list[SyntaxNode] = []
        self.styles: list[SyntaxNode] = []
        self.problems: list[Problem] = []
        self._read_file = read_file
        self._list_files = list_files
        self._declared = {"table": self.tables, "command": self.commands, "component": self.components}
        self._open: list[str] = []
        self._versions: dict[str, int] = {}
        nodes = self._read(path, Where())
        if nodes is not None and path in self.texts and not any(node.name == "layout" for node in nodes):
            hint = f"write: layout {LANGUAGE_VERSION}"
            self.report(Where(path, 1, 1), "the first line must name the version of the language", hint)
        self.windows = self._place(nodes or [], is_main=True, is_top=True)

    def report(self, where: Where, message: str, hint: str = "", severity: str = "error") -> None:
        """Keep one problem."""
        self.problems.append(Problem(where, message, hint, "", severity))

    @property
    def is_forgiving(self) -> bool:
        """Whether unknown words are passed over: they may be of the newer version that a file names."""
        return self.is_lenient and self.is_newer

    def report_newer(self, where: Where, message: str, hint: str = "") -> None:
        """Keep one problem that a newer program may not have."""
        self.report(where, message, hint, "warning" if self.is_forgiving else "error")

    def script(self, module: str) -> str | None:
        """The text of a script module of the app; None when it has none, an empty text when it cannot be read."""
        path = module.replace(".", "/")
        for name in (f"scripts/{path}.py", f"{path}.py", f"scripts/{path}/__init__.py", f"{path}/__init__.py"):
            try:
                content = self._read_file(name)
            except (OSError, KeyError):
                content = None
            if content is not None:
                return content.decode("utf-8", "replace")
        return None

    def _read(self, path: str, where: Where) -> list[SyntaxNode] | None:
        """The nodes of a file, or None when there is no such file or text."""
        try:
            content = self._read_file(path)
        except (OSError, KeyError):
            content = None
        if content is None:
            known = [shown_path(one) for one in self._list_files()] if self._list_files is not None else ()
            hint = did_you_mean(shown_path(path), known)
            self.report(where if where.line else Where(path, 1, 1), f"there is no file {shown_path(path)}", hint)
            return None
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            column = error.start - (content.rfind(b"\n", 0, error.start) + 1) + 1
            self.report(Where(path, line, column), "this file is no UTF-8 text")
            return None
        if len(text) > MAX_CHARACTERS:
            self.report(Where(path, 1, 1), f"this file has more than {MAX_CHARACTERS:,} characters")
            return None
        self.texts[path] = text
        document = read(text, path)
        for problem in document.problems:
            self.report(*problem)
        self._modernise(document.nodes, path)
        self._open.append(path)
        return document.nodes

    def _modernise(self, nodes: list[SyntaxNode], path: str) -> None:
        """Read what the file's version writes otherwise; a file without a version has that of the one that takes it."""
        found = version_of(nodes)
        if found is None:
            found = self._versions[self._open[-1]] if self._open else LANGUAGE_VERSION
        self._versions[path] = found
        hint = "espalier migrate --write rewrites it"
        modernise(nodes, found, lambda where, row: self.report(where, f"older spelling: {row.doc}", hint, "warning"))

    def _place(
        self, nodes: list[SyntaxNode], *, is_main: bool, is_top: bool, is_used: bool = False
    ) -> list[SyntaxNode]:
        """Take declarations out of ``nodes`` and put included files in; answers the widgets that stay."""
        kept: list[SyntaxNode] = []
        for index, node in enumerate(nodes):
            if node.name in ("use", "include") and (is_top or node.name == "include"):
                kept += self._take_file(node)
            elif is_top and node.name in self._declared:
                self._declare(node)
            elif is_top and node.name == "style":
                self.styles.append(node)
            elif is_top and node.name == "layout":
                self._take_header(node, index, is_main=is_main)
            elif is_used:
                self.report(node.where, f"a file that is used cannot hold {node.name}", "take it with include")
            else:
                if node.children:
                    node.children = self._place(node.children, is_main=False, is_top=False)
                kept.append(node)
        return kept

    def _take_header(self, node: SyntaxNode, index: int, *, is_main: bool) -> None:
        self.headers.append(node)
        if index:
            self.report(node.where, "layout must be the first line of its file")
        version = node.arguments[0] if node.arguments else None
        if version and isinstance(version.value, int) and version.value > LANGUAGE_VERSION:
            self.is_newer = True
            self.report_newer(version.where, *newer_version(version.value))
        elif version and isinstance(version.value, int) and version.value < 1:
            self.report(version.where, "versions of the language begin at 1", f"the newest is {LANGUAGE_VERSION}")
        title = node.properties.get("title")
        if is_main and title and isinstance(title.value, str):
            self.title = title.value

    def _declare(self, node: SyntaxNode) -> None:
        name = node.arguments[0].value if node.arguments else None
        if not isinstance(name, str):
            self.report(node.where, f"a {node.name} needs a name", f"write: {node.name} NAME")
            return
        declared = self._declared[node.name]
        if name in declared:
            self.report(node.arguments[0].where, f"there is a {node.name} {name} already", f"at {declared[name].where}")
            return
        declared[name] = node
        if node.name == "component":
            node.children = self._place(node.children, is_main=False, is_top=False)

    def _take_file(self, node: SyntaxNode) -> list[SyntaxNode]:
        """The widgets of an included file; its declarations are kept in any case."""
        value = node.arguments[0] if node.arguments else None
        if value is None or not isinstance(value.value, str) or not value.value:
            self.report(node.where, f"{node.name} needs a file", f'write: {node.name} "parts/fields.kdl"')
            return []
        for extra in (*node.arguments[1:], *node.properties.values()):
            self.report(extra.where, f"{node.name} takes one file and nothing else")
        path = taken_path(node.where.file, value.value)
        if not path:
            self._refuse_path(value)
            return []
        if path in self._open:
            chain = " → ".join([*self._open[self._open.index(path) :], path])
            self.report(value.where, f"the files take each other in a circle: {chain}")
            return []
        if path in self.texts and node.name == "use":
            return []
        if path in self.texts:
            self.report(value.where, f"{path} is taken already", "a component can be used often")
            return []
        before = len(self._open)
        nodes = self._read(path, value.where)
        if nodes is None:
            return []
        placed = self._place(nodes, is_main=False, is_top=True, is_used=node.name == "use")
        del self._open[before:]
        return placed

    def _refuse_path(self, value: Value) -> None:
        if str(value.value).startswith(PREFIX):
            self.report(value.where, f"{value.value} names no file of a library", f'write: "{PREFIX}forms/fields.kdl"')
        elif library_of(value.where.file):
            hint = f"another library's file is {PREFIX}NAME/FILE"
            self.report(value.where, "a library cannot take a file outside of it", hint)
        elif library_of(path := posixpath.normpath(str(value.value))):
            self.report(value.where, f"{path} is of a library", f'write: "{shown_path(path)}"')
        else:
            self.report(value.where, "a file outside the app cannot be taken", "write a path from this file's folder")


def taken_path(file: str, text: str) -> str:
    """The path in the app that ``use`` or ``include`` in ``file`` names by ``text``; empty when it names none."""
    if text.startswith(PREFIX):
        return path_of(text)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(file), text))
    is_outside = text.startswith("/") or path.startswith("..") or library_of(path) != library_of(file)
    return "" if is_outside else path
