"""What differs from the release: looked at, gone to, taken back and published, by keys at a window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kernel.wire.error import RemoteError
from tests.conftest import spin_until
from tests.plugins.editor_desk import press, type_text
from tests.shell.shop_desk import CODE, MAIN, Shop, shop_in

RELEASED = {
    "app.toml": b'name = "shop"\ntitle = "Shop"\n',
    "main.kdl": MAIN.replace("Items", "Things").encode(),
    "desk/gone.py": b"x = 1\n",
}


class Server:
    """What a link to a server answers of releases."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] | None = dict(RELEASED)
        self.wanted: list[str] = []
        #: Path → what it sends in the place of the file; None = nothing.
        self.sent: dict[str, bytes | None] = {}

    def call(self, command: str, args: Any, **_more: Any) -> Any:
        import hashlib

        assert command == "publish.files" and args["app"] == "shop"
        if self.files is None:
            raise RemoteError("not_found", "'shop' has nothing on the channel stable")
        hashes = {
            path: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for path, data in self.files.items()
        }
        return {"files": hashes, "version": "7", "serial": 7}

    def stream(self, command: str, args: Any, **_more: Any) -> Any:
        from kernel.wire.blob_stream import pack_blobs

        assert command == "publish.read" and self.files is not None
        self.wanted = list(args["paths"])
        return pack_blobs(self.sent.get(path, self.files[path]) for path in args["paths"])


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def shop(qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: Server) -> Iterator[Shop]:
    monkeypatch.setattr("shell.publishing.release.link_of", lambda _server, _session: server)
    with shop_in(tmp_path, monkeypatch) as made:
        yield made


def opened(shop: Shop) -> Any:
    """The page, once the server has answered."""
    from shell.live.released import ReleasedPage

    press("Ctrl+K d")
    (page,) = shop.window.findChildren(ReleasedPage)
    spin_until(lambda: page.state != "loading" and (page.files.hasFocus() or page.hasFocus()))
    return page


def kinds(page: Any) -> dict[str, str]:
    return dict(page._kinds)


def test_files_that_differ_are_listed_with_their_lines(shop: Shop, server: Server) -> None:
    page = opened(shop)
    assert kinds(page) == {
        "desk/gone.py": "removed", "desk/list.py": "added", "desk/old.txt": "added", "main.kdl": "changed",
        "picture.bin": "added",
    }  # fmt: skip
    assert page.note.text() == "5 files differ from shop 7"
    assert sorted(server.wanted) == ["desk/gone.py", "main.kdl"]  # what is the same here is not fetched
    press("End", "Up")
    assert page.path == "main.kdl"
    spin_until(lambda: len(page.lines.starts) == 1)
    press("F7")
    assert page.line() == 3
    press("Return")
    beside = shop.window.cards.made["authoring"]
    spin_until(lambda: beside.editor.pane.code.host.view.hasFocus())
    assert beside.path == "main.kdl" and beside.editor.caret_place()[0] == 3


def test_a_file_is_taken_back_and_an_undo_takes_that_back(shop: Shop) -> None:
    page = opened(shop)
    press("End", "Up", "Delete")
    spin_until(lambda: "main.kdl" not in kinds(page))
    assert shop.read("main.kdl") == RELEASED["main.kdl"].decode()
    page.files.setCurrentRow(list(kinds(page)).index("desk/list.py"))
    press("Delete")
    spin_until(lambda: "desk/list.py" not in kinds(page))
    assert not (shop.folder / "desk" / "list.py").exists()
    page.files.setCurrentRow(list(kinds(page)).index("desk/gone.py"))
    press("Delete")
    spin_until(lambda: "desk/gone.py" not in kinds(page))
    assert shop.read("desk/gone.py") == "x = 1\n"
    press("Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    spin_until(lambda: len(kinds(page)) == 5)
    assert shop.read("main.kdl") == MAIN and shop.read("desk/list.py") == CODE
    assert not (shop.folder / "desk" / "gone.py").exists()


def test_what_the_server_did_not_send_takes_nothing_away(shop: Shop, server: Server) -> None:
    server.sent = {"main.kdl": None, "desk/gone.py": b"other\n"}
    page = opened(shop)
    for path in server.sent:
        page.files.setCurrentRow(list(kinds(page)).index(path))
        press("Delete")
        assert any(f"did not send {path}" in text for text in shop.told())
    assert shop.read("main.kdl") == MAIN and not (shop.folder / "desk" / "gone.py").exists()


def test_paths_that_lead_out_of_the_app_are_refused(shop: Shop, server: Server) -> None:
    server.files = {**RELEASED, "../out.txt": b"x"}
    page = opened(shop)
    assert page.state == "error" and "../out.txt" in page.note.text()


def test_what_was_looked_at_is_published_with_its_message(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def release(_folder: Path, _session: Any, server: str, **facts: Any) -> dict[str, Any]:
        asked.append((server, facts["message"]))
        return {"app": "shop", "version": "8", "channel": "stable", "is_new": True}

    monkeypatch.setattr("shell.publishing.release.release", release)
    shop.window.registry.run("app.publish", preview=True, message="Short")
    page = opened(shop)
    assert page.message.text() == "Short" and not asked
    page.message.setFocus()
    press("End")
    type_text("er\n")
    spin_until(lambda: any("Published shop 8" in text for text in shop.told()))
    assert asked == [("", "Shorter")]


def test_an_app_that_was_never_published_is_all_new(shop: Shop, server: Server) -> None:
    server.files = None
    page = opened(shop)
    assert set(kinds(page).values()) == {"added"} and "Nothing is released yet" in page.note.text()


def test_an_app_that_is_as_released_says_so(shop: Shop, server: Server) -> None:
    from layouts.app_folder import app_files

    server.files = app_files(shop.folder)
    page = opened(shop)
    assert page.state == "equal" and page.note.text() == "Nothing differs from shop 7"
    press("Escape")
    spin_until(lambda: not page.isVisible())
