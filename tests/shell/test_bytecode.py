"""The one file of compiled code: kept after a start, used by the next, never older than the sources."""

from __future__ import annotations

import importlib
import marshal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from shell.bytecode import PLACES, Bytecode


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module that Python finds."""
    monkeypatch.delenv("PYTHONPATH", raising=False)
    path = tmp_path / "a_module_to_keep.py"
    path.write_text("VALUE = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield path
    sys.modules.pop(path.stem, None)


def start(file: Path, name: str, places: tuple[str, ...] = ("/",)):
    """Import the module as a start would; answers it."""
    bytecode = Bytecode(str(file), places)
    sys.modules.pop(name, None)
    importlib.invalidate_caches()
    bytecode.install()
    try:
        module = importlib.import_module(name)
        bytecode.note()
        bytecode.keep()
    finally:
        if bytecode in sys.meta_path:
            sys.meta_path.remove(bytecode)
    return module


def test_the_second_start_takes_what_the_first_kept(source: Path, tmp_path: Path) -> None:
    file = tmp_path / "start.code"
    assert "bytecode" not in type(start(file, source.stem).__loader__).__module__
    module = start(file, source.stem)
    assert type(module.__loader__).__module__ == "shell.bytecode"
    assert (module.VALUE, module.__file__) == (1, str(source))
    assert module.__loader__.get_source(source.stem) == "VALUE = 1\n"


def test_a_changed_source_counts_at_once_and_is_kept_anew(source: Path, tmp_path: Path) -> None:
    file = tmp_path / "start.code"
    start(file, source.stem)
    source.write_text("VALUE = 22\n")
    assert start(file, source.stem).VALUE == 22
    module = start(file, source.stem)
    assert (type(module.__loader__).__module__, module.VALUE) == ("shell.bytecode", 22)


def test_a_module_of_a_strange_folder_is_never_kept(source: Path, tmp_path: Path) -> None:
    start(tmp_path / "start.code", source.stem, PLACES)
    assert not (tmp_path / "start.code").exists()


def test_a_python_path_goes_before(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start(tmp_path / "start.code", source.stem)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert type(start(tmp_path / "start.code", source.stem).__loader__).__module__ != "shell.bytecode"


@pytest.mark.parametrize("content", [b"", b"rubbish", b"N"])
def test_a_damaged_file_is_as_good_as_none(source: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "start.code"
    start(file, source.stem)
    file.write_bytes(content)
    assert start(file, source.stem).VALUE == 1


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_as_good_as_none(source: Path, tmp_path: Path, kept: float) -> None:
    file = tmp_path / "start.code"
    start(file, source.stem)
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * kept)])
    assert start(file, source.stem).VALUE == 1


@pytest.mark.parametrize("other", ["zeros", "another module", "no code"])
def test_code_that_is_not_the_modules_own_is_compiled_anew(source: Path, tmp_path: Path, other: str) -> None:
    file = tmp_path / "start.code"
    start(file, source.stem)
    content = file.read_bytes()
    at = 8 + int.from_bytes(content[:8], "little")
    room = len(content) - at
    strange = {
        "zeros": b"",
        "another module": marshal.dumps(compile("VALUE = 2", "", "exec")),
        "no code": marshal.dumps(7),
    }[other]
    assert len(strange) <= room
    file.write_bytes(content[:at] + strange.ljust(room, b"\0"))
    module = start(file, source.stem)
    assert (type(module.__loader__).__module__, module.VALUE) == ("shell.bytecode", 1)


def test_a_file_of_another_python_is_written_anew(source: Path, tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "start.code"
    with monkeypatch.context() as older:
        older.setattr("shell.bytecode.HEAD", ("espalier", 2, b"older", 0, "/elsewhere"))
        start(file, source.stem)
    assert type(start(file, source.stem).__loader__).__module__ != "shell.bytecode"
    assert type(start(file, source.stem).__loader__).__module__ == "shell.bytecode"


@pytest.mark.parametrize("change", ["gone", "damaged"])
def test_a_source_that_goes_while_the_process_runs_is_not_kept(source: Path, tmp_path: Path, change: str) -> None:
    bytecode = Bytecode(str(tmp_path / "start.code"), ("/",))
    bytecode.install()
    try:
        importlib.import_module(source.stem)
    finally:
        sys.meta_path.remove(bytecode)
    bytecode.note()
    if change == "gone":
        source.unlink()
    else:
        source.write_text("VALUE = ")
    bytecode.keep()
    assert not (tmp_path / "start.code").exists()


def test_two_starts_at_once_leave_a_whole_file(source: Path, tmp_path: Path) -> None:
    file = tmp_path / "start.code"
    first, second = Bytecode(str(file), ("/",)), Bytecode(str(file), ("/",))
    for bytecode in (first, second):
        sys.modules.pop(source.stem, None)
        bytecode.install()
        try:
            importlib.import_module(source.stem)
        finally:
            sys.meta_path.remove(bytecode)
        bytecode.note()
    threads = [threading.Thread(target=bytecode.keep) for bytecode in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert type(start(file, source.stem).__loader__).__module__ == "shell.bytecode"
    assert [path.name for path in tmp_path.glob("start.code*")] == ["start.code"]


def test_what_is_imported_after_the_start_is_not_kept(source: Path, tmp_path: Path) -> None:
    file = tmp_path / "start.code"
    bytecode = Bytecode(str(file))
    bytecode.note()
    bytecode.install()
    try:
        importlib.import_module(source.stem)
        bytecode.keep()
    finally:
        sys.meta_path.remove(bytecode)
    assert not file.exists()


def test_a_file_that_cannot_be_written_is_gone_on_without(source: Path, tmp_path: Path) -> None:
    (tmp_path / "start.code").mkdir()
    assert start(tmp_path / "start.code", source.stem).VALUE == 1
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("start.code.")] == []
