"""How long the process that is ready stays, by a clock of the test's own."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from shell import version_choice
from shell.ready import memory, seed
from shell.ready.loaded import Loaded
from shell.ready.waking import FILES, Waking

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux only")

HOURS_12 = 43_200.0


class Clock:
    """Seconds that pass when the test says so."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(seed, "time", clock)
    monkeypatch.setattr(memory, "be_given_up_first", lambda: "")
    monkeypatch.setattr(memory, "is_short", lambda: False)
    return clock


@pytest.fixture
def path() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="seed-") as directory:
        yield Path(directory) / "ready-test.socket"


@pytest.fixture
def ready(clock: Clock, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[seed.Seed]:
    monkeypatch.setenv("ESPALIER_BASEDIR", str(tmp_path))
    (tmp_path / "data" / "program").mkdir(parents=True)
    ready = seed.Seed(str(path), os.open(os.devnull, os.O_RDONLY), Loaded(0), HOURS_12)
    yield ready
    ready._retire()


def is_there(path: Path, ready: seed.Seed) -> bool:
    ready._look()
    return path.exists()


def test_it_stays_a_day_of_work_without_waking_once(ready: seed.Seed, clock: Clock, path: Path) -> None:
    assert ready._sleep_ms() == pytest.approx(HOURS_12 * 1000, abs=2)
    clock.now += HOURS_12 - 1
    assert is_there(path, ready)
    clock.now += 2
    assert not is_there(path, ready)
    assert ready._sleep_ms() is None


def test_it_stays_while_a_window_is_open_that_came_another_way(ready: seed.Seed, clock: Clock, path: Path) -> None:
    ended, open_one = path.with_name("do-99999999.socket"), path.with_name(f"do-{os.getpid()}.socket")
    ended.touch()
    open_one.touch()
    clock.now += HOURS_12 + 1
    assert is_there(path, ready)
    open_one.unlink()
    clock.now += HOURS_12 - 1
    assert is_there(path, ready)
    clock.now += 2
    assert not is_there(path, ready)


def test_it_leaves_when_memory_runs_short(
    ready: seed.Seed, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert is_there(path, ready)
    monkeypatch.setattr(memory, "is_short", lambda: True)
    assert not is_there(path, ready)


def test_newer_code_is_loaded_when_all_of_it_is_written(
    ready: seed.Seed, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    renewed: list[float] = []
    monkeypatch.setattr(ready, "_renew", renewed.append)
    monkeypatch.setattr(ready._loaded, "has_changed", lambda: True)
    ready._written_at = clock.now
    ready._look()
    assert renewed == []
    assert ready._sleep_ms() == pytest.approx(seed.QUIET_S * 1000, abs=2)
    clock.now += seed.QUIET_S
    ready._look()
    assert renewed == [HOURS_12 - seed.QUIET_S]


def test_it_leaves_when_another_version_was_chosen(ready: seed.Seed, clock: Clock, path: Path) -> None:
    version_choice.write(version_choice.Note("newer"), ready._versions)
    ready._poll.poll(10_000)
    ready._written_at = clock.now
    assert is_there(path, ready)
    clock.now += seed.QUIET_S
    assert not is_there(path, ready)


def test_files_that_are_not_the_code_change_nothing(
    ready: seed.Seed, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ready, "_renew", lambda idle_s: pytest.fail("nothing is newer"))
    monkeypatch.setattr(ready._loaded, "has_changed", lambda: False)
    ready._written_at = clock.now
    clock.now += seed.QUIET_S
    ready._look()
    assert ready._sleep_ms() > 1000 * 3600


def test_who_is_not_told_of_files_looks(ready: seed.Seed) -> None:
    ready._waking.hears_files = False
    assert ready._sleep_ms() == pytest.approx(seed.LOOK_S * 1000, abs=2)


@pytest.mark.parametrize("change", [lambda path: path.unlink(), lambda path: path.rename(path.with_name("other"))])
def test_it_is_told_when_a_socket_goes(change: Callable[[Path], object], tmp_path: Path) -> None:
    import select

    code = tmp_path / "code"
    code.mkdir()
    (tmp_path / "one.socket").touch()
    poll = select.poll()
    waking = Waking(poll, str(tmp_path), [str(code), str(tmp_path / "missing")])
    assert poll.poll(0) == []
    change(tmp_path / "one.socket")
    assert [waking.hear(*one) for one in poll.poll(10_000)] == [FILES]
    assert poll.poll(0) == []
    (code / "written.py").write_text("# code\n")
    assert [waking.hear(*one) for one in poll.poll(10_000)] == [FILES]
    waking.leave()
    (code / "written.py").write_text("# other code\n")
    assert poll.poll(0) == []


@pytest.mark.parametrize(
    ("facts", "is_short"),
    [("MemTotal: 1000 kB\nMemAvailable: 49 kB\n", True), ("MemTotal: 1000 kB\nMemAvailable: 51 kB\n", False),
     ("MemTotal: 1000 kB\n", False), ("nothing\n", False)],
)  # fmt: skip
def test_memory_is_short_when_little_is_available(facts: str, is_short: bool, tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text(facts)
    assert memory.is_short(str(tmp_path / "meminfo")) is is_short


def test_who_cannot_tell_of_memory_is_gone_without(tmp_path: Path) -> None:
    assert not memory.is_short(str(tmp_path / "missing"))
    assert memory.watch_pressure(str(tmp_path / "missing")) is None
    assert memory.be_given_up_first(str(tmp_path / "missing")) == ""


@pytest.mark.parametrize(("before", "then"), [("0", "500"), ("-200", "500"), ("900", "900")])
def test_it_is_given_up_before_others(before: str, then: str, tmp_path: Path) -> None:
    score = tmp_path / "oom_score_adj"
    score.write_text(f"{before}\n")
    assert memory.be_given_up_first(str(score)) == before
    assert score.read_text().strip() == then
    memory.be_kept_as(before, str(score))
    assert int(score.read_text()) == int(before)
