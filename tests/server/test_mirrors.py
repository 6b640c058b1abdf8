"""A server's own databases are mirrored beside them, unless that is switched off."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.tables import mirroring
from server import main
from tests.served import make_repository


@pytest.mark.parametrize("options", [[], ["--data"], ["--no-mirrors"]])
def test_where_a_server_mirrors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str]) -> None:
    bare, _ = make_repository(tmp_path)
    folders: list[Path | None] = []

    async def run(*_: object) -> None:
        folders.append(mirroring.folder)

    monkeypatch.setattr(mirroring, "folder", tmp_path)
    monkeypatch.setattr(main, "_run", run)
    given = [*options, str(tmp_path / "data")] if options == ["--data"] else options
    assert main.main([str(bare), "--keys", str(tmp_path / "keys"), "--log", str(tmp_path / "log"), *given]) == 0
    wanted = {"": bare / "espalier" / "mirror", "--data": tmp_path / "data" / "mirror", "--no-mirrors": None}
    assert folders == [wanted["".join(options)]]
