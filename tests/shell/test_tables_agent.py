"""The agent ``tables`` says where columns of this process's tables are mirrored, if the option allows it."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kernel.config import load
from kernel.tables import mirroring
from shell.agents.tables import run_agent


@pytest.mark.parametrize("is_on", [True, False])
def test_the_option_decides_whether_columns_are_mirrored(tmp_path, monkeypatch, is_on):
    monkeypatch.setattr(mirroring, "folder", None)
    config = load(tmp_path, {}, [f"tables.mirror={str(is_on).lower()}"])
    app = SimpleNamespace(state="local", info=SimpleNamespace(sources={"orders": {"kind": "sqlite"}}))
    run_agent(SimpleNamespace(session=SimpleNamespace(app=app, config=config)))
    assert mirroring.folder == (config.paths.cache / "mirror" if is_on else None)
