"""Private places of apps: theirs alone, gone with the process or with the app, whoever was killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from shell.places import PlaceError, Places, mark
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).parents[2]


def places(folder: Path) -> Places:
    return Places(folder / "data", folder / "cache")


def test_each_app_has_its_own_and_nobody_else_enters(tmp_path: Path) -> None:
    here = places(tmp_path)
    found = [here.data("desk@home"), here.data("desk@work"), here.temporary("desk@home"), here.temporary("desk@work")]
    assert len(set(found)) == 4
    assert all(place.stat().st_mode & 0o777 == 0o700 for place in found)
    assert found == [here.data("desk@home"), here.data("desk@work"), *found[2:]]
    here.close()


def test_data_stays_and_the_rest_goes_at_the_end(tmp_path: Path) -> None:
    here = places(tmp_path)
    (here.data("desk") / "kept").write_text("kept")
    temporary = here.temporary("desk")
    (temporary / "note").write_text("note")
    here.close()
    assert not temporary.exists()
    assert (places(tmp_path).data("desk") / "kept").read_text() == "kept"


def test_what_a_killed_process_left_is_removed_at_a_later_start(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from shell.places import Places\n"
        "place = Places(Path(sys.argv[1]) / 'data', Path(sys.argv[1]) / 'cache').temporary('desk')\n"
        "(place / 'note').write_text('x'); print(place, flush=True); sys.stdin.readline()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    place = Path(process.stdout.readline().strip())
    here = places(tmp_path)
    own = here.temporary("desk")
    assert here.sweep() == 0 and place.is_dir(), "it is in use"
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE_S)
    assert here.sweep() == 1
    assert not place.exists() and own.is_dir()
    here.close()


def test_a_place_that_is_just_being_made_is_left_alone(tmp_path: Path) -> None:
    young = tmp_path / "cache" / "temporary" / "desk-1"
    young.mkdir(parents=True)
    assert places(tmp_path).sweep() == 0
    os.utime(young, (1, 1))
    assert places(tmp_path).sweep() == 1


def test_forgetting_removes_data_unless_the_app_is_open(tmp_path: Path) -> None:
    here = places(tmp_path)
    data = here.data("desk")
    (data / "kept").write_text("kept")
    with pytest.raises(PlaceError, match="the app is open"):
        places(tmp_path).forget("desk")
    assert (data / "kept").exists()
    here.close()
    assert places(tmp_path).forget("desk") and not data.exists()
    assert not places(tmp_path).forget("desk")
    assert list(data.parent.iterdir()) == []


def test_places_are_named_safely() -> None:
    keys = ["../../etc@home", "desk@home", "desk@HOME", "Desk@home", "a" * 300, "con", "дом@home", "x/y", "x\0y", ""]
    names = [mark(key) for key in keys]
    assert len(set(names)) == len(keys)
    assert all("/" not in name and "." not in name and name.isascii() and len(name) < 70 for name in names)
