"""Compiled code that another program of the same person has changed: it never runs."""

from __future__ import annotations

import marshal
import random
from pathlib import Path

import pytest

from kernel.code.app_code import AppCode
from kernel.code.compiled import HEAD, CompiledCode
from kernel.code.tree import ListedTree
from kernel.digest import sha256_of

KEY = b"k" * 32
SOURCES = {"scripts/good.py": "VALUE = 'good'\n", "scripts/other.py": "VALUE = 'other'\n"}


def value(path: Path, module: str = "good", key: bytes = KEY) -> str:
    """What the module says that is imported with the compiled code in the file."""
    digests = {path: sha256_of(text.encode()).hex() for path, text in SOURCES.items()}
    tree = ListedTree(SOURCES, lambda path: SOURCES[path].encode(), digests)
    code = AppCode("desk", tree, CompiledCode(path, lambda: key))
    try:
        for name in ("other", "good"):
            code.module(name)
        code.keep()
        return code.module(module).VALUE
    finally:
        code.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "desk.code"
    assert value(found) == "good"
    return found


def test_altered_code_is_compiled_again(path: Path) -> None:
    content = path.read_bytes()
    assert b"\x04good" in content
    path.write_bytes(content.replace(b"\x04good", b"\x04evil"))
    assert value(path) == "good"


def test_code_sealed_by_another_key_is_not_run(path: Path) -> None:
    store = CompiledCode(path, lambda: b"x" * 32)
    digest = sha256_of(SOURCES["scripts/good.py"].encode())
    store.put(digest, compile("VALUE = 'evil'", "<desk>/scripts/good.py", "exec"))
    assert store.write()
    assert value(path) == "good"


def test_pieces_that_changed_places_are_not_run(path: Path) -> None:
    """An index that names the other module's code, sealed as it was there, bears no seal itself."""
    content = path.read_bytes()
    start = len(HEAD) + 40
    length = int.from_bytes(content[start - 8 : start], "little")
    index = marshal.loads(content[start : start + length])
    (one, first), (two, second) = index.items()
    swapped = marshal.dumps({one: second, two: first})
    assert len(swapped) == length
    path.write_bytes(content[:start] + swapped + content[start + length :])
    assert (value(path), value(path, "other")) == ("good", "other")


def test_a_file_of_another_app_in_its_place_is_of_no_use(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.code"
    store = CompiledCode(other, lambda: KEY)
    store.put(b"d" * 32, compile("VALUE = 'evil'", "<x>/x.py", "exec"))
    store.write()
    other.replace(path)
    assert value(path) == "good"


@pytest.mark.parametrize("seed", range(5))
def test_flipped_bits_never_run(path: Path, seed: int) -> None:
    chance = random.Random(seed)
    content = path.read_bytes()
    for _ in range(40):
        altered = bytearray(content[: chance.choice([len(content), chance.randrange(len(content))])] or b"\0")
        altered[chance.randrange(len(altered))] ^= 1 << chance.randrange(8)
        path.write_bytes(altered)
        assert (value(path), value(path, "other")) == ("good", "other")
