"""Wheels that would put files elsewhere, run at start, or are not what they say: refused before they are published."""

from __future__ import annotations

import io
import random
import re
import zipfile
from typing import Any

import pytest

from kernel.wheel.check import check_wheel
from kernel.wheel.error import WheelError
from kernel.wheel.mount import mount
from tests.wheels import wheel

GOOD = {"paint/__init__.py": "NAME = 'paint'\n", "paint/data.txt": "red"}

#: Attack → (how the wheel is made, a piece of the refusal).
ATTACKS: dict[str, tuple[dict[str, Any], str]] = {
    "a path that leaves the wheel": ({"files": {**GOOD, "../evil.py": "x"}}, "'../evil.py' of .* has an empty, '.'"),
    "an absolute path": ({"files": {**GOOD, "/etc/evil.py": "x"}}, "'/etc/evil.py' of .* is absolute"),
    "a path with a drive": ({"files": {**GOOD, "C:\\evil.py": "x"}}, "has a backslash"),
    "a hook that runs at every start": ({"files": {**GOOD, "evil.pth": "import os"}}, "would run at every start"),
    "a hook inside of its package": ({"files": {**GOOD, "paint/evil.pth": "import os"}}, "would run at every start"),
    "files for outside of its packages": (
        {"files": {**GOOD, "paint-1.0.data/scripts/evil": "#!/bin/sh"}}, "belongs outside of its packages"),
    "commands for a terminal": (
        {"entry_points": "[console_scripts]\nevil = paint:run\n"}, "brings the command evil"),
    "commands with a window": ({"entry_points": "[gui_scripts]\nevil = paint:run\n"}, "brings the command evil"),
    "a link": ({"modes": {"paint/data.txt": 0o120777}}, "'paint/data.txt' of .* is a link"),
    "two names of one file": ({"files": {**GOOD, "paint/Data.txt": "blue"}}, "are one file on some systems"),
    "a file with another hash": ({"hashes": {"paint/data.txt": "sha256=" + "A" * 43}}, "is not what its list says"),
    "a file with a weak hash": ({"hashes": {"paint/data.txt": "md5=" + "A" * 22}}, "not in its list with a hash"),
    "a file without a hash": ({"unlisted": {"paint/evil.py": "x = 1"}}, "paint/evil.py of .* is not in its list"),
    "a hash without a file": ({"listed": "paint/gone.py,sha256=AAAA,1\n"}, "lists paint/gone.py"),
    "a module of Python's": ({"files": {"json/__init__.py": ""}}, "module json, which is Python's"),
    "a module of ours": ({"files": {"shell/core.py": ""}}, "module shell, which is Python's or Espalier's own"),
    "a library of the shell's": ({"files": {"msgspec/__init__.py": ""}}, "module msgspec, which Espalier itself"),
    "a Python that Espalier does not have": ({"tag": "cp39-cp39-manylinux_2_17_x86_64"}, "is for another Python"),
    "a Python that is required and not here": ({"metadata": "Requires-Python: >=4\n"}, "needs Python >=4"),
    "machine code that nobody told of": (
        {"files": {**GOOD, "paint/fast.so": b"\x7fELF"}}, "its name says that it has none"),
    "machine code that is none": (
        {"files": {**GOOD, "paint/fast.so": b"\x7fELF" + b"\0" * 60}, "tag": "cp311-abi3-manylinux_2_17_x86_64"},
        "no library for Linux, or damaged"),
}  # fmt: skip


def made(how: dict[str, Any]) -> tuple[str, bytes]:
    given = {"name": "paint", "version": "1.0", "files": GOOD} | how
    return wheel(given.pop("name"), given.pop("version"), given.pop("files"), **given)


def refusals(path: str, data: bytes) -> str:
    return "\n".join(one.message for one in check_wheel(path, data)[1])


def test_a_wheel_without_any_of_it_is_fine() -> None:
    assert check_wheel(*made({}))[1] == []
    commands = {"entry_points": "[console_scripts]\npaint = paint:run\n"}
    assert check_wheel(*made(commands), ["paint"])[1] == [], "left out in so many words"
    assert check_wheel(*made(commands), ["brush"])[1]
    assert check_wheel(*made({"entry_points": "[paint.colours]\nred = paint:NAME\n"}))[1] == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_it_is_refused(attack: str) -> None:
    how, text = ATTACKS[attack]
    assert re.search(text, refusals(*made(how))), refusals(*made(how))


def test_a_wheel_that_calls_itself_otherwise_is_refused() -> None:
    path, data = wheel("paint", "1.0", GOOD)
    assert "describes itself as paint-1.0.dist-info" in refusals("brush-1.0-py3-none-any.whl", data)
    assert "describes itself as" in refusals("paint-2.0-py3-none-any.whl", data)
    assert "not named as wheels are" in refusals("paint.whl", data)
    assert "is no wheel" in refusals(path, b"PK\3\4 nothing")


def test_a_wheel_with_a_file_twice_is_refused() -> None:
    path, data = wheel("paint", "1.0", GOOD)
    stream = io.BytesIO(data)
    with pytest.warns(UserWarning), zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("paint/__init__.py", "import os")
    assert "has a file twice" in refusals(path, stream.getvalue())


def test_a_wheel_that_unpacks_to_more_than_is_sensible_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kernel.wheel.archive.MAX_TOTAL", 1 << 20)
    path, data = wheel("paint", "1.0", {**GOOD, "paint/zeros": b"\0" * (2 << 20)})
    assert len(data) < 10_000 and "is too large" in refusals(path, data)


@pytest.mark.parametrize("cut", [0.2, 0.5, 0.9, 0.99])
def test_a_wheel_that_was_cut_short_is_refused(cut: float) -> None:
    path, data = made({})
    assert refusals(path, data[: int(len(data) * cut)])


@pytest.mark.parametrize("attack", [
    "a path that leaves the wheel", "a hook that runs at every start", "files for outside of its packages",
    "a module of Python's", "a module of ours", "a library of the shell's",
])  # fmt: skip
def test_one_that_came_all_the_same_is_not_used(attack: str, tmp_path) -> None:
    """A server that looks at nothing may send it; what opens the app looks once more."""
    path, data = made(ATTACKS[attack][0])
    values = {"paint": {"version": "1.0", "files": [f"wheels/{path}"]}}
    with pytest.raises(WheelError):
        mount(values, lambda _: data, tmp_path, lambda: b"k" * 32)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_a_wheel_s_files_that_was_changed_is_made_anew(tmp_path) -> None:
    from kernel.wheel.archive import Archive
    from kernel.wheel.view import view_of

    archive = Archive(*made({}))
    folder = view_of(archive, tmp_path / "paint")
    (folder / "paint/data.txt").chmod(0o600)
    (folder / "paint/data.txt").write_text("evil")
    assert (view_of(archive, folder) / "paint/data.txt").read_text() == "red"
    (folder / "paint/more.txt").write_text("evil")
    assert not (view_of(archive, folder) / "paint/more.txt").exists()
    (folder / "paint/data.txt").unlink()
    (folder / "paint/data.txt").symlink_to("/etc/hostname")
    assert (view_of(archive, folder) / "paint/data.txt").read_text() == "red"
    elsewhere = tmp_path / "elsewhere"
    folder.rename(elsewhere)
    folder.symlink_to(elsewhere)
    view_of(archive, folder)
    assert not folder.is_symlink() and elsewhere.exists()


@pytest.mark.parametrize("tag", ["cp3zz-none-any", "cp3-none-any", "cp399999999999-none-any"])
def test_a_wheel_for_no_python_that_there_is(tag: str) -> None:
    path, data = made({"tag": tag})
    assert isinstance(refusals(path, data), str)


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_wheel_is_refused_or_read_and_nothing_else_happens(seed: int) -> None:
    """Whatever reading it ends in is a refusal: an error of another kind would hold up the releases of all apps."""
    chance = random.Random(seed)
    path, data = made({})
    for _ in range(60):
        spoilt = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(spoilt))
            what = chance.random()
            if what < 0.6:
                spoilt[at] = chance.choice([0, 0x7F, 0x80, 0xFF, chance.randrange(256)])
            elif what < 0.8:
                del spoilt[at : at + chance.randint(1, 8)]
            else:
                spoilt[at:at] = chance.randbytes(chance.randint(1, 8))
        archive, wrong = check_wheel(path, bytes(spoilt))
        assert wrong or archive is not None
