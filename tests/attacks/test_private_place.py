"""Private places of apps that somebody prepared: links, directories of others, names that lead elsewhere.

What keeps apps apart is that each has a process and places of its own; a script itself is trusted code of a named
publisher, may do what its person may, and the first run says so.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from shell.places import PlaceError, Places, mark


def places(folder: Path) -> Places:
    return Places(folder / "data", folder / "cache")


def test_a_link_in_the_place_of_the_data_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (tmp_path / "data" / "private").mkdir(parents=True)
    (tmp_path / "data" / "private" / mark("desk")).symlink_to(other)
    with pytest.raises(PlaceError, match="is a link, or belongs to somebody else"):
        places(tmp_path).data("desk")
    assert places(tmp_path).forget("desk")
    assert other.is_dir()


def test_a_link_in_the_place_of_all_of_them_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    for name in ("data", "cache"):
        (tmp_path / name).mkdir()
    (tmp_path / "data" / "private").symlink_to(other)
    (tmp_path / "cache" / "temporary").symlink_to(other)
    with pytest.raises(PlaceError):
        places(tmp_path).data("desk")
    with pytest.raises(PlaceError):
        places(tmp_path).temporary("desk")
    assert list(other.iterdir()) == []


def test_a_link_among_what_is_swept_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "kept").mkdir(parents=True)
    (tmp_path / "cache" / "temporary").mkdir(parents=True)
    (tmp_path / "cache" / "temporary" / "desk-1").symlink_to(other)
    assert places(tmp_path).sweep() == 0
    assert (other / "kept").is_dir()


def test_a_link_in_the_place_of_a_lock_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    (tmp_path / "data" / "private").mkdir(parents=True)
    (tmp_path / "data" / "private" / f"{mark('desk')}.lock").symlink_to(victim)
    with pytest.raises(PlaceError):
        places(tmp_path).data("desk")
    assert not victim.exists()


def test_names_of_apps_lead_nowhere_else(tmp_path: Path) -> None:
    here = places(tmp_path)
    for key in ("../other@home", "/etc/passwd", "..", "a/../../b"):
        assert here.data(key).parent == tmp_path / "data" / "private"
    here.close()


def test_a_place_that_others_may_enter_is_closed(tmp_path: Path) -> None:
    open_ = tmp_path / "data" / "private" / mark("desk")
    open_.mkdir(parents=True)
    open_.chmod(0o777)
    here = places(tmp_path)
    assert here.data("desk").stat().st_mode & 0o777 == 0o700
    here.close()
