"""Native libraries of an app: described, resolved, and in its process exactly as they were published."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kernel.library.check import in_order
from kernel.library.description import Description
from kernel.library.error import LibraryError
from kernel.library.release import check_libraries
from kernel.library.resolve import parse_need, resolve
from tests.compiling import library, needs_gcc
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]

#: Run in a process of its own: loads libraries and runs code.
_RUN = """
import ctypes, json, sys
from pathlib import Path
from kernel.library.load import find, load_libraries
folder = Path(sys.argv[1])
load_libraries(json.loads((folder / "values.json").read_text()), lambda path: (folder / path).read_bytes())
exec(sys.argv[2])
"""


def base(version: int) -> bytes:
    return library("libbase.so.2", f"int base(void) {{ return {version}; }}")


def geo(version: int = 2) -> bytes:
    return library(
        "libgeo.so.1", "int base(void); int geo(void) { return 10 * base(); }", needs=(("libbase.so", base(version)),)
    )


def app(folder: Path, described: dict[str, Any], **files: bytes) -> None:
    """An app's folder with these libraries in it."""
    content = {f"native/{name}": data for name, data in files.items()}
    values, problems = check_libraries(described, content.get)
    assert problems == []
    (folder / "native").mkdir(parents=True)
    for path, data in content.items():
        (folder / path).write_bytes(data)
    (folder / "values.json").write_text(json.dumps(values))


def said(folder: Path, code: str, **environ: str) -> list[str]:
    import os

    command = [sys.executable, "-c", _RUN, str(folder), code]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, capture_output=True, text=True,
                          timeout=PATIENCE_S)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


TWO = {
    "geo": {"version": "1.4", "file": "native/geo", "needs": ["base>=2"]},
    "base": {"version": "2.0", "file": "native/base"},
}


@needs_gcc
def test_a_library_is_found_by_all_its_names_with_what_it_needs(tmp_path: Path) -> None:
    app(tmp_path, TWO, geo=geo(), base=base(2))
    code = """
import ctypes.util
print([ctypes.CDLL(name).geo() for name in ("libgeo.so.1", "geo")], ctypes.util.find_library("geo"))
print(find("base").base())
print(find("nothing"), ctypes.util.find_library("c") is not None)
"""
    assert said(tmp_path, code) == ["[20, 20] libgeo.so.1", "2", "None True"]


@needs_gcc
def test_the_app_s_own_goes_before_the_system_s(tmp_path: Path) -> None:
    """Also when the system's is found first by everybody else: here by LD_LIBRARY_PATH."""
    app(tmp_path, TWO, geo=geo(), base=base(2))
    system = tmp_path / "system"
    system.mkdir()
    (system / "libbase.so.2").write_bytes(base(666))
    (system / "libgeo.so.1").write_bytes(library("libgeo.so.1", "int geo(void) { return 667; }"))
    assert said(tmp_path, 'print(ctypes.CDLL("libgeo.so.1").geo())', LD_LIBRARY_PATH=str(system)) == ["20"]
    alone = [sys.executable, "-c", 'import ctypes; print(ctypes.CDLL("libgeo.so.1").geo())']
    done = subprocess.run(alone, env={"LD_LIBRARY_PATH": str(system)}, capture_output=True, text=True)
    assert done.stdout == "667\n", done.stderr


@needs_gcc
def test_cffi_gets_it_too(tmp_path: Path) -> None:
    app(tmp_path, TWO, geo=geo(), base=base(2))
    code = 'import cffi; ffi = cffi.FFI(); ffi.cdef("int geo();");'
    code += 'print(ffi.dlopen("libgeo.so.1").geo(), ffi.dlopen("geo").geo())'
    assert said(tmp_path, code) == ["20 20"]


@needs_gcc
def test_two_apps_have_two_versions_at_once(tmp_path: Path) -> None:
    for version in (2, 3):
        app(tmp_path / str(version), TWO, geo=geo(), base=base(version))
    code = 'print(ctypes.CDLL("libgeo.so.1").geo(), flush=True); sys.stdin.readline()'
    commands = [[sys.executable, "-c", _RUN, str(tmp_path / version), code] for version in ("2", "3")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    running = [subprocess.Popen(command, **pipes) for command in commands]
    try:
        assert [process.stdout.readline().strip() for process in running] == ["20", "30"]
    finally:
        for process in running:
            process.communicate("end\n", timeout=PATIENCE_S)


@needs_gcc
def test_a_process_has_one_library_of_a_name(tmp_path: Path) -> None:
    app(tmp_path, TWO, geo=geo(), base=base(2))
    (tmp_path / "other").write_bytes(base(3))
    code = """
from kernel.library.load import load_content
try:
    load_content("libbase.so.2", (folder / "other").read_bytes())
except Exception as error:
    print(error)
"""
    assert said(tmp_path, code) == ["another version of libbase.so.2 is in use by this process (start the app again)"]


@needs_gcc
def test_one_that_the_process_has_from_the_system_is_refused(tmp_path: Path) -> None:
    own = library("libm.so.6", "int own(void) { return 1; }")
    app(tmp_path, {"own": {"version": "1", "file": "native/own"}}, own=own)
    command = [sys.executable, "-c", f"import ctypes; ctypes.CDLL('libm.so.6')\n{_RUN}", str(tmp_path), ""]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)
    assert "libm.so.6 is in use by Espalier itself, in the system's version" in done.stderr


# The resolver


def described(version: str, *needs: str, soname: str = "", machine: str = "x86_64") -> Description:
    return Description(version, "file", architecture=machine, soname=soname, needs=needs)


HERE = ("linux", "x86_64")


def chosen(**choices: list[Description]) -> dict[str, str]:
    found = resolve({name: tuple(one) for name, one in choices.items()}, HERE)
    return {name: one.version for name, one in found.items()}


def test_the_newest_versions_that_fit_are_chosen() -> None:
    base_ = [described("1.2"), described("2.0"), described("1.10")]
    assert chosen(base=base_) == {"base": "2.0"}
    assert chosen(base=base_, geo=[described("1", "base<2")]) == {"base": "1.10", "geo": "1"}
    geo_ = [described("3", "base>=3"), described("2", "base>=1.5,<2"), described("1")]
    assert chosen(base=base_, geo=geo_) == {"base": "1.10", "geo": "2"} or chosen(base=base_, geo=geo_)["base"] == "2.0"


def test_libraries_for_other_machines_do_not_count() -> None:
    assert chosen(base=[described("1"), described("2", machine="aarch64")]) == {"base": "1"}


def test_what_does_not_fit_is_told() -> None:
    with pytest.raises(LibraryError, match="geo 1 needs base>=3, and there is base 2"):
        chosen(base=[described("2")], geo=[described("1", "base>=3")])
    with pytest.raises(LibraryError, match="geo 1 needs tools, which the app does not have for this machine"):
        chosen(geo=[described("1", "tools")])
    with pytest.raises(LibraryError, match=r"one and other are both libx.so.1, and a process has one"):
        chosen(one=[described("1", soname="libx.so.1")], other=[described("2", soname="libx.so.1")])
    with pytest.raises(LibraryError, match="Invalid version"):
        chosen(base=[described("new")])


def test_needs_are_read() -> None:
    assert [parse_need(text) for text in ("base>=2,<3", "base", "base == 1")] == [
        ("base", ">=2,<3"), ("base", ""), ("base", "== 1"),
    ]  # fmt: skip
    for text in (">=2", "base>=x", ""):
        with pytest.raises(LibraryError):
            parse_need(text)


def test_libraries_come_behind_those_that_they_need() -> None:
    assert in_order({"a": ["b", "system"], "b": ["c"], "c": [], "d": ["a"]}) == ["c", "b", "a", "d"]
    with pytest.raises(LibraryError, match="a needs b needs a, which is a circle"):
        in_order({"a": ["b"], "b": ["a"]})
