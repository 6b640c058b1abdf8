"""Files are written whole, with the permissions that they had."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from kernel.whole_file import mode_of, write_whole, written_beside


@pytest.fixture
def _mask():
    before = os.umask(0o027)
    yield
    os.umask(before)


def test_permissions_stay_and_new_files_go_by_the_mask(tmp_path: Path, _mask: None, monkeypatch) -> None:
    monkeypatch.setattr(os, "umask", lambda _mask: pytest.fail("other threads would make files for everybody"))
    new, old, link = tmp_path / "new", tmp_path / "old", tmp_path / "link"
    old.write_bytes(b"old")
    old.chmod(0o751)
    link.symlink_to("old")
    write_whole(new, b"1")
    write_whole(link, b"2")
    assert (new.read_bytes(), old.read_bytes(), link.is_symlink()) == (b"1", b"2", True)
    assert [mode_of(one) for one in (new, old, tmp_path / "none")] == [0o640, 0o751, None]
    assert mode_of(written_beside(tmp_path / "third", b"", 0o604)) == 0o604


def test_what_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "folder" / "full").mkdir(parents=True)
    for place in (tmp_path / "folder", tmp_path / "none" / "file"):
        with pytest.raises(OSError):
            write_whole(place, b"text")
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "folder", tmp_path / "folder" / "full"]
    assert stat.S_ISDIR((tmp_path / "folder").stat().st_mode)
