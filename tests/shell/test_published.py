"""Files of an app in a folder beside what is published of them: compared, marked, listed; nothing is started for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kernel.changed_lines import Hunk
from kernel.error import EspalierError
from kernel.versions import VersionError, keepers
from shell.publishing import published
from shell.publishing.published import PublishedFile, keep_published
from tests.conftest import spin_until
from tests.shell.test_authoring import edit, place  # noqa: F401 - a fixture
from tests.shell.test_live import Place


class Released:
    """What a server answers of one app."""

    def __init__(self, files: dict[str, bytes], version: str = "1.2") -> None:
        self.contents, self.version = files, version
        self.asked: list[str] = []

    def files(self, app: str, release: str, channel: str) -> dict[str, Any]:
        self.asked.append("files")
        if not self.contents:
            raise EspalierError(f"'{app}' has nothing on the channel stable")
        files = {path: {"sha256": str(hash(data)), "size": len(data)} for path, data in self.contents.items()}
        return {"files": files, "serial": 3, "version": self.version}

    def read(self, app: str, release: str, channel: str, files: dict[str, int]) -> dict[str, bytes]:
        self.asked.append("read")
        return {path: self.contents[path] for path in files}

    def log(self, app: str, most: int) -> dict[str, Any]:
        lines = [{"at": 1_700_000_000 + serial, "action": action, "serial": serial, "version": f"1.{serial}",
                  "person": "ann", "message": said} for serial, action, said in
                 ((3, "refused", ""), (2, "released", "Two\nand more"), (1, "released", ""))]  # fmt: skip
        return {"log": lines}


def test_a_text_beside_what_is_published() -> None:
    server = Released({"main.kdl": b"one\ntwo\n"})
    file = PublishedFile("shop", "main.kdl", lambda: server)  # type: ignore[arg-type,return-value]
    found = file.compare(b"one\n2\nthree\n")
    assert (found.title, found.hunks, found.old) == ("published 1.2", (Hunk(1, 2, 1, 3),), b"one\ntwo\n")
    file.compare(b"")
    assert server.asked == ["files", "read", "files"]  # what is the same is not read again
    assert file.compare(b"a\0b").reason == "it is a binary file"
    assert PublishedFile("shop", "new.kdl", lambda: server).compare(b"").state == "new"  # type: ignore[arg-type,return-value]
    assert [(one.id, one.summary) for one in file.history()] == [("2", "Release 1.2: Two"), ("1", "Release 1.1")]
    assert file.details("2").message == "Two\nand more"
    for refused in (lambda: file.stage(b"", ()), lambda: file.commit("x"), lambda: file.blame(b""), file.unstage_file):
        with pytest.raises(VersionError):
            refused()
    with pytest.raises(VersionError, match="no server answers"):
        PublishedFile("shop", "main.kdl", lambda: None).title()


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch) -> Iterator[Released]:
    made = Released({})
    monkeypatch.setattr(published, "_client_of", lambda _session: lambda: made)
    yield made
    assert keepers() == []


def test_lines_that_the_next_release_changes_are_marked_beside_the_app(
    released: Released, place: Place, wait_until: Callable[..., None]  # noqa: F811
) -> None:
    from kernel.versions import keepers_changed

    beside = edit(place)
    pane = beside.editor.pane
    spin_until(lambda: pane.changes is not None and "files" in released.asked)
    assert pane.changes.found is None  # nothing is published yet
    released.contents = {"main.kdl": pane.code.data() + b"// the end\n"}
    keepers_changed()  # as after publishing
    spin_until(lambda: pane.changes.found is not None and pane.changes.found.hunks)
    assert [one.kind for one in pane.changes.found.hunks] == ["removed"]
    spin_until(lambda: pane.status.branch.text() == "published 1.2")
    place.window.registry.run("editor.stage-change")
    assert any("published as a whole" in one.text for one in place.window.messages.history)
    beside.leave()


def test_no_server_is_started_to_mark_lines(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    import server.embedded as embedded

    monkeypatch.setattr(embedded, "ensure_running", lambda *_, **__: pytest.fail("a server was started"))
    unkeep = keep_published(place.window)
    (keeper,) = keepers()
    assert keeper(place.folder / "main.kdl") is None
    unkeep()
    assert keepers() == []
