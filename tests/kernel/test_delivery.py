"""Delivery against a server that behaves, lies, breaks off or is away."""

from __future__ import annotations

import hashlib
import os
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kernel.cache import Cache, CacheError
from kernel.delivery import Delivery, DeliveryError, check_manifest
from kernel.delivery.held import clean_up
from kernel.delivery.pack import paths_of, wanted_files
from kernel.delivery.packing import Packer
from kernel.release import File, Manifest, Release, ReleaseError, Unsigned
from kernel.tables.error import UnavailableError
from kernel.wire.error import RemoteError
from kernel.wire.link import Link
from kernel.wire.server import Commands, NoArgs, Row, ServerThread

#: Bytes of a piece of a stream.
PIECE = 64 * 1024


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def manifest_of(files: dict[str, bytes], serial: int = 1, app: str = "shop", **other: Any) -> Manifest:
    named = {path: File(sha(data), len(data)) for path, data in sorted(files.items())}
    return Manifest(app, "Shop", "1.0", serial, "", ("layout", "main.kdl", "window"), named, **other)


class AppArgs(msgspec.Struct):
    app: str
    have: str = ""


class FilesArgs(msgspec.Struct):
    app: str
    release: str
    files: list[int]
    base: str = ""
    dictionary: str = ""
    has_dictionary: bool = False


class Shop:
    """A server of one app whose every answer can be spoilt."""

    def __init__(self) -> None:
        self.blobs: dict[str, bytes] = {}
        self.release: Release | None = None
        self.asked: list[str] = []
        self.sent: list[str] = []
        self.break_after: int | None = None
        self.releases: dict[str, Manifest] = {}
        self.commands = Commands(
            [
                Row(
                    "apps", "Apps.", NoArgs, lambda call, args: {"apps": [{"name": "shop", "title": "Shop", "new": 1}]}
                ),
                Row("release", "A release.", AppArgs, self.answer_release),
                Row("files", "Files.", FilesArgs, self.answer_files, is_stream=True),
            ]
        )

    def publish(self, files: dict[str, bytes], **other: Any) -> Manifest:
        manifest = manifest_of(files, **other)
        self.blobs |= {sha(data): data for data in files.values()}
        self.release = Release(manifest.encode())
        self.releases[self.release.id] = manifest
        return manifest

    def answer_release(self, call, args):
        self.asked.append(args.have)
        if args.app != "shop":
            raise RemoteError("not_found", f"there is no app '{args.app}'")
        return {"release": None if self.release.id == args.have else self.release}

    def answer_files(self, call, args):
        if args.release not in self.releases:
            raise RemoteError("not_found", "this server does not have that release any more")
        manifest, base = self.releases[args.release], self.releases.get(args.base)
        wanted = wanted_files(manifest, paths_of(manifest, args.files), base)
        self.sent += [file.sha256 for file in wanted]
        packed = b"".join(Packer(self.blobs.get).pack(wanted))
        for number, start in enumerate(range(0, len(packed), PIECE)):
            if number == self.break_after:
                raise RemoteError("failed", "the disk of the server is broken")
            yield packed[start : start + PIECE]


@pytest.fixture
def shop():
    return Shop()


@pytest.fixture
def server(shop):
    with ServerThread(shop.commands, "127.0.0.1:0") as running:
        yield running


@pytest.fixture
def delivery(tmp_path, server):
    link = Link(str(server.address))
    yield Delivery(Cache(tmp_path / "cache"), "home", lambda: link)
    link.close()


def no_link():
    raise AssertionError("the network must not be needed")


def offline(delivery, trust=None):
    """What another start of the shell sees, without a server."""
    return Delivery(Cache(delivery.cache.directory), delivery.server_name, no_link, trust)


FILES = {
    "app.toml": b"name = 'shop'",
    "main.kdl": b"window" * 1000,
    "parts/a.kdl": b"",
    "icon.png": os.urandom(400_000),
}


def test_an_app_comes_once_and_opens_without_the_server(shop, delivery):
    wanted = shop.publish(FILES)
    manifest = delivery.refresh("shop")
    assert manifest == wanted and sorted(shop.sent) == sorted(map(sha, FILES.values()))
    again = offline(delivery)
    assert again.cached("shop") == wanted
    assert {path: again.read(manifest, path) for path in manifest.files} == FILES
    assert again.reader(manifest)("main.kdl") == FILES["main.kdl"]


def test_nothing_changed_is_one_question(shop, delivery):
    shop.publish(FILES)
    delivery.refresh("shop")
    shop.sent.clear()
    delivery.refresh("shop")
    assert shop.asked == ["", shop.release.id] and shop.sent == []


def test_only_what_is_new_is_fetched(shop, delivery):
    shop.publish(FILES)
    delivery.refresh("shop")
    shop.sent.clear()
    shop.publish(FILES | {"main.kdl": b"new"}, serial=2)
    assert delivery.refresh("shop").serial == 2 and shop.sent == [sha(b"new")]


def test_an_altered_blob_in_the_cache_is_fetched_again(shop, delivery):
    shop.publish(FILES)
    manifest = delivery.refresh("shop")
    directory = delivery.cache.segment_directory
    (name,) = os.listdir(directory)
    path = os.path.join(directory, name)
    data = bytearray(Path(path).read_bytes())
    at = data.index(FILES["main.kdl"])
    data[at] ^= 1
    with open(path, "r+b") as file:
        file.write(data)
    shop.sent.clear()
    away = offline(delivery)
    away._link_factory = lambda: (_ for _ in ()).throw(UnavailableError("away"))
    with pytest.raises(DeliveryError, match=r"main\.kdl.*away"):
        away.read(manifest, "main.kdl")
    assert away.read(manifest, "app.toml") == FILES["app.toml"]
    assert delivery.read(manifest, "main.kdl") == FILES["main.kdl"]
    assert shop.sent == [sha(FILES["main.kdl"])]
    assert offline(delivery).read(manifest, "main.kdl") == FILES["main.kdl"]


def refuse(shop, delivery, error, match):
    """A second release that must not come in; the first one stays."""
    first = delivery.cached("shop")
    with pytest.raises(error, match=match):
        delivery.refresh("shop")
    opened = offline(delivery)
    assert opened.cached("shop") == first
    assert all(opened.read(first, path) == FILES[path] for path in first.files)


@pytest.fixture
def held(shop, delivery):
    shop.publish(FILES)
    delivery.refresh("shop")
    return delivery


def test_a_wrong_blob_is_refused(shop, held):
    shop.publish(FILES | {"main.kdl": b"right"}, serial=2)
    shop.blobs[sha(b"right")] = b"wrong"
    refuse(shop, held, DeliveryError, r"'main\.kdl' that is not what the release says")
    assert not held.cache.has(sha(b"wrong"))


@pytest.mark.parametrize("instead", [b"longer than that", b""])
def test_a_blob_of_another_size_is_refused(shop, held, instead):
    shop.publish(FILES | {"main.kdl": b"right"}, serial=2)
    shop.blobs[sha(b"right")] = instead
    refuse(shop, held, DeliveryError, "bytes came for 1 files of 5 bytes|ended early|5 were expected")


def test_a_missing_blob_is_refused(shop, held):
    shop.publish(FILES | {"main.kdl": b"right"}, serial=2)
    del shop.blobs[sha(b"right")]
    refuse(shop, held, DeliveryError, "does not have")


def test_a_broken_off_stream_leaves_the_old_release(shop, held):
    shop.publish(FILES | {"big": os.urandom(900_000)}, serial=2)
    shop.break_after = 2
    refuse(shop, held, RemoteError, "broken")
    shop.break_after = None
    assert held.refresh("shop").serial == 2


def test_a_manifest_that_is_none_is_refused(shop, held):
    shop.release = Release(b"{not json")
    refuse(shop, held, ReleaseError, "manifest")


def test_an_older_release_is_refused_and_a_rollback_is_a_new_one(shop, held):
    shop.publish(FILES | {"main.kdl": b"new"}, serial=5)
    held.refresh("shop")
    shop.publish(FILES, serial=4)
    with pytest.raises(ReleaseError, match="release 4 of 'shop', which is older than release 5 .* was refused"):
        held.refresh("shop")
    assert held.cached("shop").serial == 5 and held.read(held.cached("shop"), "main.kdl") == b"new"
    assert not held.latest("shop").is_fresh
    shop.publish(FILES, serial=6)
    assert held.refresh("shop").serial == 6 and held.read(held.cached("shop"), "main.kdl") == FILES["main.kdl"]


def test_the_time_of_the_last_check_is_kept(shop, held, monkeypatch):
    assert 0 <= time.time() - held.checked_at("shop") < 3600
    monkeypatch.setattr(time, "time", lambda: 5_000_000_000.0)
    held.refresh("shop")
    assert held.checked_at("shop") == 5_000_000_000.0
    assert Delivery(held.cache, "server", lambda: None).checked_at("other") == 0


def test_another_apps_release_is_refused(shop, held):
    shop.publish(FILES, app="other")
    refuse(shop, held, ReleaseError, "of 'other', not of 'shop'")


def test_untrusted_releases_are_refused_also_from_the_cache(shop, held):
    class Nobody(Unsigned):
        def accept(self, app, metadata, release, held=""):
            raise ReleaseError("nobody trusted has signed it")

        def recheck(self, app, id):
            raise ReleaseError("nobody trusted has signed it")

    assert offline(held, Nobody()).cached("shop") is None
    shop.publish(FILES | {"main.kdl": b"new"}, serial=2)
    held.trust = Nobody()
    with pytest.raises(ReleaseError, match="signed"):
        held.refresh("shop")
    held.trust = Unsigned()
    assert held.cached("shop").serial == 1


def test_disk_full_keeps_the_old_release(shop, held, monkeypatch):
    shop.publish(FILES | {"main.kdl": b"new"}, serial=2)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("kernel.cache.durable.os.fsync", full)
        refuse(shop, held, CacheError, "No space left")
    assert held.refresh("shop").serial == 2


def test_latest_says_why_it_is_not_fresh(shop, held, server):
    assert held.latest("shop").is_fresh
    server.close()
    opened = held.latest("shop")
    assert not opened.is_fresh and opened.problem and opened.manifest.serial == 1
    with pytest.raises(UnavailableError):
        held.latest("never seen")


def test_a_damaged_file_of_a_release_that_the_server_has_no_more(shop, held):
    manifest = held.cached("shop")
    for name in os.listdir(held.cache.segment_directory):
        Path(held.cache.segment_directory, name).write_bytes(b"")
    shop.releases.clear()
    words = r"'main\.kdl' is missing or damaged, and home cannot send it again: .* more"
    with pytest.raises(DeliveryError, match=words):
        held.read(manifest, "main.kdl")


def test_unknown_app_and_file(shop, held):
    with pytest.raises(RemoteError) as caught:
        held.refresh("nothing")
    assert caught.value.code == "not_found"
    with pytest.raises(DeliveryError, match=r"did you mean main\.kdl"):
        held.read(held.cached("shop"), "mian.kdl")


def test_the_catalogue_is_kept(shop, delivery):
    assert delivery.cached_apps() == []
    assert [app.title for app in delivery.apps()] == ["Shop"]
    assert [app.name for app in offline(delivery).cached_apps()] == ["shop"]


def test_servers_do_not_share_names(shop, held):
    other = Delivery(held.cache, "work", no_link)
    assert other.cached("shop") is None
    held.forget("shop")
    assert held.cached("shop") is None


def test_clean_up_keeps_the_current_and_the_previous_release(shop, held):
    releases = [held.cached("shop")]
    for serial in (2, 3):
        shop.publish({"main.kdl": b"%d" % serial * 5000}, serial=serial)
        releases.append(held.refresh("shop"))
    assert clean_up(held.cache, 0, grace_s=0) > 400_000
    assert [held.cache.has(release.files["main.kdl"].sha256) for release in releases] == [False, True, True]


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../x", "a/../x", "a//b", "./a", "a/.", "a\\b", "C:/x", "a:b", "a\0b", "a\nb", ".git/config",
     "a/.GIT/x", "con", "a/NUL.txt", "com1", "a.", "a ", "a /b", "x" * 1025, "a?b", "a|b", "\ud800"],
)  # fmt: skip
def test_hostile_paths_are_refused(path):
    with pytest.raises(ReleaseError):
        check_manifest(manifest_of({path: b"", "ok": b""}))


@pytest.mark.parametrize("path", ["main.kdl", "parts/a b.kdl", ".hidden", "ä/ö.txt", "a..b", "console.py", "x-1_2"])
def test_ordinary_paths_are_fine(path):
    check_manifest(manifest_of({path: b""}), "shop")


@pytest.mark.parametrize(
    "paths",
    [("A.py", "a.py"), ("a/x", "A/y"), ("\u00e9", "e\u0301"), ("a", "a/b"), ("A", "a/b"), ("straße", "STRASSE")],
)
def test_twins_are_refused(paths):
    with pytest.raises(ReleaseError, match="one file"):
        check_manifest(manifest_of({path: b"" for path in paths}))


def test_impossible_files_are_refused():
    for file in (File("ab", 1), File(sha(b"").upper(), 1), File(sha(b""), -1), File(sha(b""), 1 << 40)):
        with pytest.raises(ReleaseError):
            check_manifest(msgspec.structs.replace(manifest_of({}), files={"a": file}))
    with pytest.raises(ReleaseError, match="limit"):
        check_manifest(
            msgspec.structs.replace(manifest_of({}), files={str(n): File(sha(b""), 0) for n in range(100_001)})
        )


def test_a_manifest_writes_only_what_is_not_the_default_so_that_older_releases_keep_their_ids():
    plain = manifest_of({"main.kdl": b"x"})
    assert not {b"channel", b"created", b"min_shell", b"previous", b"permissions"} & set(plain.encode().split(b'"'))
    full = manifest_of({"main.kdl": b"x"}, channel="beta", created=7, previous="ab", permissions=("net",))
    assert msgspec.json.decode(full.encode(), type=Manifest) == full


def test_a_release_for_a_newer_shell_is_refused_and_the_one_before_stays(shop, server, tmp_path):
    link = Link(str(server.address))
    delivery = Delivery(Cache(tmp_path / "cache"), "home", lambda: link, shell_version=lambda: "0.9.1")
    for serial, needed in ((1, ""), (2, "0.9")):
        shop.publish({"main.kdl": b"x%d" % serial}, serial=serial, min_shell=needed)
        assert delivery.refresh("shop").serial == serial
    shop.publish({"main.kdl": b"x3"}, serial=3, min_shell="0.10")
    with pytest.raises(ReleaseError, match="needs Espalier 0.10, and this is 0.9.1"):
        delivery.refresh("shop")
    assert delivery.cached("shop").serial == 2
    link.close()
