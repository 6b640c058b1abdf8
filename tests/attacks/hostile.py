"""A server between a real one and a real client: it passes answers on, but for what an attacker alters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from securesystemslib.signer import CryptoSigner

from kernel.cache import Cache
from kernel.delivery import Delivery
from kernel.release import Manifest, ReleaseError
from kernel.trust import key
from kernel.trust import role as making
from kernel.trust.document import decode
from kernel.trust.seal import Seal
from kernel.trust.server_trust import ServerTrust
from kernel.wire.call import Call
from kernel.wire.error import RemoteError
from kernel.wire.link import Link
from kernel.wire.server import Commands, Row, ServerThread
from server.arguments import BlobsArgs, FilesArgs, ReleaseArgs
from tests.served import ServerProcess, commit, git, in_app, make_repository

Answer = dict[str, Any]


class Between:
    """Passes everything on to ``address``.

    Attributes:
        alter: Gets each answer to ``release`` and gives what is sent instead.
        asked: The questions so far.
        withholds_files: Whether no file of any release is passed on.
        streams: How many times files were asked for.
    """

    def __init__(self, address: str) -> None:
        self.real = Link(address)
        self.alter: Callable[[Answer], Answer] = lambda answer: answer
        self.asked: list[Answer] = []
        self.withholds_files = False
        self.streams = 0
        self.server = ServerThread(
            Commands(
                (
                    Row("release", "A release.", ReleaseArgs, self._release, is_blocking=True),
                    Row("files", "Files.", FilesArgs, self._files, is_stream=True),
                    Row("blobs", "Files by hash.", BlobsArgs, self._blobs, is_stream=True),
                )
            ),
            "127.0.0.1:0",
        )

    def _release(self, call: Call, args: ReleaseArgs) -> Answer:
        question = msgspec.to_builtins(args)
        self.asked.append(question)
        if self.withholds_files:
            question = question | {"with_files": False}
        return self.alter(self.answer(question))

    def answer(self, question: Answer) -> Answer:
        """What the real server answers."""
        return self.real.call("release", {name: value for name, value in question.items() if value is not None})

    def _files(self, call: Call, args: FilesArgs) -> Iterator[bytes]:
        self.streams += 1
        if self.withholds_files:
            raise RemoteError("not_found", "this server does not have that release")
        return self.real.stream("files", msgspec.to_builtins(args))

    def _blobs(self, call: Call, args: BlobsArgs) -> Iterator[bytes]:
        return self.real.stream("blobs", msgspec.to_builtins(args))

    def close(self) -> None:
        """End."""
        self.server.close()
        self.real.close()


class Desk:
    """A real server with the app shop, an attacker in between, and a person who has opened the app.

    Attributes:
        folder: The server's and the person's files.
        between: The attacker.
        first: The release that is here.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bare, self.work = make_repository(folder / "git")
        self.start()
        self.between = Between(self.real.address)
        self.delivery = self.open()
        self.first = self.delivery.refresh("shop")

    def start(self) -> None:
        """Start the real server."""
        self.real = ServerProcess(self.bare, log_path=self.folder / "server.log")

    def restart(self, while_down: Callable[[], None] = lambda: None) -> None:
        """Stop the real server, do something, start it again."""
        self.real.stop()
        while_down()
        self.start()
        self.between.real.close()
        self.between.real = Link(self.real.address)

    def signer(self, role: str) -> CryptoSigner:
        """The private key of a role, wherever it is kept."""
        found = key.in_folder(self.trust_folder / "keys") | key.in_folder(next((self.folder / "keys").iterdir()))
        by_id = {signer.public_key.keyid: signer for signer in found.values()}
        root = self.content("root")
        if role in root.roles:
            return by_id[root.roles[role].keyids[0]]
        return by_id[self.content("targets").delegations.roles["apps"].keyids[0]]

    def content(self, role: str) -> Any:
        """What a role of the real server says, to be changed."""
        roles = self.metadata()
        name = max((name for name in roles if name.startswith("root.")), key=lambda name: int(name[5:]))
        return decode(role, roles[name if role == "root" else role]).signed

    def signed(self, role: str, change: Callable[[Any], None], *signers: CryptoSigner) -> bytes:
        """The next version of a role with a change, signed with its own key or with ``signers``."""
        content = self.content(role)
        making.renew(content, role)
        change(content)
        return making.sign(content, signers or [self.signer(role)])

    def top_of(self, roles: dict[str, bytes], **changes: Any) -> dict[str, bytes]:
        """``roles`` with a snapshot and a timestamp that name them, signed with the server's stolen keys."""

        def list_all(snapshot: Any) -> None:
            for role, data in roles.items():
                if not role.startswith("root."):
                    snapshot.meta[f"{role}.json"] = making.file_of(data, decode(role, data).signed.version)
            changes.get("snapshot", lambda content: None)(snapshot)

        snapshot = self.signed("snapshot", list_all)

        def name(timestamp: Any) -> None:
            timestamp.snapshot_meta = making.file_of(snapshot, decode("snapshot", snapshot).signed.version)
            changes.get("timestamp", lambda content: None)(timestamp)

        return roles | {"snapshot": snapshot, "timestamp": self.signed("timestamp", name)}

    @property
    def trust_folder(self) -> Path:
        """Where the real server keeps what is signed."""
        return self.bare / "espalier" / "trust"

    def open(self, **options: Any) -> Delivery:
        """The app as the next start of the shell sees it."""
        cache, data = Cache(self.folder / "cache"), self.folder / "data" / "trust"
        seal = Seal(data / "seal.key")
        trust = ServerTrust(data, "home", cache, seal=seal, **options)
        link = Link(str(self.between.server.address))
        self.links = [*getattr(self, "links", []), link]
        return Delivery(cache, "home", lambda: link, trust, seal)

    def push(self, **files: str) -> None:
        """Publish other files of shop and wait until the real server has the release."""
        before = self.between.answer({"app": "shop", "seen": {}})["release"]
        commit(self.work, in_app("shop", {name.replace("_", "."): text for name, text in files.items()}))
        git(self.work, "push", "-q", "origin", "HEAD:main")
        from tests.waiting import wait_for

        wait_for(lambda: self.between.answer({"app": "shop", "seen": {}})["release"] != before)

    def metadata(self, **seen: int) -> dict[str, bytes]:
        """What the real server has signed."""
        return self.between.answer({"app": "shop", "seen": seen}).get("metadata", {})

    def instead(self, roles: dict[str, bytes]) -> None:
        """Send other roles than the real server's."""
        self.between.alter = lambda answer: answer | {"metadata": answer.get("metadata", {}) | roles}

    def refuse(self, match: str, delivery: Delivery | None = None) -> ReleaseError:
        """A refresh that must be refused in these words; what was here still opens, after a new start as well."""
        blobs = Cache(self.folder / "cache").size()
        with pytest.raises(ReleaseError, match=match) as caught:
            (delivery or self.delivery).refresh("shop")
        assert caught.value.message[0] not in ".," and not caught.value.message.endswith(".")
        assert Cache(self.folder / "cache").size() == blobs, "something of what was refused was kept"
        again = self.open()
        held = again.cached("shop")
        assert held == self.first and again.read(held, "main.kdl")
        return caught.value

    def accept(self) -> Manifest:
        """An honest answer is taken again."""
        self.between.alter = lambda answer: answer
        self.first = self.delivery.refresh("shop")
        return self.first

    def close(self) -> None:
        """End everything."""
        for link in self.links:
            link.close()
        self.between.close()
        self.real.stop()
