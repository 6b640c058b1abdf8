"""Where a person's files live."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

from kernel.config.paths import find_paths


def test_a_base_directory_holds_everything(tmp_path: Path) -> None:
    paths = find_paths(tmp_path / "base")
    assert {path.parent for path in paths[:5]} == {tmp_path / "base"}
    assert paths.config_file == tmp_path / "base" / "config" / "config.toml"


def test_without_a_login_session_sockets_go_to_a_directory_of_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("TMPDIR", "/elsewhere")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert find_paths().runtime == Path(f"/elsewhere/espalier-{os.getuid()}")


def test_a_login_session_has_its_own_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert find_paths().runtime == tmp_path / "espalier"
