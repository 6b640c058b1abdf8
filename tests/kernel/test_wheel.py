"""Wheels of an app in its process: imported by their own names, with their data, metadata and machine code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kernel.wheel.choice import choose
from kernel.wheel.error import WheelError
from kernel.wheel.release import check_wheels
from tests.compiling import WHEEL_TAG, extension, library, needs_gcc
from tests.waiting import PATIENCE_S
from tests.wheels import wheel

ROOT = Path(__file__).parents[2]

PURE = {
    "paint/__init__.py": "from .mix import mix\nfrom importlib.metadata import version\n"
    "__version__ = version('paint')\n",
    "paint/mix.py": "def mix():\n    return 'green'\n\ndef fail():\n    raise ValueError('no such colour')\n",
    "paint_single.py": "ONE = 1\n",
}
DATA = {
    "shade/__init__.py": "from pathlib import Path\nPLACE = Path(__file__).parent\n"
    "TEXT = (PLACE / 'dark.txt').read_text()\nfrom importlib.resources import files\n"
    "SAME = files('shade').joinpath('dark.txt').read_text()\n",
    "shade/dark.txt": "dark",
}

#: Run in a process of its own: mounts wheels and prints what an expression gives.
_RUN = """
import json, sys
from pathlib import Path
from kernel.wheel.mount import mount
folder = Path(sys.argv[1])
values = json.loads((folder / "values.json").read_text())
mounted = mount(values, lambda path: (folder / path).read_bytes(), folder / "private", lambda: b"k" * 32)
exec(sys.argv[2])
mounted.keep()
"""


def app(folder: Path, *wheels: tuple[str, bytes], pins: list[str]) -> dict[str, Any]:
    """An app's folder with these wheels; answers what its manifest says of them."""
    files = {f"wheels/{name}": data for name, data in wheels}
    values, problems = check_wheels(pins, files, files.get)
    assert problems == []
    (folder / "wheels").mkdir(parents=True)
    for path, data in files.items():
        (folder / path).write_bytes(data)
    (folder / "values.json").write_text(json.dumps(values))
    return values


def said(folder: Path, code: str) -> list[str]:
    """What the code prints in a process that has the app's wheels."""
    command = [sys.executable, "-c", _RUN, str(folder), code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_pure_wheel_is_imported_from_its_bytes(tmp_path: Path) -> None:
    app(tmp_path, wheel("paint", "1.5", PURE), pins=["paint==1.5"])
    code = "import paint, paint_single, inspect; print(paint.mix(), paint.__version__, paint_single.ONE)\n"
    code += "print(paint.mix.__module__, paint.mix.__code__.co_filename)\nprint(inspect.getsource(paint.mix))"
    found = said(tmp_path, code)
    assert found[0] == "green 1.5 1"
    assert found[1].startswith("paint.mix <paint-1.5-") and found[1].endswith(">/paint/mix.py")
    assert found[2:4] == ["def mix():", "    return 'green'"]
    assert not [path for path in (tmp_path / "private").iterdir() if path.is_dir()]


def test_compiled_code_of_a_wheel_is_kept(tmp_path: Path) -> None:
    app(tmp_path, wheel("paint", "1.5", PURE), pins=["paint==1.5"])
    said(tmp_path, "import paint")
    assert [path.suffix for path in (tmp_path / "private").iterdir()] == [".code"]
    code = """
import kernel.code.app_code
kernel.code.app_code.compile = lambda *given, **named: print("compiled", given[1])
import paint
print(paint.mix())
"""
    assert said(tmp_path, code) == ["green"]


def test_a_wheel_with_data_has_a_folder_that_nobody_writes(tmp_path: Path) -> None:
    app(tmp_path, wheel("shade", "2", DATA), pins=["shade==2"])
    code = "import shade, pkgutil; print(shade.TEXT, shade.SAME, shade.PLACE)\n"
    code += "print([one.name for one in pkgutil.iter_modules(shade.__path__)])"
    texts, names = said(tmp_path, code)
    place = Path(texts.split()[2])
    assert texts.split()[:2] == ["dark", "dark"] and names == "[]"
    assert place.is_relative_to(tmp_path / "private")
    assert (place / "dark.txt").stat().st_mode & 0o777 == 0o400


def test_metadata_and_entry_points_are_there(tmp_path: Path) -> None:
    points = "[paint.colours]\nmix = paint.mix:mix\n"
    app(tmp_path, wheel("paint", "1.5", PURE, entry_points=points), pins=["paint==1.5"])
    code = "from importlib.metadata import entry_points, distribution\n"
    code += "print([one.load()() for one in entry_points(group='paint.colours')])\n"
    code += "print(distribution('Paint').metadata['Name'])"
    assert said(tmp_path, code) == ["['green']", "paint"]


def test_two_apps_have_two_versions_at_once(tmp_path: Path) -> None:
    for version in ("1.5", "2.0"):
        app(tmp_path / version, wheel("paint", version, PURE), pins=[f"paint=={version}"])
    code = "import sys, paint; print(paint.__version__, flush=True); sys.stdin.readline()"
    commands = [[sys.executable, "-c", _RUN, str(tmp_path / version), code] for version in ("1.5", "2.0")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": ROOT}
    running = [subprocess.Popen(command, **pipes) for command in commands]
    try:
        assert [process.stdout.readline().strip() for process in running] == ["1.5", "2.0"]
        assert [process.poll() for process in running] == [None, None]
    finally:
        for process in running:
            process.communicate("end\n", timeout=PATIENCE_S)


def test_a_process_has_the_wheels_of_one_release(tmp_path: Path) -> None:
    app(tmp_path, wheel("paint", "1.5", PURE), pins=["paint==1.5"])
    name, data = wheel("paint", "2.0", PURE)
    (tmp_path / "wheels" / name).write_bytes(data)
    code = f"""
again = mount(values, lambda path: (folder / path).read_bytes(), folder / "private", lambda: b"k" * 32)
other = {{"paint": {{"version": "2.0", "files": ["wheels/{name}"]}}}}
try:
    mount(other, lambda path: (folder / path).read_bytes(), folder / "private", lambda: b"k" * 32)
except Exception as error:
    print(again is mounted, error)
"""
    assert said(tmp_path, code) == [
        "True this process has the wheels of another release in use (start the app again)"
    ]


@needs_gcc
def test_an_extension_module_runs_with_the_libraries_of_its_wheel(tmp_path: Path) -> None:
    core = library("libcore-77.so.1", "int core(void) { return 42; }")
    fast = extension("fast", "core()", "extern int core(void);", ("-Wl,-rpath,$ORIGIN/../paint.libs",),
                     (("libcore-77.so.1", core),))  # fmt: skip
    files = {**PURE, "paint/fast.abi3.so": fast, "paint.libs/libcore-77.so.1": core}
    app(tmp_path, wheel("paint", "1.5", files, tag=WHEEL_TAG), pins=["paint==1.5"])
    code = "import paint.fast as fast; print(fast.answer(), fast.__name__, fast.__file__, fast.__spec__.origin)"
    answer, name, file, origin = said(tmp_path, code)[0].split()
    assert (answer, name) == ("42", "paint.fast")
    assert file == origin and Path(file).is_relative_to(tmp_path / "private")


@needs_gcc
def test_machine_code_is_not_run_from_the_disk(tmp_path: Path) -> None:
    """Another program may change the folder of the wheel's files between the look at it and the import."""
    fast, evil = extension("fast", "1"), extension("fast", "666")
    app(tmp_path, wheel("paint", "1.5", {**PURE, "paint/fast.abi3.so": fast}, tag=WHEEL_TAG), pins=["paint==1.5"])
    (tmp_path / "evil.so").write_bytes(evil)
    code = """
import os, shutil
place = next((folder / "private").glob("*/paint/fast.abi3.so"))
os.chmod(place, 0o600)
shutil.copy(folder / "evil.so", place)
import paint.fast
print(paint.fast.answer())
"""
    assert said(tmp_path, code) == ["1"]


#: Pins, wheels → what is said of them.
WRONG: dict[str, tuple[list[Any], list[tuple[str, bytes]], str]] = {
    "a range": (["paint>=1"], [], "paint>=1 does not name one version"),
    "a star": (["paint==1.*"], [], "does not name one version"),
    "an address": (["paint @ https://x.example/paint.whl"], [], "does not name one version"),
    "no name": (["=="], [], "names no wheel and its version"),
    "two versions": (["paint==1", "Paint==2"], [], "paint is pinned twice, to 1 and 2"),
    "no file": (["paint==1.5"], [], "no wheel of paint 1.5 in the folder wheels/"),
    "another version": (["paint==1.6"], [wheel("paint", "1.5", PURE)], "requires paint 1.6, and this is 1.5"),
    "a file too many": ([], [wheel("paint", "1.5", PURE)], "does not require paint"),
    "what it needs is missing": (
        ["paint==1"], [wheel("paint", "1", PURE, metadata="Requires-Dist: brush>=2\n")], "paint requires brush, which"),
    "what it needs is older": (
        ["paint==1", "brush==1"],
        [wheel("paint", "1", PURE, metadata="Requires-Dist: brush>=2\n"), wheel("brush", "1", {"brush.py": ""})],
        "paint requires brush>=2, and there is 1"),
    "the shell's is older": (
        ["paint==1"], [wheel("paint", "1", PURE, metadata="Requires-Dist: msgspec>=999\n")],
        "paint requires msgspec>=999, and there is"),
    "a file of both": (
        ["paint==1", "brush==1"], [wheel("paint", "1", PURE), wheel("brush", "1", {"paint/mix.py": ""})],
        "paint/mix.py is a file of wheels/brush"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wheels_that_do_not_fit_are_refused(name: str) -> None:
    pins, wheels, text = WRONG[name]
    files = {f"wheels/{path}": data for path, data in wheels}
    values, problems = check_wheels(pins, files, files.get)
    assert values == {} and any(text in one.message for one in problems), problems


def test_needs_are_met_by_the_app_and_the_shell() -> None:
    needs = "Requires-Dist: brush<3\nRequires-Dist: msgspec>=0.1\nRequires-Dist: gone; extra == 'more'\n"
    needs += "Requires-Dist: elsewhere; sys_platform == 'nowhere'\n"
    wheels = [wheel("paint", "1", PURE, metadata=needs), wheel("brush", "2", {"brush.py": ""})]
    files = {f"wheels/{path}": data for path, data in wheels}
    values, problems = check_wheels(["paint==1", "brush==2"], files, files.get)
    assert problems == [] and list(values) == ["brush", "paint"]


def test_the_wheel_that_fits_this_machine_best_is_taken() -> None:
    names = ["a/paint-1-py3-none-any.whl", f"a/paint-1-{WHEEL_TAG}.whl", "a/paint-1-cp311-abi3-win_amd64.whl"]
    assert choose({"paint": {"version": "1", "files": names}})["paint"] == names[1]
    assert choose({"paint": {"version": "1", "files": names[:1]}})["paint"] == names[0]
    with pytest.raises(WheelError, match="the app has no paint 1 for cp3"):
        choose({"paint": {"version": "1", "files": names[2:]}})
    with pytest.raises(WheelError, match="describes its wheel paint wrongly"):
        choose({"paint": {"version": "1"}})


def test_every_library_that_espalier_works_with_is_named() -> None:
    """So that no app's wheel stands in the place of one."""
    import re
    import tomllib

    from kernel.wheel.shell_package import SHELL_PACKAGES

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[^A-Za-z0-9_.-]", text)[0].lower() for text in project["dependencies"]}
    assert names == set(SHELL_PACKAGES)
