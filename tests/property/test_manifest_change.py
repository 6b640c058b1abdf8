"""A manifest that is read as a change of another one is the one that reading all of it gives, or none."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel import manifest_change
from kernel.delivery import manifest_splice
from kernel.manifest_change import decode_change
from kernel.release import File, Known, Manifest, Release, ReleaseError, decode_manifest, decode_offered, remember

#: Names with everything that stands between the entries of a manifest.
ODD = ("size", 'x},"', ',"size":1},"', "sha256")
NAMES = st.text('ab{}[],:"\\/1 ä\n', min_size=1, max_size=6) | st.sampled_from(ODD)
FILES = st.builds(File, st.sampled_from(["ab" * 32, "cd" * 32, 'x,"size":1},"y']), st.integers(0, 1200))
TREES = st.dictionaries(NAMES, FILES, max_size=8)


@pytest.fixture(autouse=True, scope="module")
def small_ones_too():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_change, "_SMALL", 0)
        patch.setattr(manifest_splice, "SMALL", 0)
        yield


def manifest_of(files: dict[str, File], version: str = "1", serial: int = 1) -> Manifest:
    return Manifest("shop", "Shop", version, serial, "", ("layout",), dict(sorted(files.items())))


def known_as(manifest: Manifest) -> Known:
    return Known(manifest.encode(), manifest)


@settings(deadline=None)
@given(TREES, TREES, st.sets(st.integers(0, 7)), st.text(max_size=3))
def test_it_is_what_the_whole_says(old: dict[str, File], come: dict[str, File], gone: set[int], version: str) -> None:
    before = manifest_of(old)
    left = {path: file for number, (path, file) in enumerate(sorted(old.items())) if number not in gone}
    after = manifest_of(left | come, version, 2)
    found = decode_change(after.encode(), known_as(before))
    assert found is None or (found == after and list(found.files) == list(after.files))


@settings(deadline=None, max_examples=300)
@given(TREES.filter(bool), st.binary(max_size=12), st.integers(0, 2000), st.integers(0, 12))
def test_of_altered_bytes_nothing_is_read_that_is_not_canonical(
    files: dict[str, File], spoil: bytes, at: int, length: int
) -> None:
    before = known_as(manifest_of(files))
    at %= len(before.data)
    data = before.data[:at] + spoil + before.data[at + length :]
    found = decode_change(data, before)
    if found is not None:
        assert found.encode() == data and found == decode_manifest(data)
        assert list(found.files) == sorted(found.files)


def test_a_change_of_one_file_among_many_is_read_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"part/{number:03}.txt": File("ab" * 32, number) for number in range(200)}
    before = manifest_of(files)
    changes = (
        files | {"part/100.txt": File("cd" * 32, 7)},
        files | {"part/000.txt": File("cd" * 32, 7)},
        files | {"part/199.txt": File("cd" * 32, 7)},
        files | {"part/1000.txt": File("ab" * 32, 7)},
        files | {"a": File("ab" * 32, 7)},
        files | {"z": File("ab" * 32, 7)},
        {path: file for path, file in files.items() if path != "part/077.txt"},
    )
    monkeypatch.setattr("kernel.release.decode_manifest", lambda data: pytest.fail("all of it was read"))
    for changed in changes:
        after = manifest_of(changed, serial=2)
        remember("held", before.encode(), before)
        found = decode_offered(Release(after.encode()), "held")
        assert found == after and list(found.files) == list(after.files)
        same = [path for path, file in found.files.items() if files.get(path) is file]
        assert len(same) >= 198, "what did not change are the same objects"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"size":100}', b'"size":100,"size":100}'),
        (b'"size":100}', b'"size":0100}'),
        (b'"size":100}', b'"size": 100}'),
        (b'"size":100}', b'"mode":1,"size":100}'),
        (b'"part/100.txt"', b'"part/\\u0031\\u0030\\u0030.txt"'),
        (b'"part/100.txt"', b'"part/099.txt"'),
        (b'"part/100.txt"', b'"part/999.txt"'),
        (b'"serial":1', b'"serial":1,"serial":1'),
        (b'"serial":1', b'"strange":1,"serial":1'),
    ],
)
def test_a_change_that_can_be_read_in_two_ways_is_refused(old: bytes, new: bytes) -> None:
    before = manifest_of({f"part/{number:03}.txt": File("ab" * 32, number) for number in range(200)})
    remember("held", before.encode(), before)
    with pytest.raises(ReleaseError, match="canonical|cannot be read"):
        decode_offered(Release(before.encode().replace(old, new, 1)), "held")
    with contextlib.suppress(ReleaseError):
        assert decode_offered(Release(before.encode()), "held") == before


BYTES = st.lists(st.sampled_from([b"a", b"b", b'},"', b'}', b'"path":{"size":1']), max_size=30).map(b"".join)


@settings(deadline=None, max_examples=300)
@given(BYTES, BYTES)
def test_differences_from_another_one_give_it_again(new: bytes, whole: bytes) -> None:
    found = manifest_splice.splices_of(new, whole)
    if found is not None:
        assert manifest_splice.spliced(whole, found) == new
    assert found is not None or min(new.count(b'},"'), whole.count(b'},"')) < 2


@settings(deadline=None)
@given(BYTES, st.lists(st.tuples(st.integers(-9, 200), st.integers(-9, 200), BYTES), max_size=4))
def test_places_that_are_none_give_nothing(whole: bytes, splices: list[tuple[int, int, bytes]]) -> None:
    found = manifest_splice.spliced(whole, tuple(splices))
    ends = [0, *(place for first, end, _ in splices for place in (first, end)), len(whole)]
    assert (found is None) == (ends != sorted(ends))
