"""python-tuf as it is meant to be used: every file a target, fetched by its own client; import time not counted."""

from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp
from tuf.ngclient import Updater, UpdaterConfig

from benchmarks.fetch.peers import Files, nginx
from benchmarks.fetch.tree import Tree


class Tuf(Files):
    """A repository of its own behind nginx."""

    name = "python-tuf whole"
    needs = ("nginx",)

    def __init__(self, folder: Path, tree: Tree, round_trip_ms: float | None) -> None:
        super().__init__(folder, tree, round_trip_ms)
        self._signer = CryptoSigner.generate_ed25519()
        expires = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)
        root = Root(expires=expires, consistent_snapshot=False)
        for role in ("root", "targets", "snapshot", "timestamp"):
            root.add_key(self._signer.public_key, role)
        targets = Targets(expires=expires)
        for path, data in self.content.items():
            targets.targets[path] = TargetFile.from_data(path, data)
        self._targets = Metadata(targets)
        self._snapshot = Metadata(Snapshot(expires=expires))
        self._timestamp = Metadata(Timestamp(expires=expires))
        self._metadata = self.tree / "metadata"
        self._metadata.mkdir()
        signed = Metadata(root)
        signed.sign(self._signer)
        signed.to_file(str(self._metadata / "1.root.json"))
        self._write_metadata()
        self._url = f"http://127.0.0.1:{nginx(self, self.tree)}"
        self._here = self.target()
        self._fetch(self._here)

    def _write_metadata(self) -> None:
        self._snapshot.signed.meta["targets.json"] = MetaFile(self._targets.signed.version)
        self._timestamp.signed.snapshot_meta = MetaFile(self._snapshot.signed.version)
        for name, one in (("targets", self._targets), ("snapshot", self._snapshot), ("timestamp", self._timestamp)):
            one.sign(self._signer)
            one.to_file(str(self._metadata / f"{name}.json"))

    def _fetch(self, place: Path) -> float:
        files, metadata = place / "files", place / "metadata"
        if not metadata.exists():
            files.mkdir(parents=True)
            metadata.mkdir()
        started = time.perf_counter()
        updater = Updater(
            str(metadata),
            f"{self._url}/metadata/",
            str(files),
            f"{self._url}/",
            bootstrap=(self._metadata / "1.root.json").read_bytes(),
            config=UpdaterConfig(prefix_targets_with_hash=False, targets_max_length=50_000_000),
        )
        updater.refresh()
        for path in self.content:
            info = updater.get_targetinfo(path)
            assert info is not None
            if updater.find_cached_target(info) is None:
                updater.download_target(info)
        return (time.perf_counter() - started) * 1000

    def cold(self) -> float:
        """See :class:`benchmarks.fetch.peers.Peer`."""
        place = self.target()
        taken = self._fetch(place)
        shutil.rmtree(place)
        return taken

    def unchanged(self) -> float:
        """See :class:`benchmarks.fetch.peers.Peer`."""
        return self._fetch(self._here)

    def one_file(self) -> float:
        """See :class:`benchmarks.fetch.peers.Peer`."""
        path = self.change()
        self._targets.signed.targets[path] = TargetFile.from_data(path, self.content[path])
        for one in (self._targets, self._snapshot, self._timestamp):
            one.signed.version += 1
        self._write_metadata()
        return self._fetch(self._here)
