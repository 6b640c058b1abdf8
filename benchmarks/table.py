"""The table of benchmarks: one row each; ``python -m benchmarks --list`` prints it."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

from benchmarks.result import Result


class Benchmark(NamedTuple):
    """One benchmark; ``loader`` is "module:function" and is imported when it runs."""

    name: str
    doc: str
    loader: str

    def run(self) -> list[Result]:
        """Its figures."""
        module, _, function = self.loader.partition(":")
        measure: Callable[[], list[Result]] = getattr(import_module(module), function)
        return measure()


BENCHMARKS: tuple[Benchmark, ...] = (
    Benchmark("start", "exec to painted window of the order desk, warm cache", "benchmarks.start.measure:measure"),
    Benchmark("do", "a command from outside, whole process; another window", "benchmarks.do.measure:measure"),
    Benchmark("tree", "`espalier tree` on a layout of 200 nodes, whole process", "benchmarks.tree:measure"),
    Benchmark("widgets", "1,000 and 10,000 widgets, beside PySide6, QML, enaml", "benchmarks.window.building:measure"),
    Benchmark("reload", "one property changed in a window of 1,000 widgets", "benchmarks.window.reload:measure"),
    Benchmark("bindings", "10,000 bindings on one row that changes", "benchmarks.window.binding:measure"),
    Benchmark("grid", "ten million rows: opening, frames, jumps, gaps, memory", "benchmarks.grid.measure:measure"),
    Benchmark("feed", "100 clients × 100 edits on one table: latency, nothing lost", "benchmarks.feed.measure:measure"),
    Benchmark("wire", "request/reply of 200 bytes, one connection, 50 in flight", "benchmarks.wire.measure:measure"),
    Benchmark("imports", "150 modules from the cache, beside files with .pyc", "benchmarks.imports.measure:measure"),
    Benchmark("fetch", "an app cold, the same, one file changed, and peers", "benchmarks.fetch.measure:measure"),
    Benchmark("open", "an app from the cache, offline, beside a plain folder", "benchmarks.opening.measure:measure"),
    Benchmark("storm", "a release to 200 shells; 1,000 clients at once", "benchmarks.storm.measure:measure"),
    Benchmark("git", "the log of 100,000 commits: its first rows, beside tig", "benchmarks.git.measure:measure"),
    Benchmark("nginx", "files with nginx in front, beside nginx; 1,000 clients", "benchmarks.nginx.measure:measure"),
    Benchmark("video", "a film of 1080p30: processor time, lost pictures", "benchmarks.video.measure:measure"),
    Benchmark("web", "the first web view of a process, beside QWebEngineView", "benchmarks.web.measure:measure"),
    Benchmark("jump", "a page at any position of 10,000,000 rows", "benchmarks.tables.jump:measure"),
    Benchmark("sort", "10,000,000 rows by columns without an index", "benchmarks.tables.sort:measure"),
    Benchmark("filter", "a text in 10,000,000 rows", "benchmarks.tables.filter:measure"),
    Benchmark("group", "10,000,000 rows in groups, with exact sums", "benchmarks.tables.group:measure"),
    Benchmark("served", "the table on a source server, a commit of 200,000 rows", "benchmarks.tables.served:measure"),
    Benchmark("hints", "1,000 widgets, 1,000 links: key to painted labels", "benchmarks.hints.measure:measure"),
    Benchmark("palette", "a letter to its lines of 100,000 entries, beside fzf", "benchmarks.palette.measure:measure"),
    Benchmark("editor", "a key to its paint, beside bare QScintilla", "benchmarks.editor.measure:measure"),
    Benchmark("bigfile", "files of 200 MB and 1 GB beside kate; keys, a search", "benchmarks.editor.big:measure"),
    Benchmark("mirror", "the same of mirrored columns, beside DuckDB", "benchmarks.tables.mirror:measure"),
)
