"""Which key a server may show, and where a person's own key is kept."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kernel.trust import person
from kernel.trust.key import KeyFileError
from kernel.trust.known_server import KnownServer, named_in
from kernel.trust.person import PersonKey
from kernel.wire.error import UntrustedServerError

OURS, THEIRS = "a" * 64, "b" * 64


def known(folder: Path, *named: str, met: list[str] | None = None) -> KnownServer:
    return KnownServer(folder, "home", lambda: named, lambda connection: None, (met if met is not None else []).append)


def test_the_first_key_is_pinned_and_told_once(tmp_path: Path) -> None:
    met: list[str] = []
    known(tmp_path, met=met).check_server(OURS)
    known(tmp_path, met=met).check_server(OURS)
    assert met == [OURS] and known(tmp_path).pinned == OURS
    with pytest.raises(UntrustedServerError, match="another key") as caught:
        known(tmp_path, met=met).check_server(THEIRS)
    assert f"espalier server trust home --key {THEIRS}" in caught.value.hint and known(tmp_path).pinned == OURS


def test_what_the_root_names_counts_before_what_was_pinned(tmp_path: Path) -> None:
    known(tmp_path).pin(OURS)
    known(tmp_path, THEIRS).check_server(THEIRS)
    with pytest.raises(UntrustedServerError):
        known(tmp_path, THEIRS).check_server(OURS)


def test_servers_of_other_names_have_pins_of_their_own(tmp_path: Path) -> None:
    known(tmp_path).check_server(OURS)
    other = KnownServer(tmp_path, "../home", lambda: (), lambda connection: None)
    other.check_server(THEIRS)
    assert sorted(path.parent for path in tmp_path.rglob("*.tls")) == [tmp_path, tmp_path]
    other.forget()
    other.forget()
    assert other.pinned == "" and known(tmp_path).pinned == OURS


def test_a_server_whose_pin_cannot_be_kept_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UntrustedServerError, match="cannot be checked"):
        known(tmp_path / "file").check_server(OURS)


def test_keys_are_read_from_a_root() -> None:
    root = {"signed": {"_type": "root", "espalier": {"tls": [OURS]}}, "signatures": []}
    assert named_in(msgspec.json.encode(root)) == (OURS,)
    assert named_in(b"") == () and named_in(b'{"signed": {}}') == ()


def test_a_person_has_one_key_that_only_they_can_read(tmp_path: Path) -> None:
    mine = PersonKey(tmp_path / "keys", has_keyring=False)
    assert mine.public == PersonKey(tmp_path / "keys", has_keyring=False).public
    path = tmp_path / "keys" / person.FILE
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600 and mine.place == str(path)
    os.chmod(path, 0o644)
    with pytest.raises(KeyFileError, match="read by others"):
        _ = PersonKey(tmp_path / "keys", has_keyring=False).public


class Ring:
    """A keyring in memory, which may be locked."""

    def __init__(self, *, is_locked: bool = False) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self._is_locked = is_locked

    def get_password(self, service: str, user: str) -> str | None:
        if self._is_locked:
            raise RuntimeError("locked")
        return self.kept.get((service, user))

    def set_password(self, service: str, user: str, password: str) -> None:
        self.kept[service, user] = password


def test_the_systems_keyring_is_asked_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ring: Any = Ring()
    monkeypatch.setattr(person, "_keyring", lambda: ring)
    first = PersonKey(tmp_path)
    assert first.public == PersonKey(tmp_path).public and len(ring.kept) == 1
    assert not list(tmp_path.iterdir()) and first.place == "the system's keyring"


def test_a_keyring_that_does_not_answer_is_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(person, "_keyring", lambda: Ring(is_locked=True))
    public = PersonKey(tmp_path).public
    assert "does not answer (locked)" in caplog.text
    monkeypatch.setattr(person, "_keyring", lambda: Ring())
    assert PersonKey(tmp_path).public == public  # the file was there first
