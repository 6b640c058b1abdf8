"""Seals of records: the algorithm, who is believed, and the key's file."""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kernel.trust.seal import SIZE, Seal, SealError, hmac_of, unsealed


@pytest.mark.parametrize("length", [0, 1, 63, 64, 1000, 1 << 20])
def test_it_is_hmac_as_python_has_it(length: int) -> None:
    data = os.urandom(length)
    for key in (b"", b"k", os.urandom(SIZE), os.urandom(64)):
        assert hmac_of(key, data) == hmac.new(key, data, hashlib.sha256).digest()


def test_a_record_opens_under_its_own_name_with_its_own_key(tmp_path: Path) -> None:
    seal = Seal(tmp_path / "trust" / "seal.key")
    sealed = seal.close("a", b"content")
    assert seal.open("a", sealed) == b"content" == unsealed(sealed)
    assert Seal(tmp_path / "trust" / "seal.key").open("a", sealed) == b"content"
    assert seal.open("b", sealed) is None
    assert Seal(tmp_path / "other.key").open("a", sealed) is None


def test_no_altered_byte_is_believed(tmp_path: Path) -> None:
    seal = Seal(tmp_path / "seal.key")
    sealed = seal.close("name", b"some content")
    for at in range(len(sealed)):
        assert seal.open("name", sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]) is None
        assert seal.open("name", sealed[:at]) is None
    assert seal.open("name", bytes(SIZE) + b"some content") is None
    assert seal.open("", seal.close("x", b"y")[:SIZE] + b"xy") is None


def test_the_key_is_this_persons_alone_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "trust" / "seal.key"
    Seal(path).close("a", b"")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert os.listdir(path.parent) == ["seal.key"]


def test_processes_that_begin_at_once_have_one_key(tmp_path: Path) -> None:
    seals = [Seal(tmp_path / "seal.key") for _ in range(16)]
    with ThreadPoolExecutor(16) as threads:
        sealed = list(threads.map(lambda seal: seal.close("a", b"x"), seals))
    assert len(set(sealed)) == 1 and os.listdir(tmp_path) == ["seal.key"]


def test_a_damaged_key_is_made_anew_and_believes_nothing_of_before(tmp_path: Path) -> None:
    path = tmp_path / "seal.key"
    sealed = Seal(path).close("a", b"x")
    path.write_bytes(b"short")
    seal = Seal(path)
    assert seal.open("a", sealed) is None
    assert seal.open("a", seal.close("a", b"x")) == b"x"


def test_a_link_instead_of_the_key_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_bytes(bytes(SIZE))
    (tmp_path / "seal.key").symlink_to(tmp_path / "theirs")
    seal = Seal(tmp_path / "seal.key")
    assert seal.open("a", hmac_of(bytes(SIZE), b"\0\0\0\1ax") + b"x") is None
    assert seal.open("a", seal.close("a", b"x")) == b"x" and not (tmp_path / "seal.key").is_symlink()


def test_without_a_place_for_the_key_it_says_so(tmp_path: Path) -> None:
    (tmp_path / "trust").write_text("a file")
    with pytest.raises(SealError, match="cannot be made"):
        Seal(tmp_path / "trust" / "seal.key").close("a", b"x")
