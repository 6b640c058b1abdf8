"""Attacks on Espalier's own updates: nothing that is not proven is ever written where a start finds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.error import EspalierError
from kernel.release import ReleaseError
from shell.version_choice import read
from shell.version_install import install
from tests.attacks.hostile import Desk
from tests.served import commit, git, in_app
from tests.waiting import wait_for

PROGRAM = {
    "app.toml": 'name = "shell"\n', "main.kdl": "layout 2\nwindow { label x }\n",
    "program/shell/__init__.py": "", "program/shell/main.py": "def main():\n    return 0\n",
}  # fmt: skip


@pytest.fixture(scope="module")
def program_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk whose server publishes Espalier as well."""
    desk = Desk(tmp_path_factory.mktemp("program"))
    commit(desk.work, in_app("shell", PROGRAM))
    git(desk.work, "push", "-q", "origin", "HEAD:main")

    def has_come() -> bool:
        try:
            return bool(desk.between.answer({"app": "shell", "seen": {}}).get("release"))
        except EspalierError:
            return False  # not yet

    wait_for(has_come)
    yield desk
    desk.close()


def spoilt(data: bytes) -> bytes:
    """The same with another digit in its last signature."""
    at = data.rindex(b'"sig"') + 9
    return data[:at] + (b"1" if data[at : at + 1] == b"0" else b"0") + data[at + 1 :]


def take(desk: Desk, folder: Path) -> bool:
    """What ``espalier update`` does."""
    delivery = desk.open()
    manifest = delivery.refresh("shell")
    return install(manifest, delivery.reader(manifest), delivery.release_id("shell"), str(folder))


def altered(answer: dict[str, Any]) -> dict[str, Any]:
    return answer | {"metadata": {role: spoilt(data) for role, data in answer.get("metadata", {}).items()}}


def test_a_program_whose_signature_is_wrong_or_missing_is_never_written(
    program_desk: Desk, tmp_path: Path
) -> None:
    for alter in (altered, lambda answer: answer | {"metadata": {}}):
        program_desk.between.alter = alter
        with pytest.raises(ReleaseError):
            take(program_desk, tmp_path)
        assert read(str(tmp_path)) is None and list(tmp_path.iterdir()) == []
    program_desk.between.alter = lambda answer: answer
    assert take(program_desk, tmp_path)
    assert (tmp_path / "versions" / read(str(tmp_path)).current / "shell" / "main.py").is_file()
