"""The cache: kept, verified, repaired, shared between processes, safe when the disk is full."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from kernel.cache import Cache, CacheError
from tests.waiting import PATIENCE_S


def sha(data):
    return hashlib.sha256(data).hexdigest()


def segments(cache):
    return sorted(os.path.join(cache.segment_directory, name) for name in os.listdir(cache.segment_directory))


def age(cache):
    for path in segments(cache):
        os.utime(path, (1000, 1000))


def flip(path, offset):
    with open(path, "r+b") as file:
        file.seek(offset, os.SEEK_END if offset < 0 else os.SEEK_SET)
        byte = file.read(1)
        file.seek(-1, os.SEEK_CUR)
        file.write(bytes([byte[0] ^ 0xFF]))


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def test_blobs_come_back_also_in_another_process_object(cache):
    blobs = [b"", b"a", b"b" * 100_000]
    names = cache.put_many(blobs)
    assert names == [sha(blob) for blob in blobs]
    assert [cache.get(name) for name in names] == blobs
    assert [Cache(cache.directory).get(name) for name in names] == blobs
    assert cache.get(sha(b"other")) is None and not cache.has(sha(b"other"))


def test_nothing_is_created_before_the_first_write(cache):
    assert cache.get(sha(b"x")) is None and cache.read_record("x") is None and cache.record_names() == []
    assert cache.collect([], 0) == 0
    assert not os.path.exists(cache.directory)


def test_the_same_blob_is_kept_once(cache):
    cache.put_many([b"one", b"one"])
    cache.put_many([b"one"])
    assert len(segments(cache)) == 1
    assert os.listdir(cache.segment_directory) == [os.path.basename(segments(cache)[0])]


def test_another_processs_blobs_are_found(cache):
    other = Cache(cache.directory)
    assert other.get(sha(b"new")) is None
    cache.put_many([b"new"])
    assert other.get(sha(b"new")) == b"new"


@pytest.mark.parametrize("is_open", [False, True])
def test_an_altered_blob_is_dropped_and_can_be_put_again(cache, is_open):
    good, bad = cache.put_many([b"good" * 100, b"bad" * 100])
    (path,) = segments(cache)
    reader = cache if is_open else Cache(cache.directory)
    order = sorted([good, bad])
    flip(path, -1)  # the last byte belongs to the blob whose hash is greater
    altered, whole = order[1], order[0]
    assert reader.get(altered) is None and not reader.has(altered)
    assert reader.get(whole) is not None
    assert reader.missing([good, bad]) == [altered]
    data = b"good" * 100 if altered == good else b"bad" * 100
    reader.put_many([data])
    assert reader.get(altered) == data and Cache(cache.directory).get(altered) == data


def test_putting_over_an_altered_copy_repairs_it_for_others_too(cache):
    (name,) = cache.put_many([b"data" * 10])
    other = Cache(cache.directory)
    flip(segments(cache)[0], -1)
    assert other.get(name) is None and cache.get(name) is None
    cache.put_many([b"data" * 10])  # the same segment name: the damaged file is replaced
    assert len(segments(cache)) == 1
    assert other.get(name) == b"data" * 10


@pytest.mark.parametrize("offset", [0, 9, 20, 50, 80])
def test_an_altered_index_hides_the_segment(cache, offset):
    (name,) = cache.put_many([b"data" * 10])
    flip(segments(cache)[0], offset)
    fresh = Cache(cache.directory)
    assert fresh.get(name) is None
    fresh.put_many([b"data" * 10])
    assert fresh.get(name) == b"data" * 10


def test_every_single_altered_byte_is_noticed(cache):
    blobs = [b"first blob", b"second blob"]
    names = cache.put_many(blobs)
    (path,) = segments(cache)
    for offset in range(os.path.getsize(path)):
        flip(path, offset)
        fresh = Cache(cache.directory)
        assert all(fresh.get(name) in (blob, None) for name, blob in zip(names, blobs, strict=True))
        assert any(fresh.get(name) is None for name in names)
        fresh.close()
        flip(path, offset)


def test_a_truncated_segment_loses_only_what_is_cut_off(cache):
    names = cache.put_many([b"a" * 1000, b"b" * 1000])
    (path,) = segments(cache)
    size = os.path.getsize(path)
    for length in (size - 1, size - 1000, 60, 10, 0):
        os.truncate(path, length)
        fresh = Cache(cache.directory)
        assert [fresh.get(name) is not None for name in sorted(names)] == [length >= size - 1000, False]


def test_a_segment_that_is_a_link_is_not_followed(cache, tmp_path):
    (name,) = cache.put_many([b"data"])
    (path,) = segments(cache)
    os.rename(path, tmp_path / "elsewhere")
    os.symlink(tmp_path / "elsewhere", path)
    assert Cache(cache.directory).get(name) is None


def test_records(cache):
    cache.write_record("release/ä b", b"one")
    cache.write_record("release/c", b"two")
    cache.write_record("release/c", b"three")
    assert cache.read_record("release/c") == b"three" and cache.read_record("release/d") is None
    assert cache.record_names("release/") == ["release/c", "release/ä b"]
    cache.remove_record("release/c")
    cache.remove_record("release/c")
    assert cache.read_record("release/c") is None


def test_a_damaged_record_is_as_if_it_were_not_there(cache):
    cache.write_record("name", b"value")
    (file,) = os.listdir(os.path.join(cache.directory, "records"))
    path = os.path.join(cache.directory, "records", file)
    for offset in range(os.path.getsize(path)):
        flip(path, offset)
        assert cache.read_record("name") is None
        flip(path, offset)
    for length in (os.path.getsize(path) - 1, 10, 0):
        os.truncate(path, length)
        assert cache.read_record("name") is None and cache.record_names() == []
    cache.write_record("name", b"again")
    assert cache.read_record("name") == b"again"


def _write(directory, worker, start):
    cache = Cache(directory)
    start.wait(PATIENCE_S)
    for number in range(20):
        cache.put_many([b"shared %d" % number, b"own %d %d" % (worker, number)])
        cache.write_record("current", b"%d" % worker * 1000)


def test_eight_processes_write_at_once(cache):
    context = multiprocessing.get_context("spawn")
    start = context.Event()
    workers = [context.Process(target=_write, args=(cache.directory, worker, start)) for worker in range(8)]
    for worker in workers:
        worker.start()
    start.set()
    for worker in workers:
        worker.join(PATIENCE_S)
    assert [worker.exitcode for worker in workers] == [0] * 8
    for number in range(20):
        assert cache.get(sha(b"shared %d" % number))
        assert all(cache.get(sha(b"own %d %d" % (worker, number))) for worker in range(8))
    record = cache.read_record("current")
    assert record in [b"%d" % worker * 1000 for worker in range(8)]
    assert not [name for name in os.listdir(cache.segment_directory) if name.startswith("tmp-")]


def _read_and_collect(directory, name, start, stop):
    cache = Cache(directory)
    start.wait(PATIENCE_S)
    while not stop.is_set():
        if cache.get(name) is None:
            raise SystemExit(1)
        cache.collect([name], 0, grace_s=0)


def test_no_reader_misses_a_blob_while_others_clean_up(cache):
    context = multiprocessing.get_context("spawn")
    (name,) = cache.put_many([b"needed"])
    start, stop = context.Event(), context.Event()
    workers = [context.Process(target=_read_and_collect, args=(cache.directory, name, start, stop)) for _ in range(3)]
    for worker in workers:
        worker.start()
    start.set()
    for number in range(100):
        cache.put_many([b"needed", b"garbage %d" % number * 100])
        assert cache.get(name) == b"needed"
    stop.set()
    for worker in workers:
        worker.join(PATIENCE_S)
    assert [worker.exitcode for worker in workers] == [0] * 3


@pytest.fixture
def small_disk(tmp_path):
    """A file system of 256 KiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], capture_output=True)
    if mounted.returncode:
        pytest.skip("no right to mount a small disk; the file size limit below tests the same path")
    yield place
    subprocess.run(["umount", place], check=True)


def check_nothing_is_lost(cache, big):
    names = cache.put_many([b"old" * 1000])
    cache.write_record("current", b"old")
    before = segments(cache)
    with pytest.raises(CacheError) as caught:
        cache.put_many([b"small", big])
    assert "cannot write the cache" in str(caught.value) and caught.value.hint
    with pytest.raises(CacheError):
        cache.write_record("current", big)
    assert segments(cache) == before and not cache.has(sha(b"small"))
    assert cache.get(names[0]) == b"old" * 1000 and cache.read_record("current") == b"old"
    assert len(os.listdir(os.path.join(cache.directory, "records"))) == 1
    cache.put_many([b"small"])
    assert cache.get(sha(b"small")) == b"small"
    cache.close()


def test_disk_full_leaves_the_old_state(small_disk):
    check_nothing_is_lost(Cache(small_disk / "cache"), os.urandom(300_000))


def test_file_size_limit_leaves_the_old_state(cache):
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    try:
        check_nothing_is_lost(cache, os.urandom(200_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_file_where_the_directory_should_be(tmp_path):
    (tmp_path / "cache").write_text("in the way")
    cache = Cache(tmp_path / "cache")
    assert cache.get(sha(b"x")) is None
    with pytest.raises(CacheError):
        cache.put_many([b"x"])


def test_clean_up_keeps_roots_and_removes_the_rest(cache):
    (kept,) = cache.put_many([b"kept" * 100])
    (dead,) = cache.put_many([b"dead" * 100])
    mixed_kept, mixed_dead = cache.put_many([b"k", b"d" * 5000])
    age(cache)
    assert cache.collect([kept, mixed_kept], 10_000_000, grace_s=0) == 0  # below the limit nothing goes
    assert cache.collect([kept, mixed_kept], 0, grace_s=0) > 5000
    fresh = Cache(cache.directory)
    assert fresh.get(kept) and fresh.get(mixed_kept) == b"k"
    assert fresh.get(dead) is None and fresh.get(mixed_dead) is None


def test_clean_up_leaves_what_was_used_lately(cache):
    (young,) = cache.put_many([b"young"])
    assert cache.collect([], 0) == 0 and cache.get(young)
    age(cache)
    assert cache.missing([young]) == []  # somebody is about to name it in a record
    assert cache.collect([], 0) == 0 and cache.get(young)


def test_clean_up_leaves_what_is_used_while_it_cleans_up(cache, monkeypatch):
    from kernel.cache import clean_up

    (wanted,) = cache.put_many([b"wanted"])
    for segment in cache.segments():
        os.utime(segment.path, (1, 1))
    other = Cache(cache.directory)
    write = clean_up._write

    def meanwhile(*arguments):
        assert other.missing([wanted]) == []
        return write(*arguments)

    monkeypatch.setattr(clean_up, "_write", meanwhile)
    assert cache.collect([], 0, grace_s=0) == 0
    assert Cache(cache.directory).get(wanted) == b"wanted"
    monkeypatch.setattr(clean_up, "_write", write)
    assert cache.collect([], 0, grace_s=0) > 0


def test_what_was_cleaned_up_a_moment_ago_is_missing(cache):
    gone, other = cache.put_many([b"gone"]) + cache.put_many([b"other"])
    opened = Cache(cache.directory)
    assert opened.get(gone) and opened.get(other)
    cache.collect([other], 0, grace_s=0)
    assert opened.missing([gone, other]) == [gone]


def test_clean_up_takes_the_oldest_first_and_stops_at_the_limit(cache):
    names = [cache.put_many([bytes([number]) * 1000])[0] for number in range(3)]
    for number, name in enumerate(names):
        holder = cache._holder(bytes.fromhex(name))
        os.utime(holder.path, (1000 + number, 1000 + number))
    cache.collect([], cache.size() - 1, grace_s=0)
    assert [cache.has(name) for name in names] == [False, True, True]


def test_many_small_segments_become_one(cache):
    names = [cache.put_many([b"blob %d" % number])[0] for number in range(70)]
    age(cache)
    cache.collect(names, 10**9, grace_s=0)
    assert len(segments(cache)) == 1 and all(cache.get(name) for name in names)


def test_leftovers_of_a_killed_writer_are_swept(cache):
    cache.put_many([b"x"])
    left = os.path.join(cache.segment_directory, "tmp-1-abc")
    with open(left, "wb"):
        os.utime(left, (1000, 1000))
    cache.collect([], 10**9)
    assert not os.path.exists(left)


def test_each_segment_is_opened_once_and_its_index_read_at_once(cache, monkeypatch):
    for number in range(50):
        names = cache.put_many([b"%d %d" % (number, blob) for blob in range(20)])
    calls, os_open, os_pread = [], os.open, os.pread
    monkeypatch.setattr(os, "open", lambda *args: calls.append("open") or os_open(*args))
    monkeypatch.setattr(os, "pread", lambda *args: calls.append("pread") or os_pread(*args))
    fresh = Cache(cache.directory)
    assert fresh.get(names[0])
    assert (calls.count("open"), calls.count("pread")) == (50, 51)  # of the segments, and of the blob
    fresh.close()


def test_the_cache_imports_nothing_heavy():
    code = (
        "import sys, kernel.cache, kernel.delivery; "
        "heavy = {'asyncio', 'socket', 'ssl', 'logging', 'kernel.wire.protocol'} & set(sys.modules); "
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="handles are counted where the system lists them")
def test_a_cache_that_is_forgotten_keeps_no_file_open(tmp_path):
    Cache(tmp_path).put_many([b"one", b"two"])
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(5):
        cache = Cache(tmp_path)
        assert cache.get(hashlib.sha256(b"one").hexdigest()) == b"one"
    del cache
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_segment_that_was_cut_is_read_again_once_it_is_written_anew(tmp_path: Path) -> None:
    blobs = [bytes([number]) * 5000 for number in range(3)]
    hashes = Cache(tmp_path).put_many(blobs)
    [path] = (tmp_path / "segments").iterdir()
    path.write_bytes(path.read_bytes()[:4000])
    cache = Cache(tmp_path)
    assert [cache.get(one) for one in hashes] == [None, None, None]
    cache.put_many(blobs)
    assert [cache.get(one) for one in hashes] == blobs
