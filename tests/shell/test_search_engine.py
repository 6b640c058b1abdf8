"""Looking through texts and changing files, without a window."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from kernel.open_file import hold
from shell.search import change as change_module
from shell.search.change import FileChange, Part, replaced, write_all
from shell.search.gathering import LATE, Gathering, Given, Progress, SearchError, digest_of, paths_below, read_mapped
from shell.search.hit import PIECE, hits_in, text_of
from shell.search.wanted import Wanted


def places(wanted: Wanted, text: bytes) -> list[tuple[int, int, int]]:
    return [(hit.start, hit.stop, hit.line) for hit in hits_in(wanted, text)]


def test_a_text_in_pieces_has_the_places_of_the_whole() -> None:
    line = "the größe of a thing\r\n".encode()
    text = line * (3 * PIECE // len(line)) + b"end of the thing"
    found = places(Wanted("thing"), text)
    assert len(found) == text.count(b"thing") and found[-1] == (len(text) - 5, len(text), len(found))
    assert all(text[start:stop] == b"thing" for start, stop, _ in found)
    across = places(Wanted(r"thing\s+the", is_expression=True), text)
    assert len(across) == len(found) - 2  # one that ends a piece goes on in the next


def test_a_line_without_an_end_is_cut_between_letters() -> None:
    text = ("ä" * (2 * PIECE) + "needle").encode()
    assert places(Wanted("needle"), text) == [(len(text) - 6, len(text), 1)]
    assert places(Wanted("ä$", is_expression=True), text[:-6]) == [(4 * PIECE - 2, 4 * PIECE, 1)]


@pytest.mark.parametrize(("wanted", "count"), [
    (Wanted("Kelvin"), 3), (Wanted("kelvin", has_case=True), 1), (Wanted("kelvin", is_word=True), 2),
    (Wanted("KELV.N", is_expression=True), 3), (Wanted("x*", is_expression=True), 1), (Wanted("größe"), 1),
])  # fmt: skip
def test_words_case_and_expressions(wanted: Wanted, count: int) -> None:
    text = "kelvin Kelvin\n\u212aelvins x GRÖSSE Größe\n".encode()
    assert len(places(wanted, text)) == count


def test_what_is_no_text_is_left_out_and_wide_texts_are_read() -> None:
    assert text_of(b"\0\1\2items") is None
    assert text_of("items".encode("utf-16")) == b"items"


@pytest.mark.parametrize(("pattern", "path", "is_meant"), [
    ("*.kdl", "a/b.kdl", True), ("desk", "desk/b.py", True), ("desk/", "desk/x/b.py", True), ("desk", "desktop", False),
    ("a/*.py", "a/b.py", True), ("a/*.py", "b/a/c.py", False), ("*.py, *.md", "x.md", True),
])  # fmt: skip
def test_patterns_of_files(pattern: str, path: str, is_meant: bool) -> None:
    assert Wanted("x", include=pattern).takes(path) == is_meant
    assert Wanted("x", exclude=pattern).takes(path) != is_meant


def gathered(folder: Path, wanted: Wanted, stop: Callable[[Gathering], object] = lambda _: None) -> list[Progress]:
    news: list[Progress] = []
    given = Given(lambda check: paths_below(folder, check), lambda path: read_mapped(folder / path), {})
    gathering = Gathering(wanted, given, None, news.append)
    stop(gathering)
    gathering.run()
    return news


def test_large_files_come_last_and_folders_of_tools_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_bytes(b"x" * LATE + b"\nneedle\n")
    for name in ("b/c.txt", ".git/d.txt", "node_modules/e.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"needle\n")
    found = [file for news in gathered(tmp_path, Wanted("needle")) for file in news.found]
    assert list(dict.fromkeys(file.path for file in found)) == ["b/c.txt", "a.log"]
    assert found[-1].digest == digest_of((tmp_path / "a.log").read_bytes())
    assert gathered(tmp_path, Wanted("needle"), Gathering.stop) == []


def test_a_file_that_is_mapped_is_changed_as_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shell.search.gathering.MAPPED", 4)
    monkeypatch.setattr("plugins.scintilla.document.WHOLE", 4)
    place = tmp_path / "big"
    place.write_bytes(b"one two one\n")
    (news,) = gathered(tmp_path, Wanted("one"))
    hits = news.found[0].hits
    back = write_all([FileChange("big", place, news.found[0].digest, tuple(Part(*hit[:2], b"1") for hit in hits))])
    assert place.read_bytes() == b"1 two 1\n"
    write_all(back)
    assert place.read_bytes() == b"one two one\n"


def change(place: Path, *parts: Part, before: bytes | None = None) -> FileChange:
    text = place.read_bytes() if before is None else before
    return FileChange(place.name, place, digest_of(text), parts)


def test_changes_are_made_and_taken_back(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"aXbXc")
    two.write_bytes(b"new")
    os.chmod(one, 0o640)
    backs = write_all([
        change(one, Part(1, 2, b"long"), Part(3, 4, b"")), FileChange("two", two, digest_of(b"new"), None, None),
        FileChange("three", tmp_path / "three", None, None, b"made"),
    ])  # fmt: skip
    assert one.read_bytes() == b"alongbc" and not two.exists() and (tmp_path / "three").read_bytes() == b"made"
    assert one.stat().st_mode & 0o777 == 0o640
    again = write_all(backs)
    assert one.read_bytes() == b"aXbXc" and two.read_bytes() == b"new" and not (tmp_path / "three").exists()
    write_all(again)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "three"]


def test_nothing_is_changed_when_one_cannot_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"aXb")
    two.write_bytes("größe".encode("latin-1"))
    with pytest.raises(SearchError, match="two was changed since"):
        write_all([change(one, Part(1, 2, b"-")), change(two, Part(0, 1, b"-"), before=b"other")])
    text = text_of(two.read_bytes())
    with pytest.raises(SearchError, match="two: .*€"):
        write_all([change(one, Part(1, 2, b"-")), change(two, Part(0, 1, "€".encode()), before=text)])
    with pytest.raises(SearchError, match="three is gone"):
        write_all([change(one, Part(1, 2, b"-")), change(tmp_path / "three", Part(0, 1, b"-"), before=b"")])
    replace, calls = os.replace, []

    def fails_second(source: str, target: str) -> None:
        calls.append(target)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        replace(source, target)

    monkeypatch.setattr("shell.search.change.os.replace", fails_second)
    with pytest.raises(SearchError, match="two cannot be written: No space left"):
        write_all([change(one, Part(1, 2, b"-")), change(two, Part(0, 1, b"-"), before=text)])
    assert one.read_bytes() == b"aXb" and two.read_bytes() == "größe".encode("latin-1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_a_file_that_comes_back_is_as_private_as_it_was(tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(b"secret")
    os.chmod(key, 0o700)
    backs = write_all([FileChange("key", key, digest_of(b"secret"))])
    assert not key.exists()
    write_all(backs)
    assert key.stat().st_mode & 0o777 == 0o700
    write_all([FileChange("new", tmp_path / "new", None, whole=b"", mode=0o600)])
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o600


def test_a_link_stays_and_so_does_what_it_leads_to(tmp_path: Path) -> None:
    (tmp_path / "far").write_bytes(b"text")
    (tmp_path / "link").symlink_to("far")
    with pytest.raises(SearchError, match="link is a link to another file"):
        write_all([FileChange("link", tmp_path / "link", digest_of(b"text"))])
    assert (tmp_path / "far").read_bytes() == b"text"


def test_what_is_written_while_others_are_prepared_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_bytes(b"aXb")
    two.write_bytes(b"aXb")
    written = change_module._written

    def also_written(change: FileChange, data: bytes) -> str:
        if change.place == two:
            one.write_bytes(b"of somebody else")
        return written(change, data)

    monkeypatch.setattr(change_module, "_written", also_written)
    with pytest.raises(SearchError, match="one was changed since"):
        write_all([change(one, Part(1, 2, b"-")), change(two, Part(1, 2, b"-"))])
    assert one.read_bytes() == b"of somebody else" and two.read_bytes() == b"aXb"


def test_what_cannot_be_put_back_is_named_and_the_others_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = [tmp_path / name for name in ("one", "two", "three")]
    for place in places:
        place.write_bytes(b"aXb")
    replace, calls = os.replace, []

    def fails_from_third(source: str, target: Path) -> None:
        calls.append(target.name)
        if calls in (["one", "two", "three"], ["one", "two", "three", "two"]):
            raise OSError(5, "Input/output error")
        replace(source, target)

    monkeypatch.setattr("shell.search.change.os.replace", fails_from_third)
    with pytest.raises(SearchError, match=r"could not be put back: two \(three cannot be written"):
        write_all([change(place, Part(1, 2, b"-")) for place in places])
    assert [place.read_bytes() for place in places] == [b"aXb", b"a-b", b"aXb"]


def test_a_database_that_is_open_is_not_opened_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database, side = tmp_path / "desk.sqlite", tmp_path / "desk.sqlite-shm"
    database.write_bytes(b"needle")
    side.write_bytes(b"needle")
    release = hold(database)
    try:
        assert read_mapped(database) is None and read_mapped(side) is None
        assert [one.found for one in gathered(tmp_path, Wanted("needle"))] == [[]]
        with pytest.raises(SearchError, match="is a database that is open"):
            write_all([change(database, Part(0, 1, b"-"), before=b"needle")])
    finally:
        release()
    assert read_mapped(database) == read_mapped(side) == b"needle"


def test_whatever_goes_wrong_ends_the_search(tmp_path: Path) -> None:
    news: list[Progress] = []

    def fails(_path: str) -> bytes:
        raise LookupError("no such thing")

    gathering = Gathering(Wanted("x"), Given(lambda _check: ["a"], fails, {}), None, news.append)
    with pytest.raises(LookupError):
        gathering.run()
    assert news[-1].is_done and "no such thing" in news[-1].problem


def test_parts_of_a_text() -> None:
    assert replaced(b"abc", [Part(0, 1, b""), Part(2, 3, b"xy")]) == b"bxy"


def test_an_app_of_a_server_is_searched_and_not_changed() -> None:
    from types import SimpleNamespace

    from kernel.code.tree import memory_tree
    from shell.search.place import Place, folder_needed

    files = {"main.kdl": b"needle", "desk/a.py": b"x\nneedle", "node_modules/b.js": b"needle"}
    info = SimpleNamespace(title="Desk", name="desk")
    app = SimpleNamespace(tree=lambda: memory_tree(files), read_file=files.get, info=info)
    place = Place(SimpleNamespace(app=app))  # type: ignore[arg-type]
    news: list[Progress] = []
    Gathering(Wanted("needle"), place.given(), None, news.append).run()
    assert [(one.path, one.hits[0].line) for one in news[-1].found] == [("main.kdl", 1), ("desk/a.py", 2)]
    with pytest.raises(SearchError, match="come from a server"):
        folder_needed(place)
    with pytest.raises(SearchError, match="there is no folder"):
        Place(SimpleNamespace(app=app), "/no/such/folder")  # type: ignore[arg-type]
