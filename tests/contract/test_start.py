"""What a start may import before the first paint, and that a warm one paints remembered rows without a server."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.waiting import PATIENCE_S, wait_for

ROOT = Path(__file__).parent.parent.parent
OWN = frozenset({"kernel", "layouts", "plugins", "resources", "shell", "widgets"})
#: Packages of others that the way to the first paint is built on.
OTHERS = frozenset({"PySide6", "shiboken6", "shibokensupport", "signature_bootstrap", "msgspec"})
#: Of the standard library, what neither Qt's Python support nor msgspec imports anyway.
STANDARD = frozenset({"fcntl", "gc", "marshal", "mmap", "pwd", "signal", "unicodedata"})
#: What a start imports to ask the server.
NETWORK = frozenset({"kernel.wire.link_thread", "kernel.wire.link", "asyncio"})
#: What running a module with -m brings.
RUNNER = frozenset({"runpy", "pkgutil"})
#: What must never come before the first paint, with the reason in its cost.
HEAVY = frozenset({
    "asyncio", "base64", "bz2", "concurrent", "ctypes", "difflib", "dis", "email", "html", "http", "inspect",
    "ipaddress", "linecache", "lzma", "multiprocessing", "numpy", "pygit2", "platform", "platformdirs",
    "pyqtgraph", "qtawesome", "queue", "random", "rapidfuzz", "server", "shutil", "socket", "sqlite3", "ssl",
    "subprocess", "tempfile", "tokenize", "tomllib", "traceback", "typing_extensions", "uvloop", "watchfiles", "xml",
    "zipfile",
})  # fmt: skip
#: Our own that only a cold start, a mistake or an action needs.
LATE = (
    "kernel.code", "kernel.config.locator", "kernel.tables.check", "kernel.tables.sqlite", "kernel.wire.frame",
    "kernel.wire.link", "layouts.kdl", "layouts.load", "plugins.chart", "shell.menu", "shell.palette.panel",
    "shell.question", "shell.scripts", "shell.toast", "widgets.cards", "widgets.check", "widgets.grid.accessible",
    "widgets.grid.menu", "widgets.items", "widgets.list", "widgets.listing.accessible", "widgets.record",
)  # fmt: skip

#: The modules of the grid, and of what views of rows share, that the order desk's first paint is made with. Who adds
#: one pays 0.1 to 0.3 ms of every start: import it where it is used first, unless the first frame shows it.
GRID = frozenset(f"widgets.grid{name and '.' + name}" for name in (
    "", "ahead", "answer", "arrangement", "band", "cell", "cell_plan", "column", "column_width", "condition",
    "content", "current", "edit", "event", "filtering", "fit", "follow", "grid", "header", "header_paint", "look",
    "mark", "measure", "notice", "overlay", "paint", "place", "publish", "ready", "renderer", "renderer.table",
    "renderer.tag", "renderer.text", "selection", "shown_text", "state", "store", "style",
)) | frozenset(f"widgets.listing{name and '.' + name}" for name in (
    "", "cache", "paging", "preparing", "ranges", "reading", "rows", "view",
))  # fmt: skip


def traced(directory: Path, *words: str, quits: bool = True) -> dict[str, list[str]]:
    """Start the order desk, or what the words say, until it has painted its rows; the trace by its lines' first words.

    Args:
        directory: For the trace, and for what it keeps.
        words: Of the command line.
        quits: Whether it ends at once, or as a person ends it: with what it was about to do.
    """
    note = directory / "note"
    note.write_text("")
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ESPALIER_")} | {
        "QT_QPA_PLATFORM": "offscreen",
        "ESPALIER_BASEDIR": str(directory / "base"),
        "ESPALIER_TRACE_START": str(note),
        "ESPALIER_TRACE_QUIT": "1" if quits else "0",
        "ESPALIER_SERVER_EMBEDDED_IDLE": "30000",
        "ESPALIER_START_KEEP_READY": "false",
    }
    command = [sys.executable, "-m", "shell.main", *(words or ["orders"])]
    process = subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True)
    if not quits:
        wait_for(lambda: "classes" in note.read_text() or process.poll() is not None)
        process.terminate()
    _, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0, errors
    return {line.split()[0]: line.split()[1:] for line in note.read_text().splitlines()}


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The trace of a start that has its rows from the ones before.

    Where the machine is busy, a start may end before it has read the rows of every list: then the next one is not warm
    either, and asks the server. One that has all rows must come soon.
    """
    directory = tmp_path_factory.mktemp("start")
    traced(directory, quits=False)
    for _ in range(10):
        trace = traced(directory)
        if "painted" in trace and not NETWORK & set(trace["modules"]):
            break
        traced(directory, quits=False)
    return trace


def test_a_warm_start_paints_its_rows_before_any_network(warm: dict[str, list[str]]) -> None:
    assert "painted" in warm
    assert not NETWORK & set(warm["modules"])


def test_nothing_heavy_is_imported_before_the_first_paint(warm: dict[str, list[str]]) -> None:
    assert sorted(HEAVY & {name.split(".")[0] for name in warm["modules"]}) == []
    assert sorted(set(LATE) & set(warm["modules"])) == []


def test_qt_is_imported_in_the_way_that_lets_its_descriptions_wait(warm: dict[str, list[str]]) -> None:
    found = {name for name in warm["modules"] if name.startswith("PySide6.support.signature")}
    assert found == set(), "something imports Qt before shell.qt does, or widgets, which do"


def test_only_known_packages_are_imported_before_the_first_paint(warm: dict[str, list[str]]) -> None:
    allowed = OWN | OTHERS | STANDARD | RUNNER | brought_by("PySide6.QtWidgets, msgspec, msgspec.msgpack")
    # Modules in C are named by an underscore before the one that they are of.
    public = {name for name in warm["modules"] if not name.startswith("_")}
    assert sorted({name for name in public if name.split(".")[0] not in allowed}) == []


def test_the_grid_imports_what_its_first_frame_shows_alone(warm: dict[str, list[str]]) -> None:
    found = {name for name in warm["modules"] if name.startswith(("widgets.grid", "widgets.listing"))}
    assert found - GRID == set(), "import these where they are used first"
    assert GRID - found == set(), "these are not imported any more: take them from the list"


def test_costly_classes_of_qt_wait_until_they_are_wanted(warm: dict[str, list[str]]) -> None:
    assert {"QPainter", "Qt"} <= set(warm["classes"])
    assert {"QGradient", "QStyle"} & set(warm["classes"]) == set(), "see widgets/fill.py"


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """The trace of opening a database for the second time.

    As with :func:`warm`, one whose rows were there in time: what a window begins behind its first paint, as to listen
    to commands from outside, is not what a start imports.
    """
    directory = tmp_path_factory.mktemp("open")
    with closing(sqlite3.connect(directory / "shop.sqlite")) as database, database:
        database.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, name TEXT)")
        database.execute("INSERT INTO item VALUES (1, 'one'), (2, 'two')")
    words = ("open", str(directory / "shop.sqlite"))
    traced(directory, *words)
    for _ in range(10):
        trace = traced(directory, *words)
        if "painted" in trace and "shell.do" not in trace["modules"]:
            break
        traced(directory, *words, quits=False)
    return trace


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
@pytest.mark.parametrize("start", ["warm", "opened"])
def test_the_process_that_is_ready_has_imported_what_a_start_imports(
    start: str, request: pytest.FixtureRequest
) -> None:
    trace = request.getfixturevalue(start)
    code = (
        "import os, sys; from shell.ready.preload import preload; preload();"
        "from PySide6.QtWidgets import QApplication as Application;"
        "print(len(os.listdir('/proc/self/task')), Application.instance(), *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)
    threads, application, *ready = done.stdout.split()
    assert (threads, application) == ("1", "None")
    missing = sorted(set(trace["modules"]) - set(ready) - {"shell.ready.launcher", "runpy", "pkgutil"})
    # A small one takes less than half a millisecond of a start; some of them are no reason to stop here.
    assert len(missing) <= 5, f"shell/ready/preload.py lacks {missing}"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")
def test_who_asks_the_process_that_is_ready_imports_next_to_nothing(tmp_path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="run-") as runtime:
        (Path(runtime) / "espalier").mkdir(mode=0o700)
        way, modules = asked_in(runtime, tmp_path)
    assert way == "first: no process is ready"
    others = {name for name in modules.split() if not name.startswith("_") and name.split(".")[0] not in OWN}
    assert others <= {"marshal"} and "shell.ready.place" in modules


def asked_in(runtime: str, directory: Path) -> list[str]:
    """What a start says that looks for sockets there: which way it goes, and the modules that it has imported."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ESPALIER_")} | {
        "ESPALIER_BASEDIR": str(directory / "base"), "XDG_RUNTIME_DIR": runtime, "ESPALIER_PROGRAM": "",
    }  # fmt: skip
    code = (
        "import sys; before = set(sys.modules); import shell.main; from shell.version_choice import choose;"
        "from shell.ready import launcher, way; choose(['espalier', 'orders']);"
        "launcher.start_ready(['espalier', 'orders']); print(way.taken().text); print(*set(sys.modules) - before)"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_tree_imports_neither_qt_nor_asyncio() -> None:
    path = ROOT / "resources" / "apps" / "orders" / "main.kdl"
    code = f"import sys; from shell.main import main; main(['espalier', 'tree', {str(path)!r}]); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    heavy = {"PySide6", "shiboken6", "asyncio", "ssl", "socket", "sqlite3", "numpy", "pygit2", "tree_sitter"}
    assert sorted(heavy & set(done.stdout.splitlines()[-1].split())) == []


def brought_by(imports: str) -> set[str]:
    """The top names of all modules that these imports bring with them in a fresh interpreter."""
    code = f"import sys, {imports}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE_S)
    return set(done.stdout.split())
