"""Processes that die, disks that fill up and others who write into the cache: the old release or the new one."""

from __future__ import annotations

import errno
import hashlib
import multiprocessing
import os
import random
import signal
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kernel.cache import Cache, CacheError
from kernel.cache.durable import TEMPORARY
from kernel.delivery.held import all_roots, clean_up
from tests.attacks.straight import APP, Straight, sha, whole
from tests.waiting import PATIENCE_S, wait_for

OLD = {"app.toml": b"name = 'shop'", "main.kdl": b"window " * 300, "same": b"kept" * 50}
NEW = OLD | {"main.kdl": b"window " * 300 + b"more", "added": b"new" * 1000}
#: What the cache asks the system for when it writes.
STEPS = ("makedirs", "open", "writev", "write", "fsync", "close", "replace", "utime", "unlink")
#: More steps than any update takes.
MOST_STEPS = 60


@pytest.fixture
def shop() -> Straight:
    made = Straight()
    made.publish(OLD)
    return made


@pytest.fixture
def place(tmp_path: Path, shop: Straight) -> Path:
    """A cache with the old release; the new one is published."""
    shop.delivery(tmp_path / "cache").refresh(APP)
    shop.publish(NEW)
    return tmp_path / "cache"


@pytest.fixture(params=["at once", "as they come"])
def writing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Few files are written when all are here, many while they come; here the same ones in either way."""
    if request.param == "as they come":
        monkeypatch.setattr("kernel.delivery.transfer.BATCH", 0)
        monkeypatch.setattr("kernel.delivery.transfer.PIECE", 1)
        monkeypatch.setattr("kernel.delivery.behind.SEGMENT", 2000)
    return str(request.param)


def at_step(number: int, act: Callable[[], None], names: tuple[str, ...] = STEPS) -> Callable[[], int]:
    """Have ``act`` called before the ``number``-th call of the system by this process; answers a counter of calls."""
    count = 0

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            nonlocal count
            count += 1
            if count == number:
                act()
            return function(*args, **options)

        return call

    for name in names:
        setattr(os, name, counted(getattr(os, name)))
    return lambda: count


def forked(work: Callable[[], int]) -> int:
    """The exit status of ``work`` in a process of its own, negative for a signal."""
    number = os.fork()
    if number == 0:
        status = 70
        try:
            status = work()
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(number, 0)[1])


def test_killed_at_any_step_leaves_the_old_release_or_the_new_one(shop: Straight, place: Path, writing: str) -> None:
    def update(step: int) -> int:
        at_step(step, lambda: os.kill(os.getpid(), signal.SIGKILL))
        shop.delivery(place).refresh(APP)
        return 0

    killed = new = 0
    for step in range(1, MOST_STEPS):
        status = forked(lambda step=step: update(step))  # type: ignore[misc]
        assert status in (0, -signal.SIGKILL)
        killed += status != 0
        delivery = shop.delivery(place)
        is_new = whole(delivery, NEW)
        assert is_new or whole(delivery, OLD)
        new += is_new
        if status == 0:
            break
    assert killed > 5 and new
    assert shop.delivery(place).refresh(APP).files.keys() == NEW.keys()


@pytest.mark.parametrize("reason", [errno.ENOSPC, errno.EIO, errno.EMFILE, errno.EDQUOT])
def test_a_failure_at_any_write_is_told_and_the_old_release_stays(
    shop: Straight, place: Path, reason: int, writing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("writev", "fsync", "replace")
    failed = 0
    for step in range(1, MOST_STEPS):
        with monkeypatch.context() as patch:
            for name in names:
                patch.setattr(os, name, getattr(os, name))

            def fail() -> None:
                raise OSError(reason, os.strerror(reason))

            at_step(step, fail, names)
            delivery = shop.delivery(place)
            try:
                delivery.refresh(APP)
                break
            except CacheError as error:
                failed += 1
                assert os.strerror(reason) in error.message
        if whole(shop.delivery(place), NEW):  # all was in its place, only the waiting for the disk failed
            break
        assert whole(shop.delivery(place), OLD)
        left = [name for folder in place.iterdir() if folder.is_dir() for name in os.listdir(folder)]
        assert not [name for name in left if name.startswith(TEMPORARY)]
    assert failed >= 3 and whole(shop.delivery(place), NEW)


def test_a_full_file_system_keeps_the_old_release(shop: Straight, place: Path, writing: str) -> None:
    """A limit of the system on the size of files stands for a small disk."""
    shop.publish(OLD | {"big": random.Random(1).randbytes(300_000)})

    def update() -> int:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        try:
            shop.delivery(place).refresh(APP)
        except CacheError:
            return 7
        return 0

    assert forked(update) == 7
    assert whole(shop.delivery(place), OLD)


def test_a_cache_for_reading_only_opens_what_it_has_and_says_why_no_more(
    shop: Straight, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_open = os.open

    def refusing(path: Any, flags: int, *more: Any, **options: Any) -> int:
        if flags & (os.O_WRONLY | os.O_RDWR) and str(path).startswith(str(place)):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return really_open(path, flags, *more, **options)

    monkeypatch.setattr(os, "open", refusing)
    delivery = shop.delivery(place)
    with pytest.raises(CacheError, match=r"Read-only file system") as caught:
        delivery.refresh(APP)
    assert "read-only" in caught.value.hint and whole(delivery, OLD)
    with pytest.raises(CacheError, match="cannot clean up"):
        clean_up(delivery.cache, 0)
    assert whole(delivery, OLD)


def test_eight_processes_update_with_one_download(shop: Straight, place: Path) -> None:
    downloads = place.parent / "downloads"

    def note() -> None:
        with open(downloads, "a") as file:
            file.write("x")

    shop.asked = note
    fork = multiprocessing.get_context("fork")
    start = fork.Event()

    def update() -> None:
        start.wait()
        delivery = shop.delivery(place)
        delivery.refresh(APP)
        os._exit(0 if whole(delivery, NEW) else 1)

    processes = [fork.Process(target=update) for _ in range(8)]
    for process in processes:
        process.start()
    start.set()
    for process in processes:
        process.join(PATIENCE_S)
    assert [process.exitcode for process in processes] == [0] * 8
    assert downloads.read_text() == "x"


def test_whoever_waits_goes_on_when_the_process_with_the_turn_dies(shop: Straight, place: Path) -> None:
    """The lock goes with its process, whatever it was doing."""
    entered, gate = os.pipe(), os.pipe()

    def hold() -> None:
        os.write(entered[1], b"x")
        os.read(gate[0], 1)  # for ever: it is killed here

    first = os.fork()
    if first == 0:
        shop.asked = hold
        shop.delivery(place).refresh(APP)
        os._exit(1)
    os.read(entered[0], 1)
    second = os.fork()
    if second == 0:
        shop.delivery(place).refresh(APP)
        os._exit(0)
    os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)
    assert os.waitstatus_to_exitcode(os.waitpid(second, 0)[1]) == 0
    assert whole(shop.delivery(place), NEW)


def test_what_dead_processes_left_goes_at_the_next_write(shop: Straight, place: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(PATIENCE_S)
    left = [place / folder / f"{TEMPORARY}{gone.pid}-abc" for folder in ("segments", "records")]
    mine = place / "segments" / f"{TEMPORARY}{os.getpid()}-abc"
    mine.write_bytes(b"half")
    for path in left:
        path.write_bytes(b"half")
        os.utime(path, (1000, 1000))
    shop.delivery(place).refresh(APP)
    assert not any(path.exists() for path in left) and mine.exists()


def test_readers_and_an_update_miss_nothing_while_it_is_cleaned_up(shop: Straight, place: Path) -> None:
    """Readers in processes of their own read what is held over and over; this one publishes and cleans up."""
    fork = multiprocessing.get_context("fork")
    stop = fork.Event()
    rounds = [fork.Value("i", 0) for _ in range(3)]

    def read(number: int) -> None:
        delivery = shop.delivery(place)
        while not stop.is_set():
            manifest = delivery.cached(APP)
            if manifest is None or any(delivery.cache.get(file.sha256) is None for file in manifest.files.values()):
                os._exit(1)
            rounds[number].value += 1
        os._exit(0)

    readers = [fork.Process(target=read, args=(number,)) for number in range(len(rounds))]
    for reader in readers:
        reader.start()
    delivery = shop.delivery(place)
    for number in range(12):
        shop.publish(OLD | {"main.kdl": b"%d" % number * 3000})
        delivery.refresh(APP)
        clean_up(delivery.cache, 0, grace_s=0.0)
        seen = [count.value for count in rounds]
        wait_for(lambda seen=seen: all(now.value > before for now, before in zip(rounds, seen, strict=True))  # type: ignore[misc]
                 or any(not reader.is_alive() for reader in readers))  # fmt: skip
    stop.set()
    for reader in readers:
        reader.join(PATIENCE_S)
    assert [reader.exitcode for reader in readers] == [0] * len(readers)


def flip(path: Path, offset: int) -> None:
    """Change one byte in place; size and time stay."""
    facts = path.stat()
    with open(path, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 0x55]))
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


def test_altered_bytes_anywhere_in_the_cache_are_never_read(writing: str, shop: Straight, place: Path) -> None:
    """Every byte of what is stored may be flipped: what comes back is right or missing, and is fetched again."""
    chance = random.Random(5)
    contents = {sha(data): data for data in OLD.values()}
    files = [path for folder in ("segments", "records") for path in (place / folder).iterdir()]
    for _ in range(400):
        path = chance.choice(files)
        offset = chance.randrange(path.stat().st_size)
        flip(path, offset)
        cache = Cache(place)
        for name, data in contents.items():
            assert cache.get(name) in (data, None)
        cache.close()
        flip(path, offset)
    flip(next((place / "segments").iterdir()), 30)
    flip(next((place / "segments").iterdir()), (next((place / "segments").iterdir())).stat().st_size - 1)
    delivery = shop.delivery(place)
    assert delivery.refresh(APP).files.keys() == NEW.keys() and whole(delivery, NEW)


def test_links_in_the_caches_place_are_not_followed(shop: Straight, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for folder in ("segments", "records"):
        cache = tmp_path / f"cache {folder}"
        cache.mkdir()
        (cache / folder).symlink_to(elsewhere)
        with pytest.raises(CacheError, match="Not a directory|a link stands"):
            shop.delivery(cache).refresh(APP)
    assert list(elsewhere.iterdir()) == []


def test_a_segment_or_record_that_is_a_link_is_not_read(shop: Straight, place: Path, tmp_path: Path) -> None:
    for folder in ("segments", "records"):
        for path in list((place / folder).iterdir()):
            moved = tmp_path / path.name
            path.rename(moved)
            path.symlink_to(moved)
    delivery = shop.delivery(place)
    assert delivery.cached(APP) is None
    assert delivery.refresh(APP) and whole(delivery, NEW)


#: What stands in the place of a file of the cache.
PLANTED: dict[str, Callable[[Path], None]] = {
    "a pipe that never ends": os.mkfifo,
    "a folder": os.mkdir,
    "a file larger than memory": lambda path: (path.touch(), os.truncate(path, 1 << 40))[1],
    "a name that is no text": lambda path: path.write_bytes(record(b"\xff\xfe", b"")),
}


def record(name: bytes, data: bytes) -> bytes:
    """A record with a right sum."""
    return struct.pack(">8s32sI", b"ESPREC01", hashlib.sha256(name + data).digest(), len(name)) + name + data


@pytest.mark.parametrize("what", PLANTED)
def test_what_is_no_file_of_the_cache_is_as_if_it_were_not_there(shop: Straight, place: Path, what: str) -> None:
    """Another program of the same person plants it; neither a start nor a clean-up waits for it or ends by it."""
    for folder in ("segments", "records"):
        for path in list((place / folder).iterdir()):
            path.unlink()
            PLANTED[what](path)
        PLANTED[what](place / folder / f"{'ab' * 20}{'.seg' if folder == 'segments' else ''}")

    def work() -> int:
        signal.alarm(60)
        delivery = shop.delivery(place)
        list(all_roots(delivery.cache))
        return 0 if delivery.cached(APP) is None else 1

    assert forked(work) == 0


def test_a_segment_that_says_to_hold_more_than_any_blob_has(shop: Straight, place: Path) -> None:
    (segment,) = (place / "segments").iterdir()
    wanted = sha(OLD["main.kdl"])
    index = struct.pack(">32sQQ", bytes.fromhex(wanted), 100, 1 << 39)
    segment.write_bytes(struct.pack(">8sI32s", b"ESPSEG01", 1, hashlib.sha256(index).digest()) + index)
    os.truncate(segment, 1 << 40)
    assert Cache(place).get(wanted) is None


def test_a_blob_swapped_for_another_ones_bytes_is_fetched_again(shop: Straight, place: Path) -> None:
    """A whole segment under another one's name: its index tells other blobs, which are checked like all."""
    (segment,) = (place / "segments").iterdir()
    other = Cache(place.parent / "other")
    other.put_many([b"something else" * 100])
    (foreign,) = (place.parent / "other" / "segments").iterdir()
    segment.write_bytes(foreign.read_bytes())
    delivery = shop.delivery(place)
    assert delivery.refresh(APP) and whole(delivery, NEW)
    assert set(all_roots(delivery.cache)) >= {sha(data) for data in NEW.values()}
