"""What a followed folder tells: by the kernel's notifications, by Qt's, and by looking again and again."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject

from shell.live import folder_watch
from shell.live.folder_watch import FolderWatch

WaitUntil = Callable[..., None]
Told = list[set[str]]


def _kernel(_patch: pytest.MonkeyPatch) -> None:
    if not os.path.isdir("/proc/sys/fs/inotify"):
        pytest.skip("no inotify here")


def _qt(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(folder_watch.sys, "platform", "elsewhere")


def _none_left(patch: pytest.MonkeyPatch) -> None:
    _kernel(patch)
    from shell.live.inotify import Inotify

    def follow(_self: Inotify, path: str, _mask: int) -> None:
        raise OSError(errno.ENOSPC, "no watches are left", path)

    patch.setattr(Inotify, "_follow", follow)


@pytest.fixture(params=[_kernel, _qt, _none_left])
def told(request: Any, qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Told]:
    """What is told of ``tmp_path``, which has ``one.kdl`` and ``parts/two.kdl``."""
    request.param(monkeypatch)
    (tmp_path / "parts").mkdir()
    (tmp_path / "one.kdl").write_text("one")
    (tmp_path / "parts" / "two.kdl").write_text("two")
    owner, found = QObject(), []
    FolderWatch(tmp_path, found.append, owner)
    yield found
    owner.deleteLater()


def test_files_that_are_written_come_and_go_are_told(told: Told, tmp_path: Path, wait_until: WaitUntil) -> None:
    (tmp_path / "one.kdl").write_text("another")
    wait_until(lambda: told[-1:] == [{"one.kdl"}])
    fresh = tmp_path / ".two.new"
    fresh.write_text("put in its place")
    fresh.replace(tmp_path / "parts" / "two.kdl")
    wait_until(lambda: told[-1:] == [{"parts/two.kdl"}])
    (tmp_path / "parts" / "three.kdl").write_text("three")
    wait_until(lambda: "parts/three.kdl" in told[-1])
    (tmp_path / "one.kdl").unlink()
    wait_until(lambda: told[-1:] == [{"one.kdl"}])


def test_folders_that_come_are_followed_also_in_the_place_of_others(
    told: Told, tmp_path: Path, wait_until: WaitUntil
) -> None:
    (tmp_path / "more" / "deep").mkdir(parents=True)
    (tmp_path / "more" / "deep" / "four.kdl").write_text("four")
    wait_until(lambda: set().union(*told) == {"more/deep/four.kdl"})
    (tmp_path / "parts").rename(tmp_path / "before")
    wait_until(lambda: {"parts/two.kdl", "before/two.kdl"} <= set().union(*told))
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "two.kdl").write_text("new")
    wait_until(lambda: "parts/two.kdl" in told[-1])
    del told[:]
    (tmp_path / "parts" / "two.kdl").write_text("newer still")
    wait_until(lambda: told[-1:] == [{"parts/two.kdl"}])


def test_what_is_hidden_or_the_same_is_not_told(told: Told, tmp_path: Path, wait_until: WaitUntil) -> None:
    (tmp_path / ".hidden").write_text("nothing")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "one.pyc").write_text("nothing")
    (tmp_path / "last.kdl").write_text("the last")
    wait_until(lambda: any("last.kdl" in paths for paths in told))
    assert set().union(*told) == {"last.kdl"}


def test_a_file_behind_a_link_is_told_when_it_is_written_elsewhere(
    told: Told, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, wait_until: WaitUntil
) -> None:
    other = tmp_path_factory.mktemp("other") / "shared.kdl"
    other.write_text("shared")
    (tmp_path / "link.kdl").symlink_to(other)
    wait_until(lambda: told[-1:] == [{"link.kdl"}])
    del told[:]
    other.write_text("written there")
    wait_until(lambda: told[-1:] == [{"link.kdl"}])


def test_a_whole_file_is_told_without_waiting(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _kernel(monkeypatch)
    owner, found = QObject(), []
    watch = FolderWatch(tmp_path, found.append, owner)
    with (tmp_path / "one.kdl").open("w") as file:
        file.write("half")
        file.flush()
        watch._source._read()
        assert found == [] and watch._timer.isActive()  # it began, so that it settles
        watch._timer.stop()
        file.write(" and whole")
    watch._source._read()
    assert found == [{"one.kdl"}] and not watch._timer.isActive()
    monkeypatch.setattr(folder_watch, "_TOGETHER_S", 1e9)
    (tmp_path / "two.kdl").write_text("at once behind it")
    watch._source._read()
    assert found == [{"one.kdl"}] and watch._timer.isActive()  # it is told with what else comes now
    owner.deleteLater()
