"""Native libraries that would bring in others than those of the release: neither published nor loaded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kernel.library.check import elf_problems, wheel_library_problems
from kernel.library.elf import Elf, read_elf
from kernel.library.error import LibraryError
from kernel.library.load import load_libraries, this_machine
from kernel.library.release import check_libraries
from tests.compiling import library, needs_gcc
from tests.waiting import PATIENCE_S

CODE = "int value(void) { return 1; }"


def plain() -> bytes:
    return library("libplain.so.1", CODE)


def refusals(content: bytes, **more: Any) -> str:
    described = {"plain": {"version": "1", "file": "native/plain", **more}}
    values, problems = check_libraries(described, {"native/plain": content}.get)
    assert not (values and problems)
    return "\n".join(map(str, problems))


@needs_gcc
def test_a_plain_library_is_fine() -> None:
    assert refusals(plain()) == ""


@needs_gcc
def test_needs_that_are_paths_are_refused() -> None:
    evil = library("/tmp/evil.so", CODE)
    content = library("libplain.so.1", "int value(void); int own(void) { return value(); }", needs=(("evil.so", evil),))
    assert "/tmp/evil.so" in read_elf(content).needs
    assert "needs /tmp/evil.so, which is a path and may be any file" in refusals(content)


@needs_gcc
@pytest.mark.parametrize("place", ["/tmp", "", ".", "$ORIGIN/../..", "$ORIGIN/../../../usr/lib", "lib", "$ORIGINAL/x"])
def test_folders_that_are_searched_outside_are_refused(place: str) -> None:
    content = library("libplain.so.1", CODE, (f"-Wl,-rpath,{place}:$ORIGIN",))
    if place:
        assert "looks for libraries in" in refusals(content)
    assert refusals(library("libplain.so.1", CODE, ("-Wl,-rpath,$ORIGIN",))) == ""


@needs_gcc
def test_headers_that_the_loader_does_not_look_at_hide_nothing() -> None:
    """Section headers may be missing, or lead to other names: what counts is what the system's loader will read."""
    content = bytearray(library("libplain.so.1", CODE, ("-Wl,-rpath,/tmp",)))
    content[40:48] = b"\0" * 8  # e_shoff
    content[60:62] = b"\0\0"  # e_shnum
    assert read_elf(bytes(content)).search == ("/tmp",)


@needs_gcc
def test_another_table_of_names_in_the_headers_hides_nothing() -> None:
    """The section of the dynamic entries names its table of texts; the loader takes the one of the entries."""
    content = bytearray(library("libplain.so.1", CODE, ("-Wl,-rpath,/tmp",)))
    start, size, count = (int.from_bytes(content[at : at + 8][:length], "little") for at, length in
                          ((40, 8), (58, 2), (60, 2)))  # fmt: skip
    for number in range(count):
        at = start + number * size
        if int.from_bytes(content[at + 4 : at + 8], "little") == 6:  # SHT_DYNAMIC
            content[at + 40 : at + 44] = (count - 1).to_bytes(4, "little")  # sh_link: the names of sections
    assert read_elf(bytes(content)).search == ("/tmp",)


@needs_gcc
def test_libraries_that_nobody_brings_are_refused() -> None:
    other = library("libother.so.3", "int other(void) { return 1; }")
    content = library("libplain.so.1", "int other(void); int own(void) { return other(); }",
                      needs=(("libother.so", other),))  # fmt: skip
    assert "needs libother.so.3, which nobody brings and not every system has" in refusals(content)


@needs_gcc
@pytest.mark.parametrize("option", ["-Wl,--auxiliary,libevil.so", "-Wl,--filter,libevil.so", "-Wl,--audit,libevil.so",
                                    "-Wl,--depaudit,libevil.so"])  # fmt: skip
def test_libraries_that_are_brought_in_by_the_back_door_are_refused(option: str) -> None:
    told = refusals(library("libplain.so.1", CODE, (option,)))
    assert "makes the system load libevil.so besides what it needs" in told


@needs_gcc
def test_a_library_for_another_machine_is_refused() -> None:
    content = bytearray(plain())
    content[18:20] = (183 if this_machine()[1] != "aarch64" else 62).to_bytes(2, "little")  # e_machine
    other = read_elf(bytes(content)).architecture
    assert other != this_machine()[1]
    told = refusals(bytes(content), architecture=this_machine()[1])
    assert f"has the architecture {other}, and app.toml says {this_machine()[1]}" in told
    with pytest.raises(LibraryError, match=f"has nothing of the library plain for {' '.join(this_machine())}"):
        values, problems = check_libraries({"plain": {"version": "1", "file": "x"}}, {"x": bytes(content)}.get)
        assert problems == []
        load_libraries(values, lambda _: bytes(content))


def test_a_wheel_for_another_machine_is_refused() -> None:
    found = list(wheel_library_problems({"paint/fast.so": b"\x7fELF"}, {"manylinux_2_17_x86_64"}))
    assert found and "no library for Linux, or damaged" in found[0]


@needs_gcc
def test_machine_code_of_a_wheel_stays_in_its_wheel() -> None:
    files = {"paint/fast.so": library("", CODE, ("-Wl,-rpath,$ORIGIN/../paint.libs",))}
    assert list(wheel_library_problems(files, {f"linux_{this_machine()[1]}"})) == []
    files = {"paint/fast.so": library("", CODE, ("-Wl,-rpath,$ORIGIN/../../paint.libs",))}
    assert "looks for libraries in" in next(wheel_library_problems(files, {f"linux_{this_machine()[1]}"}))
    assert "and the wheel's name says linux_other" in next(wheel_library_problems(files, {"linux_other"}))


@needs_gcc
def test_bytes_that_are_not_what_the_author_pinned_are_refused() -> None:
    assert "has the sha256" in refusals(plain(), sha256="0" * 64)
    assert "has the soname libplain.so.1, and app.toml says libc.so.6" in refusals(plain(), soname="libc.so.6")


@pytest.mark.parametrize("described", [
    {"file": "x"}, {"version": 1, "file": "x"}, {"version": "1", "file": "x", "rpath": "/"}, [], "x", {"version": "1"},
])  # fmt: skip
def test_descriptions_that_say_something_else_are_refused(described: Any) -> None:
    values, problems = check_libraries({"plain": described}, lambda _: None)
    assert values == {} and (problems or described == [])


@needs_gcc
@pytest.mark.parametrize("seed", range(4))
def test_damaged_libraries_are_refused_or_read_and_never_crash(seed: int) -> None:
    import random

    chance, content = random.Random(seed), plain()
    for _ in range(150):
        altered = bytearray(content[: chance.choice([len(content), chance.randrange(len(content))])])
        for _ in range(chance.randrange(1, 6)):
            if altered:
                altered[chance.randrange(min(len(altered), 4096))] = chance.randrange(256)
        try:
            assert isinstance(read_elf(bytes(altered)), Elf)
        except LibraryError:
            continue


def test_a_name_that_is_a_path_is_refused() -> None:
    assert list(elf_problems("x", Elf("x86_64", "../libc.so.6", (), (), ()), ()))


@needs_gcc
@pytest.mark.parametrize("change", ["bytes", "soname", "architecture", "needs"])
def test_what_a_server_did_not_look_at_is_looked_at_when_it_is_loaded(change: str) -> None:
    """A release whose manifest is not what its files say, from a server that published it all the same."""
    values, _ = check_libraries({"plain": {"version": "1", "file": "x"}}, {"x": plain()}.get)
    content = plain()
    if change == "bytes":
        content = library("libplain.so.1", "int value(void) { return 666; }")
    elif change == "needs":
        content = library("libplain.so.1", CODE, ("-Wl,-rpath,/tmp",))
        from kernel.digest import sha256_of

        values["plain"][0]["sha256"] = sha256_of(content).hex()
    else:
        values["plain"][0][change] = "libc.so.6"
    with pytest.raises(LibraryError):
        load_libraries(values, lambda _: content)


@needs_gcc
def test_a_file_that_is_swapped_after_the_look_is_not_the_one_that_runs(tmp_path: Path) -> None:
    """What is loaded is the memory that was looked at; a newer file by its path is nothing to it, and it is sealed."""
    values, _ = check_libraries({"plain": {"version": "1", "file": "x"}}, {"x": plain()}.get)
    (tmp_path / "values.json").write_text(json.dumps(values))
    (tmp_path / "x").write_bytes(plain())
    (tmp_path / "evil").write_bytes(library("libplain.so.1", "int value(void) { return 666; }"))
    code = """
import ctypes, json, os, sys
from pathlib import Path
import kernel.library.load as load
folder = Path(sys.argv[1])
def sealed(name, content, before=load.sealed_file):
    path = before(name, content)
    os.replace(folder / "evil", folder / "x")
    try:
        os.pwrite(int(path.rpartition("/")[2]), b"evil", 0)
    except OSError as error:
        print(type(error).__name__)
    return path
load.sealed_file = sealed
load.load_libraries(json.loads((folder / "values.json").read_text()), lambda path: (folder / path).read_bytes())
print(ctypes.CDLL("libplain.so.1").value())
"""
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], cwd=Path(__file__).parents[2],
                          capture_output=True, text=True, timeout=PATIENCE_S)  # fmt: skip
    assert done.stdout.split() == ["PermissionError", "1"], done.stderr
